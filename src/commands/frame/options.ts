/** The global options of `ip`, abbreviated and complained about as in iproute2. */
import { AF_BRIDGE, AF_INET, AF_INET6, AF_MPLS, AF_PACKET, AF_UNSPEC } from '../../linux/families.ts';
import { EXIT_USAGE, isPrefixOf, missingArgument, UsageError, wrongArgument } from '../../schema/args.ts';
import type { Operand } from '../../schema/keywords.ts';
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
  return Object.keys(FAMILIES).find(name => FAMILIES[name] === family) ?? '???';
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
  /** --table, --trace, --dry-run, --strict-json, --line-netns, --rootless: ours, and never abbreviated. */
  table: boolean;
  trace: boolean;
  dryRun: boolean;
  strictJson: boolean;
  /** A line of a batch may begin with the namespace that it is for. */
  lineNamespaces: boolean;
  /** Lines of a batch are read, not run. */
  check: boolean;
  /** The call is made in the user's own namespaces, where it is by the time that its options take effect. */
  rootless: boolean;
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
    check: false,
    rootless: false,
  };
}

/** What options do when they are read, in order. */
export interface OptionEffects {
  /** -n: enters the named namespace at once; options after it see its effects. */
  enterNamespace(name: string | undefined): void;
}

/** One option; those after it whose names begin alike are only found by more letters. */
export interface GlobalOption {
  readonly names: readonly string[];
  /** What it is for, in a few words. */
  readonly about: string;
  /** It may not be abbreviated. */
  readonly isExact?: boolean;
  /** The next word, if it takes one. */
  readonly value?: Operand;
  /** What may stand after an equals sign; without it the first of these is meant. */
  readonly modes?: readonly string[];
  /** `value` is the next word, or what stands after the equals sign. */
  apply(options: GlobalOptions, value: string | undefined, effects: OptionEffects): void;
}

type Apply = GlobalOption['apply'];

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

const setTimestamp =
  (format: GlobalOptions['timestamp']): Apply =>
  options => {
    options.timestamp = format;
  };

/** Whether a word is the option that names a network namespace. */
export function isNamespaceOption(word: string): boolean {
  return /^--?n(e(t(n(s)?)?)?)?$/.test(word);
}

const COLOUR_MODES = ['always', 'auto', 'never'] as const satisfies readonly ColourMode[];

/** In order of precedence: the first with a name that a word abbreviates is meant. */
export const OPTIONS: readonly GlobalOption[] = [
  {
    names: ['color'],
    about: 'colours',
    modes: COLOUR_MODES,
    apply: (options, mode) => {
      options.colour = COLOUR_MODES.find(each => each === mode) ?? 'always';
    },
  },
  {
    names: ['loops'],
    about: 'rounds that a flush may take',
    value: { synopsis: 'COUNT', examples: ['0', '10'] },
    apply: (options, value) => {
      const rounds = Number.parseInt(required(value, 'loop count'), 10);
      options.maxFlushRounds = Number.isNaN(rounds) ? 0 : rounds;
    },
  },
  {
    names: ['family'],
    about: 'work on this protocol family',
    value: { synopsis: 'FAMILY', words: Object.keys(FAMILIES) },
    apply: (options, value) => {
      const name = required(value, 'family type');
      if (name === 'help') options.help = true;
      else options.family = FAMILIES[name] ?? invalidFamily(name);
    },
  },
  { names: ['4'], about: 'IPv4', isExact: true, apply: setFamily(AF_INET) },
  { names: ['6'], about: 'IPv6', isExact: true, apply: setFamily(AF_INET6) },
  { names: ['0'], about: 'link layer', isExact: true, apply: setFamily(AF_PACKET) },
  { names: ['M'], about: 'MPLS', isExact: true, apply: setFamily(AF_MPLS) },
  { names: ['B'], about: 'bridges', isExact: true, apply: setFamily(AF_BRIDGE) },
  { names: ['human-readable'], about: 'counters in multiples of 1000', apply: turnOn('human') },
  { names: ['iec'], about: 'counters in multiples of 1024', apply: turnOn('iec') },
  { names: ['stats', 'statistics'], about: 'counters; twice: all of them', apply: count('statistics') },
  { names: ['details'], about: 'everything that is known', apply: count('details') },
  { names: ['resolve'], about: 'names instead of addresses', apply: turnOn('resolve') },
  { names: ['oneline'], about: 'one record a line', apply: count('oneLine') },
  { names: ['timestamp'], about: 'monitor prints the time', apply: setTimestamp('long') },
  { names: ['tshort'], about: 'monitor prints the time, briefly', apply: setTimestamp('short') },
  { names: ['Version'], about: 'print the version', apply: turnOn('version') },
  { names: ['force'], about: 'a batch goes on after failures', apply: turnOn('force') },
  {
    names: ['batch'],
    about: 'read commands from a file',
    value: { synopsis: 'FILE', names: 'file', words: ['-'] },
    apply: (options, value) => {
      if (value === '--check') options.check = true;
      else options.batchFile = required(value, 'batch file');
    },
  },
  { names: ['brief'], about: 'only the essentials', apply: turnOn('brief') },
  { names: ['json'], about: 'print JSON', apply: count('json') },
  { names: ['pretty'], about: 'indent the JSON', apply: count('pretty') },
  {
    names: ['rcvbuf'],
    about: 'size of the receive buffer',
    value: { synopsis: 'SIZE', examples: ['1048576'] },
    apply: (options, value) => {
      const word = required(value, 'rcvbuf size');
      const size = parseUnsigned(word, 0xffffffff);
      if (size === undefined) throw new UsageError(`Invalid rcvbuf size '${word}'`, EXIT_USAGE);
      options.receiveBuffer = size;
    },
  },
  { names: ['help'], about: 'how to use it', apply: turnOn('help') },
  {
    names: ['netns'],
    about: 'work in this network namespace',
    value: { synopsis: 'NAME', names: 'namespace' },
    apply: (_options, value, effects) => effects.enterNamespace(value),
  },
  { names: ['Numeric'], about: 'numbers instead of names', apply: turnOn('numeric') },
  { names: ['all'], about: 'in every namespace', apply: turnOn('all') },
  {
    names: ['echo'],
    about: 'print what the kernel reports of a change',
    isExact: true,
    apply: turnOn('echo'),
  },
  { names: ['table'], about: 'print columns', isExact: true, apply: turnOn('table') },
  { names: ['trace'], about: 'print what is sent and received', isExact: true, apply: turnOn('trace') },
  { names: ['dry-run'], about: 'print what would be sent', isExact: true, apply: turnOn('dryRun') },
  {
    names: ['strict-json'],
    about: 'print one valid JSON document, errors included',
    isExact: true,
    apply: options => {
      options.strictJson = true;
      options.json ||= 1;
    },
  },
  {
    names: ['check'],
    about: 'report what is wrong in a batch, and do nothing',
    isExact: true,
    apply: turnOn('check'),
  },
  {
    names: ['rootless'],
    about: 'in network namespaces of your own, without root',
    isExact: true,
    apply: turnOn('rootless'),
  },
  {
    names: ['line-netns'],
    about: 'lines of a batch may begin with a namespace',
    isExact: true,
    apply: turnOn('lineNamespaces'),
  },
];

/** Prints our version where the program is called by our name; the original has no such option, see own-forms.ts. */
export const OWN_VERSION = '--version';

/** After the name of a command, under the program's own name only, asks for what it takes. */
export const COMMAND_HELP = '--help';

function invalidFamily(name: string): never {
  throw wrongArgument(name, 'invalid protocol family');
}

/** Reads options from the front of `words`; returns where the object begins. Ends early at -V and -help. */
export function parseOptions(
  words: readonly string[],
  options: GlobalOptions,
  effects: OptionEffects,
): number {
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') return at + 1;
    if (!word.startsWith('-')) return at;
    const { option, mode } = findOption(word);
    option.apply(options, option.value === undefined ? mode : words[++at], effects);
    if (options.version || options.help) return at + 1;
  }
  return at;
}

/** The options in front of `words`, with no effect but to be known, and the object after them. Throws {@link UsageError}. */
export function previewOptions(words: readonly string[]): {
  readonly options: GlobalOptions;
  readonly object: string | undefined;
} {
  const options = defaultOptions();
  const at = parseOptions(words, options, { enterNamespace: () => undefined });
  return { options, object: words[at] };
}

/** The option whose value is the word after `words`; undefined if there is none. */
export function optionAwaitingValue(words: readonly string[]): GlobalOption | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--' || !word.startsWith('-')) return undefined;
    const { option } = findOption(word);
    if (option.value !== undefined && ++at === words.length) return option;
  }
  return undefined;
}

/** The option that a word is, and what stands after its equals sign. Throws {@link UsageError}. */
function findOption(word: string): { readonly option: GlobalOption; readonly mode?: string } {
  const name = word.slice(word.startsWith('--') ? 2 : 1);
  const equals = name.indexOf('=');
  const [start, mode] = equals < 0 ? [name] : [name.slice(0, equals), name.slice(equals + 1)];
  for (const option of OPTIONS) {
    const { modes, isExact, names } = option;
    if (modes === undefined) {
      // `-` alone abbreviates the first of them.
      if (names.some(full => (isExact ? full === name : full.startsWith(name)))) return { option };
    } else if (mode === undefined) {
      if (isPrefixOf(start, names[0]!)) return { option };
    } else if (names[0]!.startsWith(start) && (mode === '' || modes.includes(mode))) {
      return { option, mode };
    }
  }
  throw new UsageError(`Option "-${name}" is unknown, try "ip -help".`, EXIT_USAGE);
}
