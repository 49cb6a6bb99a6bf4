/**
 * The counters that `ip stats` can show, in the order in which it does: where they stand in groups, subgroups and
 * suites, what asks the kernel for them, and how they are printed. Source: linux/if_link.h IFLA_STATS_*.
 */

import { showWideCounters } from '../../layouts/link/statistics.ts';
import {
  showHardwareBlock,
  showLacpCounters,
  showMplsBlock,
  showMulticast,
  showSpanningTree,
  showVlanCounters,
} from '../../layouts/link/xstats.ts';
import { showHardwareSwitches, showSwitches } from '../../layouts/offload-switches.ts';
import { AF_MPLS } from '../../linux/families.ts';
import {
  bondStatistics,
  bridgeStatistics,
  mplsFamily,
  offloadStatistics,
  type rawCounters,
  rawKindStatistics,
  vlanStatistics,
} from '../../rtnetlink/link-statistics.ts';
import type { Output } from '../../schema/output.ts';
import type { ValuesOf } from '../../schema/row.ts';
import type { View } from '../../schema/view.ts';
import { walkAttributes } from '../../wire/message.ts';

/** What one message reports of a device. */
export type Counters = ValuesOf<typeof rawCounters.rows>;

/** Counters that are shown or left out together. */
export interface Leaf {
  readonly group: string;
  readonly subgroup?: string;
  readonly suite?: string;
  /** The attribute that holds them. */
  readonly attribute: keyof typeof rawCounters.rows;
  /** Bits of what is nested in the attribute, where the kernel lets a request choose. */
  readonly nested?: number;
  /** Prints them after the names of the leaf. */
  show(counters: Counters, out: Output, view: View): void;
}

/** Suites of counters that a kind keeps of its devices. */
interface Suite {
  readonly kind: 'bridge' | 'bond';
  readonly name: string;
  show(bytes: Buffer, out: Output): void;
}

const { cpu_hit: CPU_HIT, hw_s_info: SWITCHES, l3_stats: L3 } = offloadStatistics.rows;

function bit({ type }: { readonly type: number }): number {
  return 1 << (type - 1);
}

function showWide(struct: Buffer | undefined, out: Output, view: View): void {
  out.newline();
  if (struct !== undefined) showWideCounters(struct, view.statistics > 1, out, view);
}

function showMpls({ af_spec: families }: Counters, out: Output, view: View): void {
  if (families === undefined) return;
  let found: ReturnType<typeof mplsFamily.decode> | undefined;
  walkAttributes(families, 0, families.length, (family, at, length) => {
    if (family === AF_MPLS) found ??= mplsFamily.decode(families, at, at + length);
  });
  if (found?.link !== undefined) showMplsBlock(found.link, out, view);
}

function showL3({ link_offload_xstats: offload }: Counters, out: Output, view: View): void {
  if (offload?.hw_s_info !== undefined) {
    showHardwareSwitches('info', offload.hw_s_info.l3_stats ?? {}, out);
  }
  if (offload?.l3_stats !== undefined) showHardwareBlock(offload.l3_stats, out, view);
}

function showInfo({ link_offload_xstats: offload }: Counters, out: Output): void {
  const info = offload?.hw_s_info;
  if (info === undefined) return;
  out.newline();
  out.open('info');
  if (info.l3_stats !== undefined) {
    out.open('l3_stats');
    out.text('    l3_stats');
    showSwitches(info.l3_stats, out);
    out.close();
  }
  out.close();
}

const VLAN: Suite = {
  kind: 'bridge',
  name: 'vlan',
  show: (bytes, out) => showVlanCounters(vlanStatistics(bytes), out),
};

const MULTICAST: Suite = {
  kind: 'bridge',
  name: 'mcast',
  show(bytes, out) {
    const { mcast } = bridgeStatistics.decode(bytes, 0, bytes.length);
    if (mcast === undefined) return;
    out.newline();
    showMulticast(mcast, out);
  },
};

const SPANNING_TREE: Suite = {
  kind: 'bridge',
  name: 'stp',
  show(bytes, out) {
    const { stp } = bridgeStatistics.decode(bytes, 0, bytes.length);
    if (stp === undefined) return;
    out.newline();
    showSpanningTree(stp, out);
  },
};

const LACP: Suite = {
  kind: 'bond',
  name: '802.3ad',
  show(bytes, out) {
    const lacp = bondStatistics.decode(bytes, 0, bytes.length)['3ad'];
    if (lacp === undefined) return;
    out.newline();
    showLacpCounters(lacp, out);
  },
};

const NONE = Buffer.alloc(0);

/** A suite of a device itself, or of it as part of another one. */
function kindLeaf(group: 'xstats' | 'xstats_slave', { kind, name, show }: Suite): Leaf {
  const attribute = `link_${group}` as const;
  return {
    group,
    subgroup: kind,
    suite: name,
    attribute,
    show(counters, out) {
      const nest = counters[attribute] ?? NONE;
      show(rawKindStatistics.decode(nest, 0, nest.length)[kind] ?? NONE, out);
    },
  };
}

export const LEAVES: readonly Leaf[] = [
  { group: 'afstats', subgroup: 'mpls', attribute: 'af_spec', show: showMpls },
  {
    group: 'link',
    attribute: 'link_64',
    show: ({ link_64: struct }, out, view) => showWide(struct, out, view),
  },
  {
    group: 'offload',
    subgroup: 'l3_stats',
    attribute: 'link_offload_xstats',
    nested: bit(SWITCHES) | bit(L3),
    show: showL3,
  },
  {
    group: 'offload',
    subgroup: 'hw_stats_info',
    attribute: 'link_offload_xstats',
    nested: bit(SWITCHES),
    show: showInfo,
  },
  {
    group: 'offload',
    subgroup: 'cpu_hit',
    attribute: 'link_offload_xstats',
    nested: bit(CPU_HIT),
    show: (counters, out, view) => showWide(counters.link_offload_xstats?.cpu_hit, out, view),
  },
  kindLeaf('xstats_slave', LACP),
  kindLeaf('xstats', LACP),
  kindLeaf('xstats_slave', VLAN),
  kindLeaf('xstats_slave', MULTICAST),
  kindLeaf('xstats_slave', SPANNING_TREE),
  kindLeaf('xstats', VLAN),
  kindLeaf('xstats', MULTICAST),
  kindLeaf('xstats', SPANNING_TREE),
];
