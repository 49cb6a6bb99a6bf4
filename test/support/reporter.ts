/**
 * Mocha's `spec` reporter, with two things more at the end: the skipped tests counted by reason, and one plain
 * line `N passed, N failed, N skipped`.
 */
import Mocha from 'mocha';

type Pending = Mocha.Test & { skipReason?: string };

// biome-ignore lint/style/noDefaultExport: mocha loads a reporter by its default export
export default class Reporter extends Mocha.reporters.Spec {
  readonly #skipped = new Map<string, number>();

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('pending', test => this.#count(reasonOf(test)));
  }

  #count(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  override epilogue(): void {
    super.epilogue();
    for (const [reason, count] of this.#skipped)
      Mocha.reporters.Base.consoleLog(`  ${count} skipped: ${reason}`);
    const { passes, failures, pending } = this.stats;
    Mocha.reporters.Base.consoleLog(`\n${passes} passed, ${failures} failed, ${pending} skipped`);
  }
}

function reasonOf(test: Pending): string {
  if (test.skipReason) return test.skipReason;
  for (
    let suite: (Mocha.Suite & { skipReason?: string }) | undefined = test.parent;
    suite;
    suite = suite.parent
  )
    if (suite.skipReason) return suite.skipReason;
  return 'no reason stated';
}
