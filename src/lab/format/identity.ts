/** Link-layer addresses that are the same each time a lab is made. */

import { createHash } from 'node:crypto';

/** The address of a device: locally administered, made from the names. */
export function macOf(lab: string, node: string, device: string): string {
  const hash = createHash('sha256').update(`${lab}/${node}/${device}`).digest();
  hash[0] = (hash[0]! & 0xfc) | 2;
  return [...hash.subarray(0, 6)].map(byte => byte.toString(16).padStart(2, '0')).join(':');
}
