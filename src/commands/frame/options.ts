/** The global options of `ip`, abbreviated and complained about as in iproute2. */
import { AF_BRIDGE, AF_INET, AF_INET6, AF_MPLS, AF_PACKET, AF_UNSPEC } from '../../linux/families.ts';
import { EXIT_USAGE, isPrefixOf, missingArgument, UsageError, wrongArgument } from '../../schema/args.ts';
import { parseUnsigned } from '../../schema/number.ts';

/** Families by the word that -family takes. */
export const FAMILIES: Readonly<Record<string, number>> = {
  inet: AF_INET,
  inet6: AF_INET6,
  link: AF_PACKET,
  mpls: AF_MPLS,
  bridge: AF_BRIDGE,
};

/** The word that names a family in messages: `any valid` when none is preferred. */
export function familyName(family: number): string {
  if (family === AF_UNSPEC) return 'any valid';
  return Object.keys(FAMILIES).find(name => FAMILIES[name] === family) ?? `family ${family}`;
}

export type ColourMode = 'always' | 'auto' | 'never';

export interface GlobalOptions {
  family: number;
  details: number;
  statistics: number;
  oneLine: number;
  brief: boolean;
  json: number;
  pretty: number;
  colour: ColourMode | undefined;
  numeric: boolean;
  resolve: boolean;
  human: boolean;
  iec: boolean;
  timestamp: 'none' | 'long' | 'short';
  /** -loops: rounds that a flush may take; 0 is unlimited. */
  maxFlushRounds: number;
  receiveBuffer: number | undefined;
  force: boolean;
  batchFile: string | undefined;
  echo: boolean;
  all: boolean;
  /** Set by -V: print the version and end. */
  version: boolean;
  help: boolean;
  /** --table, --trace, --dry-run, --strict-json, --line-netns: ours, and never abbreviated. */
  table: boolean;
  trace: boolean;
  dryRun: boolean;
  strictJson: boolean;
  /** A line of a batch may begin with the namespace that it is for. */
  lineNamespaces: boolean;
}

export function defaultOptions(): GlobalOptions {
  return {
    family: AF_UNSPEC,
    details: 0,
    statistics: 0,
    oneLine: 0,
    brief: false,
    json: 0,
    pretty: 0,
    colour: undefined,
    numeric: false,
    resolve: false,
    human: false,
    iec: false,
    timestamp: 'none',
    maxFlushRounds: 10,
    receiveBuffer: undefined,
    force: false,
    batchFile: undefined,
    echo: false,
    all: false,
    version: false,
    help: false,
    table: false,
    trace: false,
    dryRun: false,
    strictJson: false,
    lineNamespaces: false,
  };
}

/** What options do while they are read, in order. */
export interface OptionEffects {
  /** -n: enters the named namespace at once; options after it see its effects. */
  enterNamespace(name: string | undefined): void;
  /** --trace and --dry-run: tells or holds back what comes after. */
  observe?(): void;
}

type Apply = (options: GlobalOptions, value: () => string | undefined, effects: OptionEffects) => void;

function required(value: string | undefined, what: string): string {
  if (value === undefined) throw missingArgument(what);
  return value;
}

const setFamily =
  (family: number): Apply =>
  options => {
    options.family = family;
  };

type KeysOf<T> = { [K in keyof GlobalOptions]: GlobalOptions[K] extends T ? K : never }[keyof GlobalOptions];

const turnOn =
  (key: KeysOf<boolean>): Apply =>
  options => {
    options[key] = true;
  };

const count =
  (key: KeysOf<number>): Apply =>
  options => {
    options[key]++;
  };

function observing(key: 'trace' | 'dryRun'): Apply {
  return (options, _value, effects) => {
    options[key] = true;
    effects.observe?.();
  };
}

const setTimestamp =
  (format: GlobalOptions['timestamp']): Apply =>
  options => {
    options.timestamp = format;
  };

/** Whether a word is the option that names a network namespace. */
export function isNamespaceOption(word: string): boolean {
  return /^--?n(e(t(n(s)?)?)?)?$/.test(word);
}

/** Options in order of precedence; the first whose name the word abbreviates is meant. */
export const OPTIONS: readonly {
  readonly names: readonly string[];
  readonly isExact?: boolean;
  readonly apply: Apply;
}[] = [
  {
    names: ['loops'],
    apply: (options, value) => {
      const rounds = Number.parseInt(required(value(), 'loop count'), 10);
      options.maxFlushRounds = Number.isNaN(rounds) ? 0 : rounds;
    },
  },
  {
    names: ['family'],
    apply: (options, value) => {
      const name = required(value(), 'family type');
      if (name === 'help') options.help = true;
      else options.family = FAMILIES[name] ?? invalidFamily(name);
    },
  },
  { names: ['4'], isExact: true, apply: setFamily(AF_INET) },
  { names: ['6'], isExact: true, apply: setFamily(AF_INET6) },
  { names: ['0'], isExact: true, apply: setFamily(AF_PACKET) },
  { names: ['M'], isExact: true, apply: setFamily(AF_MPLS) },
  { names: ['B'], isExact: true, apply: setFamily(AF_BRIDGE) },
  { names: ['human-readable'], apply: turnOn('human') },
  { names: ['iec'], apply: turnOn('iec') },
  { names: ['stats', 'statistics'], apply: count('statistics') },
  { names: ['details'], apply: count('details') },
  { names: ['resolve'], apply: turnOn('resolve') },
  { names: ['oneline'], apply: count('oneLine') },
  { names: ['timestamp'], apply: setTimestamp('long') },
  { names: ['tshort'], apply: setTimestamp('short') },
  { names: ['Version'], apply: turnOn('version') },
  { names: ['force'], apply: turnOn('force') },
  {
    names: ['batch'],
    apply: (options, value) => {
      options.batchFile = required(value(), 'batch file');
    },
  },
  { names: ['brief'], apply: turnOn('brief') },
  { names: ['json'], apply: count('json') },
  { names: ['pretty'], apply: count('pretty') },
  {
    names: ['rcvbuf'],
    apply: (options, value) => {
      const word = required(value(), 'rcvbuf size');
      const size = parseUnsigned(word, 0xffffffff);
      if (size === undefined) throw new UsageError(`Invalid rcvbuf size '${word}'`, EXIT_USAGE);
      options.receiveBuffer = size;
    },
  },
  { names: ['help'], apply: turnOn('help') },
  { names: ['netns'], apply: (_options, value, effects) => effects.enterNamespace(value()) },
  { names: ['Numeric'], apply: turnOn('numeric') },
  { names: ['all'], apply: turnOn('all') },
  { names: ['echo'], isExact: true, apply: turnOn('echo') },
  { names: ['table'], isExact: true, apply: turnOn('table') },
  { names: ['trace'], isExact: true, apply: observing('trace') },
  { names: ['dry-run'], isExact: true, apply: observing('dryRun') },
  {
    names: ['strict-json'],
    isExact: true,
    apply: options => {
      options.strictJson = true;
      options.json ||= 1;
    },
  },
  { names: ['line-netns'], isExact: true, apply: turnOn('lineNamespaces') },
];

function invalidFamily(name: string): never {
  throw wrongArgument(name, 'invalid protocol family');
}

/** Reads options from the front of `words`; answers where the object begins. Ends early at -V and -help. */
export function parseOptions(
  words: readonly string[],
  options: GlobalOptions,
  effects: OptionEffects,
): number {
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '--') return at + 1;
    if (!word.startsWith('-')) return at;
    const name = word.slice(word.startsWith('--') ? 2 : 1);
    const colour = parseColour(name);
    if (colour !== undefined) {
      options.colour = colour;
      continue;
    }
    // `-` alone abbreviates the first.
    const option = OPTIONS.find(({ names, isExact }) =>
      names.some(full => (isExact ? full === name : full.startsWith(name))),
    );
    if (option === undefined) {
      throw new UsageError(`Option "-${name}" is unknown, try "ip -help".`, EXIT_USAGE);
    }
    option.apply(options, () => words[++at], effects);
    if (options.version || options.help) return at + 1;
  }
  return at;
}

/** `-c`, `-color`, `-color=always|auto|never`; undefined when the word is another option. */
function parseColour(name: string): ColourMode | undefined {
  const [word, mode] = name.split('=', 2) as [string, string | undefined];
  if (!isPrefixOf(word, 'color')) return undefined;
  if (mode === undefined) return 'always';
  return mode === 'always' || mode === 'auto' || mode === 'never' ? mode : undefined;
}
