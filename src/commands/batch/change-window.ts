/**
 * The changes of a forced batch, sent many at a time: errors are reported in the order of the lines, as if each line had
 * waited for its answer. While the kernel makes the changes of one window, the next one is gathered.
 */
import type { NetlinkSession } from '../../kernel/netlink/session.ts';
import { RequestWindow, type StartedWindow, type WindowAnswers } from '../../kernel/netlink/window.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { kernelErrorText, warningText } from '../frame/report.ts';

/**
 * Changes of devices take the kernel so long that it had better begin early; and the descriptors that wait with them
 * must be fewer than a process may have.
 */
const MAX_DEVICE_CHANGES = 32;

/** What nothing was asked in. */
const NOTHING_SENT: StartedWindow = {
  taken: Promise.resolve(),
  answers: () => ({ refusals: new Map(), warnings: new Map() }),
};

/** A change of devices: what is known of them is read again when it is made. */
export interface DeviceChange {
  /** Index of the device; 0 where that is not known before. */
  readonly index: number;
  /** Whether the names of devices may be others afterwards. */
  readonly changesNames: boolean;
  /** Is called at its end: descriptors that the request refers to are not needed any more. */
  onDone(isMade: boolean): void;
}

/** A pending request, and what is to be reported of it. */
interface Waiting {
  readonly line: number;
  readonly change: DeviceChange | undefined;
}

/** A window, and what is to be reported of it. */
class PendingRequests {
  readonly requests = new RequestWindow();
  /** By place in the window. */
  readonly waiting: Waiting[] = [];
  /** What is to be printed on stderr after the reports of the requests before `place`. */
  readonly texts: { readonly place: number; readonly text: string }[] = [];
  /** Indices of the devices that are changed. */
  readonly changed = new Set<number>();
  changesNames = false;
  #deviceChanges = 0;

  get isEmpty(): boolean {
    return this.waiting.length === 0 && this.texts.length === 0;
  }

  /** Takes a request unless the window is full. */
  add(message: MessageWriter, line: number, change: DeviceChange | undefined): boolean {
    if (this.#deviceChanges === MAX_DEVICE_CHANGES || !this.requests.add(message, change !== undefined))
      return false;
    this.waiting.push({ line, change });
    if (change === undefined) return true;
    this.#deviceChanges++;
    this.changed.add(change.index);
    this.changesNames ||= change.changesNames;
    return true;
  }

  conclude(isMade: (place: number) => boolean): void {
    for (const [place, { change }] of this.waiting.entries()) change?.onDone(isMade(place));
  }

  clear(): void {
    this.requests.clear();
    this.waiting.length = 0;
    this.texts.length = 0;
    this.changed.clear();
    this.changesNames = false;
    this.#deviceChanges = 0;
  }
}

export class ChangeWindow {
  readonly #session: () => NetlinkSession;
  readonly #print: (text: string) => void;
  readonly #fail: (line: number) => void;
  #gathered = new PendingRequests();
  /** What was sent and is not reported yet; else empty, to be filled next. */
  #other = new PendingRequests();
  #sent: StartedWindow | undefined;
  #line = 0;

  /** `print` writes a line to stderr; `fail` reports that the command of a line has failed. */
  constructor(session: () => NetlinkSession, print: (text: string) => void, fail: (line: number) => void) {
    this.#session = session;
    this.#print = print;
    this.#fail = fail;
  }

  /** Sets the line that the next changes belong to. */
  beginLine(line: number): void {
    this.#line = line;
  }

  /** True when nothing is pending. */
  get isEmpty(): boolean {
    return this.#sent === undefined && this.#gathered.isEmpty;
  }

  /** Takes a change, which is made when there are more, or at {@link flush}. A promise where that has to wait. */
  add(message: MessageWriter, change?: DeviceChange): Promise<void> | undefined {
    const line = this.#line;
    if (this.#gathered.add(message, line, change)) return undefined;
    return this.#rest().then(() => {
      this.#send(true);
      this.#gathered.add(message, line, change);
    });
  }

  /** Takes a line for stderr, to be printed after the errors of earlier changes. */
  print(text: string): void {
    this.#gathered.texts.push({ place: this.#gathered.waiting.length, text });
  }

  /** Makes and reports the changes on which the answer to a question about devices may depend. */
  settleDevices(): void {
    if (this.#gathered.changed.size > 0 || this.#other.changed.size > 0) this.flushSync();
  }

  /** The same for a look at what is known of a device: its index, or `undefined` where nothing is known. */
  flushIfAffects(index: number | undefined): void {
    const { changed, changesNames } = this.#gathered;
    const isAffected =
      index === undefined
        ? changesNames || this.#other.changesNames
        : changed.has(index) || this.#other.changed.has(index);
    if (isAffected) this.flushSync();
  }

  /** Sends what is pending and reports what the kernel refused. */
  async flush(): Promise<void> {
    await this.#rest();
    this.flushSync();
  }

  /** The same for who cannot wait in another way. */
  flushSync(): void {
    this.#finish();
    if (this.#gathered.isEmpty) return;
    this.#send(false);
    this.#finish();
  }

  /** Waits until the window that was sent is answered. */
  async #rest(): Promise<void> {
    await this.#sent?.taken;
    this.#finish();
  }

  /** Sends what has gathered, `isAside` in another thread. */
  #send(isAside: boolean): void {
    const sent = this.#gathered;
    this.#gathered = this.#other;
    this.#other = sent;
    const { count } = sent.requests;
    this.#sent = count === 0 ? NOTHING_SENT : this.#session().startWindow(sent.requests, isAside);
  }

  /** Waits for the answers to the window that was sent, and reports them. */
  #finish(): void {
    const started = this.#sent;
    if (started === undefined) return;
    this.#sent = undefined;
    const sent = this.#other;
    let isMade = (_place: number) => false;
    try {
      const answers = started.answers();
      isMade = place => !answers.refusals.has(place);
      this.#report(sent, answers);
    } finally {
      sent.conclude(isMade);
      sent.clear();
    }
  }

  /** Reports refusals, warnings and texts in order. */
  #report({ waiting, texts }: PendingRequests, { refusals, warnings }: WindowAnswers): void {
    let next = 0;
    for (let place = 0; place <= waiting.length; place++) {
      for (; texts[next]?.place === place; next++) this.#print(texts[next]!.text);
      const warning = warnings.get(place);
      if (warning !== undefined) this.#print(warningText(warning));
      const refusal = refusals.get(place);
      if (refusal === undefined) continue;
      this.#print(kernelErrorText(refusal));
      this.#fail(waiting[place]!.line);
    }
  }
}
