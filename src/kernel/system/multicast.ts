/**
 * Multicast groups that devices listen to: as /proc/net lists them, and the ioctls by which link-layer groups are joined
 * and left. Source: linux/sockios.h, net/core/dev_addr_lists.c, net/ipv4/igmp.c, net/ipv6/mcast.c.
 */

import { readFileSync } from 'node:fs';
import { AF_INET } from '../../linux/families.ts';
import { SIOCADDMULTI, SIOCDELMULTI, SOCK_DGRAM } from '../../linux/sockets.ts';
import { formatHardwareAddress, formatIpv4, formatIpv6 } from '../../wire/address.ts';
import { decodeText, encodeText } from '../../wire/text.ts';
import { check } from './errors.ts';
import { type Native, native } from './native.ts';

/** struct ifreq: a name, then struct sockaddr with the address. */
const REQUEST_LENGTH = 40;
const NAME_LENGTH = 16;
const ADDRESS_AT = 18;

/** A group that a device listens to. */
export interface Membership {
  /** Index and name of the device. */
  readonly index: number;
  readonly device: string;
  readonly family: 'link' | 'inet' | 'inet6';
  readonly address: string;
  readonly users: number;
  /** Joined by {@link changeMembership}, not by a protocol. */
  readonly isStatic: boolean;
}

/** The groups of one family on all devices, in the kernel's order. */
export function readMemberships(family: Membership['family']): Membership[] {
  switch (family) {
    case 'link':
      return linesOf('dev_mcast').flatMap(readLinkGroup);
    case 'inet':
      return readIpv4Groups(linesOf('igmp'));
    case 'inet6':
      return linesOf('igmp6').flatMap(readIpv6Group);
  }
}

/** The lines of a table; none if this kernel lacks it. */
function linesOf(file: string): string[] {
  try {
    return decodeText(readFileSync(`/proc/net/${file}`)).split('\n');
  } catch {
    return [];
  }
}

/** `INDEX NAME USERS STATIC ADDRESS`. */
function readLinkGroup(line: string): Membership[] {
  const [index, device, users, statics, address] = line.trim().split(/\s+/);
  if (index === undefined || device === undefined || address === undefined) return [];
  const text = formatHardwareAddress(Buffer.from(address, 'hex'));
  const group = { index: Number(index), device, family: 'link' as const, address: text };
  return [{ ...group, users: Number(users), isStatic: Number(statics) !== 0 }];
}

/** A line `INDEX NAME : ...` for each device, then an indented `ADDRESS USERS ...` for each of its groups. */
function readIpv4Groups(lines: readonly string[]): Membership[] {
  const groups: Membership[] = [];
  let device = { index: 0, device: '' };
  for (const line of lines) {
    const group = /^\t+([0-9A-F]{8})\s+(\d+)/.exec(line);
    const heading = /^(\d+)\s+(\S+?)\s*:/.exec(line);
    if (heading !== null) device = { index: Number(heading[1]), device: heading[2]! };
    if (group === null) continue;
    // The number is the address in network byte order, read in that of the host.
    const address = formatIpv4(Buffer.from(group[1]!, 'hex').reverse());
    groups.push({ ...device, family: 'inet', address, users: Number(group[2]), isStatic: false });
  }
  return groups;
}

/** `INDEX NAME ADDRESS USERS ...`. */
function readIpv6Group(line: string): Membership[] {
  const [index, device, address, users] = line.trim().split(/\s+/);
  if (index === undefined || device === undefined || address?.length !== 32) return [];
  const text = formatIpv6(Buffer.from(address, 'hex'));
  const group = { index: Number(index), device, family: 'inet6' as const, address: text };
  return [{ ...group, users: Number(users), isStatic: false }];
}

/** Joins or leaves a link-layer group. Throws {@link SystemError} with the phrase `ioctl`. */
export function changeMembership(
  calls: Pick<Native, 'ioctlBytes'>,
  change: 'add' | 'delete',
  device: string,
  address: Uint8Array,
): void {
  const request = Buffer.alloc(REQUEST_LENGTH);
  encodeText(device).copy(request, 0, 0, NAME_LENGTH - 1);
  request.set(address, ADDRESS_AT);
  const socket = check(native.socket(AF_INET, SOCK_DGRAM, 0), 'Cannot create control socket');
  try {
    check(calls.ioctlBytes(socket, change === 'add' ? SIOCADDMULTI : SIOCDELMULTI, request), 'ioctl');
  } finally {
    native.close(socket);
  }
}
