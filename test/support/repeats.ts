/** Counts how often a test has been repeated because of the kernel; the reporter shows it at the end of the run. */
import type { Context, Runnable } from 'mocha';

type Repeatable = Runnable & { repeats?: number };

/** Counts a repeat of the running test. */
export function countRepeat(context: Context): void {
  const test = context.runnable() as Repeatable;
  test.repeats = repeatsOf(test) + 1;
}

/** How often `test` has been repeated. */
export function repeatsOf(test: Runnable): number {
  return (test as Repeatable).repeats ?? 0;
}
