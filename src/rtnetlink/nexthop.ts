/**
 * Next hop objects: RTM_NEWNEXTHOP, RTM_DELNEXTHOP, RTM_GETNEXTHOP, and the buckets of resilient groups. Source:
 * linux/nexthop.h struct nhmsg, NHA_*.
 */

import { NLA_F_NESTED } from '../linux/netlink.ts';
import type { ValuesOf } from '../schema/row.ts';
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import type { Message } from '../wire/message.ts';
import type { MessageWriter } from '../wire/writer.ts';
import { addressCodec, inetAddress } from './family-address.ts';

/** nexthop_grp_type: how a group spreads traffic. */
export const GROUP_TYPES = ['mpath', 'resilient'] as const;
export const GROUP_MULTIPATH = 0;
export const GROUP_RESILIENT = 1;

/** NHA_OP_FLAG_*. */
const DUMP_STATISTICS = 0x1;
const DUMP_HARDWARE_STATISTICS = 0x2;
/** NHA_OP_FLAG_RESP_GRP_RESVD_0 in an answer: the second byte of weights counts. */
export const GROUP_HAS_HIGH_WEIGHTS = 0x80000000;

/** struct nhmsg. */
export const nextHopHeader = codec.struct({
  family: codec.u8,
  scope: codec.u8,
  protocol: codec.u8,
  _reserved: codec.padding(1),
  flags: codec.u32,
});

/** struct nhmsg as a value. */
export type NextHopHeader = codec.ValueOf<typeof nextHopHeader>;

/** A member of a group; the weight is 1 to 65536. */
export interface GroupMember {
  readonly id: number;
  readonly weight: number;
}

const MEMBER_LENGTH = 8;

/** struct nexthop_grp, again and again; none where they do not fit. The weight lies in two bytes, less one. */
const group: codec.Codec<readonly GroupMember[]> = {
  read(bytes, at, length) {
    if (length % MEMBER_LENGTH !== 0) return [];
    return Array.from({ length: length / MEMBER_LENGTH }, (_, index) => {
      const start = at + index * MEMBER_LENGTH;
      const weight = bytes[start + 4]! + bytes[start + 5]! * 256 + 1;
      return { id: bytes.readUInt32LE(start), weight };
    });
  },
  write(out, members) {
    for (const { id, weight } of members) {
      out.u32(id);
      out.u8((weight - 1) & 0xff);
      out.u8((weight - 1) >> 8);
      out.u16(0);
    }
  },
};

/** NHA_RES_GROUP_*; times are in USER_HZ ticks. */
export const resilientGroup = table({
  buckets: row.u16(1),
  idle_timer: row.u32(2),
  unbalanced_timer: row.u32(3),
  unbalanced_time: row.u64(4),
});

/** NHA_RES_BUCKET_*; the time is in USER_HZ ticks. */
export const resilientBucket = table({
  index: row.u16(1),
  idle_time: row.u64(2),
  nh_id: row.u32(3),
});

/** NHA_GROUP_STATS_ENTRY_*. */
const memberStatistics = table({
  id: row.u32(1),
  packets: row.u64(2),
  packets_hw: row.u64(3),
});

export type MemberStatistics = ValuesOf<typeof memberStatistics.rows>;

/** Rows of NHA_* whose gateway is spelt as `own` spells it. */
const nextHopRows = (own: codec.Codec<string>) => ({
  id: row.u32(1),
  group: row.value(2, group),
  group_type: row.u16(3),
  blackhole: row.flag(4),
  oif: row.device(5),
  gateway: row.value(6, own),
  encap_type: row.u16(7),
  encap: { ...row.raw(8), nestedFlag: NLA_F_NESTED },
  groups: row.flag(9),
  master: row.device(10),
  fdb: row.flag(11),
  res_group: row.nest(12, resilientGroup),
  res_bucket: row.nest(13, resilientBucket),
  op_flags: row.u32(14),
  group_stats: row.value(15, codec.list(memberStatistics.codec, 1)),
  hw_stats_enable: row.u32(16),
  hw_stats_used: row.u32(17),
  dst_port: row.be16(18),
});

/** NHA_* of IPv4, IPv6 and of groups. */
export const nextHopAttributes = table(nextHopRows(inetAddress));

/** What the attributes of a next hop message say, by their NHA_* names. */
export type NextHopValues = ValuesOf<typeof nextHopAttributes.rows>;

/** Appends header and attributes of a request. */
export function encodeNextHop(out: MessageWriter, header: NextHopHeader, values: NextHopValues): void {
  nextHopHeader.write(out, header);
  const own = addressCodec(header.family);
  const attributes = own === inetAddress ? nextHopAttributes : table(nextHopRows(own));
  attributes.encode(out, values);
}

/** A next hop object, or a bucket of one. */
export interface NextHopObject extends NextHopHeader {
  readonly attributes: NextHopValues;
}

/** Decodes a message; undefined when it is too short. */
export function decodeNextHop(
  message: Pick<Message, 'bytes' | 'payload' | 'end'>,
): NextHopObject | undefined {
  const { bytes, payload, end } = message;
  if (end - payload < nextHopHeader.size) return undefined;
  const header = nextHopHeader.read(bytes, payload, nextHopHeader.size)!;
  return { ...header, attributes: nextHopAttributes.decode(bytes, payload + nextHopHeader.size, end) };
}

/** What `op_flags` of a request ask for: no counters, those of members, or those of the hardware too. */
export function operationFlags(statistics: number): number {
  const hardware = statistics > 1 ? DUMP_HARDWARE_STATISTICS : 0;
  return statistics > 0 ? DUMP_STATISTICS | hardware : 0;
}
