/** Why a test is skipped: noted on the test, or on a suite around it, for the reporter. */
import type { Suite, Test } from 'mocha';

type Skippable = (Test | Suite) & { skipReason?: string | undefined };

/** Notes the reason why a test, or all tests of a suite, are skipped. */
export function noteSkipReason(skipped: Test | Suite, reason: string): void {
  (skipped as Skippable).skipReason = reason;
}

/** The reason noted for `test` or for the nearest suite around it; `undefined` if there is none. */
export function skipReasonOf(test: Test): string | undefined {
  for (let at: Skippable | undefined = test; at !== undefined; at = at.parent)
    if (at.skipReason !== undefined) return at.skipReason;
  return undefined;
}
