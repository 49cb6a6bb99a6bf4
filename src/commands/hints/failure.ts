/** What a hint is made from: a failure, and what the system shows. */
import type { SystemView } from './system-view.ts';

/** A command line after its options, and the error that it ended with; `undefined` if it succeeded. */
export interface Failure {
  readonly words: readonly string[];
  readonly error: unknown;
}

/** A hint to a failure; `undefined` if it knows nothing about it. */
export type Hint = (failure: Failure, system: SystemView) => string | undefined | Promise<string | undefined>;
