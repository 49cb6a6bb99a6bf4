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
import { type Message, splitDatagram } from '../../wire/message.ts';
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
  /** A message that is not the end of an answer; returns true if nothing more is expected. */
  onMessage(message: Message): boolean;
  /** The end of the answer to the request at `place`; returns true if nothing more is expected. */
  onEnd(end: Acknowledgement, message: Message, place: number): boolean;
  /** After the last message of a datagram. */
  onDatagramEnd?(): void;
  /** There will be no answer, or no more of it. */
  onFailure(error: SystemError): void;
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

/** An exchange that is not over, and the sequence number of its first request. */
interface Pending {
  readonly first: number;
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
   * Sends the requests of an exchange; `encode` numbers them from the sequence number that it is given. Returns that
   * number. `onSent` is called once the kernel has taken them, or cannot.
   */
  start(
    exchange: Exchange,
    encode: (first: number) => Buffer,
    inBackground = false,
    onSent: () => void = () => undefined,
  ): number {
    const first = this.#nextSequence(exchange.count);
    const bytes = encode(first);
    this.#pending.set(first, { first, exchange });
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
    const { receive } = this.#transport;
    while (receive !== undefined && this.#pending.has(first)) receive(true);
  }

  /** Reads one datagram, if the socket blocks and, unless it `mayWait`, a datagram is there; returns whether it did. */
  receive(mayWait = true): boolean {
    return this.#transport.receive?.(mayWait) ?? false;
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
    const { messages, rest } = splitDatagram(bytes);
    const touched = new Set<Exchange>();
    const notifications: Message[] = [];
    let latest: Exchange | undefined;
    for (const message of messages) {
      if (message.type === NLMSG_NOOP) continue;
      if (message.type === NLMSG_OVERRUN) {
        this.#onReceiveError(ENOBUFS);
        continue;
      }
      const pending = message.port === this.#transport.port ? this.#find(message.sequence) : undefined;
      if (pending === undefined) {
        if (message.type >= NLMSG_MIN_TYPE) notifications.push(message);
        continue;
      }
      if (pending.exchange !== latest) touched.add(pending.exchange);
      latest = pending.exchange;
      this.#advance(pending, message);
    }
    for (const exchange of touched) exchange.onDatagramEnd?.();
    if (notifications.length > 0) this.#events.onNotifications(notifications, nsid);
    if (rest > 0) this.#lose(new SystemError('Truncated message', EMSGSIZE));
  }

  /** The exchange that a sequence number belongs to; of most only the first number is in use. */
  #find(sequence: number): Pending | undefined {
    const found = this.#pending.get(sequence);
    if (found !== undefined) return found;
    for (const pending of this.#pending.values()) {
      const place = sequence - pending.first;
      if (place >= 0 && place < pending.exchange.count) return pending;
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
