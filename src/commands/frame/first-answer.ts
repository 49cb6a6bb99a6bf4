/** What the kernel says first of a request with -echo, if it is not what the command reports. */

import { load32 } from '../../wire/integers.ts';
import type { Message } from '../../wire/message.ts';

/** The line about a message that is none of a `kind`: its length, type and flags, as in the original. */
export function notOfKind(kind: string, { bytes, start, type, flags }: Message): string {
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  return `${kind}: ${hex(load32(bytes, start))} ${hex(type)} ${hex(flags)}`;
}
