/** A command line as its grammars see it: the words that are expected at a place, and the word that was complained about. */
import { isPrefixOf } from '../../schema/args.ts';
import type { Operand } from '../../schema/keywords.ts';
import { type Place, placeAfter } from '../completion/place.ts';
import { findSubcommand, type Subcommands } from '../frame/subcommands.ts';
import { findObject } from '../objects.ts';

/** Not more names are listed. */
const MAX_LISTED = 8;

/** What may stand at word `index` of a line; undefined where the grammar does not say. */
export async function placeAt(words: readonly string[], index: number): Promise<Place | undefined> {
  const object = await findObject(words[0] ?? '')?.subcommands?.();
  return object && placeAfter(object, words.slice(1, index), false);
}

/** The commands of the object of a line, if it has some. */
export async function commandsOf(word: string): Promise<Subcommands | undefined> {
  const object = await findObject(word)?.subcommands?.();
  return object !== undefined && 'commands' in object ? object : undefined;
}

/** Whether `word` is the whole name of a command, or `del`. */
export function isCommand(commands: Subcommands, word: string): boolean {
  return word === 'del' || commands.commands.some(({ names }) => names.includes(word));
}

/** The full names of the object and the command of a line: `address add`. */
export async function spelledOut([object = '', command = '']: readonly string[]): Promise<string> {
  const name = findObject(object)?.name ?? object;
  const commands = await commandsOf(object);
  const found = commands && findSubcommand(commands, command)?.names.find(one => isPrefixOf(command, one));
  return found === undefined ? name : `${name} ${found}`;
}

/** The words with `word` before the one at `index`. */
export function inserted(words: readonly string[], index: number, ...extra: readonly string[]): string {
  return [...words.slice(0, index), ...extra, ...words.slice(index)].join(' ');
}

/** The operand that a value at this place is read by: the only one, or the first that is not a grammar. */
export function operandAt(place: Place | undefined): Operand | undefined {
  return place?.expected.operands.find(({ grammar }) => grammar === undefined);
}

/** `lo, v0, v1`, and how many more there are. */
export function listed(names: readonly string[], separator = ', '): string {
  const shown = names.slice(0, MAX_LISTED).join(separator);
  const more = names.length - MAX_LISTED;
  return more > 0 ? `${shown}${separator}and ${more} more` : shown;
}

/** `red`, `red and blue`, `red, blue and green`. */
export function joined(names: readonly string[], last = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}

/** `there are lo, v0`, `there is lo`, `there is none`. */
export function thereAre(names: readonly string[]): string {
  if (names.length === 0) return 'there is none';
  return `there ${names.length === 1 ? 'is' : 'are'} ${listed(names)}`;
}
