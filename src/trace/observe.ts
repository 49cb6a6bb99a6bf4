/** `--trace` and `--dry-run`: kernels that print what is asked of another one, or hold its changes back. */

import type { Kernel } from '../kernel/kernel.ts';
import type { Print } from './calls.ts';
import { dryRun } from './dry-run.ts';
import { traced } from './traced.ts';

/** Which of the two are asked for. */
export interface ObservationOptions {
  readonly trace: boolean;
  readonly dryRun: boolean;
}

/** `kernel` with what the options ask for around it. What is held back is always printed, the rest only with `trace`. */
export function observed(kernel: Kernel, options: ObservationOptions, print: Print): Kernel {
  const inner = options.trace ? traced(kernel, print) : kernel;
  return options.dryRun ? dryRun(inner, print) : inner;
}
