/**
 * Network devices: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK and RTM_SETLINK. Source: linux/rtnetlink.h struct
 * ifinfomsg, linux/if_link.h IFLA_*.
 */

import { IFLA_INFO_KIND } from '../linux/interfaces.ts';
import { NLA_F_NESTED } from '../linux/netlink.ts';
import * as row from '../schema/row.ts';
import { oneOfAnyCase } from '../schema/spelling.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import { load32, loadSigned32 } from '../wire/integers.ts';
import {
  type AttributeVisitor,
  attributeLength,
  findAttribute,
  type Message,
  PLAIN_TYPE,
  walkAttributes,
} from '../wire/message.ts';
import { linkLimits, linkPorts, linkQueues, linkSettings } from './link-settings.ts';
import { vfList } from './link-vf.ts';

/** struct ifinfomsg. `type` is ARPHRD_*, `flags` and `change` are IFF_*. */
export const linkHeader = codec.struct({
  family: codec.u8,
  _padding: codec.padding(1),
  type: codec.u16,
  index: codec.s32,
  flags: codec.u32,
  change: codec.u32,
});

/** struct ifinfomsg as a value. */
export type LinkHeader = codec.ValueOf<typeof linkHeader>;

/** What every struct of a device's counters begins with. */
export const packetCounters = {
  rx_packets: codec.u64,
  tx_packets: codec.u64,
  rx_bytes: codec.u64,
  tx_bytes: codec.u64,
  rx_errors: codec.u64,
  tx_errors: codec.u64,
  rx_dropped: codec.u64,
  tx_dropped: codec.u64,
} as const;

/** struct rtnl_link_stats64: counters since the device was made. */
export const linkStatistics = codec.struct({
  ...packetCounters,
  multicast: codec.u64,
  collisions: codec.u64,
  rx_length_errors: codec.u64,
  rx_over_errors: codec.u64,
  rx_crc_errors: codec.u64,
  rx_frame_errors: codec.u64,
  rx_fifo_errors: codec.u64,
  rx_missed_errors: codec.u64,
  tx_aborted_errors: codec.u64,
  tx_carrier_errors: codec.u64,
  tx_fifo_errors: codec.u64,
  tx_heartbeat_errors: codec.u64,
  tx_window_errors: codec.u64,
  rx_compressed: codec.u64,
  tx_compressed: codec.u64,
  rx_nohandler: codec.u64,
  rx_otherhost_dropped: codec.u64,
});

/** Counters of a device since it was made. */
export type LinkStatistics = codec.ValueOf<typeof linkStatistics>;

/** struct rtnl_link_stats: the same counters in 32 bits, sent by kernels that know no better. */
const linkStatistics32: codec.Codec<LinkStatistics> = {
  read(bytes, at, length) {
    const wide = Buffer.alloc(linkStatistics.size);
    for (let word = 0; word + 1 <= length / 4 && word < linkStatistics.size / 8; word++) {
      wide.writeUInt32LE(load32(bytes, at + 4 * word), 8 * word);
    }
    return linkStatistics.read(wide, 0, wide.length);
  },
  write: () => {
    throw new TypeError('counters are only read');
  },
};

/** IFLA_LINKINFO; the data of a kind stays bytes until its table reads it. */
export const linkInfo = table({
  kind: row.text(IFLA_INFO_KIND),
  data: row.raw(2),
  xstats: row.raw(3),
  slave_kind: row.text(4),
  slave_data: row.raw(5),
});

const ALT_IFNAME = 53;

/** IFLA_PROP_LIST: the alternative names among the properties of a device. */
const alternativeNames: codec.Codec<string[]> = {
  ...codec.list(codec.text, ALT_IFNAME),
  read(bytes, at, length) {
    const names: string[] = [];
    const visit: AttributeVisitor = (type, start, size) => {
      const name = type === ALT_IFNAME ? codec.text.read(bytes, start, size) : undefined;
      if (name !== undefined) names.push(name);
    };
    walkAttributes(bytes, at, at + length, visit, PLAIN_TYPE);
    return names;
  },
};

export const linkXdp = table({
  fd: row.s32(1),
  attached: row.u8(2),
  flags: row.u32(3),
  prog_id: row.u32(4),
  drv_prog_id: row.u32(5),
  skb_prog_id: row.u32(6),
  hw_prog_id: row.u32(7),
  expected_fd: row.s32(8),
});

export const protodownReason = table({
  mask: row.u32(1),
  value: row.u32(2),
});

/** IPV4_DEVCONF_*: the IPv4 settings of a device. */
export const inetSettings = table({
  forwarding: row.s32(1),
  mc_forwarding: row.s32(2, { keyword: false }),
  proxy_arp: row.s32(3),
  accept_redirects: row.s32(4),
  secure_redirects: row.s32(5),
  send_redirects: row.s32(6),
  shared_media: row.s32(7),
  rp_filter: row.s32(8),
  accept_source_route: row.s32(9),
  bootp_relay: row.s32(10),
  log_martians: row.s32(11),
  tag: row.s32(12),
  arp_filter: row.s32(13),
  medium_id: row.s32(14),
  disable_xfrm: row.s32(15),
  disable_policy: row.s32(16),
  force_igmp_version: row.s32(17),
  arp_announce: row.s32(18),
  arp_ignore: row.s32(19),
  promote_secondaries: row.s32(20),
  arp_accept: row.s32(21),
  arp_notify: row.s32(22),
  accept_local: row.s32(23),
  src_vmark: row.s32(24),
  proxy_arp_pvlan: row.s32(25),
  route_localnet: row.s32(26),
  igmpv2_unsolicited_report_interval: row.s32(27),
  igmpv3_unsolicited_report_interval: row.s32(28),
  ignore_routes_with_linkdown: row.s32(29),
  drop_unicast_in_l2_multicast: row.s32(30),
  drop_gratuitous_arp: row.s32(31),
  bc_forwarding: row.s32(32),
  arp_evict_nocarrier: row.s32(33),
});

export type InetSettings = row.ValuesOf<typeof inetSettings.rows>;

/** IFLA_INET_CONF: requests carry one attribute for each setting, messages an array of all, from number 1 on. */
const inetConfiguration: codec.Codec<InetSettings> = {
  read(bytes, at, length) {
    const settings: InetSettings = {};
    for (const [name, { type }] of Object.entries(inetSettings.rows)) {
      const offset = 4 * (type - 1);
      if (offset + 4 <= length) settings[name as keyof InetSettings] = loadSigned32(bytes, at + offset);
    }
    return settings;
  },
  write: inetSettings.encode,
};

export const inetFamily = table({ conf: { ...row.value(1, inetConfiguration), nestedFlag: NLA_F_NESTED } });
export const inet6Family = table({
  addr_gen_mode: row.u8(8, {
    word: 'addrgenmode',
    spelling: oneOfAnyCase(['eui64', 'none', 'stable_secret', 'random'], {
      unknown: mode => `0x${mode.toString(16).padStart(2, '0')}`,
    }),
    complaint: 'Invalid address generation mode\n',
  }),
});

/** IFLA_AF_SPEC of a link message: what a device has of IPv4 and IPv6. */
export const linkFamilyTable = table({
  inet: row.nest(2, inetFamily, { nestedFlag: 0 }),
  inet6: row.nest(10, inet6Family, { nestedFlag: 0 }),
});

/** What a device has of IPv4 and IPv6. */
export type LinkFamilies = row.ValuesOf<typeof linkFamilyTable.rows>;

const decodeInet = linkFamilyTable.select(['inet']);
/** The same of IPv6: it has one setting that is read, among much that is not. */
function readInet6(bytes: Buffer, at: number, end: number): LinkFamilies['inet6'] {
  const family = findAttribute(bytes, at, end, linkFamilyTable.rows.inet6.type, PLAIN_TYPE);
  if (family === 0) return undefined;
  const { type, codec: mode } = inet6Family.rows.addr_gen_mode;
  const found = findAttribute(bytes, family, family + attributeLength(bytes, family), type);
  return found === 0 ? {} : { addr_gen_mode: mode.read(bytes, found, attributeLength(bytes, found)) };
}

/** The families of a message are decoded one by one when asked for: they are long, and most views show little of them. */
class LinkFamilyReader implements LinkFamilies {
  readonly #bytes: Buffer;
  readonly #at: number;
  readonly #end: number;

  constructor(bytes: Buffer, at: number, end: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get inet(): LinkFamilies['inet'] {
    return decodeInet(this.#bytes, this.#at, this.#end).inet;
  }

  get inet6(): LinkFamilies['inet6'] {
    return readInet6(this.#bytes, this.#at, this.#end);
  }
}

const linkFamilies: codec.Codec<LinkFamilies> = {
  read: (bytes, at, length) => new LinkFamilyReader(bytes, at, at + length),
  write: linkFamilyTable.encode,
};

export const link = table({
  ...linkSettings,
  ...linkLimits,
  ...linkQueues,
  ...linkPorts,
  address: row.raw(1),
  broadcast: row.raw(2),
  ifname: row.text(3),
  link: row.u32(5),
  qdisc: row.text(6),
  stats: row.value(7, linkStatistics32),
  master: row.u32(10),
  protinfo: row.raw(12),
  linkinfo: row.nest(18, linkInfo, { nestedFlag: 0 }),
  net_ns_pid: row.u32(19),
  num_vf: row.u32(21),
  vfinfo_list: row.value(22, vfList),
  stats64: row.value(23, linkStatistics),
  af_spec: row.value(26, linkFamilies),
  group: row.u32(27),
  net_ns_fd: row.u32(28),
  ext_mask: row.u32(29),
  carrier_changes: row.u32(35),
  link_netnsid: row.s32(37),
  xdp: row.nest(43, linkXdp, { nestedFlag: 0 }),
  event: row.u32(44),
  new_netnsid: row.s32(45),
  target_netnsid: row.s32(46),
  carrier_up_count: row.u32(47),
  carrier_down_count: row.u32(48),
  new_ifindex: row.s32(49),
  prop_list: { ...row.value(52, alternativeNames), nestedFlag: NLA_F_NESTED },
  alt_ifname: row.text(ALT_IFNAME),
  perm_address: row.raw(54),
  proto_down_reason: row.nest(55, protodownReason),
  netns_immutable: row.u8(67),
});

/** What the attributes of a link message say, by their IFLA_* names. */
export type LinkAttributes = row.ValuesOf<typeof link.rows>;

/** A device as one message reports it. */
export interface Link extends LinkAttributes {
  readonly header: LinkHeader;
}

/** What a request says of a device, and what a message inside another one says of a second device. */
export interface LinkMessage {
  readonly header: LinkHeader;
  readonly attributes: LinkAttributes;
}

/** Codec of a link message without the netlink header. */
export const linkMessage: codec.Codec<LinkMessage> = {
  read(bytes, at, length) {
    if (length < linkHeader.size) return undefined;
    const header = linkHeader.read(bytes, at, linkHeader.size) as LinkHeader;
    return { header, attributes: link.decode(bytes, at + linkHeader.size, at + length) };
  },
  write(out, { header, attributes }) {
    linkHeader.write(out, header);
    link.encode(out, attributes);
  },
};

/** Decodes a link message with `decode` (all attributes, or `link.select` of some); undefined when it is too short. */
export function decodeLink(
  message: Pick<Message, 'bytes' | 'payload' | 'end'>,
  decode = link.decode,
): Link | undefined {
  const { bytes, payload, end } = message;
  const attributes = payload + linkHeader.size;
  if (attributes > end) return undefined;
  const header = linkHeader.read(bytes, payload, linkHeader.size) as LinkHeader;
  return Object.assign(decode(bytes, attributes, end), { header });
}
