/**
 * Mocha's `spec` reporter, which adds at the end the skipped tests, counted by reason, the repeated tests, by title, and
 * one plain line `N passed, N failed, N skipped`.
 */
import Mocha from 'mocha';
import { repeatsOf } from './repeats.ts';
import { skipReasonOf } from './skip-reason.ts';

// biome-ignore lint/style/noDefaultExport: mocha loads a reporter by its default export
export default class Reporter extends Mocha.reporters.Spec {
  readonly #skipped = new Map<string, number>();
  readonly #repeats = new Map<string, number>();

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('pending', test => this.#count(skipReasonOf(test) ?? 'no reason stated'));
    runner.on('test end', test => {
      const repeats = repeatsOf(test);
      if (repeats > 0) this.#repeats.set(test.fullTitle(), repeats);
    });
  }

  #count(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  override epilogue(): void {
    super.epilogue();
    for (const [reason, count] of this.#skipped)
      Mocha.reporters.Base.consoleLog(`  ${count} skipped: ${reason}`);
    for (const [title, repeats] of this.#repeats)
      Mocha.reporters.Base.consoleLog(`  repeated ${repeats === 1 ? 'once' : 'twice'}: ${title}`);
    const { passes, failures, pending } = this.stats;
    Mocha.reporters.Base.consoleLog(`\n${passes} passed, ${failures} failed, ${pending} skipped`);
  }
}
