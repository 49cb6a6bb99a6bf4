/** `ip rule`: finds the command that a word abbreviates and loads its module. */
import { type Args, EXIT_USAGE, isPrefixOf, UsageError, UsageRequest } from '../../schema/args.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';

/** Commands in order of precedence. */
const COMMANDS: readonly (readonly [names: readonly string[], load: () => Promise<Command>])[] = [
  [['list', 'lst', 'show'], async () => (await import('./show.ts')).showRules],
  [['save'], async () => (await import('./show.ts')).saveRules],
  [['restore'], async () => (await import('./show.ts')).restoreRules],
  [['add'], async () => (await import('./change.ts')).addRule],
  [['delete'], async () => (await import('./change.ts')).deleteRule],
  [['flush'], async () => (await import('./show.ts')).flushRules],
];

export const rule: Command = async (args: Args, context: Context) => {
  const word = args.done ? 'list' : args.next();
  const command = COMMANDS.find(([names]) => names.some(name => isPrefixOf(word, name)));
  if (command !== undefined) {
    const [, load] = command;
    return (await load())(args, context);
  }
  if (isPrefixOf(word, 'help')) throw new UsageRequest((await import('./usage.ts')).RULE_USAGE);
  throw new UsageError(`Command "${word}" is unknown, try "ip rule help".`, EXIT_USAGE);
};
