/** `ip route show`: the routes that the selectors leave, printed as they arrive. */

import { type KnownFields, type RouteView, showRoute } from '../layouts/route.ts';
import { RouteReader, RTM_DELROUTE, RTM_NEWROUTE, TABLE_MAIN } from '../rtnetlink/route.ts';
import { type Args, EXIT_KERNEL } from '../schema/args.ts';
import type { Context, DumpOptions } from './context.ts';
import { CommandFailed } from './report.ts';
import {
  dumpRequest,
  emptyFilter,
  isSelected,
  knownFields,
  parseFilter,
  type RouteFilter,
} from './route-filter.ts';

/** Shows the selected routes. */
export async function listRoutes(args: Args, context: Context): Promise<number> {
  const filter = emptyFilter(context.family);
  parseFilter(args, filter, context.names);
  const view = routeView(context, knownFields(filter));
  const route = new RouteReader();
  const out = context.output();
  out.list();
  try {
    for await (const messages of context.dump(dumpRequest(filter), listOptions(filter))) {
      for (const message of messages) {
        if (message.type !== RTM_NEWROUTE && message.type !== RTM_DELROUTE) continue;
        if (route.read(message) && isSelected(route, filter)) showRoute(route, out, view);
      }
    }
  } catch (error) {
    if (error instanceof CommandFailed) out.end();
    throw error;
  }
  out.end();
  return 0;
}

/** How routes are dumped to be listed: the main table is made with its first route, others are missed. */
export function listOptions(filter: RouteFilter): DumpOptions {
  return { exitCode: EXIT_KERNEL, mayBeAbsent: filter.table === TABLE_MAIN };
}

/** The view of a route line, with next hop objects on demand. */
export function routeView(context: Context, known: KnownFields): RouteView {
  return { ...context.view, known, showNextHopObject: undefined };
}
