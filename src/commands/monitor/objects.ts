/**
 * What `ip monitor` can watch: each object's multicast groups, and how its messages are printed. Groups are
 * RTNLGRP_* of linux/rtnetlink.h.
 */
import { AF_INET, AF_INET6, AF_MPLS, AF_UNSPEC } from '../../linux/families.ts';
import type { Context } from '../frame/context.ts';

import type { NextHopCache } from '../route/show.ts';
import type { Printer } from './printer.ts';

type Print = Printer['print'];

export interface MonitoredObject {
  readonly word: string;
  /** The word may not be abbreviated. */
  readonly isExact?: true;
  readonly label: string;
  /** Types of its messages, RTM_*. */
  readonly types: readonly number[];
  /** The groups to join for a family; all of them for none in particular. */
  groups(family: number | undefined): readonly number[];
  /**
   * Prepares printing; `device` is the index that messages must be about, 0 for any. `nextHops` are the next hop
   * objects that the messages were about.
   */
  load(context: Context, device: number, nextHops: NextHopCache): Promise<Print>;
}

/** The groups of each family; those under 0 are of no family. */
function groupsOf(groups: Readonly<Record<number, readonly number[]>>): MonitoredObject['groups'] {
  return family =>
    family === undefined
      ? Object.values(groups).flat()
      : [...(groups[AF_UNSPEC] ?? []), ...(groups[family] ?? [])];
}

/** In order of precedence. */
export const MONITORED: readonly MonitoredObject[] = [
  {
    word: 'link',
    label: 'LINK',
    types: [16, 17],
    groups: groupsOf({ [AF_UNSPEC]: [1] }),
    load: async (context, device) => (await import('./link.ts')).linkPrinter(context, device),
  },
  {
    word: 'address',
    label: 'ADDR',
    types: [20, 21, 56, 57, 58, 59, 60, 61],
    groups: groupsOf({ [AF_INET]: [5], [AF_INET6]: [9] }),
    load: async (context, device) => (await import('./address.ts')).addressPrinter(context, device),
  },
  {
    word: 'maddress',
    label: 'ADDR',
    types: [20, 21, 56, 57, 58, 59, 60, 61],
    groups: groupsOf({ [AF_INET]: [37], [AF_INET6]: [38] }),
    load: async (context, device) => (await import('./address.ts')).addressPrinter(context, device),
  },
  {
    word: 'acaddress',
    isExact: true,
    label: 'ADDR',
    types: [20, 21, 56, 57, 58, 59, 60, 61],
    groups: groupsOf({ [AF_INET6]: [39] }),
    load: async (context, device) => (await import('./address.ts')).addressPrinter(context, device),
  },
  {
    word: 'route',
    label: 'ROUTE',
    types: [24, 25],
    groups: groupsOf({ [AF_INET]: [7], [AF_INET6]: [11], [AF_MPLS]: [27] }),
    load: async (context, device, nextHops) =>
      (await import('./route.ts')).routePrinter(context, device, nextHops),
  },
  {
    word: 'mroute',
    label: 'ROUTE',
    types: [24, 25],
    groups: groupsOf({ [AF_INET]: [6], [AF_INET6]: [10] }),
    load: async (context, device, nextHops) =>
      (await import('./route.ts')).routePrinter(context, device, nextHops),
  },
  {
    word: 'prefix',
    label: 'PREFIX',
    types: [52],
    groups: groupsOf({ [AF_INET6]: [18] }),
    load: async context => (await import('./prefix.ts')).prefixPrinter(context),
  },
  {
    word: 'neigh',
    label: 'NEIGH',
    types: [28, 29, 30],
    groups: groupsOf({ [AF_UNSPEC]: [3] }),
    load: async (context, device) => (await import('./neighbour.ts')).neighbourPrinter(context, device),
  },
  {
    word: 'netconf',
    label: 'NETCONF',
    types: [80, 81],
    groups: groupsOf({ [AF_INET]: [24], [AF_INET6]: [25], [AF_MPLS]: [29] }),
    load: async (context, device) => (await import('./netconf.ts')).netconfPrinter(context, device),
  },
  {
    word: 'rule',
    label: 'RULE',
    types: [32, 33],
    groups: groupsOf({ [AF_INET]: [8], [AF_INET6]: [19] }),
    load: async context => (await import('./rule.ts')).rulePrinter(context),
  },
  {
    word: 'nsid',
    label: 'NSID',
    types: [88, 89],
    groups: groupsOf({ [AF_UNSPEC]: [28] }),
    load: async context => (await import('./nsid.ts')).nsidPrinter(context),
  },
  {
    word: 'nexthop',
    label: 'NEXTHOP',
    types: [104, 105, 116, 117],
    groups: groupsOf({ [AF_UNSPEC]: [32] }),
    load: async (context, _device, nextHops) =>
      (await import('./nexthop.ts')).nextHopPrinter(context, nextHops),
  },
  {
    word: 'stats',
    isExact: true,
    label: 'STATS',
    types: [92],
    groups: groupsOf({ [AF_UNSPEC]: [36] }),
    load: async context => (await import('./stats.ts')).statisticsPrinter(context),
  },
];

/** Labels of addresses: the kernel sends no notifications of them, but they may stand in a file. */
export const ADDRESS_LABEL: MonitoredObject = {
  word: 'addrlabel',
  label: 'ADDRLABEL',
  types: [72, 73],
  groups: () => [],
  load: async context => (await import('./label.ts')).addressLabelPrinter(context),
};

/** The printers of `objects` by message type. */
export async function loadPrinters(
  objects: readonly MonitoredObject[],
  context: Context,
  device: number,
): Promise<ReadonlyMap<number, Printer>> {
  const printers = new Map<number, Printer>();
  const nextHops: NextHopCache = new Map();
  for (const { label, types, load } of objects) {
    const print = await load(context, device, nextHops);
    for (const type of types) printers.set(type, { label, print });
  }
  return printers;
}
