/** SIGINT and SIGTERM while a lab is changed: the change ends between two steps, and is undone. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs `work` with a signal that is aborted when this process is asked to end. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = () => controller.abort();
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

/** Signals that ask this process to end, taken from now on until it is disposed of. */
export class Interruption {
  /** The first that came. */
  signal: (typeof SIGNALS)[number] | undefined;
  #wake: () => void = () => undefined;
  readonly #onSignal = (name: NodeJS.Signals) => {
    this.signal ??= name as (typeof SIGNALS)[number];
    this.#wake();
  };

  constructor() {
    for (const name of SIGNALS) process.on(name, this.#onSignal);
  }

  /** Waits for so many milliseconds, or until a signal has come. */
  wait(milliseconds: number): Promise<void> {
    if (this.signal !== undefined) return Promise.resolve();
    return new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends a wait. */
  end(): void {
    this.#wake();
  }

  [Symbol.dispose](): void {
    for (const name of SIGNALS) process.off(name, this.#onSignal);
  }
}
