/** `ip -batch`: commands read line by line from a file or standard input. */
import type { Context } from './context.ts';

/** Runs every line of `path` (`-` is standard input); answers the exit code. */
export async function runBatch(
  _path: string,
  _context: Context,
  _run: (words: readonly string[]) => Promise<number>,
): Promise<number> {
  throw new Error('not written yet');
}
