/** What every command of `ip` is. */
import type { Args } from '../schema/args.ts';
import type { Context } from './context.ts';

/** Runs one command line after its object word; answers the exit code. */
export type Command = (args: Args, context: Context) => Promise<number>;
