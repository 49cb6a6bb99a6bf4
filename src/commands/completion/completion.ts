/** What could be the next word of a command line of `ip`: asked by the completion scripts at every TAB. */
import { native } from '../../kernel/system/native.ts';
import { STDOUT } from '../../linux/descriptors.ts';
import { switchNamespace } from '../../namespaces/plans/switch.ts';
import { KIND_NAMES } from '../../rtnetlink/kinds/load.ts';
import { NameFiles } from '../../rtnetlink/names/name-files.ts';
import type { Named, Operand } from '../../schema/keywords.ts';
import type { NameTable } from '../../schema/names.ts';
import {
  defaultOptions,
  type GlobalOptions,
  OPTIONS,
  OWN_VERSION,
  optionAwaitingValue,
  parseOptions,
} from '../frame/options.ts';
import { findObject, OBJECTS, OWN_OBJECTS } from '../objects.ts';
import { type Answer, type Candidate, NO_ANSWER, printAnswer, type Question, questionOf } from './answer.ts';
import { addresses, devices, groups, namespaces, processes, routes, users } from './live.ts';
import type { Place } from './place.ts';

/** Answers the completion script of a shell, whose words follow {@link COMPLETION_OPTION}. Never complains. */
export async function completeIp(
  words: readonly string[],
  object: readonly string[],
  isOwn = false,
): Promise<void> {
  const question = questionOf(words);
  try {
    printAnswer(STDOUT, await answerTo(question, object, isOwn), question.current);
  } catch {
    // A shell shows no complaints.
  }
}

/** `object` is the object that the name of the program says, if any; `isOwn`: the program is called by our name. */
async function answerTo(
  { before, current }: Question,
  object: readonly string[],
  isOwn: boolean,
): Promise<Answer> {
  const options = defaultOptions();
  if (isOwn && before[0] === OWN_VERSION) return NO_ANSWER;
  const value = optionAwaitingValue(before)?.value;
  if (value !== undefined) return valueOfOption(value);
  const objectAt = parseOptions(before, options, { enterNamespace });
  if (options.version || options.help) return NO_ANSWER;
  const [name, ...rest] = [...object, ...before.slice(objectAt)];
  if (name === undefined) {
    const own =
      isOwn && before.length === 0 ? [{ word: OWN_VERSION, about: 'print the version of tsip' }] : [];
    if (current.startsWith('-')) return { candidates: [...optionCandidates(current), ...own] };
    return { candidates: await objectCandidates() };
  }
  if (isOwn && name === 'help') return { candidates: rest.length === 0 ? await objectCandidates() : [] };
  const answer = await wordsAfter(name, rest, current, options);
  if (answer.commandAt === undefined) return answer;
  return { ...answer, commandAt: before.length + 1 - rest.length + answer.commandAt };
}

/**
 * What could be the word after `OBJECT REST...`; `current` is what has been typed of it. A command that begins in
 * `rest` is given by its place there.
 */
export async function wordsAfter(
  object: string,
  rest: readonly string[],
  current: string,
  options: GlobalOptions,
): Promise<Answer> {
  const entry = findObject(object);
  if (entry?.answer !== undefined) return entry.answer(rest, current);
  if (entry?.complete !== undefined) return { candidates: candidatesOf(await entry.complete(rest), 'word') };
  if (entry?.subcommands === undefined) return NO_ANSWER;
  const { placeAfter } = await import('./place.ts');
  const place = await placeAfter(await entry.subcommands(), rest, options.all);
  return place === undefined ? NO_ANSWER : candidatesAt(place, current);
}

function enterNamespace(name: string | undefined): void {
  // Without the namespace there is nothing to offer: the names of another one would mislead.
  switchNamespace(native, name ?? '', () => undefined);
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

/** Objects by the names that the help shows. */
async function objectCandidates(): Promise<Candidate[]> {
  const { IP_USAGE } = await import('../frame/usage.ts');
  const shown = usageWords(IP_USAGE);
  const names = OBJECTS.filter(({ run }) => run !== undefined).map(({ name }) => name);
  const own = OWN_OBJECTS.map(({ name }) => name);
  return candidatesOf([...names.filter(name => shown.has(name)), ...own, 'help'], 'object');
}

/** What may stand at a place: names of what exists first, then words. */
async function candidatesAt(place: Place, current: string): Promise<Answer> {
  if (place.programAt !== undefined) return { candidates: [], commandAt: place.programAt };
  if (place.commands.length > 0) return { candidates: await commandCandidates(place) };
  const { keywords, operands, given } = place.expected;
  const named = await Promise.all([...operands, ...existing(place)].map(candidatesForOperand));
  const words = keywords.filter(keyword => !given.has(keyword) && !keyword.isHidden).map(({ word }) => word);
  const options = place.option === undefined || !current.startsWith('-') ? [] : [place.option];
  const files = operands.some(({ names }) => names === 'file');
  return {
    candidates: [...named.flat(), ...candidatesOf([...words, ...options], 'keyword')],
    ...(files ? { paths: { kind: 'files', prefix: '' } } : {}),
  };
}

function existing({ existing: names }: Place): Operand[] {
  return names === undefined ? [] : [{ synopsis: '', names }];
}

/** Commands by the names that the help shows, or else by their first name. */
async function commandCandidates({ commands, usage }: Place): Promise<Candidate[]> {
  const shown = usageWords(await usage());
  const names = commands.flatMap(command => {
    const found = command.names.filter(name => shown.has(name));
    return found.length > 0 ? found : command.names.slice(0, 1);
  });
  return candidatesOf([...names, 'help'], 'command');
}

async function candidatesForOperand({ names, words = [] }: Operand): Promise<Candidate[]> {
  const spelt = candidatesOf(words, 'keyword');
  return names === undefined ? spelt : [...spelt, ...(await candidatesFor(names))];
}

function candidatesFor(names: Named): Candidate[] | Promise<Candidate[]> {
  switch (names) {
    case 'device':
      return devices();
    case 'vrf':
      return devices().then(found => found.filter(({ about }) => about === 'vrf device'));
    case 'kind':
      return kinds();
    case 'address':
      return addresses();
    case 'route':
      return routes();
    case 'namespace':
      return namespaces();
    case 'process':
      return processes();
    case 'user':
      return users();
    case 'userGroup':
      return groups();
    case 'nsid':
    case 'file':
    case 'program':
      return [];
    default:
      return registered(names);
  }
}

/** The names in a table. */
function registered(table: NameTable): Candidate[] {
  return candidatesOf([...new NameFiles(() => undefined).words(table)], ABOUT_TABLES[table]);
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

function kinds(): Candidate[] {
  return candidatesOf(KIND_NAMES, 'kind of device');
}

function candidatesOf(words: readonly string[], about: string): Candidate[] {
  return words.map(word => ({ word, about }));
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
