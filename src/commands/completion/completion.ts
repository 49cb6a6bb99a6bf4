/** What could be the next word of a command line of `ip`: asked by the completion scripts at every TAB. */
import { native } from '../../kernel/system/native.ts';
import { switchNamespace } from '../../namespaces/plans/switch.ts';
import { KIND_NAMES } from '../../rtnetlink/kinds/load.ts';
import { NameFiles } from '../../rtnetlink/names/name-files.ts';
import { isPrefixOf } from '../../schema/args.ts';
import type { Operand } from '../../schema/keywords.ts';
import type { NameTable } from '../../schema/names.ts';
import {
  defaultOptions,
  type GlobalOptions,
  OPTIONS,
  optionAwaitingValue,
  parseOptions,
} from '../frame/options.ts';
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
  const value = optionAwaitingValue(before)?.value;
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
  switchNamespace(native, name ?? '', () => undefined);
}

const CAPABILITY_SETS_LENGTH = 24;

/** Candidates are tried out on the parsers of the commands, none of which has anything to change meanwhile. */
function giveUpCapabilities(): void {
  native.capset(Buffer.alloc(CAPABILITY_SETS_LENGTH));
}

function optionCandidates(current: string): Candidate[] {
  const dashes = current.startsWith('--') ? '--' : '-';
  return OPTIONS.flatMap(({ names, about, modes = [] }) =>
    names
      .flatMap(name => [name, ...modes.map(mode => `${name}=${mode}`)])
      .map(word => ({
        word: `${dashes}${word}`,
        about,
      })),
  );
}

function valueOfOption({ names, words = [] }: Operand): Answer {
  const candidates = words.map(word => ({ word }));
  if (names === 'namespace') return { candidates: namespaces() };
  return names === 'file' ? { candidates, paths: { kind: 'files', prefix: '' } } : { candidates };
}

/** Objects by the names that the help tells, or all names when it tells none that begins so. */
async function objectCandidates(): Promise<Candidate[]> {
  const { IP_USAGE } = await import('../frame/usage.ts');
  const shown = usageWords(IP_USAGE);
  const names = OBJECTS.filter(({ run }) => run !== undefined).map(({ name }) => name);
  const own = OWN_OBJECTS.map(({ name }) => name);
  return [...names.filter(name => shown.has(name)), ...own, 'help'].map(word => ({ word, about: 'object' }));
}

type OperandKind = 'namespace' | 'nsid' | 'vrf' | 'process' | 'new name' | 'program';

/**
 * The operands of commands that take them by their place, and would do their work before they had seen a word more:
 * these are never tried out. Commands in the order in which abbreviations are tried.
 */
const OPERANDS: Readonly<Record<string, Readonly<Record<string, readonly OperandKind[]>>>> = {
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

async function candidatesForOperand(operand: OperandKind | undefined): Promise<Candidate[]> {
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
    return { candidates: kinds() };
  if (object === 'link' && rest.length === 1 && rest[0] === 'help') return { candidates: kinds() };

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

function kinds(): Candidate[] {
  return candidatesOf(KIND_NAMES, 'kind of device');
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
