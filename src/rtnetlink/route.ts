/**
 * Routes: RTM_NEWROUTE, RTM_DELROUTE and RTM_GETROUTE. Source: linux/rtnetlink.h struct rtmsg, RTA_*, RTAX_*,
 * struct rtnexthop.
 */

import { AF_MPLS, AF_PACKET } from '../linux/families.ts';
import { NLA_F_NESTED } from '../linux/netlink.ts';
import {
  RTA_CACHEINFO,
  RTA_DST,
  RTA_ENCAP,
  RTA_ENCAP_TYPE,
  RTA_EXPIRES,
  RTA_FLOW,
  RTA_GATEWAY,
  RTA_IIF,
  RTA_MARK,
  RTA_METRICS,
  RTA_MULTIPATH,
  RTA_NEWDST,
  RTA_NH_ID,
  RTA_OIF,
  RTA_PREF,
  RTA_PREFSRC,
  RTA_PRIORITY,
  RTA_SRC,
  RTA_TABLE,
  RTA_TTL_PROPAGATE,
  RTA_UID,
  RTA_VIA,
} from '../linux/rtnetlink.ts';
import type { ValuesOf } from '../schema/row.ts';
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import { load16, loadSigned32 } from '../wire/integers.ts';
import type { Message } from '../wire/message.ts';
import type { MessageWriter } from '../wire/writer.ts';
import {
  addressBytes,
  addressCodec,
  inetAddress,
  labelStack,
  linkAddress,
  type Via,
  viaWith,
} from './family-address.ts';

/** Names of rtm_type, by number. */
export const ROUTE_TYPES = [
  'none',
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
  'xresolve',
] as const;

/** Bytes of struct rtmsg and of struct rtnexthop. */
export const ROUTE_HEADER_LENGTH = 12;
export const HOP_HEADER_LENGTH = 8;

/** struct rtmsg. */
export const routeHeader = codec.struct({
  family: codec.u8,
  dst_len: codec.u8,
  src_len: codec.u8,
  tos: codec.u8,
  table: codec.u8,
  protocol: codec.u8,
  scope: codec.u8,
  type: codec.u8,
  flags: codec.u32,
});

/** struct rtmsg as a value. */
export type RouteHeader = codec.ValueOf<typeof routeHeader>;

/** struct rta_cacheinfo; times are in USER_HZ ticks, `expires` counts down. */
export const routeCacheInfo = codec.struct({
  users: codec.u32,
  last_use: codec.u32,
  expires: codec.s32,
  error: codec.u32,
  used: codec.u32,
  id: codec.u32,
  timestamp: codec.u32,
  timestamp_age: codec.u32,
});

const via = viaWith(addressCodec);

/** RTAX_*. Times are in the units that the kernel counts them in: `rtt` eighths, `rttvar` quarters of a millisecond. */
export const routeMetrics = table({
  /** One bit for each metric that the kernel must not change itself. */
  lock: row.u32(1),
  mtu: row.u32(2),
  window: row.u32(3),
  rtt: row.u32(4),
  rttvar: row.u32(5),
  ssthresh: row.u32(6),
  cwnd: row.u32(7),
  advmss: row.u32(8),
  reordering: row.u32(9),
  hoplimit: row.u32(10),
  initcwnd: row.u32(11),
  features: row.u32(12),
  rto_min: row.u32(13),
  initrwnd: row.u32(14),
  quickack: row.u32(15),
  cc_algo: row.bareText(16),
  fastopen_no_cookie: row.u32(17),
});

/** Metrics of a route, by their RTAX_* names. */
export type RouteMetrics = ValuesOf<typeof routeMetrics.rows>;

/** The attributes of an encapsulation, whose tables are found by `encap_type` in rtnetlink/encap.ts. */
const encap = { ...row.raw(RTA_ENCAP), nestedFlag: NLA_F_NESTED };

/** struct rtnexthop. */
export const hopHeader = codec.struct({
  length: codec.u16,
  flags: codec.u8,
  hops: codec.u8,
  ifindex: codec.s32,
});

/** Rows of the attributes of a next hop inside RTA_MULTIPATH. */
const nextHopRows = <A>(own: codec.Codec<A>, other: codec.Codec<Via<A>>) => ({
  gateway: row.value(RTA_GATEWAY, own),
  flow: row.u32(RTA_FLOW),
  via: row.value(RTA_VIA, other),
  newdst: row.value(RTA_NEWDST, own),
  encap_type: row.u16(RTA_ENCAP_TYPE),
  encap,
});

/** RTA_* of the next hops of IPv4 and IPv6 routes. */
export const nextHopAttributes = table(nextHopRows(inetAddress, via));

/** Attributes of a next hop. */
export type NextHopValues<A = string> = ValuesOf<ReturnType<typeof nextHopRows<A>>>;

/** One of several next hops of a route. */
export interface NextHop<A = string> extends NextHopValues<A> {
  /** Further attributes to send, in their order: a command line may repeat them. */
  readonly more?: readonly NextHopValues<A>[];
  /** RTNH_F_*. */
  flags: number;
  /** One less than the weight. */
  hops: number;
  ifindex: number;
}

/** The payload of RTA_MULTIPATH: struct rtnexthop and attributes, again and again. */
function nextHops<A>(own: codec.Codec<A>, other: codec.Codec<Via<A>>): codec.Codec<NextHop<A>[]> {
  const attributes = table(nextHopRows(own, other));
  return {
    read(bytes, at, length) {
      const hops: NextHop<A>[] = [];
      walkNextHops(bytes, at, at + length, (start, end) => {
        const values = attributes.decode(bytes, start + HOP_HEADER_LENGTH, end);
        const header = { flags: bytes[start + 2]!, hops: bytes[start + 3]! };
        hops.push({ ...header, ifindex: loadSigned32(bytes, start + 4), ...values });
      });
      return hops;
    },
    write(out, hops) {
      for (const hop of hops) {
        const start = out.reserve(HOP_HEADER_LENGTH);
        attributes.encode(out, hop);
        for (const values of hop.more ?? []) attributes.encode(out, values);
        const { bytes } = out;
        bytes.writeUInt16LE(out.length - start, start);
        bytes[start + 2] = hop.flags;
        bytes[start + 3] = hop.hops;
        bytes.writeInt32LE(hop.ifindex, start + 4);
      }
    },
  };
}

/**
 * Calls `visit` with the bounds of each struct rtnexthop; stops at a length of 0 or one that does not fit. One that is
 * shorter than the struct has no attributes, as the original reads it.
 */
export function walkNextHops(
  bytes: Buffer,
  at: number,
  end: number,
  visit: (start: number, end: number) => void,
): void {
  while (at + HOP_HEADER_LENGTH <= end) {
    const length = load16(bytes, at);
    if (length === 0 || length > end - at) return;
    visit(at, at + length);
    at += (length + 3) & ~3;
  }
}

/** Rows of RTA_* with addresses as `own` and `other` have them. */
const routeRows = <A>(own: codec.Codec<A>, other: codec.Codec<Via<A>>) => ({
  dst: row.value(RTA_DST, own),
  src: row.value(RTA_SRC, own),
  iif: row.device(RTA_IIF),
  oif: row.device(RTA_OIF),
  gateway: row.value(RTA_GATEWAY, own),
  priority: row.u32(RTA_PRIORITY),
  prefsrc: row.value(RTA_PREFSRC, own),
  metrics: row.nest(RTA_METRICS, routeMetrics, { nestedFlag: 0 }),
  multipath: row.value(RTA_MULTIPATH, nextHops(own, other)),
  flow: row.u32(RTA_FLOW),
  cacheinfo: row.value(RTA_CACHEINFO, routeCacheInfo),
  table: row.u32(RTA_TABLE),
  mark: row.u32(RTA_MARK),
  via: row.value(RTA_VIA, other),
  newdst: row.value(RTA_NEWDST, own),
  pref: row.u8(RTA_PREF),
  encap_type: row.u16(RTA_ENCAP_TYPE),
  encap,
  expires: row.u32(RTA_EXPIRES),
  uid: row.u32(RTA_UID),
  ttl_propagate: row.u8(RTA_TTL_PROPAGATE),
  ip_proto: row.u8(27),
  sport: row.be16(28),
  dport: row.be16(29),
  nh_id: row.u32(RTA_NH_ID),
  flowlabel: row.be32(31),
});

/** RTA_* of IPv4 and IPv6 routes. */
export const routeAttributes = table(routeRows(inetAddress, via));

/** RTA_* of MPLS routes: addresses are stacks of labels. */
export const mplsRouteAttributes = table(routeRows(labelStack, via));

/** RTA_* of a family that the kernel has no routes of. */
const linkRouteAttributes = table(routeRows(linkAddress, via));

/** RTA_* of any family, with addresses as bytes. */
const rawRouteAttributes = table(
  routeRows(
    addressBytes,
    viaWith(() => addressBytes),
  ),
);

/** What the attributes of a route message say, by their RTA_* names. */
export type RouteValues = ValuesOf<ReturnType<typeof routeRows<string>>>;

/** The same, with addresses as bytes: those of words need not be spelt to be sent. */
export type RawRouteValues = ValuesOf<ReturnType<typeof routeRows<Uint8Array>>>;

/** A route as a program wants it. */
export interface Route extends RouteHeader {
  /** What the attributes say; `table` of the header is 0 where `attributes.table` is larger than a byte. */
  readonly attributes: RouteValues;
}

/** Decodes a route message; undefined when it is too short to be one. */
export function decodeRoute(message: Pick<Message, 'bytes' | 'payload' | 'end'>): Route | undefined {
  const { bytes, payload, end } = message;
  if (end - payload < ROUTE_HEADER_LENGTH) return undefined;
  const header = routeHeader.read(bytes, payload, ROUTE_HEADER_LENGTH)!;
  const attributes = attributesOf(header.family).decode(bytes, payload + ROUTE_HEADER_LENGTH, end);
  return { ...header, attributes };
}

/** Appends header and attributes of a request. */
export function encodeRoute(out: MessageWriter, header: RouteHeader, values: RouteValues): void {
  routeHeader.write(out, header);
  attributesOf(header.family).encode(out, values);
}

/** As {@link encodeRoute}. */
export function encodeRawRoute(out: MessageWriter, header: RouteHeader, values: RawRouteValues): void {
  routeHeader.write(out, header);
  rawRouteAttributes.encode(out, values);
}

function attributesOf(family: number) {
  if (family === AF_MPLS) return mplsRouteAttributes;
  return family === AF_PACKET ? linkRouteAttributes : routeAttributes;
}
