/** `ip link`: finds the command that a word abbreviates and loads its module. */
import { loadKind } from '../../rtnetlink/kinds/load.ts';
import { type Args, EXIT_USAGE, isPrefixOf, UsageError, UsageRequest } from '../../schema/args.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';

/** Commands in order of precedence. */
const COMMANDS: readonly (readonly [names: readonly string[], load: () => Promise<Command>])[] = [
  [['add'], async () => (await import('./change.ts')).addLink],
  [['set', 'change'], async () => (await import('./change.ts')).setLink],
  [['replace'], async () => (await import('./change.ts')).replaceLink],
  [['delete'], async () => (await import('./change.ts')).deleteLink],
  [['show', 'lst', 'list'], async () => (await import('./show.ts')).showLinks],
  [['xstats'], async () => (await import('./xstats.ts')).showXstats],
  [['afstats'], async () => (await import('./xstats.ts')).showAfstats],
  [['property'], async () => (await import('./property.ts')).changeProperties],
  [['help'], async () => help],
];

export const link: Command = async (args: Args, context: Context) => {
  const word = args.done ? 'show' : args.next();
  const command = COMMANDS.find(([names]) => names.some(name => isPrefixOf(word, name)));
  if (command === undefined) {
    throw new UsageError(`Command "${word}" is unknown, try "ip link help".`, EXIT_USAGE);
  }
  const [, load] = command;
  return (await load())(args, context);
};

/** `ip link help [KIND]`. */
const help: Command = async args => {
  const name = args.peek();
  if (name !== undefined) {
    const kind = await loadKind(name);
    if (kind !== undefined && kind.usage !== '') throw new UsageRequest(kind.usage, 'help');
  }
  throw new UsageRequest((await import('./usage.ts')).LINK_USAGE);
};
