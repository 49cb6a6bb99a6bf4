/** `ip link`: finds the command that a word abbreviates and loads its module. */
import { type Args, EXIT_USAGE, isPrefixOf, UsageError, UsageRequest } from '../schema/args.ts';
import type { Context } from './context.ts';
import type { Command } from './objects.ts';

/** Commands in order of precedence. */
const COMMANDS: readonly (readonly [names: readonly string[], load: () => Promise<Command>])[] = [
  [['add'], async () => (await import('./link-modify.ts')).addLink],
  [['set', 'change'], async () => (await import('./link-modify.ts')).setLink],
  [['replace'], async () => (await import('./link-modify.ts')).replaceLink],
  [['delete'], async () => (await import('./link-modify.ts')).deleteLink],
  [['show', 'lst', 'list'], async () => (await import('./link-show.ts')).showLinks],
];

export const link: Command = async (args: Args, context: Context) => {
  const word = args.done ? 'show' : args.next();
  const command = COMMANDS.find(([names]) => names.some(name => isPrefixOf(word, name)));
  if (command !== undefined) {
    const [, load] = command;
    return (await load())(args, context);
  }
  if (isPrefixOf(word, 'help')) throw new UsageRequest((await import('./link-usage.ts')).LINK_USAGE);
  throw new UsageError(`Command "${word}" is unknown, try "ip link help".`, EXIT_USAGE);
};
