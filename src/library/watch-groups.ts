/** What can be watched, how it is read, and how all of it is asked for. Source: linux/rtnetlink.h RTNLGRP_*. */

import {
  AF_BRIDGE,
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  RTNL_FAMILY_IP6MR,
  RTNL_FAMILY_IPMR,
} from '../linux/families.ts';
import {
  RTEXT_FILTER_SKIP_STATS,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELNEIGH,
  RTM_DELNEXTHOP,
  RTM_DELROUTE,
  RTM_DELRULE,
  RTM_GETNEIGH,
  RTM_GETNEXTHOP,
  RTM_GETRULE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWNEIGH,
  RTM_NEWNEXTHOP,
  RTM_NEWROUTE,
  RTM_NEWRULE,
} from '../linux/rtnetlink.ts';
import { neighbour, neighbourHeader } from '../rtnetlink/neighbour.ts';
import { encodeNextHop, nextHopHeader } from '../rtnetlink/nexthop.ts';
import { addressRequest, linkRequest, routeRequest } from '../rtnetlink/request.ts';
import { rule, ruleHeader } from '../rtnetlink/rule.ts';
import { MessageWriter } from '../wire/writer.ts';
import { type Address, addressReading } from './values/address.ts';
import { type ForwardingEntry, forwardingReading } from './values/forwarding.ts';
import type { Link } from './values/link.ts';
import { linkReading } from './values/link-value.ts';
import { type MulticastRoute, multicastRouteReading } from './values/multicast-route.ts';
import { type Neighbour, neighbourReading } from './values/neighbour.ts';
import { type NextHop, nextHopReading } from './values/nexthop.ts';
import type { Reading } from './values/reading.ts';
import { type Route, routeReading } from './values/route.ts';
import { type Rule, ruleReading } from './values/rule.ts';

/** What can be watched, and what is reported of each. */
export interface Watchable {
  readonly link: Link;
  readonly address: Address;
  readonly route: Route;
  readonly rule: Rule;
  readonly neighbour: Neighbour;
  readonly nexthop: NextHop;
  /** Forwarding tables of bridges and of VXLAN devices. */
  readonly forwarding: ForwardingEntry;
  /** Routes of multicast packets. */
  readonly multicastRoute: MulticastRoute;
}

/** Names of what can be watched. */
export type WatchGroup = keyof Watchable;

/** How a group is watched. */
export interface Watched<T> {
  /** RTNLGRP_*. */
  readonly groups: readonly number[];
  /** RTM_NEW* and RTM_DEL*. */
  readonly set: number;
  readonly delete: number;
  readonly reading: Reading<T>;
  /** What asks for all that there is. */
  readonly dumps: () => readonly MessageWriter[];
}

const IP_FAMILIES = [AF_INET, AF_INET6];

/** How each group is watched. */
export const WATCHED: { readonly [G in WatchGroup]: Watched<Watchable[G]> } = {
  link: {
    groups: [1],
    set: RTM_NEWLINK,
    delete: RTM_DELLINK,
    reading: linkReading,
    dumps: () => [linkRequest({}, {}, { ext_mask: RTEXT_FILTER_SKIP_STATS })],
  },
  address: {
    groups: [5, 9],
    set: RTM_NEWADDR,
    delete: RTM_DELADDR,
    reading: addressReading,
    dumps: () => [addressRequest()],
  },
  route: {
    groups: [7, 11],
    set: RTM_NEWROUTE,
    delete: RTM_DELROUTE,
    reading: routeReading,
    dumps: () => IP_FAMILIES.map(family => routeRequest({}, { family })),
  },
  rule: {
    groups: [8, 19],
    set: RTM_NEWRULE,
    delete: RTM_DELRULE,
    reading: ruleReading,
    dumps: () =>
      IP_FAMILIES.map(family => {
        const request = new MessageWriter(RTM_GETRULE, 0);
        ruleHeader.write(request, { ...ruleHeader.zero(), family });
        rule.encode(request, {});
        return request;
      }),
  },
  neighbour: {
    groups: [3],
    set: RTM_NEWNEIGH,
    delete: RTM_DELNEIGH,
    reading: neighbourReading,
    dumps: () => [neighbourDump(AF_UNSPEC)],
  },
  nexthop: {
    groups: [32],
    set: RTM_NEWNEXTHOP,
    delete: RTM_DELNEXTHOP,
    reading: nextHopReading,
    dumps: () => {
      const request = new MessageWriter(RTM_GETNEXTHOP, 0);
      encodeNextHop(request, nextHopHeader.zero(), {});
      return [request];
    },
  },
  forwarding: {
    groups: [3],
    set: RTM_NEWNEIGH,
    delete: RTM_DELNEIGH,
    reading: forwardingReading,
    dumps: () => [neighbourDump(AF_BRIDGE)],
  },
  multicastRoute: {
    groups: [6, 10],
    set: RTM_NEWROUTE,
    delete: RTM_DELROUTE,
    reading: multicastRouteReading,
    dumps: () => [RTNL_FAMILY_IPMR, RTNL_FAMILY_IP6MR].map(family => routeRequest({}, { family })),
  },
};

function neighbourDump(family: number): MessageWriter {
  const request = new MessageWriter(RTM_GETNEIGH, 0);
  neighbourHeader.write(request, { ...neighbourHeader.zero(), family });
  neighbour.encode(request, {});
  return request;
}
