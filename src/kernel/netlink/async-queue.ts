/** A queue between what a socket delivers and the one reader of it. */

/** `put` never waits; the reader waits for the next item or the end. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #pull: () => boolean;
  #items: T[] = [];
  #wake: (() => void) | undefined;
  #isEnded = false;
  #isDiscarding = false;
  #error: Error | undefined;

  /** `pull` reads what may be put at once; returns false where items are put without it. */
  constructor(pull: () => boolean) {
    this.#pull = pull;
  }

  put(item: T): void {
    if (this.#isEnded || this.#isDiscarding) return;
    this.#items.push(item);
    this.#wake?.();
  }

  end(error?: Error): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#error = error;
    this.#wake?.();
  }

  /** Whether all that was put has been taken. */
  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Whether nothing more will be put. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Drops the items: the reader has left. */
  discard(): void {
    this.#isDiscarding = true;
    this.#items = [];
  }

  /** Waits until nothing more will be put. */
  async ended(): Promise<void> {
    while (!this.#isEnded) await this.#next();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    while (true) {
      while (this.#items.length > 0) yield this.#items.shift() as T;
      if (this.#isEnded) break;
      await this.#next();
    }
    if (this.#error !== undefined) throw this.#error;
  }

  /** Waits for an item or the end. */
  #next(): Promise<void> | undefined {
    if (this.#pull()) return;
    const before = this.#wake;
    return new Promise<void>(resolve => {
      this.#wake = () => {
        this.#wake = undefined;
        before?.();
        resolve();
      };
    });
  }
}
