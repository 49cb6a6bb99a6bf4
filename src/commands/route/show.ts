/** `ip route show`: the routes that the selectors leave, printed as they arrive. */

import type { Ask } from '../../kernel/netlink/request-sync.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { showNextHopInfo } from '../../layouts/route/nexthop.ts';
import { type KnownFields, type RouteView, showRoute } from '../../layouts/route/route.ts';
import { RT_TABLE_MAIN, RTM_DELROUTE, RTM_GETNEXTHOP, RTM_NEWROUTE } from '../../linux/rtnetlink.ts';
import { namesOfDump } from '../../rtnetlink/names/dump-names.ts';
import {
  decodeNextHop,
  encodeNextHop,
  type NextHopObject,
  nextHopHeader,
  operationFlags,
} from '../../rtnetlink/nexthop.ts';
import { RouteReader } from '../../rtnetlink/route-reader.ts';
import { type Args, EXIT_KERNEL } from '../../schema/args.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import type { DumpOptions } from '../frame/dump.ts';
import { CommandFailed, kernelErrorText } from '../frame/report.ts';
import { dumpRequest, isSelected, knownFields, leaveFilter, type RouteFilter } from './filter.ts';
import { readSelectors } from './selectors.ts';

/** Shows the selected routes. */
export async function listRoutes(args: Args, context: Context): Promise<number> {
  const filter = readSelectors(args, context);
  leaveFilter(filter, context.state);
  const view = routeView(context, knownFields(filter));
  const dumpView = { ...view, names: namesOfDump(view.names) };
  const route = new RouteReader();
  const out = context.output();
  out.list();
  try {
    for await (const messages of context.dump(dumpRequest(filter), listOptions(filter))) {
      for (const message of messages) {
        if (message.type !== RTM_NEWROUTE && message.type !== RTM_DELROUTE) continue;
        if (route.read(message) && isSelected(route, filter)) showRoute(route, out, dumpView);
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
  return { exitCode: EXIT_KERNEL, readsAhead: true, mayBeAbsent: filter.table === RT_TABLE_MAIN };
}

/** Next hop objects by id, as the kernel has reported them, or why it did not. */
export type NextHopCache = Map<number, NextHopObject | KernelError | undefined>;

/** The view of a route line. With details it asks for the next hop objects that are not in `nextHops`, each once. */
export function routeView(
  context: Context,
  known: KnownFields,
  nextHops: NextHopCache = new Map(),
): RouteView {
  const { view } = context;
  const showNextHopObject = view.details > 0 ? nextHopShower(context, nextHops) : undefined;
  return { ...view, known, showNextHopObject };
}

/** Shows next hop objects; of one that the kernel refuses it says so. */
function nextHopShower(context: Context, found: NextHopCache): (id: number, out: Output) => void {
  const { view } = context;
  return (id, out) => {
    if (!found.has(id)) found.set(id, askNextHop(context.ask, id, view));
    const hop = found.get(id);
    if (hop instanceof KernelError) context.complain(kernelErrorText(hop));
    else if (hop !== undefined) showNextHopInfo(hop, out, view);
  };
}

function askNextHop(ask: Ask, id: number, { statistics }: View): NextHopObject | KernelError | undefined {
  const request = new MessageWriter(RTM_GETNEXTHOP, 0);
  encodeNextHop(request, nextHopHeader.zero(), { id, op_flags: operationFlags(statistics) });
  const answer = ask(request);
  return answer === undefined || answer instanceof KernelError ? answer : decodeNextHop(answer);
}
