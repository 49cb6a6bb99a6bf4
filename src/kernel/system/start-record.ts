/**
 * What this process was started with and Node changed at its start, as the launcher recorded it before
 * (src/native/start-record.h). Signals the addon restores itself.
 */
import { recordOfStart } from './native.ts';

/** Descriptors from the first to the last one of a range. */
export type DescriptorRange = readonly [first: number, last: number];

export interface StartRecord {
  /** The soft limit of open files; Node raises it to the hard one. */
  readonly softDescriptorLimit: number;
  /** Signals that the caller had ignored, signal 1 being the lowest bit; only those that Node resets. */
  readonly ignoredSignals: number;
  /** The same of signals that the caller had blocked. */
  readonly blockedSignals: number;
  /** Open descriptors that libuv made close-on-exec. */
  readonly descriptors: readonly DescriptorRange[];
}

/** Whether the caller had ignored or blocked a signal: it does not end this process. */
export function isWithoutEffect(signal: number): boolean {
  const { ignoredSignals = 0, blockedSignals = 0 } = startRecord() ?? {};
  return ((ignoredSignals | blockedSignals) & (1 << (signal - 1))) !== 0;
}

/** Undefined if the launcher did not start this process: then nothing is known of it. */
export function startRecord(): StartRecord | undefined {
  return recordOfStart === undefined ? undefined : parseStartRecord(recordOfStart);
}

/** The facts in `LIMIT IGNORED BLOCKED OPEN`; undefined if it is nothing of the kind. */
export function parseStartRecord(text: string): StartRecord | undefined {
  const match = /^(\d+) ([\da-f]{1,8}) ([\da-f]+) ((?:\d+(?:-\d+)?(?:,(?!$)|$))*)$/.exec(text);
  if (match === null) return undefined;
  const [, limit, ignored = '', blocked = '', open = ''] = match;
  const ranges = open.split(',').filter(range => range !== '');
  return {
    softDescriptorLimit: Number(limit),
    ignoredSignals: Number.parseInt(ignored, 16),
    blockedSignals: Number.parseInt(blocked.slice(-8), 16),
    descriptors: ranges.map((range): DescriptorRange => {
      const [first = '', last = first] = range.split('-');
      return [Number(first), Number(last)];
    }),
  };
}
