/** `ip netns`: named network namespaces. The words in the order in which abbreviations are tried. */
import { isNamespaceName } from '../../namespaces/named.ts';
import { type Args, EXIT_USAGE, UsageError, UsageRequest } from '../../schema/args.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';

/** Runs `ip netns COMMAND ...`; without a command it lists. */
export const netns: Command = async (args, context) => {
  const word = args.peek();
  if (word === undefined) return list(args, context);
  // Whatever the command: the word after it is taken for a name.
  const name = args.rest[1];
  if (name !== undefined && !context.options.all && !isNamespaceName(name)) {
    throw new UsageError(`Invalid netns name "${name}"`, EXIT_USAGE);
  }
  const found = COMMANDS.find(({ words }) => args.acceptPrefix(...words));
  if (found !== undefined) return found.run(args, context);
  throw new UsageError(`Command "${word}" is unknown, try "ip netns help".`, EXIT_USAGE);
};

interface NetnsCommand {
  readonly words: readonly string[];
  readonly run: (args: Args, context: Context) => Promise<number>;
}

async function list(_args: Args, context: Context): Promise<number> {
  return (await import('./show.ts')).listNamespaces(context);
}

const COMMANDS: readonly NetnsCommand[] = [
  { words: ['list', 'show', 'lst'], run: list },
  {
    words: ['list-id'],
    run: async (args, context) => (await import('./id.ts')).listIds(args, context),
  },
  {
    words: ['help'],
    run: async () => {
      throw new UsageRequest((await import('./usage.ts')).NETNS_USAGE);
    },
  },
  { words: ['add'], run: async (args, context) => (await import('./change.ts')).add(args, context) },
  { words: ['set'], run: async (args, context) => (await import('./id.ts')).setId(args, context) },
  {
    words: ['delete'],
    run: async (args, context) => (await import('./change.ts')).remove(args, context),
  },
  {
    words: ['identify'],
    run: async (args, context) => (await import('./show.ts')).identify(args, context),
  },
  {
    words: ['pids'],
    run: async (args, context) => (await import('./show.ts')).listPids(args, context),
  },
  { words: ['exec'], run: async (args, context) => (await import('./exec.ts')).exec(args, context) },
  {
    words: ['monitor'],
    run: async (_args, context) => (await import('./monitor.ts')).monitor(context),
  },
  {
    words: ['attach'],
    run: async (args, context) => (await import('./change.ts')).attach(args, context),
  },
];
