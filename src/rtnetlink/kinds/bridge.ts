/**
 * Bridge devices. Source: linux/if_link.h IFLA_BR_*, linux/if_bridge.h BR_BOOLOPT_*. Times are USER_HZ ticks; what
 * is on or off is a number here, but on ports a word.
 */
import { formatGeneral } from '../../schema/number.ts';
import { type Colour, type Output, RawNumber } from '../../schema/output.ts';
import * as row from '../../schema/row.ts';
import { alternateHex, plainText, type Spelling, unsigned } from '../../schema/spelling.ts';
import { table } from '../../schema/table.ts';
import { formatHardwareAddress } from '../../wire/address.ts';
import type { Codec } from '../../wire/codec.ts';
import * as codec from '../../wire/codec.ts';
import { linkKind } from '../kind.ts';
import { etherProtocol } from '../names/ether-protocol.ts';

const usage = `Usage: ... bridge [ forward_delay TICKS ] [ hello_time TICKS ] [ max_age TICKS ] [ ageing_time TICKS ]
		  [ stp_state 0|1 ] [ stp_mode auto|user|kernel ] [ mst_enabled 0|1 ] [ priority PRIORITY ]
		  [ group_fwd_mask MASK ] [ group_address LLADDR ] [ no_linklocal_learn 0|1 ]
		  [ fdb_flush ] [ fdb_max_learned COUNT ] [ fdb_local_vlan_0 0|1 ]
		  [ vlan_filtering 0|1 ] [ vlan_protocol 802.1Q|802.1ad ] [ vlan_default_pvid VLANID ]
		  [ vlan_stats_enabled 0|1 ] [ vlan_stats_per_port 0|1 ]
		  [ mcast_snooping 0|1 ] [ mcast_vlan_snooping 0|1 ] [ mcast_router 0|1|2 ]
		  [ mcast_query_use_ifaddr 0|1 ] [ mcast_querier 0|1 ]
		  [ mcast_hash_elasticity NUMBER ] [ mcast_hash_max NUMBER ]
		  [ mcast_last_member_count COUNT ] [ mcast_startup_query_count COUNT ]
		  [ mcast_last_member_interval TICKS ] [ mcast_membership_interval TICKS ]
		  [ mcast_querier_interval TICKS ] [ mcast_query_interval TICKS ]
		  [ mcast_query_response_interval TICKS ] [ mcast_startup_query_interval TICKS ]
		  [ mcast_stats_enabled 0|1 ] [ mcast_igmp_version 2|3 ] [ mcast_mld_version 1|2 ]
		  [ nf_call_iptables 0|1 ] [ nf_call_ip6tables 0|1 ] [ nf_call_arptables 0|1 ]
		  [ mdb_offload_fail_notification 0|1 ]`;

/** A bridge id as people write it: PRIORITY.ADDRESS, all hex, the bytes of the address without leading zeros. */
const bridgeIdCodec: Codec<string> = {
  read(bytes, at, length) {
    if (length < 8) return undefined;
    const address = Array.from(bytes.subarray(at + 2, at + 8), byte => byte.toString(16));
    return `${formatHardwareAddress(bytes, at, 2).replace(':', '')}.${address.join(':')}`;
  },
  write(out, value) {
    const [priority = '', address = ''] = value.split('.');
    out.be16(Number.parseInt(priority, 16));
    for (const byte of address.split(':')) out.u8(Number.parseInt(byte, 16));
  },
};

/** The id of a bridge; read-only. */
export const bridgeId = row.rowOf(bridgeIdCodec, plainText, { keyword: false });

/** Ticks as seconds with two decimals. The original counts in 64-bit microseconds and 32-bit seconds. */
const ticks: Spelling<bigint, never> = {
  show: value => formatTicks(value).padStart(7),
  datum: value => new RawNumber(formatTicks(value)),
  parse: () => undefined,
};

function formatTicks(value: bigint): string {
  const microseconds = BigInt.asUintN(64, value * 10_000n);
  const hundredths = (microseconds % 1_000_000n) / 10_000n;
  return `${BigInt.asIntN(32, microseconds / 1_000_000n)}.${String(hundredths).padStart(2, '0')}`;
}

/** A running timer; read-only. */
export const timer = row.rowOf(codec.u64, ticks, { keyword: false });

/** The bits of BR_BOOLOPT_*, in print order. */
const OPTIONS: Readonly<Record<string, number>> = {
  no_linklocal_learn: 1,
  mcast_vlan_snooping: 2,
  mst_enabled: 4,
  mdb_offload_fail_notification: 8,
  fdb_local_vlan_0: 16,
};

/** Nanoseconds in the largest unit that leaves one digit before the point. */
function formatDuration(value: bigint): string {
  const nanoseconds = BigInt.asIntN(64, value);
  const size = Number(nanoseconds);
  if (size >= 1e9) return `${formatGeneral(size / 1e9, 3)}s`;
  if (size >= 1e6) return `${formatGeneral(size / 1e6, 3)}ms`;
  if (size >= 1e3) return `${formatGeneral(size / 1e3, 3)}us`;
  return `${nanoseconds}ns`;
}

/** IFLA_BR_MCAST_QUERIER_STATE: the queriers that have been heard. */
const querierState = table({
  ip_address: row.ipv4(1),
  ip_port: row.u32(2),
  ip_other_timer: row.u64(3),
  ipv6_address: row.ipv6(5),
  ipv6_port: row.u32(6),
  ipv6_other_timer: row.u64(7),
});

type QuerierState = row.ValuesOf<typeof querierState.rows>;

function showQuerierState(state: QuerierState, out: Output): void {
  showQuerier('ipv4', state.ip_address, state.ip_port, state.ip_other_timer, out);
  showQuerier('ipv6', state.ipv6_address, state.ipv6_port, state.ipv6_other_timer, out);
}

function showQuerier(
  family: 'ipv4' | 'ipv6',
  address: string | undefined,
  port: number | undefined,
  otherTimer: bigint | undefined,
  out: Output,
): void {
  const field = (name: string, value: string | number, colour?: Colour) => {
    const key = `mcast_querier_${family}_${name}`;
    out.labelled(key, `${key} `, value, colour);
  };
  out.open(`mcast_querier_state_${family}`);
  if (address !== undefined) field('addr', address, family === 'ipv4' ? 'inet' : 'inet6');
  if (port !== undefined) field('port', port);
  if (otherTimer !== undefined) field('other_timer', formatDuration(otherTimer));
  out.close();
}

export const bridge = linkKind(
  'bridge',
  usage,
  row.abbreviable({
    forward_delay: row.u32(1),
    hello_time: row.u32(2),
    max_age: row.u32(3),
    ageing_time: row.u32(4),
    stp_state: row.u32(5),
    stp_mode: row.u32(50, {
      ...row.oneOf(['auto', 'user', 'kernel'], {
        unknown: () => '(unknown)',
        isAbbreviable: 'with a warning',
      }),
      abbreviable: false,
    }),
    priority: row.u16(6),
    vlan_filtering: row.u8(7),
    vlan_protocol: row.be16(8, { spelling: etherProtocol }),
    bridge_id: bridgeId(11),
    root_id: bridgeId(10, { label: 'designated_root' }),
    root_port: row.u16(12, { keyword: false }),
    root_path_cost: row.u32(13, { keyword: false }),
    topology_change: row.u8(14, { keyword: false }),
    topology_change_detected: row.u8(15, { keyword: false }),
    hello_timer: timer(16),
    tcn_timer: timer(17),
    topology_change_timer: timer(18),
    gc_timer: timer(19),
    fdb_n_learned: row.u32(48, { keyword: false }),
    fdb_max_learned: row.u32(49, { abbreviable: false }),
    vlan_default_pvid: row.u16(39),
    vlan_stats_enabled: row.u8(41),
    vlan_stats_per_port: row.u8(45),
    group_fwd_mask: row.u16(9, { spelling: alternateHex(0xffff) }),
    group_addr: row.mac(20, { word: 'group_address' }),
    mcast_snooping: row.u8(23, { abbreviable: 'mcast_s' }),
    multi_boolopt: row.switches(46, OPTIONS, {
      abbreviable: false,
      switches: { bits: OPTIONS, spelling: unsigned(0xff) },
      show({ flags, mask }, out) {
        for (const [name, bit] of Object.entries(OPTIONS)) {
          if ((mask & bit) === 0) continue;
          const value = flags & bit ? 1 : 0;
          out.field(name, value, `${name} ${value} `);
        }
      },
    }),
    mcast_router: row.u8(22),
    mcast_query_use_ifaddr: row.u8(24),
    mcast_querier: row.u8(25),
    mcast_querier_state: row.nest(47, querierState, { show: showQuerierState }),
    mcast_hash_elasticity: row.u32(26),
    mcast_hash_max: row.u32(27),
    mcast_last_member_cnt: row.u32(28, { word: 'mcast_last_member_count' }),
    mcast_startup_query_cnt: row.u32(29, { word: 'mcast_startup_query_count' }),
    mcast_last_member_intvl: row.u64(30, { word: 'mcast_last_member_interval' }),
    mcast_membership_intvl: row.u64(31, { word: 'mcast_membership_interval' }),
    mcast_querier_intvl: row.u64(32, { word: 'mcast_querier_interval' }),
    mcast_query_intvl: row.u64(33, { word: 'mcast_query_interval' }),
    mcast_query_response_intvl: row.u64(34, { word: 'mcast_query_response_interval' }),
    mcast_startup_query_intvl: row.u64(35, { word: 'mcast_startup_query_interval' }),
    mcast_stats_enabled: row.u8(42),
    mcast_igmp_version: row.u8(43),
    mcast_mld_version: row.u8(44),
    nf_call_iptables: row.u8(36),
    nf_call_ip6tables: row.u8(37),
    nf_call_arptables: row.u8(38),
    fdb_flush: row.flag(21, { show: false }),
  }),
);
