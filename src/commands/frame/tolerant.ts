/**
 * Options of ours for scripts that may run twice: it is no failure that what a command makes is there, or that what it
 * deletes is not. They stand before the words of the command; alone they are words, as in the original.
 */
import { KernelError } from '../../kernel/system/errors.ts';
import { EADDRNOTAVAIL, EEXIST, ENODEV, ENOENT, ESRCH } from '../../linux/errno.ts';
import { type Args, NoSuchDevice } from '../../schema/args.ts';
import type { Command } from './command.ts';
import type { Context } from './context.ts';

/** Options that the original does not have. */
export const IF_ABSENT = '--if-absent';
export const IF_PRESENT = '--if-present';

/** One of them. */
export type Tolerance = typeof IF_ABSENT | typeof IF_PRESENT;

const GONE: ReadonlySet<number> = new Set([ENODEV, ENOENT, ESRCH, EADDRNOTAVAIL]);

/** `command`, or with `option` before its words the same without the failure that the option is about. */
export function tolerant(command: Command, option: Tolerance): Command {
  return (args, context) => {
    if (args.peek() !== option || args.rest.length < 2) return command(args, context);
    args.next();
    return runTolerantly(command, option, args, context);
  };
}

/** Its answer is waited for, so a forced batch sends what waits before it. */
async function runTolerantly(
  command: Command,
  option: Tolerance,
  args: Args,
  context: Context,
): Promise<number> {
  const { state } = context;
  const { window } = state;
  await window?.flush();
  state.window = undefined;
  state.isTolerant = true;
  try {
    return await command(args, context);
  } catch (error) {
    if (isTolerated(error, option)) return 0;
    throw error;
  } finally {
    state.window = window;
    state.isTolerant = false;
  }
}

function isTolerated(error: unknown, option: Tolerance): boolean {
  if (option === IF_ABSENT) return error instanceof KernelError && error.errno === EEXIST;
  return error instanceof NoSuchDevice || (error instanceof KernelError && GONE.has(error.errno));
}
