/** Names of a lab's devices in the namespace of its networks. */

import { createHash } from 'node:crypto';
import { byteLength } from '../wire/text.ts';

const MAX_NAME = 15;

/** The name of the end that a node's device has at its network: `NODE.DEVICE`, or a short one made from it. */
export function portName(node: string, device: string): string {
  const full = `${node}.${device}`;
  if (byteLength(full) <= MAX_NAME) return full;
  return `p${createHash('sha256').update(full).digest('hex').slice(0, 12)}`;
}
