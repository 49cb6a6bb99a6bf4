/** Next hop objects, and buckets of resilient groups, in a monitor. */

import { showBucket, showNextHop } from '../../layouts/nexthop.ts';
import { RTM_DELNEXTHOP, RTM_DELNEXTHOPBUCKET, RTM_NEWNEXTHOPBUCKET } from '../../linux/rtnetlink.ts';
import { decodeNextHop } from '../../rtnetlink/nexthop.ts';
import type { Context } from '../frame/context.ts';
import type { Printer } from './printer.ts';

/** Prints next hop and bucket messages. */
export function nextHopPrinter({ view }: Context): Printer['print'] {
  return (message, out, begin) => {
    const hop = decodeNextHop(message);
    if (hop === undefined) return;
    if (message.type === RTM_NEWNEXTHOPBUCKET || message.type === RTM_DELNEXTHOPBUCKET) {
      begin('NEXTHOPBUCKET');
      showBucket(hop, false, out); // A deletion is not told apart, as in the original.
      return;
    }
    begin();
    showNextHop(hop, message.type === RTM_DELNEXTHOP, out, view);
  };
}
