/**
 * Counters beyond those of link messages: RTM_GETSTATS. Source: linux/if_link.h struct if_stats_msg, IFLA_STATS_*;
 * linux/if_bridge.h, linux/if_bonding.h, linux/mpls.h.
 */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import { PLAIN_TYPE, walkAttributes } from '../wire/message.ts';
import { packetCounters } from './link.ts';

/** struct if_stats_msg. `filter` has one bit for each attribute that is wanted. */
export const statisticsHeader = codec.struct({
  family: codec.u8,
  _padding: codec.padding(3),
  index: codec.u32,
  filter: codec.u32,
});

/** struct br_mcast_stats; received, then sent. */
const bridgeMulticast = codec.struct({
  igmp_v1queries_rx: codec.u64,
  igmp_v1queries_tx: codec.u64,
  igmp_v2queries_rx: codec.u64,
  igmp_v2queries_tx: codec.u64,
  igmp_v3queries_rx: codec.u64,
  igmp_v3queries_tx: codec.u64,
  igmp_leaves_rx: codec.u64,
  igmp_leaves_tx: codec.u64,
  igmp_v1reports_rx: codec.u64,
  igmp_v1reports_tx: codec.u64,
  igmp_v2reports_rx: codec.u64,
  igmp_v2reports_tx: codec.u64,
  igmp_v3reports_rx: codec.u64,
  igmp_v3reports_tx: codec.u64,
  igmp_parse_errors: codec.u64,
  mld_v1queries_rx: codec.u64,
  mld_v1queries_tx: codec.u64,
  mld_v2queries_rx: codec.u64,
  mld_v2queries_tx: codec.u64,
  mld_leaves_rx: codec.u64,
  mld_leaves_tx: codec.u64,
  mld_v1reports_rx: codec.u64,
  mld_v1reports_tx: codec.u64,
  mld_v2reports_rx: codec.u64,
  mld_v2reports_tx: codec.u64,
  mld_parse_errors: codec.u64,
});

/** struct bridge_stp_xstats. */
const bridgeSpanningTree = codec.struct({
  transition_blk: codec.u64,
  transition_fwd: codec.u64,
  rx_bpdu: codec.u64,
  tx_bpdu: codec.u64,
  rx_tcn: codec.u64,
  tx_tcn: codec.u64,
});

/** BRIDGE_XSTATS_*. */
export const bridgeStatistics = table({
  mcast: row.value(2, bridgeMulticast),
  stp: row.value(4, bridgeSpanningTree),
});

/** BOND_3AD_STAT_*. */
export const bondLacpStatistics = table({
  lacpdu_rx: row.u64(0),
  lacpdu_tx: row.u64(1),
  lacpdu_unknown_rx: row.u64(2),
  lacpdu_illegal_rx: row.u64(3),
  marker_rx: row.u64(4),
  marker_tx: row.u64(5),
  marker_response_rx: row.u64(6),
  marker_response_tx: row.u64(7),
  marker_unknown_rx: row.u64(8),
});

/** BOND_XSTATS_*. */
export const bondStatistics = table({ '3ad': row.nest(1, bondLacpStatistics) });

/** LINK_XSTATS_TYPE_*: the counters of a kind. */
export const kindStatistics = table({
  bridge: row.nest(1, bridgeStatistics),
  bond: row.nest(2, bondStatistics),
});

/** struct mpls_link_stats. */
const mplsStatistics = codec.struct({
  ...packetCounters,
  rx_noroute: codec.u64,
});

export type MplsStatistics = codec.ValueOf<typeof mplsStatistics>;

/** struct bridge_vlan_xstats. */
const bridgeVlan = codec.struct({
  rx_bytes: codec.u64,
  rx_packets: codec.u64,
  tx_bytes: codec.u64,
  tx_packets: codec.u64,
  vid: codec.u16,
  flags: codec.u16,
  _padding: codec.padding(4),
});

export type VlanStatistics = codec.ValueOf<typeof bridgeVlan>;

/** BRIDGE_XSTATS_VLAN, which comes once for each VLAN. */
const VLAN = 1;

/** The counters of the VLANs of a bridge or port; `bridge` is the payload of LINK_XSTATS_TYPE_BRIDGE. */
export function vlanStatistics(bridge: Buffer): readonly VlanStatistics[] {
  const found: VlanStatistics[] = [];
  walkAttributes(bridge, 0, bridge.length, (type, at, length) => {
    if (type === VLAN) found.push(bridgeVlan.read(bridge, at, length)!);
  });
  return found;
}

/** struct rtnl_hw_stats64. */
const hardwareCounters = codec.struct({
  ...packetCounters,
  multicast: codec.u64,
});

export type HardwareStatistics = codec.ValueOf<typeof hardwareCounters>;

/** The same, unless it is shorter. */
const wholeHardwareCounters: codec.Codec<HardwareStatistics> = {
  write: hardwareCounters.write,
  read: (bytes, at, length) =>
    length < hardwareCounters.size ? undefined : hardwareCounters.read(bytes, at, length),
};

/** IFLA_OFFLOAD_XSTATS_HW_S_INFO_*: whether hardware is to count, and whether it does. */
export const hardwareSwitches = table({ request: row.u8(1), used: row.u8(2) });

export type HardwareSwitches = row.ValuesOf<typeof hardwareSwitches.rows>;

/** IFLA_OFFLOAD_XSTATS_HW_S_INFO: switches by what is counted, an attribute number of {@link offloadStatistics}. */
export const hardwareInfo = table({ l3_stats: row.nest(3, hardwareSwitches) });

/** IFLA_OFFLOAD_XSTATS_*. */
export const offloadStatistics = table({
  cpu_hit: row.raw(1),
  hw_s_info: row.nest(2, hardwareInfo),
  l3_stats: row.value(3, wholeHardwareCounters),
});

/** IFLA_STATS_LINK_*; `af_spec` stays bytes, because the order of its families counts. */
export const linkCounters = table(
  {
    link_64: row.raw(1),
    link_xstats: row.nest(2, kindStatistics),
    link_xstats_slave: row.nest(3, kindStatistics),
    link_offload_xstats: row.nest(4, offloadStatistics),
    af_spec: row.raw(5),
  },
  PLAIN_TYPE,
);

/** The same attributes, with the counters of kinds as bytes: what is repeated in them counts. */
export const rawCounters = table(
  {
    ...linkCounters.rows,
    link_xstats: row.raw(2),
    link_xstats_slave: row.raw(3),
  },
  PLAIN_TYPE,
);

/** LINK_XSTATS_TYPE_* as bytes. */
export const rawKindStatistics = table({ bridge: row.raw(1), bond: row.raw(2) });

/** IFLA_STATS_GET_FILTERS: by attribute which of what is nested in it is wanted, a bit each. */
const statisticsFilters = table({ link_offload_xstats: row.u32(4) });

/** IFLA_STATS_*: the attributes of requests. */
export const statisticsRequest = table({
  get_filters: row.nest(1, statisticsFilters),
  set_offload_xstats_l3_stats: row.u8(2),
});

/** MPLS_STATS_*. */
export const mplsFamily = table({ link: row.value(1, mplsStatistics) });

/** The bit of `filter` that asks for an attribute. */
export function filterBit(name: keyof typeof linkCounters.rows): number {
  return 1 << (linkCounters.rows[name].type - 1);
}
