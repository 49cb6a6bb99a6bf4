/** Next hop objects in a monitor. */
import { showNextHop } from '../layouts/nexthop.ts';
import { decodeNextHop, RTM_DELNEXTHOP } from '../rtnetlink/nexthop.ts';
import type { Context } from './context.ts';
import type { Printer } from './monitor-printer.ts';

/** Prints next hop messages. */
export function nextHopPrinter({ view }: Context): Printer['print'] {
  return (message, out, begin) => {
    const hop = decodeNextHop(message);
    if (hop === undefined) return;
    begin();
    showNextHop(hop, message.type === RTM_DELNEXTHOP, out, view);
  };
}
