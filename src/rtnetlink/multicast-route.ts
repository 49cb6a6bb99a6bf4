/**
 * What routes of multicast routing tables have besides those of other tables, and the devices that a multicast router
 * has. Sources: linux/rtnetlink.h struct rta_mfc_stats, linux/if_link.h IFLA_IPMR_*, linux/mroute.h vifi_t.
 */
import { IFLA_AF_SPEC } from '../linux/interfaces.ts';
import { RTA_EXPIRES, RTA_MFC_STATS } from '../linux/rtnetlink.ts';
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import { attributeLength, findAttribute, type Message } from '../wire/message.ts';
import { ROUTE_HEADER_LENGTH } from './route.ts';

/** struct ifinfomsg, which the kernel zeroes and follows by IFLA_AF_SPEC. */
const LINK_HEADER_LENGTH = 16;
const STATS_LENGTH = 24;

/** IPMRA_VIFA_*: a device of a multicast router. */
const virtualInterface = table({ ifindex: row.u32(1), id: row.u32(2) });

/** IPMRA_TABLE_*: a multicast routing table. */
const multicastTable = table({
  id: row.u32(1),
  interfaces: row.value(6, codec.list(virtualInterface.codec, 1)),
});

/** Numbers by which routes of a table mean the devices of its router, by index. */
export interface MulticastTable {
  readonly id: number;
  readonly interfaces: ReadonlyMap<number, number>;
}

/** A table in the answer to a dump of devices of RTNL_FAMILY_IPMR; undefined for other messages. */
export function decodeMulticastTable({ bytes, payload, end }: Message): MulticastTable | undefined {
  const at = findAttribute(bytes, payload + LINK_HEADER_LENGTH, end, IFLA_AF_SPEC);
  if (at === 0) return undefined;
  const { id, interfaces = [] } = multicastTable.decode(bytes, at, at + attributeLength(bytes, at));
  if (id === undefined) return undefined;
  const known = interfaces.flatMap(({ ifindex, id: number }) =>
    ifindex === undefined || number === undefined ? [] : [[ifindex, number] as const],
  );
  return { id, interfaces: new Map(known) };
}

/** What has passed by a route. */
export interface MulticastCounters {
  readonly packets: bigint;
  readonly bytes: bigint;
  /** Packets that came in by another device than the route's. */
  readonly wrong_device: bigint;
  /** Time since the last packet, in milliseconds. */
  readonly idle: number;
}

/** The counters of a route; undefined where the message has none. */
export function decodeMulticastCounters({
  bytes,
  payload,
  end,
}: Pick<Message, 'bytes' | 'payload' | 'end'>): MulticastCounters | undefined {
  const first = payload + ROUTE_HEADER_LENGTH;
  const at = findAttribute(bytes, first, end, RTA_MFC_STATS);
  if (at === 0 || attributeLength(bytes, at) < STATS_LENGTH) return undefined;
  const expires = findAttribute(bytes, first, end, RTA_EXPIRES);
  const ticks = expires === 0 || attributeLength(bytes, expires) < 8 ? 0n : bytes.readBigUInt64LE(expires);
  return {
    packets: bytes.readBigUInt64LE(at),
    bytes: bytes.readBigUInt64LE(at + 8),
    wrong_device: bytes.readBigUInt64LE(at + 16),
    // The kernel counts it in hundredths of seconds.
    idle: Number(ticks) * 10,
  };
}
