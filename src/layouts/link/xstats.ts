/** Counters of a kind of device: `ip link xstats`. Each device is its name and indented lines below. */
import type {
  bondLacpStatistics,
  bridgeStatistics,
  HardwareStatistics,
  kindStatistics,
  MplsStatistics,
  VlanStatistics,
} from '../../rtnetlink/link-statistics.ts';
import type { Output } from '../../schema/output.ts';
import type { ValuesOf } from '../../schema/row.ts';
import type { View } from '../../schema/view.ts';
import { padEndBytes } from '../../wire/text.ts';
import { scaled } from './statistics.ts';

const INDENT = ' '.repeat(20);

type Bridge = ValuesOf<typeof bridgeStatistics.rows>;
type Multicast = NonNullable<Bridge['mcast']>;
type SpanningTree = NonNullable<Bridge['stp']>;
type Lacp = ValuesOf<typeof bondLacpStatistics.rows>;

/** What may be asked of the counters of a bridge or bond. */
export type CounterSet = 'igmp' | 'stp' | 'lacp';

/** The counters of one device; `key` says of which kind. */
export type KindCounters = ValuesOf<typeof kindStatistics.rows>;

/** Prints the counters of a bridge, or of a port of one. */
export function showBridgeCounters(
  name: string,
  counters: Bridge,
  wanted: CounterSet | undefined,
  out: Output,
): void {
  out.open();
  showName(name, out);
  if (counters.mcast !== undefined && wanted !== 'stp') showMulticast(counters.mcast, out);
  if (counters.stp !== undefined && wanted !== 'igmp') showSpanningTree(counters.stp, out);
  out.close();
}

/** Prints the counters of a bond, or of a port of one. */
export function showBondCounters(name: string, lacp: Lacp | undefined, out: Output): void {
  out.open();
  showName(name, out);
  if (lacp !== undefined) showLacpCounters(lacp, out);
  out.close();
}

/** Prints what a bond counts of its protocol. */
export function showLacpCounters(lacp: Lacp, out: Output): void {
  out.open('802.3ad');
  for (const [key, title] of LACP) {
    const value = lacp[key];
    if (value !== undefined) out.field(key, value, `${INDENT}${title} ${value}\n`);
  }
  out.close();
}

function showName(name: string, out: Output): void {
  out.field('ifname', name, `${padEndBytes(name, 16)}\n`);
}

const LACP: readonly (readonly [key: keyof Lacp & string, title: string])[] = [
  ['lacpdu_rx', 'LACPDU Rx'],
  ['lacpdu_tx', 'LACPDU Tx'],
  ['lacpdu_unknown_rx', 'LACPDU Unknown type Rx'],
  ['lacpdu_illegal_rx', 'LACPDU Illegal Rx'],
  ['marker_rx', 'Marker Rx'],
  ['marker_tx', 'Marker Tx'],
  ['marker_response_rx', 'Marker response Rx'],
  ['marker_response_tx', 'Marker response Tx'],
  ['marker_unknown_rx', 'Marker unknown type Rx'],
];

/** Counters of each version of a protocol, received and sent. */
function showVersions(
  key: string,
  title: string,
  received: readonly bigint[],
  sent: readonly bigint[],
  out: Output,
): void {
  out.open(key);
  out.text(`${INDENT}${title}:\n`);
  showDirection('rx', 'RX', received, out);
  showDirection('tx', 'TX', sent, out);
  out.close();
}

function showDirection(key: string, title: string, values: readonly bigint[], out: Output): void {
  out.text(`${INDENT}  ${title}:`);
  for (const [at, value] of values.entries()) {
    out.field(`${key}_v${at + 1}`, value, ` v${at + 1} ${value}`);
  }
  out.text('\n');
}

function showBoth(key: string, title: string, received: bigint, sent: bigint, out: Output): void {
  out.open(key);
  out.field('rx', received, `${INDENT}${title}: RX: ${received}`);
  out.field('tx', sent, ` TX: ${sent}\n`);
  out.close();
}

function showErrors(key: string, title: string, errors: bigint, out: Output): void {
  out.field(key, errors, `${INDENT}${title}: ${errors}\n`);
}

/** Prints what a bridge or port counts of IGMP and MLD. */
export function showMulticast(s: Multicast, out: Output): void {
  out.open('multicast');
  showVersions(
    'igmp_queries',
    'IGMP queries',
    [s.igmp_v1queries_rx, s.igmp_v2queries_rx, s.igmp_v3queries_rx],
    [s.igmp_v1queries_tx, s.igmp_v2queries_tx, s.igmp_v3queries_tx],
    out,
  );
  showVersions(
    'igmp_reports',
    'IGMP reports',
    [s.igmp_v1reports_rx, s.igmp_v2reports_rx, s.igmp_v3reports_rx],
    [s.igmp_v1reports_tx, s.igmp_v2reports_tx, s.igmp_v3reports_tx],
    out,
  );
  showBoth('igmp_leaves', 'IGMP leaves', s.igmp_leaves_rx, s.igmp_leaves_tx, out);
  showErrors('igmp_parse_errors', 'IGMP parse errors', s.igmp_parse_errors, out);
  showVersions(
    'mld_queries',
    'MLD queries',
    [s.mld_v1queries_rx, s.mld_v2queries_rx],
    [s.mld_v1queries_tx, s.mld_v2queries_tx],
    out,
  );
  showVersions(
    'mld_reports',
    'MLD reports',
    [s.mld_v1reports_rx, s.mld_v2reports_rx],
    [s.mld_v1reports_tx, s.mld_v2reports_tx],
    out,
  );
  showBoth('mld_leaves', 'MLD leaves', s.mld_leaves_rx, s.mld_leaves_tx, out);
  showErrors('mld_parse_errors', 'MLD parse errors', s.mld_parse_errors, out);
  out.close();
}

/** Prints what a bridge or port counts of its spanning tree. */
export function showSpanningTree(s: SpanningTree, out: Output): void {
  out.open('stp');
  out.field('rx_bpdu', s.rx_bpdu, `${INDENT}STP BPDU:  RX: ${s.rx_bpdu}`);
  out.field('tx_bpdu', s.tx_bpdu, ` TX: ${s.tx_bpdu}\n`);
  out.field('rx_tcn', s.rx_tcn, `${INDENT}STP TCN:   RX: ${s.rx_tcn}`);
  out.field('tx_tcn', s.tx_tcn, ` TX: ${s.tx_tcn}\n`);
  out.field('transition_blk', s.transition_blk, `${INDENT}STP Transitions: Blocked: ${s.transition_blk}`);
  out.field('transition_fwd', s.transition_fwd, ` Forwarding: ${s.transition_fwd}\n`);
  out.close();
}

/** Columns of counters: head, counter, key. */
type Columns<Counter extends string> = readonly (readonly [head: string, counter: Counter, key: string])[];

/** Counters of what is received and sent, in two rows whose columns stand below each other. */
interface Traffic<Counter extends string> {
  readonly received: Columns<Counter>;
  readonly sent: Columns<Counter>;
}

const RECEIVED = [
  ['bytes', 'rx_bytes', 'bytes'],
  ['packets', 'rx_packets', 'packets'],
  ['errors', 'rx_errors', 'errors'],
  ['dropped', 'rx_dropped', 'dropped'],
] as const;
const SENT = [
  ['bytes', 'tx_bytes', 'bytes'],
  ['packets', 'tx_packets', 'packets'],
  ['errors', 'tx_errors', 'errors'],
  ['dropped', 'tx_dropped', 'dropped'],
] as const;

const MPLS: Traffic<keyof MplsStatistics> = {
  received: [...RECEIVED, ['noroute', 'rx_noroute', 'noroute']],
  sent: SENT,
};
const HARDWARE: Traffic<keyof HardwareStatistics> = {
  received: [...RECEIVED, ['mcast', 'multicast', 'multicast']],
  sent: SENT,
};

/** Smallest widths of the columns. */
const TRAFFIC_WIDTHS: readonly number[] = [9, 7, 6, 7, 7];

/** Prints what a program reads of counters, and returns the lines for people. */
function trafficLines<Counter extends string>(
  { received, sent }: Traffic<Counter>,
  counters: Readonly<Record<Counter, bigint>>,
  out: Output,
  view: View,
): readonly string[] {
  const widths = [...TRAFFIC_WIDTHS];
  for (const columns of view.scale === 'none' ? [received, sent] : []) {
    for (const [at, [, name]] of columns.entries()) {
      widths[at] = Math.max(widths[at]!, String(counters[name]).length);
    }
  }
  const rowOf = (key: string, title: string, columns: Columns<Counter>) => {
    out.open(key);
    const heads = columns.map(([head], at) =>
      at === 0 ? title + head.padStart(widths[0]! - title.length) : head.padStart(widths[at]!),
    );
    let values = '';
    for (const [at, [, name, key]] of columns.entries()) {
      const value = counters[name];
      out.data(key, value);
      values += `${scaled(value, view.scale).padStart(widths[at]!)} `;
    }
    out.close();
    return [heads.join(' '), values];
  };
  return [...rowOf('rx', 'RX:', received), ...rowOf('tx', 'TX:', sent)];
}

/** Prints the counters that MPLS keeps of a device, as `ip link afstats` does. */
export function showMplsCounters(counters: MplsStatistics, out: Output, view: View): void {
  out.text('    mpls:\n');
  for (const line of trafficLines(MPLS, counters, out, view)) out.text(`        ${line}\n`);
}

/** Prints the counters that MPLS keeps of a device, as `ip stats` does: each line after a break. */
export function showMplsBlock(counters: MplsStatistics, out: Output, view: View): void {
  out.open('mpls_stats');
  showBlock(trafficLines(MPLS, counters, out, view), out);
  out.close();
}

/** Prints the counters that hardware keeps of a device, each line after a break. */
export function showHardwareBlock(counters: HardwareStatistics, out: Output, view: View): void {
  out.open('stats64');
  showBlock(trafficLines(HARDWARE, counters, out, view), out);
  out.close();
}

function showBlock(lines: readonly string[], out: Output): void {
  for (const line of lines) {
    out.newline();
    out.text(`    ${line}`);
  }
}

const VLAN_INDENT = ' '.repeat(18);
const PVID = 0x2;
const UNTAGGED = 0x4;

/** Prints the counters of the VLANs of a bridge or port, each VLAN after a break. */
export function showVlanCounters(vlans: readonly VlanStatistics[], out: Output): void {
  out.list('vlans');
  for (const vlan of vlans) {
    out.newline();
    out.open();
    out.field('vid', vlan.vid, `${VLAN_INDENT}${vlan.vid}`);
    showVlanFlags(vlan.flags, out);
    out.newline();
    out.field('rx_bytes', vlan.rx_bytes, `${INDENT}RX: ${vlan.rx_bytes} bytes`);
    out.field('rx_packets', vlan.rx_packets, ` ${vlan.rx_packets} packets\n`);
    out.field('tx_bytes', vlan.tx_bytes, `${INDENT}TX: ${vlan.tx_bytes} bytes`);
    out.field('tx_packets', vlan.tx_packets, ` ${vlan.tx_packets} packets\n`);
    out.close();
  }
  out.end();
}

function showVlanFlags(flags: number, out: Output): void {
  if (flags === 0) return;
  out.list('flags');
  if (flags & PVID) out.item('PVID', ' PVID');
  if (flags & UNTAGGED) out.item('Egress Untagged', ' Egress Untagged');
  out.end();
}
