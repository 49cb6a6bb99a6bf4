/**
 * Passes on the descriptors that this process was started with. Node made them close-on-exec: libuv does so at
 * its start, from 0 up to the first above 15 that is not open (uv_disable_stdio_inheritance). Node's own stay so.
 */

import { F_SETFD } from '../../linux/sockets.ts';
import { native } from '../system/native.ts';
import type { DescriptorRange } from '../system/start-record.ts';

const STANDARD: readonly DescriptorRange[] = [[0, 2]];

/** Clears close-on-exec of these descriptors; by default of standard input, output and error. */
export function passOnDescriptors(descriptors: readonly DescriptorRange[] = STANDARD): void {
  for (const [first, last] of descriptors)
    for (let number = first; number <= last; number++) native.fcntl(number, F_SETFD, 0);
}
