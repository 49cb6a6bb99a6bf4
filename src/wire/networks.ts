/**
 * Networks of IP addresses, by the ipaddr.js package: prefixes, netmasks, kinds of addresses. Loading it takes longer
 * than reading most command lines, so it is loaded when the first question is asked, and what every device, route or
 * address is asked has its own code.
 */
import type ipaddr from 'ipaddr.js';
import { onDemand } from './on-demand.ts';

const load = onDemand<typeof ipaddr>('ipaddr.js');

/** Length of the prefix that the four bytes of a netmask stand for; undefined for one with holes. */
export function netmaskLength(mask: Uint8Array): number | undefined {
  return (
    load()
      .fromByteArray([...mask])
      .prefixLengthFromSubnetMask() ?? undefined
  );
}

/** The last address of the network of an IPv4 address, which reaches all of it. `length` is in bits. */
export function broadcastAddress(address: string, length: number): string {
  return load().IPv4.broadcastAddressFromCIDR(`${address}/${length}`).toString();
}

/** Whether an address is in the network of another one of its family. `length` is in bits. */
export function isInNetwork(address: Uint8Array, network: Uint8Array, length: number): boolean {
  const { fromByteArray } = load();
  return fromByteArray([...address]).match(fromByteArray([...network]), length);
}

/** Whether an address of 4 or 16 bytes is that of a group of receivers. */
export function isGroupAddress(address: Uint8Array): boolean {
  return (
    load()
      .fromByteArray([...address])
      .range() === 'multicast'
  );
}
