/** A sink that can hold on to a piece of what passes through it. */
import type { Sink } from './sink.ts';

export interface Tape extends Sink {
  /** Holds back what is written from now on. */
  record(): void;
  /** Lets what was held back pass, and answers it. */
  release(): string;
}

export function tapeOn(sink: Sink): Tape {
  let isHeld = false;
  let held = '';
  return {
    write(text) {
      if (isHeld) held += text;
      else sink.write(text);
    },
    flush: () => sink.flush(),
    record() {
      isHeld = true;
    },
    release() {
      const text = held;
      isHeld = false;
      held = '';
      sink.write(text);
      return text;
    },
  };
}
