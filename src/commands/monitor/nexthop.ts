/** Next hop objects, and buckets of resilient groups, in a monitor. */

import { showBucket, showNextHop } from '../../layouts/route/nexthop.ts';
import { RTM_DELNEXTHOP, RTM_DELNEXTHOPBUCKET, RTM_NEWNEXTHOPBUCKET } from '../../linux/rtnetlink.ts';
import { decodeNextHop } from '../../rtnetlink/nexthop.ts';
import type { Context } from '../frame/context.ts';
import type { NextHopCache } from '../route/show.ts';
import type { Printer } from './printer.ts';

/** Prints next hop and bucket messages, and keeps next hops in `nextHops` for the routes that use them. */
export function nextHopPrinter({ view }: Context, nextHops: NextHopCache): Printer['print'] {
  return (message, out, begin) => {
    const hop = decodeNextHop(message);
    if (hop === undefined) return;
    if (message.type === RTM_NEWNEXTHOPBUCKET || message.type === RTM_DELNEXTHOPBUCKET) {
      begin('NEXTHOPBUCKET');
      showBucket(hop, false, out); // The original does not mark a deletion.
      return;
    }
    const isDeleted = message.type === RTM_DELNEXTHOP;
    const { id } = hop.attributes;
    if (id !== undefined && isDeleted) nextHops.delete(id);
    else if (id !== undefined) nextHops.set(id, hop);
    begin();
    showNextHop(hop, isDeleted, out, view);
  };
}
