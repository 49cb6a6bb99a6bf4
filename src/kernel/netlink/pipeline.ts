/**
 * Requests that travel together: those of one turn of the event loop are sent in few datagrams, and each gets its own
 * answer by its sequence number. rtnetlink works while it is sent to, so the answers are there when `send` returns.
 */

import { ECANCELED } from '../../linux/errno.ts';
import { NLM_F_ACK, NLM_F_MULTI } from '../../linux/netlink.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { KernelError, SystemError } from '../system/errors.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import type { Channel, Exchange } from './channel.ts';
import { type Expectation, type OnWarning, requestBytes } from './exchange.ts';

/** What a socket's send buffer takes and, if all are refused, its receive buffer. */
const MAX_REQUESTS = 256;
const MAX_BYTES = 32768;
/** After so many windows in one turn of the event loop, timers and sockets get theirs: a loop of awaited calls has no other. */
const WINDOWS_IN_A_TURN = 32;

/** A request that waits to be sent, or for its answer. */
export interface Pending {
  readonly message: MessageWriter;
  readonly expects: Expectation;
  readonly resolve: (answer: readonly Message[]) => void;
  readonly reject: (error: Error) => void;
  /** Whether nobody waits for it any more: one that was not sent yet is not sent. */
  isAbandoned: boolean;
}

const NO_MESSAGES: readonly Message[] = [];

/** Sends requests over a socket that blocks, without waiting for anything. */
export class Pipeline {
  readonly #channel: Channel;
  readonly #onWarning: OnWarning | undefined;
  #queue: Pending[] = [];
  #isScheduled = false;
  #windows = 0;
  #isClosed = false;
  readonly #flush = () => this.#sendNext();

  constructor(channel: Channel, onWarning?: OnWarning) {
    this.#channel = channel;
    this.#onWarning = onWarning;
  }

  /**
   * Sends a request at the end of this turn, after those before it. `resolve` or `reject` is called once, in a later
   * turn: with the messages before the acknowledgement, or the single message of a request that is answered without one,
   * or with {@link KernelError}. Returns what {@link takeBack} needs.
   */
  request(
    message: MessageWriter,
    expects: Expectation,
    resolve: (answer: readonly Message[]) => void,
    reject: (error: Error) => void,
  ): Pending {
    const pending: Pending = { message, expects, resolve, reject, isAbandoned: false };
    this.#queue.push(pending);
    this.#schedule(this.#windows < WINDOWS_IN_A_TURN ? process.nextTick : setImmediate);
    return pending;
  }

  /** Does not send a request that has not been sent yet. */
  takeBack(pending: Pending): void {
    pending.isAbandoned = true;
  }

  /** Sends what waits and then one more request, and returns its answer. Throws {@link KernelError}. */
  ask(message: MessageWriter): Message | undefined {
    while (this.#queue.length > 0) this.#sendWindow(true);
    let answer: Message | undefined;
    let failure: Error | undefined;
    const resolve = ([first]: readonly Message[]) => {
      answer = first;
    };
    const reject = (error: Error) => {
      failure = error;
    };
    this.#start([{ message, expects: 'answer', resolve, reject, isAbandoned: false }], true);
    if (failure !== undefined) throw failure;
    return answer;
  }

  /** Refuses what waits with ECANCELED. */
  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#queue.splice(0)) reject(new SystemError('session closed', ECANCELED));
  }

  #schedule(when: (callback: () => void) => void): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#windows = when === setImmediate ? 0 : this.#windows + 1;
    when(this.#flush);
  }

  /** One window a turn, so that other work gets its turn between them. */
  #sendNext(): void {
    this.#isScheduled = false;
    if (this.#isClosed || this.#queue.length === 0) return;
    this.#sendWindow(false);
    if (this.#queue.length > 0) this.#schedule(setImmediate);
  }

  #sendWindow(mayWait: boolean): void {
    const window: Pending[] = [];
    let bytes = 0;
    let taken = 0;
    for (const pending of this.#queue) {
      const { length } = pending.message;
      if (window.length === MAX_REQUESTS || (window.length > 0 && bytes + length > MAX_BYTES)) break;
      taken++;
      if (pending.isAbandoned) continue;
      window.push(pending);
      bytes += length;
    }
    this.#queue.splice(0, taken);
    if (window.length > 0) this.#start(window, mayWait);
  }

  #start(window: readonly Pending[], mayWait: boolean): void {
    const exchange = new PipelineExchange(this.#channel.protocol, window, this.#onWarning);
    const first = this.#channel.start(exchange, number => exchange.encode(number));
    if (mayWait) this.#channel.wait(first);
    else this.#receive(exchange);
  }

  #receive(exchange: PipelineExchange): void {
    while (!exchange.isOver && this.#channel.receive(false));
    if (!exchange.isOver && !this.#isClosed) setImmediate(() => this.#receive(exchange));
  }
}

class PipelineExchange implements Exchange {
  readonly count: number;
  isOver = false;
  readonly #protocol: number;
  readonly #window: readonly Pending[];
  readonly #onWarning: OnWarning | undefined;
  readonly #answers: (Message[] | undefined)[] = [];
  readonly #isSettled: boolean[];
  #first = 0;

  constructor(protocol: number, window: readonly Pending[], onWarning: OnWarning | undefined) {
    this.#protocol = protocol;
    this.#window = window;
    this.#onWarning = onWarning;
    this.count = window.length;
    this.#isSettled = new Array<boolean>(window.length).fill(false);
  }

  /**
   * The datagram. The last request asks for an acknowledgement: the kernel answers in order, and reports errors without
   * being asked. The others ask only where the kernel's words that come with success are wanted.
   */
  encode(first: number): Buffer {
    this.#first = first;
    const { count } = this;
    for (const [place, { message, expects }] of this.#window.entries()) {
      const isLast = place === count - 1;
      const isWanted = expects === 'ack' && (isLast || this.#onWarning !== undefined);
      if (isWanted || (isLast && count > 1)) message.flags |= NLM_F_ACK;
    }
    if (count === 1) return this.#window[0]!.message.finish(first);
    const bytes = Buffer.allocUnsafe(this.#window.reduce((sum, { message }) => sum + message.length, 0));
    let at = 0;
    for (const [place, { message }] of this.#window.entries()) {
      message.copyTo(bytes, at, first + place);
      at += message.length;
    }
    return bytes;
  }

  onMessage(message: Message): boolean {
    const place = message.sequence - this.#first;
    const answers = this.#answers[place];
    if (answers === undefined) this.#answers[place] = [message];
    else answers.push(message);
    if (this.#window[place]?.expects !== 'answer' || message.flags & NLM_F_MULTI) return false;
    this.#settle(place, this.#answers[place]!);
    return this.count === 1 && this.#end();
  }

  onEnd({ errno, extendedAck }: Acknowledgement, _message: Message, place: number): boolean {
    if (errno !== 0) {
      const request = requestBytes(this.#window[place]!.message);
      this.#settle(place, new KernelError(errno, request, extendedAck, { protocol: this.#protocol }));
    } else {
      if (extendedAck.reason !== undefined) this.#onWarning?.(extendedAck.reason);
      this.#settle(place, this.#answers[place] ?? NO_MESSAGES);
    }
    return place === this.count - 1 && this.#end();
  }

  onFailure(error: SystemError): void {
    this.isOver = true;
    for (let place = 0; place < this.count; place++) this.#settle(place, error);
  }

  #settle(place: number, reply: readonly Message[] | Error): void {
    if (this.#isSettled[place]) return;
    this.#isSettled[place] = true;
    const { resolve, reject } = this.#window[place]!;
    if (reply instanceof Error) reject(reply);
    else resolve(reply);
  }

  /** What the kernel was silent about has succeeded. */
  #end(): true {
    this.isOver = true;
    for (let place = 0; place < this.count; place++) this.#settle(place, this.#answers[place] ?? NO_MESSAGES);
    return true;
  }
}
