/** Turns: of several that want one, each gets it in the order in which they asked. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /** Resolves when it is the caller's turn. */
  take(): Promise<void> | void {
    if (!this.#isTaken) {
      this.#isTaken = true;
      return;
    }
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  /** Gives the turn to the next. */
  pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}
