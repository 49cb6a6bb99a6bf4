/** Gateways of a node that none of its addresses reaches: the kernel would refuse their routes when the lab is made. */

import { AF_INET, AF_INET6 } from '../linux/families.ts';
import { RTA_DST, RTA_GATEWAY, RTA_OIF } from '../linux/rtnetlink.ts';
import { formatIpv4, formatIpv6 } from '../wire/address.ts';
import type { KernelObject } from './kernel-object.ts';
import type { Words } from './model.ts';

/** RTNH_F_ONLINK. */
const ONLINK = 4;

/** An object, and where its words stand. */
interface Said {
  readonly object: KernelObject;
  readonly words: Words;
}

/** What is wrong with routes of a node. */
export function unreachedGateways(
  node: string,
  objects: readonly Said[],
  indices: ReadonlyMap<string, number>,
): { readonly message: string; readonly words: Words }[] {
  const found: { readonly message: string; readonly words: Words }[] = [];
  const addresses = objects.filter(({ object }) => object.kind === 'address').map(({ object }) => object);
  const routes = objects.filter(({ object }) => object.kind === 'route');
  for (const { object, words } of routes) {
    const gateway = object.attributes.get(RTA_GATEWAY)?.payload;
    const family = object.header[0]!;
    const isOnlink = (object.header.readUInt32LE(8) & ONLINK) !== 0;
    const isLinkLocal = family === AF_INET6 && gateway?.[0] === 0xfe;
    if (gateway === undefined || isOnlink || isLinkLocal || ![AF_INET, AF_INET6].includes(family)) continue;
    // Another route may lead to it.
    if (routes.some(({ object: other }) => other !== object && contains(other, gateway))) continue;
    const device = object.attributes.get(RTA_OIF)?.payload.readUInt32LE(0);
    const isReached = addresses.some(
      address =>
        address.header[0] === family &&
        (device === undefined || device === address.header.readUInt32LE(4)) &&
        isSamePrefix(address.attributes.get(1)?.payload, gateway, address.header[1]!),
    );
    if (isReached) continue;
    const names = [...indices.keys()].join(', ') || 'no device';
    found.push({
      message: `no address of ${node} (${names}) is in one network with ${textOf(gateway)}`,
      words,
    });
  }
  return found;
}

function contains({ header, attributes }: KernelObject, address: Buffer): boolean {
  const destination = attributes.get(RTA_DST)?.payload;
  return header[1]! > 0 && isSamePrefix(destination, address, header[1]!);
}

function isSamePrefix(one: Buffer | undefined, other: Buffer, length: number): boolean {
  if (one === undefined || one.length !== other.length) return false;
  for (let bit = 0; bit < length; bit++) {
    const mask = 0x80 >> (bit & 7);
    if ((one[bit >> 3]! & mask) !== (other[bit >> 3]! & mask)) return false;
  }
  return true;
}

function textOf(address: Buffer): string {
  return address.length === 4 ? formatIpv4(address, 0) : formatIpv6(address, 0);
}
