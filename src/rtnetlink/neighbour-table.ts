/**
 * Parameters of the tables of neighbours: RTM_NEWNEIGHTBL, RTM_GETNEIGHTBL and RTM_SETNEIGHTBL. Source:
 * linux/neighbour.h struct ndtmsg, NDTA_*, NDTPA_*. Times are in milliseconds.
 */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import type { Message } from '../wire/message.ts';

/** Bytes of struct ndtmsg: the family and padding. */
export const NEIGHBOUR_TABLE_HEADER_LENGTH = 4;

/** struct ndt_config: what the kernel made of the table. `last_flush` and `last_rand` are times since then. */
export const neighbourTableConfig = codec.struct({
  key_length: codec.u16,
  entry_size: codec.u16,
  entries: codec.u32,
  last_flush: codec.u32,
  last_rand: codec.u32,
  hash_rnd: codec.u32,
  hash_mask: codec.u32,
  hash_chain_gc: codec.u32,
  proxy_qlen: codec.u32,
});

/** struct ndt_stats: counters since the kernel started. */
export const neighbourTableStatistics = codec.struct({
  allocs: codec.u64,
  destroys: codec.u64,
  hash_grows: codec.u64,
  res_failed: codec.u64,
  lookups: codec.u64,
  hits: codec.u64,
  rcv_probes_mcast: codec.u64,
  rcv_probes_ucast: codec.u64,
  periodic_gc_runs: codec.u64,
  forced_gc_runs: codec.u64,
  table_fulls: codec.u64,
});

/** NDTPA_*: parameters that each device may have separately; those without `ifindex` are the defaults. */
export const neighbourParameters = table({
  ifindex: row.u32(1),
  refcnt: row.u32(2),
  reachable_time: row.u64(3),
  base_reachable_time: row.u64(4),
  retrans_time: row.u64(5),
  gc_staletime: row.u64(6),
  delay_probe_time: row.u64(7),
  queue_len: row.u32(8),
  app_probes: row.u32(9),
  ucast_probes: row.u32(10),
  mcast_probes: row.u32(11),
  anycast_delay: row.u64(12),
  proxy_delay: row.u64(13),
  proxy_qlen: row.u32(14),
  locktime: row.u64(15),
  queue_lenbytes: row.u32(16),
  mcast_reprobes: row.u32(17),
});

export type NeighbourParameters = row.ValuesOf<typeof neighbourParameters.rows>;

/** NDTA_*. */
export const neighbourTable = table({
  name: row.text(1),
  thresh1: row.u32(2),
  thresh2: row.u32(3),
  thresh3: row.u32(4),
  config: row.value(5, neighbourTableConfig),
  parms: row.nest(6, neighbourParameters, { nestedFlag: 0 }),
  stats: row.value(7, neighbourTableStatistics),
  gc_interval: row.u64(8),
});

export type NeighbourTableAttributes = row.ValuesOf<typeof neighbourTable.rows>;

/** Parameters as one message has them: those of a table, or of a device in it. */
export interface NeighbourTable extends NeighbourTableAttributes {
  readonly family: number;
}

/** Decodes a message of parameters; undefined when it is too short. */
export function decodeNeighbourTable({ bytes, payload, end }: Message): NeighbourTable | undefined {
  if (end - payload < NEIGHBOUR_TABLE_HEADER_LENGTH) return undefined;
  const family = bytes[payload]!;
  return Object.assign(neighbourTable.decode(bytes, payload + NEIGHBOUR_TABLE_HEADER_LENGTH, end), {
    family,
  });
}
