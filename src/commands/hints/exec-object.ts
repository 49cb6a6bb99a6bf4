/** `netns exec NAME link show`: an object where a program is expected. */
import { isPrefixOf } from '../../schema/args.ts';
import { findObject } from '../objects.ts';
import { commandsOf, isCommand } from './line.ts';

/** Objects that are programs of other packages, too. */
const PROGRAMS: ReadonlySet<string> = new Set(['route', 'rule']);

/** What to say before the program starts; undefined if it looks like one. */
export async function objectAsProgram(name: string, argv: readonly string[]): Promise<string | undefined> {
  const [word = '', command = ''] = argv;
  const object = findObject(word);
  if (word.length < 2 || object === undefined || PROGRAMS.has(object.name)) return undefined;
  const commands = await commandsOf(word);
  const isObject =
    commands !== undefined && (isCommand(commands, command) || (command === '' && word.length > 3));
  if (!isObject || !isPrefixOf(word, object.name)) return undefined;
  return `"${word}" is run as a program; the object of that name is shown by '-n ${name} ${argv.join(' ')}'`;
}
