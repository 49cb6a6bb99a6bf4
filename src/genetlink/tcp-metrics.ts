/**
 * The family `tcp_metrics`: what TCP remembers of each host. Source: linux/tcp_metrics.h TCP_METRICS_*.
 */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import { type Message, PLAIN_TYPE } from '../wire/message.ts';
import { decodeGeneric, type GenericFamily } from './family.ts';

/** Numbers of enum tcp_metric_index, which begin one higher on the wire; times in milliseconds or microseconds. */
const metricValues = table(
  {
    rtt: row.u32(1),
    rttvar: row.u32(2),
    ssthresh: row.u32(3),
    cwnd: row.u32(4),
    reordering: row.u32(5),
    rtt_us: row.u32(6),
    rttvar_us: row.u32(7),
  },
  PLAIN_TYPE,
);

/** TCP_METRICS_ATTR_*. Ages are in milliseconds. */
const metricsAttributes = table(
  {
    addr_ipv4: row.ipv4(1),
    addr_ipv6: row.ipv6(2),
    age: row.u64(3),
    tw_tsval: row.u32(4),
    tw_ts_stamp: row.s32(5),
    vals: row.nest(6, metricValues, { nestedFlag: 0 }),
    fopen_mss: row.u16(7),
    fopen_syn_drops: row.u16(8),
    fopen_syn_drop_ts: row.u64(9),
    fopen_cookie: row.raw(10),
    saddr_ipv4: row.ipv4(11),
    saddr_ipv6: row.ipv6(12),
  },
  PLAIN_TYPE,
);

export const tcpMetrics = {
  name: 'tcp_metrics',
  version: 1,
  commandPrefix: 'TCP_METRICS_CMD_',
  commands: { get: [1, 'get'], del: [2, 'delete'] },
  attributePrefix: 'TCP_METRICS_ATTR_',
  attributes: metricsAttributes,
  nestedPrefixes: new Map([[metricValues.rows, 'TCP_METRIC_']]),
} as const satisfies GenericFamily;

/** The attributes of one entry. */
export type TcpMetricsAttributes = row.ValuesOf<typeof metricsAttributes.rows>;

/** What TCP remembers of one host, as one message reports it. Times are in microseconds; the kernel scales them. */
export interface TcpMetrics {
  readonly address: string;
  readonly source: string | undefined;
  readonly rtt: number | undefined;
  readonly rttvar: number | undefined;
  readonly attributes: TcpMetricsAttributes;
}

/** Decodes an entry; undefined if the message is not one, or names no host. */
export function decodeTcpMetrics(message: Message): TcpMetrics | undefined {
  if (message.bytes[message.payload] !== tcpMetrics.commands.get[0]) return undefined;
  const attributes = decodeGeneric(tcpMetrics, message);
  const address = attributes?.addr_ipv4 ?? attributes?.addr_ipv6;
  if (attributes === undefined || address === undefined) return undefined;
  const { vals = {}, saddr_ipv4, saddr_ipv6 } = attributes;
  return {
    address,
    source: saddr_ipv4 ?? saddr_ipv6,
    rtt: unscaled(vals.rtt_us, vals.rtt, 8),
    rttvar: unscaled(vals.rttvar_us, vals.rttvar, 4),
    attributes,
  };
}

/** A time that the kernel keeps `scale` times as long; older kernels report milliseconds. Undefined if it is 0. */
function unscaled(
  microseconds: number | undefined,
  milliseconds: number | undefined,
  scale: number,
): number | undefined {
  const time = microseconds ?? (milliseconds === undefined ? 0 : milliseconds * 1000);
  return Math.floor(time / scale) || undefined;
}
