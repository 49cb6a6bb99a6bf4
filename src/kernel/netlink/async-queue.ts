/** What a conversation hears, until somebody reads it. */

/** A queue with one reader: `put` never waits, the reader waits for the next item or the end. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #pull: () => boolean;
  #items: T[] = [];
  #wake: (() => void) | undefined;
  #isEnded = false;
  #isRefusing = false;
  #error: Error | undefined;

  /** `pull` fetches what may be put at once; false where that comes by itself. */
  constructor(pull: () => boolean) {
    this.#pull = pull;
  }

  put(item: T): void {
    if (this.#isEnded || this.#isRefusing) return;
    this.#items.push(item);
    this.#wake?.();
  }

  end(error?: Error): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#error = error;
    this.#wake?.();
  }

  /** Nobody reads any more. */
  discard(): void {
    this.#isRefusing = true;
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

  /** Waits for news: an item or the end. */
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
