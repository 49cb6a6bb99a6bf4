/**
 * The changes of a forced batch, sent many at a time: only the last of a window asks for an acknowledgement, errors
 * come unasked and are told in the order of the lines, as if each line had waited for its answer.
 */
import type { Conversation } from '../kernel/conversation.ts';
import type { MessageWriter } from '../wire/writer.ts';
import { kernelErrorText } from './report.ts';

const MAX_CHANGES = 256;
/** A datagram may not exceed the socket's send buffer. */
const MAX_BYTES = 32768;

type Entry =
  | { readonly message: MessageWriter; readonly line: number }
  /** Something to print on stderr that came after the changes before it. */
  | { readonly text: string };

export class ChangeWindow {
  readonly #session: () => Conversation;
  readonly #print: (text: string) => void;
  readonly #fail: (line: number) => void;
  #entries: Entry[] = [];
  #bytes = 0;
  #line = 0;

  /** `print` writes a line to stderr; `fail` tells that the command of a line has failed. */
  constructor(session: () => Conversation, print: (text: string) => void, fail: (line: number) => void) {
    this.#session = session;
    this.#print = print;
    this.#fail = fail;
  }

  /** Tells which line the next changes belong to. */
  beginLine(line: number): void {
    this.#line = line;
  }

  /** True when nothing waits to be sent or told. */
  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Takes a change; sends the window when it is full. */
  async add(message: MessageWriter): Promise<void> {
    if (this.#bytes + message.length > MAX_BYTES) await this.settle();
    this.#entries.push({ message, line: this.#line });
    this.#bytes += message.length;
    if (this.#entries.length >= MAX_CHANGES) await this.settle();
  }

  /** Takes a line for stderr, to be printed after the errors of earlier changes. */
  print(text: string): void {
    this.#entries.push({ text });
  }

  /** Sends what waits and tells what the kernel refused. */
  async settle(): Promise<void> {
    const entries = this.#entries;
    if (entries.length === 0) return;
    this.#entries = [];
    this.#bytes = 0;
    const messages = entries.flatMap(entry => ('message' in entry ? [entry.message] : []));
    const errors = await this.#session().requestWindow(messages);
    let index = 0;
    for (const entry of entries) {
      if ('text' in entry) {
        this.#print(entry.text);
        continue;
      }
      const error = errors[index++];
      if (error === undefined) continue;
      this.#print(kernelErrorText(error));
      this.#fail(entry.line);
    }
  }
}
