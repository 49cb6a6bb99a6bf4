/**
 * The family `mptcp_pm`: addresses of multipath TCP, limits, and what happens to connections. Source:
 * linux/mptcp_pm.h MPTCP_PM_*, MPTCP_EVENT_*, MPTCP_ATTR_*.
 */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import { type Message, PLAIN_TYPE } from '../wire/message.ts';
import { decodeGeneric, type GenericFamily, type MessageSet } from './family.ts';

/** The multicast group of the events. */
export const MPTCP_EVENT_GROUP = 'mptcp_pm_events';

/** MPTCP_PM_ADDR_FLAG_*, in the order in which they are shown. */
export const ENDPOINT_FLAGS = {
  signal: 0x01,
  subflow: 0x02,
  backup: 0x04,
  fullmesh: 0x08,
  implicit: 0x10,
  laminar: 0x20,
} as const;

/** MPTCP_PM_EV_FLAG_*. */
export const EVENT_FLAGS = { deny_join_id0: 0x1, server_side: 0x2 } as const;

/** MPTCP_PM_ADDR_ATTR_*. Addresses stay bytes: they are empty where a request names none. */
const endpointAttributes = table({
  family: row.u16(1),
  id: row.u8(2),
  addr4: row.raw(3),
  addr6: row.raw(4),
  port: row.u16(5),
  flags: row.u32(6),
  if_idx: row.device(7),
});

/** The attributes of an endpoint. */
export type EndpointAttributes = row.ValuesOf<typeof endpointAttributes.rows>;

/** MPTCP_PM_ATTR_*. */
const pathManagerAttributes = table({
  addr: row.nest(1, endpointAttributes),
  rcv_add_addrs: row.u32(2),
  subflows: row.u32(3),
  token: row.u32(4),
  loc_id: row.u8(5),
  addr_remote: row.nest(6, endpointAttributes),
});

/** MPTCP_ATTR_*. */
const eventAttributes = table(
  {
    token: row.u32(1),
    family: row.u16(2),
    loc_id: row.u8(3),
    rem_id: row.u8(4),
    saddr4: row.ipv4(5),
    saddr6: row.ipv6(6),
    daddr4: row.ipv4(7),
    daddr6: row.ipv6(8),
    sport: row.be16(9),
    dport: row.be16(10),
    backup: row.u8(11),
    error: row.u8(12),
    flags: row.u16(13),
    timeout: row.u32(14),
    if_idx: row.u32(15),
    reset_reason: row.u32(16),
    reset_flags: row.u32(17),
    server_side: row.u8(18),
  },
  PLAIN_TYPE,
);

/** The attributes of an event. */
export type MptcpEventAttributes = row.ValuesOf<typeof eventAttributes.rows>;

/** MPTCP_EVENT_*. */
export const mptcpEvents = {
  commandPrefix: 'MPTCP_EVENT_',
  commands: {
    created: [1, 'new'],
    established: [2, 'new'],
    closed: [3, 'delete'],
    announced: [6, 'new'],
    removed: [7, 'delete'],
    sub_established: [10, 'new'],
    sub_closed: [11, 'delete'],
    sub_priority: [13, 'set'],
    listener_created: [15, 'new'],
    listener_closed: [16, 'delete'],
  },
  attributePrefix: 'MPTCP_ATTR_',
  attributes: eventAttributes,
} as const satisfies MessageSet;

export const mptcp = {
  name: 'mptcp_pm',
  version: 1,
  commandPrefix: 'MPTCP_PM_CMD_',
  commands: {
    add_addr: [1, 'new'],
    del_addr: [2, 'delete'],
    get_addr: [3, 'get'],
    flush_addrs: [4, 'delete'],
    set_limits: [5, 'set'],
    get_limits: [6, 'get'],
    set_flags: [7, 'set'],
    announce: [8, 'new'],
    remove: [9, 'delete'],
    subflow_create: [10, 'new'],
    subflow_destroy: [11, 'delete'],
  },
  attributePrefix: 'MPTCP_PM_ATTR_',
  attributes: pathManagerAttributes,
  nestedPrefixes: new Map([[endpointAttributes.rows, 'MPTCP_PM_ADDR_ATTR_']]),
  events: mptcpEvents,
} as const satisfies GenericFamily;

/** The endpoint in a message; undefined if there is none. */
export function decodeEndpoint(message: Message): EndpointAttributes | undefined {
  return decodeGeneric(mptcp, message)?.addr;
}
