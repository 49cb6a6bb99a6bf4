/** `ip neighbour`: finds the command that a word abbreviates and loads its module. */
import { type Args, EXIT_USAGE, isPrefixOf, UsageError, UsageRequest } from '../../schema/args.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';

/** Commands in order of precedence. */
const COMMANDS: readonly (readonly [names: readonly string[], load: () => Promise<Command>])[] = [
  [['add'], async () => (await import('./change.ts')).addNeighbour],
  [['change', 'chg'], async () => (await import('./change.ts')).changeNeighbour],
  [['replace'], async () => (await import('./change.ts')).replaceNeighbour],
  [['delete'], async () => (await import('./change.ts')).deleteNeighbour],
  [['get'], async () => (await import('./change.ts')).getNeighbour],
  [['show', 'lst', 'list'], async () => (await import('./show.ts')).showNeighbours],
  [['flush'], async () => (await import('./show.ts')).flushNeighbours],
];

export const neighbour: Command = async (args: Args, context: Context) => {
  const word = args.done ? 'show' : args.next();
  const command = COMMANDS.find(([names]) => names.some(name => isPrefixOf(word, name)));
  if (command !== undefined) {
    const [, load] = command;
    return (await load())(args, context);
  }
  if (isPrefixOf(word, 'help')) {
    throw new UsageRequest((await import('./usage.ts')).NEIGHBOUR_USAGE);
  }
  throw new UsageError(`Command "${word}" is unknown, try "ip neigh help".`, EXIT_USAGE);
};
