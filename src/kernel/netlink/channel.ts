/**
 * One netlink socket: what is sent over it gets its sequence numbers here, and every datagram that is received, by
 * whichever socket, is checked and sorted here. Source: linux/netlink.h,
 * Documentation/userspace-api/netlink/intro.rst.
 */
import { ECANCELED, EMSGSIZE, ENOBUFS } from '../../linux/errno.ts';
import {
  NETLINK_ROUTE,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_MIN_TYPE,
  NLMSG_NOOP,
  NLMSG_OVERRUN,
} from '../../linux/netlink.ts';
import { HEADER_LENGTH, type Message, messageAt, messageLength } from '../../wire/message.ts';
import { wordsOf } from '../../wire/words.ts';
import { SystemError } from '../system/errors.ts';
import { type Acknowledgement, readAcknowledgement } from './acknowledgement.ts';
import type { Connect, SocketOptions, Transport } from './transport.ts';

const MAX_SEQUENCE = 0xffffffff;
/** nl_pid of the kernel. */
const KERNEL = 0;

/** Requests that are sent in one datagram, and what takes the kernel's answers to them. */
export interface Exchange {
  /** How many requests: their sequence numbers follow each other. */
  readonly count: number;
  /** Whether what is left of the answer to the request before counts, too; `place` is then one more. */
  readonly takesLeftovers?: boolean;
  /** A message that is not the end of an answer; returns true if nothing more is expected. */
  onMessage(message: Message): boolean;
  /**
   * The same of several messages that follow each other in `bytes[start..end)`, all of them whole, with the flags that
   * any of them has. Long dumps are taken so, without an object for each message; who has it gets no `onMessage`.
   */
  onRun?(run: MessageRun, flags: number): void;
  /** The end of the answer to the request at `place`; returns true if nothing more is expected. */
  onEnd(end: Acknowledgement, message: Message, place: number): boolean;
  /** After the last message of a datagram. */
  onDatagramEnd?(): void;
  /** There will be no answer, or no more of it. */
  onFailure(error: SystemError): void;
}

/** Messages of one datagram that follow each other, as bytes: their lengths and numbers are checked. */
export interface MessageRun {
  readonly bytes: Buffer;
  readonly words: Int32Array;
  /** Where the header of the first begins, and where the last ends, padding included. */
  readonly start: number;
  readonly end: number;
}

/** What a channel receives besides answers. */
export interface ChannelEvents {
  /** Messages of multicast groups, of one datagram. */
  onNotifications(messages: readonly Message[], nsid: number | undefined): void;
  /** Messages of multicast groups were lost. */
  onOverrun(): void;
  /** The socket cannot receive. */
  onError(error: SystemError): void;
}

const NO_EVENTS: ChannelEvents = {
  onNotifications: () => undefined,
  onOverrun: () => undefined,
  onError: () => undefined,
};

/** An exchange that is not over, and the sequence numbers that it takes. */
interface Pending {
  readonly first: number;
  readonly count: number;
  readonly exchange: Exchange;
}

export class Channel {
  /** The netlink protocol that is spoken, NETLINK_*. */
  readonly protocol: number;
  readonly #transport: Transport;
  readonly #events: ChannelEvents;
  /** By the first sequence number of each. */
  readonly #pending = new Map<number, Pending>();
  #sequence = Math.floor(Date.now() / 1000) >>> 0;
  #isListening = false;
  #isClosed = false;
  /** Whether another thread receives: what this one received as well would come in another order, or never. */
  #isReadingAhead = false;

  /** Opens the socket. Throws {@link SystemError}. */
  constructor(connect: Connect, options: SocketOptions, events: ChannelEvents = NO_EVENTS) {
    this.protocol = options.protocol ?? NETLINK_ROUTE;
    this.#events = events;
    this.#transport = connect(options, {
      message: (bytes, port, nsid) => this.#receive(bytes, port, nsid),
      truncated: () => this.#lose(new SystemError('Truncated message', EMSGSIZE)),
      error: errno => this.#onReceiveError(errno),
    });
    this.#transport.hold(false);
  }

  /**
   * Sends the requests of an exchange; `encode` numbers them from the sequence number that it is given. Returns the number
   * that it can be waited for by. `onSent` is called once the kernel has taken them, or cannot.
   */
  start(
    exchange: Exchange,
    encode: (first: number) => Buffer,
    inBackground = false,
    onSent: () => void = () => undefined,
  ): number {
    const number = this.#nextSequence(exchange.count);
    const bytes = encode(number);
    const leftovers = exchange.takesLeftovers ? 1 : 0;
    const first = number - leftovers;
    this.#pending.set(first, { first, count: exchange.count + leftovers, exchange });
    this.#updateHold();
    const onResult = (errno: number) => {
      if (errno !== 0 && this.#forget(first))
        exchange.onFailure(new SystemError('Cannot send to netlink', errno));
      onSent();
    };
    const { sendInBackground } = this.#transport;
    if (inBackground && sendInBackground !== undefined) sendInBackground(bytes, onResult);
    else this.#transport.send(bytes, onResult);
    return first;
  }

  /** Reads datagrams until the exchange that began with number `first` is over; nothing on sockets that do not block. */
  wait(first: number): void {
    while (this.#pending.has(first) && this.receive());
  }

  /** Takes the answers that are there to the exchange that began with number `first`, on a socket that blocks, and ends it. */
  settle(first: number): void {
    while (this.#pending.has(first) && this.receive(false));
    this.#forget(first);
  }

  /** Reads one datagram, if the socket blocks and, unless it `mayWait`, a datagram is there; returns whether it did. */
  receive(mayWait = true): boolean {
    if (this.#isReadingAhead) throw new Error('a socket is received from while another thread reads ahead');
    return this.#transport.receive?.(mayWait) ?? false;
  }

  /**
   * Has the next datagrams, the first of which must be on its way, read while this thread does other work; resolves when
   * they have been taken. Undefined where sockets cannot do that.
   */
  readAhead(): Promise<void> | undefined {
    const { readAhead } = this.#transport;
    if (readAhead === undefined) return undefined;
    this.#isReadingAhead = true;
    return new Promise(resolve => {
      readAhead(() => {
        this.#isReadingAhead = false;
        resolve();
      });
    });
  }

  /** Descriptor of a socket that blocks, for questions by ioctl(2); -1 for others. */
  get descriptor(): number {
    return this.#transport.descriptor ?? -1;
  }

  /** Joins multicast groups. */
  join(groups: readonly number[]): void {
    for (const group of groups) this.#transport.join(group);
  }

  /** Whether notifications are waited for, too: then the open socket keeps the process alive. */
  setListening(isListening: boolean): void {
    this.#isListening = isListening;
    this.#updateHold();
  }

  /** Closes the socket; pending exchanges fail with ECANCELED. */
  close(): void {
    if (this.#isClosed) return;
    this.#fail(new SystemError('session closed', ECANCELED));
    this.#isClosed = true;
    this.#transport.close();
  }

  /** Passes over a sequence number. */
  skipNumber(): void {
    this.#nextSequence(1);
  }

  /** The first of `count` sequence numbers in a row. */
  #nextSequence(count: number): number {
    const first = this.#sequence + count > MAX_SEQUENCE ? 1 : this.#sequence + 1;
    this.#sequence = first + count - 1;
    return first;
  }

  #forget(first: number): boolean {
    const wasPending = this.#pending.delete(first);
    this.#updateHold();
    return wasPending;
  }

  #updateHold(): void {
    if (!this.#isClosed) this.#transport.hold(this.#pending.size > 0 || this.#isListening);
  }

  /** Checks sender, lengths, port and sequence number, and gives each message to what it is for. */
  #receive(bytes: Buffer, sender: number, nsid: number | undefined): void {
    if (sender !== KERNEL) return;
    let touched: Set<Exchange> | undefined;
    const notifications: Message[] = [];
    let latest: Exchange | undefined;
    let start = 0;
    while (start < bytes.length) {
      const length = messageLength(bytes, start);
      if (length === 0) break;
      const message = messageAt(bytes, start, length);
      const pending = this.#answered(message);
      if (pending !== undefined && pending.exchange !== latest) {
        touched ??= new Set();
        touched.add(pending.exchange);
      }
      latest = pending?.exchange ?? latest;
      if (pending?.exchange.onRun !== undefined && message.type >= NLMSG_MIN_TYPE) {
        start = takeRun(pending.exchange, message);
        continue;
      }
      if (pending !== undefined) this.#advance(pending, message);
      else if (message.type === NLMSG_OVERRUN) this.#onReceiveError(ENOBUFS);
      else if (message.type >= NLMSG_MIN_TYPE) notifications.push(message);
      start += (length + 3) & ~3;
    }
    if (touched !== undefined) for (const exchange of touched) exchange.onDatagramEnd?.();
    if (notifications.length > 0) this.#events.onNotifications(notifications, nsid);
    if (start < bytes.length) this.#lose(new SystemError('Truncated message', EMSGSIZE));
  }

  /** What a message answers; undefined for what answers nothing. */
  #answered({ type, port, sequence }: Message): Pending | undefined {
    if (type === NLMSG_NOOP || type === NLMSG_OVERRUN) return undefined;
    return port === this.#transport.port ? this.#find(sequence) : undefined;
  }

  /** The exchange that a sequence number belongs to; of most only the first number is in use. */
  #find(sequence: number): Pending | undefined {
    const found = this.#pending.get(sequence);
    if (found !== undefined) return found;
    for (const pending of this.#pending.values()) {
      const place = sequence - pending.first;
      if (place >= 0 && place < pending.count) return pending;
    }
    return undefined;
  }

  #advance({ first, exchange }: Pending, message: Message): void {
    let isOver: boolean;
    if (message.type === NLMSG_ERROR || message.type === NLMSG_DONE) {
      const end = readAcknowledgement(message);
      if (end === undefined) {
        if (this.#forget(first)) exchange.onFailure(new SystemError('Truncated message', EMSGSIZE));
        return;
      }
      isOver = exchange.onEnd(end, message, message.sequence - first);
    } else {
      isOver = exchange.onMessage(message);
    }
    if (isOver) this.#forget(first);
  }

  #onReceiveError(errno: number): void {
    const error = new SystemError('netlink receive error', errno);
    if (errno === ENOBUFS) this.#lose(error);
    else {
      this.#fail(error);
      this.#events.onError(error);
    }
  }

  /** Messages were lost: notifications, or answers. */
  #lose(error: SystemError): void {
    this.#events.onOverrun();
    this.#fail(error);
  }

  #fail(error: SystemError): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#updateHold();
    for (const { exchange } of pending) exchange.onFailure(error);
  }
}

/** Gives an exchange the messages that are numbered like `first` and follow it; returns where the next one begins. */
function takeRun(exchange: Exchange, first: Message): number {
  const { bytes, start, sequence, port } = first;
  const words = wordsOf(bytes);
  let { flags } = first;
  let end = start + ((first.end - start + 3) & ~3);
  while (end + HEADER_LENGTH <= bytes.length) {
    const at = end >> 2;
    const length = words[at]! >>> 0;
    const kind = words[at + 1]!;
    if (length < HEADER_LENGTH || length > bytes.length - end || (kind & 0xffff) < NLMSG_MIN_TYPE) break;
    if (words[at + 2]! >>> 0 !== sequence || words[at + 3]! >>> 0 !== port) break;
    flags |= kind >>> 16;
    end += (length + 3) & ~3;
  }
  exchange.onRun!({ bytes, words, start, end: Math.min(end, bytes.length) }, flags);
  return end;
}
