/**
 * The command lines of `tsip lab`, in the terms of yargs. Those that are right are read by its parser alone, since all of
 * yargs takes longer to load than many a command takes; it says what is wrong with the others, and prints help.
 */
import type { Arguments } from 'yargs-parser';
import { WHOLE } from '../../lab/capture/pcapng.ts';
import { FORMATS } from '../../layouts/map/model.ts';

/** Words that are wrong. */
export class WrongLabOption extends Error {}

/** A request for help. */
export class LabHelp extends Error {}

const HELP_WIDTH = 100;

/** The verbs with what follows them. */
export const VERBS = {
  validate: { operands: '<file>', about: 'look for everything that is wrong with a file' },
  plan: { operands: '<file>', about: 'print what apply would change' },
  apply: { operands: '<file>', about: 'make the lab as the file says' },
  diff: { operands: '<lab>', about: 'print what has changed since the lab was applied' },
  destroy: { operands: '<lab..>', about: 'remove labs with everything in them; a file stands for its lab' },
  list: { operands: '', about: 'list the labs of this host' },
  show: { operands: '<lab>', about: 'print nodes, addresses and services of a lab' },
  exec: { operands: '<lab> [nodes..]', about: 'run a command in nodes: exec LAB NODE... -- COMMAND' },
  run: { operands: '[file]', about: 'apply, run a command, destroy: run FILE -- COMMAND' },
  check: { operands: '<lab>', about: 'make the checks of a lab' },
  impair: {
    operands: '<lab> [words..]',
    about: 'change delay, loss, rate of what ends send: impair LAB NODE:END delay 50ms',
  },
  capture: {
    operands: '<lab> [words..]',
    about: 'write the packets of ends as pcapng: capture LAB NODE:END -w FILE',
  },
  wait: { operands: '<lab> [services..]', about: 'wait until services are ready' },
  logs: { operands: '<lab> [services..]', about: 'print what services have written' },
  map: { operands: '<lab>', about: 'draw a lab, or the one that a file describes' },
  export: { operands: '[names..]', about: 'print a lab, or namespaces of any origin, as a lab file' },
} as const;

/** A verb of `tsip lab`. */
export type Verb = keyof typeof VERBS;

/** What the options say; those that the verb does not have are as when left out. */
export interface LabOptions {
  readonly verb: Verb;
  readonly file: string;
  readonly lab: string;
  readonly labs: readonly string[];
  readonly nodes: readonly string[];
  readonly services: readonly string[];
  /** Ends, and names of values with their values. */
  readonly words: readonly string[];
  readonly only: boolean;
  /** How long it lasts, in milliseconds. */
  readonly for: number | undefined;
  readonly command: readonly string[];
  readonly name: string | undefined;
  readonly vars: Readonly<Record<string, string>>;
  readonly json: boolean;
  readonly exitCode: boolean;
  readonly foreign: boolean;
  readonly adopt: boolean;
  readonly keep: boolean;
  readonly all: boolean;
  readonly parallel: number;
  /** Milliseconds. */
  readonly timeout: number | undefined;
  /** File of a capture. */
  readonly write: string | undefined;
  /** Packets, bytes of each, bytes of a file, number of files. */
  readonly count: number | undefined;
  readonly snap: number | undefined;
  readonly size: number | undefined;
  readonly files: number | undefined;
  readonly node: string | undefined;
  readonly rootless: boolean;
  readonly internet: boolean;
  /** A lab, or namespaces. */
  readonly names: readonly string[];
  readonly minimal: boolean;
  readonly format: string | undefined;
  readonly ascii: boolean;
}

/** What the verbs that have `--format` print. */
const FORMATS_OF: Readonly<Partial<Record<Verb, readonly string[]>>> = {
  export: ['yaml', 'json', 'containerlab'],
  map: FORMATS,
};

const OPTIONS = {
  json: { type: 'boolean', default: false, describe: 'print for programs' },
  name: { type: 'string', requiresArg: true, describe: 'name of the lab, instead of the one in the file' },
  set: {
    type: 'string',
    array: true,
    requiresArg: true,
    nargs: 1,
    describe: 'NAME=VALUE: value of a variable',
  },
  'exit-code': { type: 'boolean', default: false, describe: 'end with 2 if there are changes' },
  foreign: { type: 'boolean', default: false, describe: 'also list what does not belong to the lab' },
  adopt: { type: 'boolean', default: false, describe: 'take over a lab that was applied from another file' },
  keep: { type: 'boolean', default: false, describe: 'leave what was made when something fails' },
  all: { type: 'boolean', default: false, describe: 'in all nodes' },
  parallel: { type: 'number', default: 1, requiresArg: true, describe: 'in so many nodes at once' },
  timeout: {
    type: 'string',
    requiresArg: true,
    describe: 'end the command after a time, such as 10s, with 124',
  },
  write: { type: 'string', alias: 'w', requiresArg: true, describe: 'file; - for the standard output' },
  count: { type: 'string', alias: 'c', requiresArg: true, describe: 'end after so many packets' },
  snap: { type: 'string', alias: 's', requiresArg: true, describe: 'keep so many bytes of each packet' },
  size: {
    type: 'string',
    alias: 'C',
    requiresArg: true,
    describe: 'begin another file after so many bytes, such as 10M',
  },
  files: { type: 'string', alias: 'W', requiresArg: true, describe: 'keep so many files, the latest' },
  for: { type: 'string', requiresArg: true, describe: 'end after a time, such as 10s' },
  only: { type: 'boolean', default: false, describe: 'take away what is not named' },
  node: { type: 'string', requiresArg: true, describe: 'run the command in this node' },
  internet: {
    type: 'boolean',
    default: false,
    describe: 'the node of the command, or a node for it alone, reaches what the host reaches',
  },
  rootless: { type: 'boolean', default: false, describe: 'in a user namespace, without root' },
  minimal: { type: 'boolean', default: false, describe: 'leave out link-layer addresses' },
  format: { type: 'string', requiresArg: true, describe: 'what to print' },
  ascii: { type: 'boolean', default: false, describe: 'draw in ASCII' },
} as const;

type OptionName = keyof typeof OPTIONS;

const FROM_FILE = ['name', 'set'] as const;

const OPTIONS_OF: Readonly<Record<Verb, readonly OptionName[]>> = {
  validate: [...FROM_FILE, 'json'],
  plan: [...FROM_FILE, 'json', 'exit-code', 'foreign'],
  apply: [...FROM_FILE, 'json', 'adopt', 'keep'],
  diff: ['json', 'exit-code', 'foreign'],
  destroy: ['name', 'json'],
  list: ['json'],
  show: ['json'],
  exec: ['all', 'parallel', 'timeout'],
  run: [...FROM_FILE, 'keep', 'node', 'internet', 'rootless'],
  check: ['json'],
  impair: ['for', 'only', 'json'],
  capture: ['write', 'count', 'snap', 'size', 'files', 'for', 'json'],
  wait: [],
  logs: [],
  map: [...FROM_FILE, 'format', 'ascii', 'json'],
  export: ['name', 'format', 'json', 'minimal', 'all'],
};

const CONFIGURATION = {
  'boolean-negation': false,
  'populate--': true,
  'parse-numbers': true,
  'parse-positional-numbers': false,
  'camel-case-expansion': false,
} as const;

/** What is right, by the names of options and operands; undefined where a word is wrong, or may be. */
export async function parseRight(words: readonly string[]): Promise<Arguments | undefined> {
  const [verb = ''] = words;
  if (!Object.hasOwn(VERBS, verb)) return undefined;
  const options = OPTIONS_OF[verb as Verb].map(name => [name, OPTIONS[name] as ParserOption] as const);
  const having = (isWanted: (option: ParserOption) => boolean) =>
    options.filter(([, option]) => isWanted(option)).map(([name]) => name);
  const { default: parser } = await import('yargs-parser');
  const { argv, error } = parser.detailed([...words], {
    alias: Object.fromEntries(options.map(([name, { alias }]) => [name, alias ?? []])),
    array: having(({ array }) => array === true),
    boolean: having(({ type }) => type === 'boolean'),
    number: having(({ type }) => type === 'number'),
    string: having(({ type }) => type === 'string'),
    // How many must follow; as yargs asks for at least one.
    narg: Object.fromEntries(
      options
        .filter(([, { requiresArg }]) => requiresArg === true)
        .map(([name, { nargs }]) => [name, nargs ?? Number.NaN]),
    ),
    configuration: CONFIGURATION,
  });
  const known = new Set(['_', '--', ...options.flatMap(([name, { alias }]) => [name, alias ?? name])]);
  if (error || Object.keys(argv).some(name => !known.has(name))) return undefined;
  const operands = operandsOf(verb as Verb, argv._.slice(1).map(String));
  return operands && { ...argv, ...operands };
}

interface ParserOption {
  readonly type: 'boolean' | 'number' | 'string';
  readonly alias?: string;
  readonly array?: boolean;
  readonly requiresArg?: boolean;
  readonly nargs?: number;
}

/** The words without options by the names of the operands: `<one> [maybe] [some..]`; undefined if they do not fit. */
function operandsOf(verb: Verb, words: readonly string[]): Record<string, string | string[]> | undefined {
  const found: Record<string, string | string[]> = {};
  const left = [...words];
  for (const [, start, name, rest] of VERBS[verb].operands.matchAll(/([<[])(\w+)(\.\.)?/g)) {
    if (start === '<' && left.length === 0) return undefined;
    const taken = left.splice(0, rest === undefined ? 1 : left.length);
    if (rest !== undefined) found[name!] = taken;
    else if (taken.length > 0) found[name!] = taken[0]!;
  }
  return left.length === 0 ? found : undefined;
}

/** The same of any words, by all of yargs. */
export async function parseByYargs(words: readonly string[]): Promise<Arguments> {
  return (await (await yargsFor(words)).parseAsync()) as unknown as Arguments;
}

async function yargsFor(words: readonly string[]) {
  const { default: yargs } = await import('yargs');
  let parser = yargs([...words])
    .scriptName('ip lab')
    .locale('en')
    .wrap(HELP_WIDTH)
    .version(false)
    .help(false)
    .exitProcess(false)
    .usage(
      'Usage: ip lab COMMAND ...\n\nWhole networks as files: planned, applied, changed, checked, destroyed.',
    )
    .option('help', { type: 'boolean', describe: 'show this text' })
    .parserConfiguration(CONFIGURATION)
    .strict()
    .demandCommand(1, 1, 'a command is missing', 'a command is missing')
    .epilogue('More is in tsip-lab(8), the format of files in tsip-lab(5).')
    .fail((message, error) => {
      throw new WrongLabOption((message ?? error.message).split(/\s*\n\s*/).join(' '));
    });
  for (const [verb, { operands, about }] of Object.entries(VERBS))
    parser = parser.command(`${verb} ${operands}`.trim(), about, command => {
      for (const option of OPTIONS_OF[verb as Verb]) command.option(option, OPTIONS[option]);
      return command;
    });
  return parser;
}

/** The options. Throws {@link WrongLabOption}, and {@link LabHelp} with the help text if that is asked for. */
export async function readLabOptions(words: readonly string[]): Promise<LabOptions> {
  const [first = 'help'] = words;
  if (first === 'help' || first === '--help') throw new LabHelp(await (await yargsFor([])).getHelp());
  if (words.slice(0, words.includes('--') ? words.indexOf('--') : undefined).includes('--help')) {
    throw new LabHelp(await (await yargsFor([first, '--help'])).getHelp());
  }
  const parsed = (await parseRight(words)) ?? (await parseByYargs(words));
  const text = (name: string) =>
    parsed[name] === undefined ? undefined : String([parsed[name]].flat().at(-1));
  const list = (name: string) => ([parsed[name] ?? []].flat() as unknown[]).map(String);
  const flag = (name: string) => [parsed[name]].flat().at(-1) === true;
  const parallel = Number(text('parallel') ?? 1);
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new WrongLabOption(`--parallel: not a number of nodes`);
  return {
    verb: first as Verb,
    file: text('file') ?? '',
    lab: text('lab') ?? '',
    labs: list('lab'),
    nodes: list('nodes'),
    services: list('services'),
    command: list('--'),
    name: text('name'),
    vars: varsOf(list('set')),
    json: flag('json'),
    exitCode: flag('exit-code'),
    foreign: flag('foreign'),
    adopt: flag('adopt'),
    keep: flag('keep'),
    all: flag('all'),
    parallel,
    timeout: timeOf('timeout', text('timeout')),
    words: list('words'),
    only: flag('only'),
    for: timeOf('for', text('for')),
    write: text('write'),
    count: numberOf('count', text('count')),
    snap: numberOf('snap', text('snap'), WHOLE),
    size: sizeOf(text('size')),
    files: numberOf('files', text('files')),
    node: text('node'),
    rootless: flag('rootless'),
    internet: flag('internet'),
    names: list('names'),
    minimal: flag('minimal'),
    format: formatOf(first as Verb, text('format')),
    ascii: flag('ascii'),
  };
}

function formatOf(verb: Verb, word: string | undefined): string | undefined {
  const known = FORMATS_OF[verb] ?? [];
  if (word !== undefined && !known.includes(word))
    throw new WrongLabOption(`--format: "${word}" is none of ${known.join(', ')}`);
  return word;
}

function varsOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map(word => {
      const at = word.indexOf('=');
      if (at < 1) throw new WrongLabOption(`--set: "${word}" is not of the form NAME=VALUE`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

function timeOf(option: string, word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(word) ?? [];
  if (number === undefined) throw new WrongLabOption(`--${option}: "${word}" is not a time such as 10s`);
  return Number(number) * { ms: 1, s: 1000, m: 60_000 }[unit]!;
}

function numberOf(option: string, word: string | undefined, most = 1e9): number | undefined {
  if (word === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(word) || Number(word) > most)
    throw new WrongLabOption(`--${option}: "${word}" is not a number from 1 to ${most}`);
  return Number(word);
}

function sizeOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const [, number, unit = ''] = /^(\d+)([kMG])?$/.exec(word) ?? [];
  const size = Number(number) * { '': 1, k: 1e3, M: 1e6, G: 1e9 }[unit]!;
  if (number === undefined || size < 1)
    throw new WrongLabOption(`--size: "${word}" is not a number of bytes such as 10M`);
  return size;
}

/** What may come next after `before`. */
export async function labWords(before: readonly string[]): Promise<readonly string[]> {
  if (before.length === 0) return Object.keys(VERBS);
  const [verb] = before;
  if (!Object.hasOwn(VERBS, verb!) || before.includes('--')) return [];
  if (before.at(-1) === '--format') return FORMATS_OF[verb as Verb] ?? [];
  return OPTIONS_OF[verb as Verb].map(option => `--${option}`);
}
