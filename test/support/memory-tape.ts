/** Where tests have printed what they look at. */
import type { CapturingSink } from '../../src/output/sink.ts';

export interface MemoryTape extends CapturingSink {
  /** All that was written. */
  readonly text: string;
}

export function memoryTape(): MemoryTape {
  let text = '';
  let start = 0;
  return {
    get text() {
      return text;
    },
    write(piece) {
      text += piece;
    },
    flush: () => undefined,
    record() {
      start = text.length;
    },
    release: () => text.slice(start),
  };
}
