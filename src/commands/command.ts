/** What every command of `ip` is. */
import type { Args } from '../schema/args.ts';
import type { Context } from './context.ts';

/** Runs one command line after its object word; answers the exit code. */
export type Command = (args: Args, context: Context) => Promise<number>;

/** A loader that waits only the first time: a batch calls it for each of its lines. */
export function late<T>(load: () => Promise<T>): () => T | Promise<T> {
  let loaded: T | undefined;
  return () =>
    loaded ??
    load().then(found => {
      loaded = found;
      return found;
    });
}
