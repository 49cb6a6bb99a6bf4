/** What the kernel says first of a request with -echo, if it is not what the command reports. */

import { load32 } from '../../wire/integers.ts';
import type { Message } from '../../wire/message.ts';
import type { LeftFilter } from './call-state.ts';
import type { Context } from './context.ts';

/** The line about a message that is none of a `kind`: its length, type and flags, as in the original. */
export function notOfKind(kind: string, { bytes, start, type, flags }: Message): string {
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  return `${kind}: ${hex(load32(bytes, start))} ${hex(type)} ${hex(flags)}`;
}

/**
 * Whether a report is shown: not what the filter of a line before leaves out. After a flush, the original numbers a deletion
 * that it never sends of what was added, so that the next request finds nothing left.
 */
export function isReportShown<T>(
  filter: LeftFilter<T> | undefined,
  reported: T,
  isDeleted: boolean,
  context: Context,
): boolean {
  if (filter === undefined) return true;
  if (!filter.selects(reported)) return false;
  if (filter.isOfFlush && !isDeleted) context.blockingSession().skipNumber();
  return !filter.isOfFlush;
}
