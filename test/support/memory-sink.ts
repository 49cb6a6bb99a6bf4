/** Where tests have printed what they look at. */
import type { Sink } from '../../src/output/sink.ts';

export interface MemorySink extends Sink {
  /** All that was written. */
  readonly text: string;
}

export function memorySink(): MemorySink {
  let text = '';
  return {
    get text() {
      return text;
    },
    write(piece) {
      text += piece;
    },
    flush: () => undefined,
  };
}
