/** Names and marks of what a lab makes. */

import { createHash } from 'node:crypto';
import { byteLength } from '../wire/text.ts';

const MAX_NAME = 15;

/** The name of the end that a node's device has at its network: `NODE.DEVICE`, or a short one made from it. */
export function portName(node: string, device: string): string {
  const full = `${node}.${device}`;
  if (byteLength(full) <= MAX_NAME) return full;
  return `p${createHash('sha256').update(full).digest('hex').slice(0, 12)}`;
}

/** Alias of the loopback device of a lab's namespace: by it the kernel knows what belongs to which lab. */
export function markOf(lab: string, node: string): string {
  return `${marksOf(lab)}${node}`;
}

/** What all marks of a lab begin with; of devices in namespaces that the lab did not make the alias. */
export function marksOf(lab: string): string {
  return `tsip-lab:${lab}/`;
}

/** The table for address translation: in other namespaces than the lab's with its name. */
export function natTable(lab: string, isExternal: boolean): string {
  return isExternal ? `tsip-lab-${lab}` : 'tsip';
}

/** Index of a device in a namespace that the lab did not make: one that nothing else is likely to have. */
export function externalIndex(lab: string, device: string): number {
  const hash = createHash('sha256').update(`${lab}/${device}`).digest();
  return (1 << 24) + (hash.readUInt32LE(0) % (1 << 29));
}
