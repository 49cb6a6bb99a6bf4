/** Settings of a family on a device: RTM_NEWNETCONF, RTM_DELNETCONF and RTM_GETNETCONF. Source: linux/netconf.h. */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import type { Message } from '../wire/message.ts';

/** Bytes of struct netconfmsg: the family and padding. */
export const NETCONF_HEADER_LENGTH = 4;

/** `ifindex` of the settings of all devices at once, and of devices that are still to come. */
export const ALL_DEVICES = -1;
export const DEFAULT_DEVICE = -2;

/** NETCONFA_*. */
export const netconf = table({
  ifindex: row.s32(1),
  forwarding: row.u32(2),
  rp_filter: row.u32(3),
  mc_forwarding: row.u32(4),
  proxy_neigh: row.u32(5),
  ignore_routes_with_linkdown: row.u32(6),
  input: row.u32(7),
  bc_forwarding: row.u32(8),
  force_forwarding: row.u32(9),
});

/** Settings as one message has them. */
export interface Netconf extends row.ValuesOf<typeof netconf.rows> {
  readonly family: number;
}

/** Decodes a message of settings; undefined when it is too short. */
export function decodeNetconf({ bytes, payload, end }: Message): Netconf | undefined {
  if (end - payload < NETCONF_HEADER_LENGTH) return undefined;
  const family = bytes[payload]!;
  return Object.assign(netconf.decode(bytes, payload + NETCONF_HEADER_LENGTH, end), { family });
}
