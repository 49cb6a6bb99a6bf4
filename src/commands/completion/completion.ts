/** What could be the next word of a command line of `ip`: asked by the completion scripts at every TAB. */
import { native } from '../../kernel/system/native.ts';
import { switchNamespace } from '../../namespaces/plans/switch.ts';
import { NameFiles } from '../../rtnetlink/names/name-files.ts';
import { isPrefixOf } from '../../schema/args.ts';
import type { NameTable } from '../../schema/names.ts';
import { defaultOptions, FAMILIES, type GlobalOptions, OPTIONS, parseOptions } from '../frame/options.ts';
import { findObject, OBJECTS, OWN_OBJECTS } from '../objects.ts';
import {
  type Answer,
  type Candidate,
  divertOutput,
  NO_ANSWER,
  printAnswer,
  type Question,
  questionOf,
} from './answer.ts';
import { devices, groups, namespaces, processes, users } from './live.ts';
import { Probe } from './probe.ts';

/** Answers the completion script of a shell, whose words follow {@link COMPLETION_OPTION}. Never complains. */
export async function completeIp(words: readonly string[], object: readonly string[]): Promise<void> {
  const question = questionOf(words);
  try {
    const descriptor = divertOutput();
    printAnswer(descriptor, await answerTo(question, object), question.current);
  } catch {
    // There is nobody to tell.
  }
}

/** `object` is the object that the name of the program says, if any. */
async function answerTo({ before, current }: Question, object: readonly string[]): Promise<Answer> {
  const options = defaultOptions();
  const value = optionAwaitingValue(before);
  if (value !== undefined) return valueOfOption(value);
  const objectAt = parseOptions(before, options, { enterNamespace });
  if (options.version || options.help) return NO_ANSWER;
  giveUpCapabilities();
  const [name, ...rest] = [...object, ...before.slice(objectAt)];
  if (name === undefined) {
    if (current.startsWith('-')) return { candidates: optionCandidates(current) };
    return { candidates: await objectCandidates() };
  }
  const answer = await wordsAfter(name, rest, current, options);
  if (answer.commandAt === undefined) return answer;
  return { ...answer, commandAt: before.length + 1 - rest.length + answer.commandAt };
}

/**
 * What could be the word after `OBJECT REST...`; `current` is what has been typed of it. A command that begins in
 * `rest` is told by its place there.
 */
export async function wordsAfter(
  object: string,
  rest: readonly string[],
  current: string,
  options: GlobalOptions,
): Promise<Answer> {
  const entry = findObject(object);
  if (entry?.complete !== undefined) return { candidates: candidatesOf(await entry.complete(rest), 'word') };
  const name = entry?.name ?? object;
  return (await operandsOf(name, rest, options)) ?? argumentsOf(name, rest, current, options);
}

function enterNamespace(name: string | undefined): void {
  // Without the namespace there is nothing to offer: the names of another one would mislead.
  switchNamespace(name ?? '', () => undefined);
}

const CAPABILITY_SETS_LENGTH = 24;

/** Candidates are tried out on the parsers of the commands, none of which has anything to change meanwhile. */
function giveUpCapabilities(): void {
  native.capset(Buffer.alloc(CAPABILITY_SETS_LENGTH));
}

/** What the options are for. */
const ABOUT_OPTIONS: Readonly<Record<string, string>> = {
  loops: 'rounds that a flush may take',
  family: 'work on this protocol family',
  4: 'IPv4',
  6: 'IPv6',
  0: 'link layer',
  M: 'MPLS',
  B: 'bridges',
  'human-readable': 'counters in multiples of 1000',
  iec: 'counters in multiples of 1024',
  stats: 'counters; twice: all of them',
  statistics: 'counters; twice: all of them',
  details: 'everything that is known',
  resolve: 'names instead of addresses',
  oneline: 'one record a line',
  timestamp: 'monitor tells the time',
  tshort: 'monitor tells the time, briefly',
  Version: 'print the version',
  force: 'a batch goes on after failures',
  batch: 'read commands from a file',
  brief: 'only the essentials',
  json: 'print JSON',
  pretty: 'indent the JSON',
  rcvbuf: 'size of the receive buffer',
  help: 'how to use it',
  netns: 'work in this network namespace',
  Numeric: 'numbers instead of names',
  all: 'in every namespace',
  echo: 'print what the kernel reports of a change',
};

const COLOURS: readonly Candidate[] = ['-color', '-color=always', '-color=auto', '-color=never'].map(
  word => ({ word, about: 'colours' }),
);

function optionCandidates(current: string): Candidate[] {
  const dashes = current.startsWith('--') ? '--' : '-';
  const found = OPTIONS.flatMap(({ names }) => names).map(name => ({
    word: `${dashes}${name}`,
    about: ABOUT_OPTIONS[name] ?? '',
  }));
  return [...found, ...COLOURS.map(({ word, about = '' }) => ({ word: `${dashes}${word.slice(1)}`, about }))];
}

/** The name of the option whose value is the word after `before`; undefined when that is none. */
function optionAwaitingValue(before: readonly string[]): string | undefined {
  const last = before.at(-1);
  if (last === undefined || !last.startsWith('-')) return undefined;
  let asks = false;
  try {
    // Only an option asks for a word when there is none.
    parseOptions(before, defaultOptions(), { enterNamespace: name => (asks ||= name === undefined) });
  } catch {
    asks = true;
  }
  const name = last.replace(/^--?/, '');
  return asks ? OPTIONS.flatMap(({ names }) => names).find(full => isPrefixOf(name, full)) : undefined;
}

function valueOfOption(option: string): Answer {
  if (option === 'netns') return { candidates: namespaces() };
  if (option === 'family') return { candidates: Object.keys(FAMILIES).map(word => ({ word })) };
  if (option === 'batch') return { candidates: [{ word: '-' }], paths: { kind: 'files', prefix: '' } };
  return NO_ANSWER;
}

/** Objects by the names that the help tells, or all names when it tells none that begins so. */
async function objectCandidates(): Promise<Candidate[]> {
  const { IP_USAGE } = await import('../frame/usage.ts');
  const shown = usageWords(IP_USAGE);
  const names = OBJECTS.filter(({ run }) => run !== undefined).map(({ name }) => name);
  const own = OWN_OBJECTS.map(({ name }) => name);
  return [...names.filter(name => shown.has(name)), ...own, 'help'].map(word => ({ word, about: 'object' }));
}

type Operand = 'namespace' | 'nsid' | 'vrf' | 'process' | 'new name' | 'program';

/**
 * The operands of commands that take them by their place, and would do their work before they had seen a word more:
 * these are never tried out. Commands in the order in which abbreviations are tried.
 */
const OPERANDS: Readonly<Record<string, Readonly<Record<string, readonly Operand[]>>>> = {
  netns: {
    list: [],
    show: [],
    lst: [],
    'list-id': [],
    help: [],
    add: ['new name'],
    set: ['namespace', 'nsid'],
    delete: ['namespace'],
    identify: ['process'],
    pids: ['namespace'],
    exec: ['namespace', 'program'],
    monitor: [],
    attach: ['new name', 'process'],
  },
  vrf: {
    show: ['vrf'],
    list: ['vrf'],
    lst: ['vrf'],
    identify: ['process'],
    pids: ['vrf'],
    exec: ['vrf', 'program'],
    help: [],
  },
};

/** Keywords of these commands, which `netns list-id` alone has. */
const LIST_ID_WORDS = ['target-nsid', 'nsid'];

async function operandsOf(
  object: string,
  rest: readonly string[],
  options: GlobalOptions,
): Promise<Answer | undefined> {
  const commands = OPERANDS[object];
  if (commands === undefined) return undefined;
  const [word, ...given] = rest;
  const shown = usageWords(await usageOf(object));
  if (word === undefined) {
    return {
      candidates: candidatesOf(
        Object.keys(commands).filter(name => shown.has(name) || name === 'help'),
        'command',
      ),
    };
  }
  const command = Object.keys(commands).find(name => isPrefixOf(word, name));
  if (command === undefined) return NO_ANSWER;
  if (command === 'list-id' && !LIST_ID_WORDS.includes(given.at(-1) ?? ''))
    return {
      candidates: candidatesOf(
        LIST_ID_WORDS.filter(keyword => !given.includes(keyword)),
        'keyword',
      ),
    };
  const operands = commands[command]!.filter(operand => !(options.all && operand === 'namespace'));
  const programAt = operands.indexOf('program');
  if (programAt >= 0 && given.length >= programAt) return { candidates: [], commandAt: programAt + 1 };
  return { candidates: await candidatesForOperand(operands[given.length]) };
}

async function candidatesForOperand(operand: Operand | undefined): Promise<Candidate[]> {
  switch (operand) {
    case 'namespace':
      return namespaces();
    case 'nsid':
      return [{ word: 'auto', about: 'the kernel chooses the id' }];
    case 'vrf':
      return (await devices()).filter(({ about }) => about === 'vrf device');
    case 'process':
      return processes();
    default:
      return [];
  }
}

/** Keywords whose value is a device that is looked for only when the line has ended. */
const DEVICE_KEYWORDS: ReadonlySet<string> = new Set(['dev', 'oif', 'iif', 'link']);
const FILE_KEYWORDS: ReadonlySet<string> = new Set(['file', 'pinned', 'object']);
/** Objects whose `type` is a kind of device. */
const LINK_OBJECTS: ReadonlySet<string> = new Set(['link', 'address']);
/** Words that are taken in many places, though a help text need not name them. */
const COMMON_WORDS = ['on', 'off', 'default'];

async function argumentsOf(
  object: string,
  rest: readonly string[],
  current: string,
  options: GlobalOptions,
): Promise<Answer> {
  const command = findObject(object)?.run;
  if (command === undefined) return NO_ANSWER;
  const previous = rest.at(-1) ?? '';
  if (FILE_KEYWORDS.has(previous)) return { candidates: [], paths: { kind: 'files', prefix: '' } };
  if (LINK_OBJECTS.has(object) && previous === 'type' && !rest.includes('xstats'))
    return { candidates: await kinds() };
  if (object === 'link' && rest.length === 1 && rest[0] === 'help') return { candidates: await kinds() };

  const probe = new Probe(command, rest, options);
  const place = rest.length === 0 ? 'command' : 'keyword';
  const words = [...usageWords(await probe.hints()), ...COMMON_WORDS].filter(word => word !== 'help');
  if (rest.length === 0) words.push('help');
  const keywords = candidatesOf(current.startsWith('-') ? words.map(word => `-${word}`) : words, place);
  const names = [...registered(await probe.tables()), ...namedBy(previous)];
  const links = await devices();
  const taken = await takenOf([...keywords, ...names, ...links], current, probe);
  const isDevice = DEVICE_KEYWORDS.has(previous) || (await probe.takesBareDevice());
  return { candidates: [...(await withoutAbbreviations(taken, probe)), ...(isDevice ? links : [])] };
}

/** The candidates that begin with `current` and mean something to the command. */
async function takenOf(
  candidates: readonly Candidate[],
  current: string,
  probe: Probe,
): Promise<Candidate[]> {
  const taken: Candidate[] = [];
  for (const candidate of candidates) {
    if (candidate.word.startsWith(current) && (await probe.takes(candidate.word))) taken.push(candidate);
  }
  return taken;
}

/** Words of a help text may abbreviate keywords by chance: `a` is no candidate beside `add`. */
async function withoutAbbreviations(found: readonly Candidate[], probe: Probe): Promise<Candidate[]> {
  const kept: Candidate[] = [];
  for (const candidate of found) {
    const { word } = candidate;
    const longer = found.filter(other => other.word.startsWith(word) && other.word !== word);
    let isAbbreviation = false;
    for (const other of longer) isAbbreviation ||= await probe.isAbbreviation(word, other.word);
    if (!isAbbreviation) kept.push(candidate);
  }
  return kept;
}

/** The names in these tables. */
function registered(tables: readonly NameTable[]): Candidate[] {
  const registry = new NameFiles(() => undefined);
  return tables.flatMap(table => candidatesOf([...registry.words(table)], ABOUT_TABLES[table]));
}

const ABOUT_TABLES: Readonly<Record<NameTable, string>> = {
  tables: 'routing table',
  protocols: 'protocol',
  scopes: 'scope',
  groups: 'group of devices',
  realms: 'realm',
  dsfield: 'value of the DS field',
  addressProtocols: 'protocol',
  protodownReasons: 'reason',
};

/** What the word after a keyword may name, besides what the command looks up in a table. */
function namedBy(keyword: string): Candidate[] {
  if (keyword.includes('netns')) return namespaces();
  return keyword === 'user' ? users() : keyword === 'group' ? groups() : [];
}

async function kinds(): Promise<Candidate[]> {
  const { LINK_KINDS } = await import('../../rtnetlink/kinds/index.ts');
  return candidatesOf(
    LINK_KINDS.map(({ name }) => name),
    'kind of device',
  );
}

function candidatesOf(words: readonly string[], about: string): Candidate[] {
  return words.map(word => ({ word, about }));
}

/** The help text of an object, as the object prints it. */
async function usageOf(object: string): Promise<string> {
  const command = findObject(object)?.run;
  return command === undefined ? '' : new Probe(command, [], defaultOptions()).hints();
}

/**
 * The words of a help text that may be typed: no placeholders in capitals, no numbers. `[no]learning` stands for two
 * words, `bond[_slave]` too, `[i|o]key` for three.
 */
export function usageWords(usage: string): Set<string> {
  const spelt = usage
    .replace(
      /\[([a-z]+(?:\|[a-z]+)*)\](?=([a-z][\w-]*))/g,
      (_, prefixes: string, word: string) =>
        `${prefixes
          .split('|')
          .map(prefix => prefix + word)
          .join(' ')} `,
    )
    .replace(/([a-z]\w*)\[(_\w+)\]/g, '$1 $1$2');
  const words = spelt.match(/[\w.+-]*\w/g) ?? [];
  return new Set(words.filter(word => word.length > 1 && !/^[A-Z][A-Z\d_]*S?$|^[\d.-]+$|^-/.test(word)));
}
