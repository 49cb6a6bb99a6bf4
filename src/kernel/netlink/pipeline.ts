/**
 * Requests that travel together: those of one turn of the event loop are sent in few datagrams, and each gets its own
 * answer by its sequence number. rtnetlink works while it is sent to, so the answers are there when `send` returns.
 */

import { ECANCELED } from '../../linux/errno.ts';
import { NLM_F_ACK, NLM_F_MULTI } from '../../linux/netlink.ts';
import { store32 } from '../../wire/integers.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { KernelError, SystemError } from '../system/errors.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import type { Channel, Exchange } from './channel.ts';
import type { Expectation, OnWarning } from './exchange.ts';

/** What a socket's send buffer takes and, if all are refused, its receive buffer. */
const MAX_REQUESTS = 256;
const MAX_BYTES = 32768;
/**
 * After so many requests in one turn of the event loop, timers and sockets get theirs: a loop of awaited calls has no other,
 * and the events of its changes would fill the buffers of this thread's own watchers.
 */
const REQUESTS_IN_A_TURN = 64;

/** Offsets in struct nlmsghdr. */
const FLAGS = 6;
const SEQUENCE = 8;
const PORT = 12;

/** A request that waits to be sent, or for its answer. */
export interface Pending {
  /** The request lies in `bytes` from `start` on; what its header says of length, sequence and port is not set yet. */
  bytes: Buffer;
  start: number;
  readonly length: number;
  readonly expects: Expectation;
  readonly resolve: (answer: readonly Message[]) => void;
  readonly reject: (error: Error) => void;
  /** Whether nobody waits for it any more: one that was not sent yet is not sent. */
  isAbandoned: boolean;
}

const NO_MESSAGES: readonly Message[] = [];
const NOTHING = Buffer.alloc(0);

/** Sends requests over a socket that blocks, without waiting for anything. */
export class Pipeline {
  readonly #channel: Channel;
  readonly #onWarning: OnWarning | undefined;
  #queue: Pending[] = [];
  #isScheduled = false;
  /** In this turn. */
  #sent = 0;
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
    const pending = pendingOf(message, expects, resolve, reject);
    this.#queue.push(pending);
    if (this.#queue.length % MAX_REQUESTS === 0) gather(this.#queue.slice(-MAX_REQUESTS));
    this.#schedule(this.#sent < REQUESTS_IN_A_TURN ? process.nextTick : setImmediate);
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
    this.#start([pendingOf(message, 'answer', resolve, reject)], true);
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
    if (when === setImmediate) this.#sent = 0;
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
      const { length } = pending;
      if (window.length === MAX_REQUESTS || (window.length > 0 && bytes + length > MAX_BYTES)) break;
      taken++;
      if (pending.isAbandoned) continue;
      window.push(pending);
      bytes += length;
    }
    this.#queue.splice(0, taken);
    this.#sent += window.length;
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

function pendingOf(
  { bytes, length }: MessageWriter,
  expects: Expectation,
  resolve: (answer: readonly Message[]) => void,
  reject: (error: Error) => void,
): Pending {
  return { bytes, start: 0, length, expects, resolve, reject, isAbandoned: false };
}

/** Puts requests into one buffer: a buffer for each of thousands that wait costs more than to send them. */
function gather(waiting: readonly Pending[]): void {
  const gathered = Buffer.allocUnsafeSlow(bytesOf(waiting));
  let at = 0;
  for (const pending of waiting) {
    copyRequest(pending, gathered, at);
    pending.bytes = gathered;
    pending.start = at;
    at += pending.length;
  }
}

function bytesOf(requests: readonly Pending[]): number {
  return requests.reduce((sum, { length }) => sum + length, 0);
}

function copyRequest({ bytes, start, length }: Pending, target: Buffer, at: number): void {
  // Most requests are so short that a call would take longer.
  for (let index = 0; index < length; index++) target[at + index] = bytes[start + index]!;
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
  #sent: Buffer = NOTHING;

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
    const bytes = Buffer.allocUnsafe(bytesOf(this.#window));
    this.#sent = bytes;
    let at = 0;
    for (let place = 0; place < this.count; place++) {
      const pending = this.#window[place]!;
      copyRequest(pending, bytes, at);
      store32(bytes, pending.length, at);
      if (this.#asksForAcknowledgement(pending, place)) bytes[at + FLAGS]! |= NLM_F_ACK;
      store32(bytes, first + place, at + SEQUENCE);
      store32(bytes, 0, at + PORT);
      at += pending.length;
    }
    return bytes;
  }

  /** A copy of a request as it was sent. */
  #requestAt(place: number): Buffer {
    const start = bytesOf(this.#window.slice(0, place));
    return Buffer.from(this.#sent.subarray(start, start + this.#window[place]!.length));
  }

  #asksForAcknowledgement({ expects }: Pending, place: number): boolean {
    const isLast = place === this.count - 1;
    return expects === 'ack' ? isLast || this.#onWarning !== undefined : isLast && this.count > 1;
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
      const protocol = this.#protocol;
      this.#settle(place, new KernelError(errno, this.#requestAt(place), extendedAck, { protocol }));
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
