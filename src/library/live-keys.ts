/** What distinguishes the objects of each kind from all others of the kernel at one time. */

import type { Address } from './values/address.ts';
import type { ForwardingEntry } from './values/forwarding.ts';
import type { Link } from './values/link.ts';
import type { MulticastRoute } from './values/multicast-route.ts';
import type { Neighbour } from './values/neighbour.ts';
import type { NextHop } from './values/nexthop.ts';
import type { Route } from './values/route.ts';
import type { Rule } from './values/rule.ts';
import type { Watchable, WatchGroup } from './watch-groups.ts';

/** The key of an object: the index of a device, the id of a next hop object, else a text. */
export type LiveKey<G extends WatchGroup> = G extends 'link' | 'nexthop' ? number : string;

type Keys = { readonly [G in WatchGroup]: (value: Watchable[G]) => LiveKey<G> };

const KEYS: Keys = {
  link: ({ index }: Link) => index,
  nexthop: ({ id }: NextHop) => id,
  address: ({ device_index, address, peer = '' }: Address) => `${device_index} ${address} ${peer}`,
  route: (route: Route) =>
    JSON.stringify([
      placeOfRoute(route),
      ...[route.type, route.scope, route.protocol, route.gateway, route.device_index, route.source],
      ...[route.nexthop_id, route.preference, route.metrics],
      route.hops?.map(({ gateway, device_index, weight }) => [gateway, device_index, weight]),
    ]),
  rule: (rule: Rule) => JSON.stringify(rule),
  neighbour: ({ device_index = 0, family, address, flags }: Neighbour) =>
    `${device_index} ${family} ${address}${flags.includes('proxy') ? ' proxy' : ''}`,
  forwarding: (entry: ForwardingEntry) =>
    JSON.stringify([
      ...[entry.device_index, entry.lladdr, entry.vlan, entry.destination, entry.vni, entry.port],
      ...[entry.via_index, entry.nexthop_id, entry.master_index],
    ]),
  multicastRoute: ({ table, source, group }: MulticastRoute) => `${table} ${source} ${group}`,
};

/** The key of an object. */
export function keyOf<G extends WatchGroup>(group: G, value: Watchable[G]): LiveKey<G> {
  return KEYS[group](value);
}

/** What the routes share that may take each other's place; undefined for other objects. */
export function placeOf<G extends WatchGroup>(
  group: G,
  value: Watchable[G],
): { readonly name: string; readonly isMerged: boolean } | undefined {
  if (group !== 'route') return undefined;
  const route = value as Route;
  // Of IPv6, routes to the same destination may be one of several ways, of which each is reported alone.
  return { name: placeOfRoute(route), isMerged: route.family === 'inet6' };
}

function placeOfRoute({ family, table, destination, from = '', tos = 0, metric = 0 }: Route): string {
  return `${family} ${table} ${destination} ${from} ${tos} ${metric}`;
}
