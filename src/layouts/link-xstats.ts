/** Counters of a kind of device: `ip link xstats`. Each device is its name and indented lines below. */
import type {
  bondLacpStatistics,
  bridgeStatistics,
  kindStatistics,
  MplsStatistics,
} from '../rtnetlink/link-statistics.ts';
import type { Output } from '../schema/output.ts';
import type { ValuesOf } from '../schema/row.ts';
import type { View } from '../schema/view.ts';
import { padEndBytes } from '../wire/text.ts';
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
  if (lacp !== undefined) {
    out.open('802.3ad');
    for (const [key, title] of LACP) {
      const value = lacp[key];
      if (value !== undefined) out.field(key, value, `${INDENT}${title} ${value}\n`);
    }
    out.close();
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

function showMulticast(s: Multicast, out: Output): void {
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

function showSpanningTree(s: SpanningTree, out: Output): void {
  out.open('stp');
  out.field('rx_bpdu', s.rx_bpdu, `${INDENT}STP BPDU:  RX: ${s.rx_bpdu}`);
  out.field('tx_bpdu', s.tx_bpdu, ` TX: ${s.tx_bpdu}\n`);
  out.field('rx_tcn', s.rx_tcn, `${INDENT}STP TCN:   RX: ${s.rx_tcn}`);
  out.field('tx_tcn', s.tx_tcn, ` TX: ${s.tx_tcn}\n`);
  out.field('transition_blk', s.transition_blk, `${INDENT}STP Transitions: Blocked: ${s.transition_blk}`);
  out.field('transition_fwd', s.transition_fwd, ` Forwarding: ${s.transition_fwd}\n`);
  out.close();
}

/** Columns of `ip link afstats`: head, counter, key. */
type Columns = readonly (readonly [head: string, received: keyof MplsStatistics, key: string])[];

const MPLS_RECEIVED: Columns = [
  ['bytes', 'rx_bytes', 'bytes'],
  ['packets', 'rx_packets', 'packets'],
  ['errors', 'rx_errors', 'errors'],
  ['dropped', 'rx_dropped', 'dropped'],
  ['noroute', 'rx_noroute', 'noroute'],
];
const MPLS_SENT: Columns = [
  ['bytes', 'tx_bytes', 'bytes'],
  ['packets', 'tx_packets', 'packets'],
  ['errors', 'tx_errors', 'errors'],
  ['dropped', 'tx_dropped', 'dropped'],
];

/** Smallest widths of the columns. */
const MPLS_WIDTHS: readonly number[] = [9, 7, 6, 7, 7];

/** Prints the counters that MPLS keeps of a device. */
export function showMplsCounters(counters: MplsStatistics, out: Output, view: View): void {
  const widths = [...MPLS_WIDTHS];
  for (const columns of view.scale === 'none' ? [MPLS_RECEIVED, MPLS_SENT] : []) {
    for (const [at, [, name]] of columns.entries()) {
      widths[at] = Math.max(widths[at]!, String(counters[name]).length);
    }
  }
  const showRow = (key: string, title: string, columns: Columns) => {
    out.open(key);
    const heads = columns.map(([head], at) =>
      at === 0 ? title + head.padStart(widths[0]! - title.length) : head.padStart(widths[at]!),
    );
    out.text(`        ${heads.join(' ')}\n        `);
    for (const [at, [, name, key]] of columns.entries()) {
      const value = counters[name];
      out.field(key, value, `${scaled(value, view.scale).padStart(widths[at]!)} `);
    }
    out.text('\n');
    out.close();
  };
  out.text('    mpls:\n');
  showRow('rx', 'RX:', MPLS_RECEIVED);
  showRow('tx', 'TX:', MPLS_SENT);
}
