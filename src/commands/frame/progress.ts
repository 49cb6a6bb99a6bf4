/** How far a long batch is, for people at a terminal: one line on standard error, gone when anything else is printed. */

import { writeSync } from 'node:fs';
import { isTerminal } from '../../kernel/system/terminal.ts';
import { terminalWidth } from '../../kernel/system/terminal-width.ts';
import { STDERR, STDOUT } from '../../linux/descriptors.ts';
import type { Streams } from './streams.ts';

/** Shorter batches end before anybody wonders. */
const LONG = 1000;
const INTERVAL_MS = 100;
const ERASE = '\r\x1b[K';

export class Progress {
  readonly #beginMs = performance.now();
  /** Where output goes to the terminal too. */
  readonly #terminals: ReadonlySet<number> = new Set([STDOUT, STDERR].filter(isTerminal));
  #drawnMs = 0;
  #isDrawn = false;
  readonly #streams: Streams;

  /** Progress of a batch that begins now; undefined if standard error is not a terminal. */
  static begin(streams: Streams): Progress | undefined {
    return isTerminal(STDERR) ? new Progress(streams) : undefined;
  }

  private constructor(streams: Streams) {
    this.#streams = streams;
    streams.beforeWrite = descriptor => {
      if (this.#isDrawn && this.#terminals.has(descriptor)) this.#erase();
    };
  }

  /** Shows how many lines are done and how many of them have failed. */
  show(lines: number, errors: number): void {
    if (lines <= LONG) return;
    const now = performance.now();
    if (now - this.#drawnMs < INTERVAL_MS) return;
    this.#drawnMs = now;
    this.#isDrawn = true;
    const rate = Math.round((lines * 1000) / (now - this.#beginMs));
    const text = `${lines} lines, ${rate}/s, ${errors} error${errors === 1 ? '' : 's'}`;
    // A line that goes on below could not be erased.
    this.#write(`${ERASE}${text.slice(0, (terminalWidth(STDERR) ?? text.length + 1) - 1)}`);
  }

  end(): void {
    this.#streams.beforeWrite = undefined;
    if (this.#isDrawn) this.#erase();
  }

  #erase(): void {
    this.#isDrawn = false;
    this.#write(ERASE);
  }

  #write(text: string): void {
    try {
      writeSync(STDERR, text);
    } catch {
      // A terminal that takes nothing for now.
    }
  }
}
