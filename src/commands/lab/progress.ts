/** One line on a terminal while a large lab is made. */

import type { Context } from '../frame/context.ts';

/** A lab that takes less is made before anybody reads. */
const DELAY = 400;
const ERASE = '\r\x1b[K';

export class Progress {
  readonly #context: Context;
  readonly #isShown: boolean;
  readonly #start = performance.now();
  #hasLine = false;

  constructor(context: Context, isJson: boolean) {
    this.#context = context;
    this.#isShown = !isJson && context.streams.isErrorTerminal;
  }

  show(done: number, all: number): void {
    if (!this.#isShown || performance.now() - this.#start < DELAY) return;
    this.#context.streams.writeError(`${ERASE}${done} of ${all} steps`);
    this.#hasLine = true;
  }

  clear(): void {
    if (this.#hasLine) this.#context.streams.writeError(ERASE);
    this.#hasLine = false;
  }
}
