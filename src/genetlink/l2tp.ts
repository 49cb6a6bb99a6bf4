/** The family `l2tp`: tunnels of L2TPv3 and the sessions in them. Source: linux/l2tp.h L2TP_*. */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import { PLAIN_TYPE } from '../wire/message.ts';
import type { GenericFamily } from './family.ts';

/** L2TP_ENCAPTYPE_*. */
export const L2TP_ENCAPS = { udp: 0, ip: 1 } as const;
/** L2TP_L2SPECTYPE_*. */
export const L2TP_L2SPECS = { none: 0, default: 1 } as const;
/** L2TP_PWTYPE_ETH: sessions that carry Ethernet, the only ones that this family makes here. */
export const L2TP_PWTYPE_ETH = 5;
/** The version of the protocol. */
export const L2TP_VERSION = 3;

/** L2TP_ATTR_TX_*, L2TP_ATTR_RX_*. */
const l2tpStatistics = table(
  {
    tx_packets: row.u64(1),
    tx_bytes: row.u64(2),
    tx_errors: row.u64(3),
    rx_packets: row.u64(4),
    rx_bytes: row.u64(5),
    rx_seq_discards: row.u64(6),
    rx_oos_packets: row.u64(7),
    rx_errors: row.u64(8),
    rx_cookie_discards: row.u64(10),
    rx_invalid: row.u64(11),
  },
  PLAIN_TYPE,
);

/** L2TP_ATTR_*. */
const l2tpAttributes = table(
  {
    pw_type: row.u16(1),
    encap_type: row.u16(2),
    offset: row.u16(3),
    data_seq: row.u16(4),
    l2spec_type: row.u8(5),
    l2spec_len: row.u8(6),
    proto_version: row.u8(7),
    ifname: row.text(8),
    conn_id: row.u32(9),
    peer_conn_id: row.u32(10),
    session_id: row.u32(11),
    peer_session_id: row.u32(12),
    udp_csum: row.u8(13),
    vlan_id: row.u16(14),
    cookie: row.raw(15),
    peer_cookie: row.raw(16),
    debug: row.u32(17),
    recv_seq: row.u8(18),
    send_seq: row.u8(19),
    lns_mode: row.u8(20),
    using_ipsec: row.u8(21),
    recv_timeout: row.u64(22),
    fd: row.u32(23),
    ip_saddr: row.ipv4(24),
    ip_daddr: row.ipv4(25),
    udp_sport: row.u16(26),
    udp_dport: row.u16(27),
    mtu: row.u16(28),
    mru: row.u16(29),
    stats: row.nest(30, l2tpStatistics, { nestedFlag: 0 }),
    ip6_saddr: row.ipv6(31),
    ip6_daddr: row.ipv6(32),
    udp_zero_csum6_tx: row.flag(33),
    udp_zero_csum6_rx: row.flag(34),
  },
  PLAIN_TYPE,
);

/** The attributes of a tunnel or a session. */
export type L2tpAttributes = row.ValuesOf<typeof l2tpAttributes.rows>;

export const l2tp = {
  name: 'l2tp',
  version: 1,
  commandPrefix: 'L2TP_CMD_',
  commands: {
    noop: [0, 'get'],
    tunnel_create: [1, 'new'],
    tunnel_delete: [2, 'delete'],
    tunnel_modify: [3, 'set'],
    tunnel_get: [4, 'get'],
    session_create: [5, 'new'],
    session_delete: [6, 'delete'],
    session_modify: [7, 'set'],
    session_get: [8, 'get'],
  },
  attributePrefix: 'L2TP_ATTR_',
  attributes: l2tpAttributes,
  nestedPrefixes: new Map([[l2tpStatistics.rows, 'L2TP_ATTR_']]),
} as const satisfies GenericFamily;
