/**
 * Neighbours: RTM_NEWNEIGH, RTM_DELNEIGH and RTM_GETNEIGH. Source: linux/neighbour.h struct ndmsg, NDA_*, NUD_*.
 */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import { type Message, PLAIN_TYPE } from '../wire/message.ts';

/** struct ndmsg. `ifindex` is 0 for proxies of all devices, `state` is NUD_*, `flags` are NTF_*. */
export const neighbourHeader = codec.struct({
  family: codec.u8,
  _padding: codec.padding(3),
  ifindex: codec.s32,
  state: codec.u16,
  flags: codec.u8,
  type: codec.u8,
});

export type NeighbourHeader = codec.ValueOf<typeof neighbourHeader>;

/** NUD_*, in the order in which several are shown. */
export const NEIGHBOUR_STATES = {
  incomplete: 0x01,
  reachable: 0x02,
  stale: 0x04,
  delay: 0x08,
  probe: 0x10,
  failed: 0x20,
  noarp: 0x40,
  permanent: 0x80,
} as const;

/** NTF_*: flags of the header. */
export const NEIGHBOUR_FLAGS = {
  use: 0x01,
  self: 0x02,
  master: 0x04,
  proxy: 0x08,
  extern_learn: 0x10,
  offload: 0x20,
  sticky: 0x40,
  router: 0x80,
} as const;

/** NTF_EXT_*: flags of an attribute, because the header has no room for them. */
export const NEIGHBOUR_EXTENDED_FLAGS = {
  managed: 0x1,
  locked: 0x2,
  extern_valid: 0x4,
} as const;

/** struct nda_cacheinfo: times since then in USER_HZ ticks, number of users of the entry. */
export const neighbourUse = codec.struct({
  confirmed: codec.u32,
  used: codec.u32,
  updated: codec.u32,
  refcnt: codec.u32,
});

/** NDA_*. `lladdr` stays bytes: what they mean depends on the device. */
export const neighbour = table(
  {
    dst: row.ip(1),
    lladdr: row.raw(2),
    cacheinfo: row.value(3, neighbourUse),
    probes: row.u32(4),
    vlan: row.u16(5),
    port: row.be16(6),
    vni: row.u32(7),
    ifindex: row.u32(8),
    master: row.u32(9),
    link_netnsid: row.s32(10),
    src_vni: row.u32(11),
    protocol: row.u8(12),
    nh_id: row.u32(13),
    flags_ext: row.u32(15),
  },
  PLAIN_TYPE,
);

/** What the attributes of a neighbour message say, by their NDA_* names. */
export type NeighbourAttributes = row.ValuesOf<typeof neighbour.rows>;

/** A neighbour as one message reports it. */
export interface Neighbour extends NeighbourAttributes {
  readonly header: NeighbourHeader;
}

/** Decodes a neighbour message; undefined when it is too short. */
export function decodeNeighbour(
  message: Pick<Message, 'bytes' | 'payload' | 'end'>,
  decode = neighbour.decode,
): Neighbour | undefined {
  const { bytes, payload, end } = message;
  if (end - payload < neighbourHeader.size) return undefined;
  const header = neighbourHeader.read(bytes, payload, neighbourHeader.size) as NeighbourHeader;
  return Object.assign(decode(bytes, payload + neighbourHeader.size, end), { header });
}
