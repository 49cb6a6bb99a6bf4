/**
 * The changes of a forced batch, sent many at a time: errors are told in the order of the lines, as if each line had
 * waited for its answer. While the kernel makes the changes of one window, the next one is gathered.
 */
import type { Conversation } from '../kernel/conversation.ts';
import { RequestWindow } from '../kernel/request-window.ts';
import type { MessageWriter } from '../wire/writer.ts';
import { kernelErrorText } from './report.ts';

/** A window, and what is to be told of it. */
class Gathered {
  readonly requests = new RequestWindow();
  /** The line of each request. */
  readonly lines: number[] = [];
  /** What is to be printed on stderr after the errors of the requests before `place`. */
  readonly texts: { readonly place: number; readonly text: string }[] = [];

  get isEmpty(): boolean {
    return this.lines.length === 0 && this.texts.length === 0;
  }

  clear(): void {
    this.requests.clear();
    this.lines.length = 0;
    this.texts.length = 0;
  }
}

export class ChangeWindow {
  readonly #session: () => Conversation;
  readonly #print: (text: string) => void;
  readonly #fail: (line: number) => void;
  #gathered = new Gathered();
  /** To be gathered in, when what was sent from it is told. */
  #other = new Gathered();
  #sent: Promise<void> | undefined;
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
    return this.#sent === undefined && this.#gathered.isEmpty;
  }

  /** Takes a change. Where that has to wait for earlier ones, answers a promise. */
  add(message: MessageWriter): Promise<void> | undefined {
    if (this.#gathered.requests.add(message)) {
      this.#gathered.lines.push(this.#line);
      return undefined;
    }
    const line = this.#line;
    return this.#send().then(() => {
      this.#gathered.requests.add(message);
      this.#gathered.lines.push(line);
    });
  }

  /** Takes a line for stderr, to be printed after the errors of earlier changes. */
  print(text: string): void {
    this.#gathered.texts.push({ place: this.#gathered.lines.length, text });
  }

  /** Sends what waits and tells what the kernel refused. */
  async settle(): Promise<void> {
    if (!this.#gathered.isEmpty) await this.#send();
    await this.#finish();
  }

  /** Waits for the window before and sends what has gathered. */
  async #send(): Promise<void> {
    await this.#finish();
    const gathered = this.#gathered;
    this.#gathered = this.#other;
    this.#other = gathered;
    this.#sent = this.#change(gathered);
    // It is awaited only when the next window is full; until then nobody needs to know that it failed.
    this.#sent.catch(() => undefined);
  }

  async #finish(): Promise<void> {
    const sent = this.#sent;
    if (sent === undefined) return;
    try {
      await sent;
    } finally {
      this.#sent = undefined;
    }
  }

  /** Sends a window; tells the refusals and texts in order. */
  async #change(gathered: Gathered): Promise<void> {
    const { requests, lines, texts } = gathered;
    const refusals = requests.count === 0 ? new Map() : await this.#session().requestWindow(requests, true);
    let next = 0;
    for (let place = 0; place <= lines.length; place++) {
      for (; texts[next]?.place === place; next++) this.#print(texts[next]!.text);
      const refusal = refusals.get(place);
      if (refusal === undefined) continue;
      this.#print(kernelErrorText(refusal));
      this.#fail(lines[place]!);
    }
    gathered.clear();
  }
}
