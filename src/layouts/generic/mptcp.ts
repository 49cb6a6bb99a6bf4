/** How endpoints, limits and events of multipath TCP are laid out. */
import {
  ENDPOINT_FLAGS,
  type EndpointAttributes,
  EVENT_FLAGS,
  type MptcpEventAttributes,
  mptcpEvents,
} from '../../genetlink/mptcp.ts';
import { AF_INET, AF_INET6 } from '../../linux/families.ts';
import { formatHex } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { formatIpv4, formatIpv6 } from '../../wire/address.ts';

const IPV4_LENGTH = 4;
const IPV6_LENGTH = 16;
/** Characters of an event's name. */
const EVENT_WIDTH = 16;

/** Prints one endpoint, in a separate object for programs. */
export function showEndpoint(endpoint: EndpointAttributes, out: Output, view: View): void {
  const { port, id, flags = 0, if_idx: device } = endpoint;
  out.open();
  const address = endpointAddress(endpoint);
  if (address !== undefined)
    out.field('address', address, `${address} `, address.includes(':') ? 'inet6' : 'inet');
  if (port) out.field('port', port, `port ${port} `);
  if (id !== undefined) out.field('id', id, `id ${id} `);
  for (const [name, bit] of Object.entries(ENDPOINT_FLAGS))
    if (flags & bit) out.field(name, true, `${name} `);
  const rest = Object.values(ENDPOINT_FLAGS).reduce((left: number, bit) => left & ~bit, flags) >>> 0;
  if (rest !== 0) out.field('rawflags', rest.toString(16), `rawflags ${rest.toString(16)} `);
  if (device) {
    out.text('dev ');
    const name = view.names.device(device);
    out.field('dev', name, `${name} `, 'ifname');
  }
  out.newline();
  out.close();
}

/** The address of an endpoint; undefined if it has none of its family. */
export function endpointAddress({ family, addr4, addr6 }: EndpointAttributes): string | undefined {
  if (family === AF_INET && addr4 !== undefined && addr4.length >= IPV4_LENGTH) return formatIpv4(addr4, 0);
  if (family === AF_INET6 && addr6 !== undefined && addr6.length >= IPV6_LENGTH) return formatIpv6(addr6, 0);
  return undefined;
}

/** Prints the limits that are known. */
export function showLimits(accepted: number | undefined, subflows: number | undefined, out: Output): void {
  if (accepted !== undefined) out.field('add_addr_accepted', accepted, `add_addr_accepted ${accepted} `);
  if (subflows !== undefined) out.field('subflows', subflows, `subflows ${subflows} `);
  out.newline();
}

/** Prints one event, in a separate object for programs; `prefix` is the time for people. */
export function showEvent(
  number: number,
  event: MptcpEventAttributes,
  prefix: string,
  out: Output,
  view: View,
): void {
  out.open();
  out.text(prefix);
  const name = eventName(number);
  if (name === undefined) out.field('event', `UNKNOWN ${number}`, `[UNKNOWN ${number}]`);
  else {
    out.field('event', name, `[${name.padStart(EVENT_WIDTH)}]`);
    showConnection(event, out, view);
  }
  out.newline();
  out.close();
}

/** What an event says of its connection, or subflow. */
function showConnection(event: MptcpEventAttributes, out: Output, view: View): void {
  const show = (key: string, value: number | string | undefined) =>
    value !== undefined && out.field(key, value, ` ${key}=${value}`);
  const { token, if_idx: device, reset_flags } = event;
  if (token !== undefined)
    out.field('token', formatHex(token), ` token=${token.toString(16).padStart(8, '0')}`);
  show('remid', event.rem_id);
  show('locid', event.loc_id);
  for (const name of ['saddr4', 'daddr4', 'saddr6', 'daddr6', 'sport', 'dport', 'backup', 'error'] as const)
    show(name, event[name]);
  show('timeout', event.timeout);
  show('ifindex', device);
  if (device) show('dev', view.names.device(device));
  show('reset_reason', event.reset_reason);
  show('reset_flags', reset_flags === undefined ? undefined : formatHex(reset_flags));
  showFlags(event, out);
}

/** That we are the server stands in a flag, or with older kernels in an attribute. */
function showFlags({ flags = 0, server_side }: MptcpEventAttributes, out: Output): void {
  const rest = flags & ~(EVENT_FLAGS.server_side | EVENT_FLAGS.deny_join_id0);
  if (server_side || flags & EVENT_FLAGS.server_side) out.field('server_side', true, ' server_side');
  if (flags & EVENT_FLAGS.deny_join_id0) out.field('deny_join_id0', true, ' deny_join_id0');
  if (rest !== 0) out.field('flags', `0x${rest.toString(16)}`, ` flags=0x${rest.toString(16)}`);
}

/** `SF_CLOSED`; undefined for events that have no name here. */
function eventName(number: number): string | undefined {
  const found = Object.entries(mptcpEvents.commands).find(([, [known]]) => known === number);
  if (found === undefined) return undefined;
  return found[0]
    .toUpperCase()
    .replace(/^SUB_PRIORITY$/, 'SF_PRIO')
    .replace(/^SUB_/, 'SF_');
}
