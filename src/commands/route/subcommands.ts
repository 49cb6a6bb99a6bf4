/** `ip route`: routing tables. The words in the order in which abbreviations are tried. */

import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RTM_DELROUTE, RTM_NEWROUTE } from '../../linux/rtnetlink.ts';
import { type Args, EXIT_USAGE, UsageError, UsageRequest } from '../../schema/args.ts';

import { type Command, lazy } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';

/** Runs `ip route COMMAND ...`; without a command it shows. */
export const route: Command = (args, context) => {
  if (args.done) return list(args, context);
  const found = COMMANDS.find(({ words }) => args.acceptPrefix(...words));
  if (found !== undefined) return found.run(args, context);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip route help".`, EXIT_USAGE);
};

interface RouteCommand {
  readonly words: readonly string[];
  readonly run: Command;
}

const change = (words: string[], type: number, flags: number): RouteCommand => ({
  words,
  run: lazy(async () => {
    const { changeRoute } = await import('./change.ts');
    return (args, context) => changeRoute(args, context, type, flags);
  }),
});

async function list(args: Args, context: Context): Promise<number> {
  return (await import('./show.ts')).listRoutes(args, context);
}

const COMMANDS: readonly RouteCommand[] = [
  change(['add'], RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL),
  change(['change', 'chg'], RTM_NEWROUTE, NLM_F_REPLACE),
  change(['replace'], RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE),
  change(['prepend'], RTM_NEWROUTE, NLM_F_CREATE),
  change(['append'], RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND),
  change(['test'], RTM_NEWROUTE, NLM_F_EXCL),
  change(['delete'], RTM_DELROUTE, 0),
  { words: ['list', 'show', 'lst'], run: list },
  { words: ['get'], run: async (args, context) => (await import('./get.ts')).getRoute(args, context) },
  {
    words: ['flush'],
    run: async (args, context) => (await import('./flush.ts')).flushRoutes(args, context),
  },
  {
    words: ['save'],
    run: async (args, context) => (await import('./save.ts')).saveRoutes(args, context),
  },
  {
    words: ['restore'],
    run: async (_args, context) => (await import('./save.ts')).restoreRoutes(context),
  },
  {
    words: ['showdump'],
    run: async (_args, context) => (await import('./save.ts')).showSavedRoutes(context),
  },
  {
    words: ['help'],
    run: async () => {
      const { ROUTE_USAGE } = await import('./usage.ts');
      throw new UsageRequest(ROUTE_USAGE);
    },
  },
];
