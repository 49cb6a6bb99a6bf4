/** The objects of batches one by one, without a turn of the event loop and a chain of promises for each. */

/** Yields the members of batches one by one. */
export class Listing<T> implements AsyncGenerator<T, void> {
  readonly #batches: AsyncGenerator<readonly T[], void>;
  readonly #onEnd: () => void;
  readonly #stop: () => void;
  #batch: readonly T[] = [];
  #at = 0;
  #isEnded = false;
  /** The step before, where it is not done: steps are taken in order. */
  #pending: Promise<IteratorResult<T, void>> | undefined;

  /**
   * `onEnd` is called after the last batch; `stop` where the iteration is left, for batches that may be waiting for
   * something.
   */
  constructor(
    batches: AsyncGenerator<readonly T[], void>,
    onEnd: () => void = () => undefined,
    stop: () => void = () => undefined,
  ) {
    this.#batches = batches;
    this.#onEnd = onEnd;
    this.#stop = stop;
  }

  next(): Promise<IteratorResult<T, void>> {
    if (this.#pending === undefined && this.#at < this.#batch.length)
      return Promise.resolve({ done: false, value: this.#batch[this.#at++]! });
    const step = (this.#pending ?? Promise.resolve()).then(() => this.#advance());
    const settled = () => {
      if (this.#pending === step) this.#pending = undefined;
    };
    this.#pending = step;
    step.then(settled, settled);
    return step;
  }

  async #advance(): Promise<IteratorResult<T, void>> {
    while (this.#at >= this.#batch.length && !this.#isEnded) {
      this.#isEnded = true; // Unless it goes on; an error ends it.
      const next = await this.#batches.next();
      if (next.done) {
        this.#onEnd();
      } else {
        this.#isEnded = false;
        this.#batch = next.value;
        this.#at = 0;
      }
    }
    if (this.#at >= this.#batch.length) return { done: true, value: undefined };
    return { done: false, value: this.#batch[this.#at++]! };
  }

  async return(): Promise<IteratorResult<T, void>> {
    this.#end();
    await this.#batches.return();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<T, void>> {
    this.#end();
    await this.#batches.return();
    throw error;
  }

  #end(): void {
    this.#isEnded = true;
    this.#stop();
    this.#batch = [];
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
