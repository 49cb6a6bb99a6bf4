/**
 * A conversation with the kernel over one netlink socket, whatever the socket is: requests with their
 * acknowledgement, dumps, multicast. Source: linux/netlink.h, Documentation/userspace-api/netlink/intro.rst.
 */
import { ECANCELED, EMSGSIZE, ENOBUFS } from '../../linux/errno.ts';
import {
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_DUMP_INTR,
  NLM_F_MULTI,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_MIN_TYPE,
  NLMSG_OVERRUN,
} from '../../linux/netlink.ts';
import { type Message, splitDatagram } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { KernelError, SystemError } from '../system/errors.ts';
import { readAcknowledgement } from './acknowledgement.ts';
import { AsyncQueue } from './async-queue.ts';
import { BufferPool } from './rooms.ts';
import type { Connect, SocketOptions, Transport } from './transport.ts';
import type { RequestWindow } from './window.ts';

/** Datagrams of a dump that are not worth another thread. */
const FEW = 3;
/** So few messages are not worth waking their reader while more are at hand. */
const FEW_MESSAGES = 64;
const MAX_SEQUENCE = 0xffffffff;

/** Messages of one datagram that answer a dump. */
export type Batch = readonly Message[];

/** What a dump or a subscription yields beside messages. */
export interface Outcome {
  /** NLM_F_DUMP_INTR: the table changed while it was read. */
  interrupted: boolean;
}

/** An item of a subscription: messages, or the news that messages were lost. */
export type Notification =
  | { readonly kind: 'messages'; readonly messages: Batch }
  | { readonly kind: 'overrun' };

/** How a conversation is held, beside its socket. */
export interface ConversationOptions extends SocketOptions {
  /** Told of the kernel's words that come with success. */
  readonly onWarning?: (reason: string) => void;
}

interface Exchange {
  readonly request: Buffer;
  /** Whether messages are taken that are good for some time only. */
  readonly isLent: boolean;
  /** A message of the answer that is not its end. */
  take(message: Message): void;
  /** After the last message of a datagram, or of several that came together. */
  pause(): void;
  done(message: Message | undefined): void;
  fail(error: Error): void;
}

/** What the kernel says of the requests of a window, by place in it. */
export interface WindowAnswers {
  readonly refusals: ReadonlyMap<number, KernelError>;
  /** Its words that come with success; it has them only for requests that ask for an acknowledgement. */
  readonly warnings: ReadonlyMap<number, string>;
}

/** A window that was sent over a socket that blocks. */
export interface StartedWindow {
  /** When the kernel has taken all of it: then nobody need be woken for each answer. */
  readonly taken: Promise<void>;
  /** Waits for the answers. Throws {@link SystemError} where there are none. */
  answers(): WindowAnswers;
}

/** A window of requests that is not answered yet. */
interface SentWindow {
  readonly window: RequestWindow;
  /** Sequence number of its first request. */
  readonly first: number;
  readonly refusals: Map<number, KernelError>;
  readonly warnings: Map<number, string>;
  readonly taken: Promise<void>;
  /** All is answered, or no answer will come: then with the reason. */
  readonly end: (error?: Error) => void;
}

/** Requests and their answers, dumps and notifications, over one socket. */
export class NetlinkSession {
  readonly #transport: Transport;
  readonly #exchanges = new Map<number, Exchange>();
  readonly #subscriptions = new Set<AsyncQueue<Notification>>();
  readonly #options: ConversationOptions;
  #sequence = Math.floor(Date.now() / 1000) >>> 0;
  #isClosed = false;
  #sentWindow: SentWindow | undefined;
  /** Datagrams of the present dump that were read one by one, and whether the others come by themselves. */
  #pulled = 0;
  #isPumping = false;
  readonly #rooms = new BufferPool();
  #lastDump: AsyncQueue<Batch> | undefined;

  /** Opens the socket. Throws {@link SystemError} when it cannot be had. */
  constructor(connect: Connect, options: ConversationOptions = {}) {
    this.#options = options;
    this.#transport = connect(options, {
      message: (bytes, port) => this.#receive(bytes, port),
      truncated: () => this.#fail(new SystemError('Truncated message', EMSGSIZE)),
      error: errno => this.#onReceiveError(errno),
    });
    this.#transport.hold(false);
  }

  /** Closes the socket; whatever is under way is refused with ECANCELED. */
  close(): void {
    this.#fail(new SystemError('session closed', ECANCELED));
    for (const mailbox of this.#subscriptions) mailbox.end();
    this.#isClosed = true;
    this.#transport.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Sends one request and resolves with its answer: the messages before the acknowledgement, or the single
   * message of a request that is answered without one. Rejects with {@link KernelError}.
   */
  request(message: MessageWriter, expects: 'ack' | 'answer' = 'ack'): Promise<readonly Message[]> {
    if (expects === 'ack') message.flags |= NLM_F_ACK;
    return new Promise((resolve, reject) => {
      const answers: Message[] = [];
      const sequence = this.#send(message, request => ({
        request,
        isLent: false,
        take: answer => {
          answers.push(answer);
          if (expects !== 'answer' || answer.flags & NLM_F_MULTI) return;
          this.#forget(answer.sequence);
          resolve(answers);
        },
        pause: () => undefined,
        done: () => resolve(answers),
        fail: reject,
      }));
      this.#await(sequence);
    });
  }

  /**
   * Sends a dump request and yields the answer datagram by datagram. The iteration throws {@link KernelError} when
   * the kernel refuses or breaks off the dump; `outcome.interrupted` tells at the end whether the table changed.
   * Messages that are lent are good until the next batch but one is asked for: their memory is used again.
   */
  async *dump(message: MessageWriter, outcome?: Outcome, isLent = false): AsyncGenerator<Batch, void> {
    message.flags |= NLM_F_DUMP;
    const before = this.#lastDump;
    const mailbox = new AsyncQueue<Batch>(() => this.#pull());
    this.#lastDump = mailbox;
    await before?.ended(); // The kernel runs one dump a socket at a time.
    this.#pulled = 0;
    let batch: Message[] = [];
    this.#send(message, request => ({
      request,
      isLent,
      take(answer) {
        if (answer.flags & NLM_F_DUMP_INTR && outcome) outcome.interrupted = true;
        batch.push(answer);
      },
      pause() {
        if (batch.length > 0) mailbox.put(batch);
        batch = [];
      },
      done(end) {
        if (end !== undefined && end.flags & NLM_F_DUMP_INTR && outcome) outcome.interrupted = true;
        this.pause();
        mailbox.end();
      },
      fail(error) {
        this.pause();
        mailbox.end(error);
      },
    }));
    try {
      let before: ArrayBufferLike | undefined;
      for await (const lent of mailbox) {
        yield lent;
        const memory = lent[0]?.bytes.buffer;
        if (isLent && before !== undefined && before !== memory) this.#rooms.release(before);
        before = memory;
      }
    } finally {
      mailbox.discard(); // The kernel goes on until its end.
    }
  }

  /**
   * Waits until the kernel has told all of a dump that nobody reads any more.
   * @internal
   */
  async drained(): Promise<void> {
    await this.#lastDump?.ended();
  }

  /** Yields the notifications of multicast groups until the session is closed or the iteration is left. */
  subscribe(
    groups: readonly number[],
  ): AsyncIterable<Notification> & { [Symbol.asyncIterator](): AsyncIterator<Notification> } {
    const mailbox = new AsyncQueue<Notification>(() => this.#pull());
    for (const group of groups) this.#transport.join(group);
    this.#subscriptions.add(mailbox);
    this.#updateRef();
    const leave = () => {
      this.#subscriptions.delete(mailbox);
      mailbox.end();
      this.#updateRef();
    };
    return {
      async *[Symbol.asyncIterator]() {
        try {
          yield* mailbox;
        } finally {
          leave();
        }
      },
    };
  }

  /** Sends the requests of a window. Resolves with the refusals by place in the window. One window at a time. */
  async requestWindow(window: RequestWindow): Promise<ReadonlyMap<number, KernelError>> {
    if (window.count === 0) return new Map();
    return new Promise((resolve, reject) => {
      this.#sendWindow(window, false, ({ refusals, warnings }, error) => {
        for (const reason of warnings.values()) this.#options.onWarning?.(reason);
        if (error === undefined) resolve(refusals);
        else reject(error);
      });
      this.#awaitWindow(window);
    });
  }

  /**
   * Sends the requests of a window over a socket that blocks, on which nothing else is under way. With `isAside` another
   * thread sends, so that this one may go on with other things.
   * @internal
   */
  startWindow(window: RequestWindow, isAside: boolean): StartedWindow {
    let failure: Error | undefined;
    const sent = this.#sendWindow(window, isAside, (_answers, error) => {
      failure = error;
    });
    return {
      taken: sent.taken,
      answers: () => {
        this.#awaitWindow(window);
        if (failure !== undefined) throw failure;
        return sent;
      },
    };
  }

  #sendWindow(
    window: RequestWindow,
    isAside: boolean,
    onEnd: (answers: WindowAnswers, error?: Error) => void,
  ): SentWindow {
    const first = this.#nextSequence(window.count);
    let take = () => {};
    const sent: SentWindow = {
      taken: new Promise(resolve => {
        take = resolve;
      }),
      window,
      first,
      refusals: new Map(),
      warnings: new Map(),
      end: error => {
        this.#sentWindow = undefined;
        this.#updateRef();
        onEnd(sent, error);
      },
    };
    this.#sentWindow = sent;
    this.#transmit(
      window.finish(first),
      errno => {
        if (errno !== 0) sent.end(new SystemError('Cannot send to netlink', errno));
        take();
      },
      isAside,
    );
    return sent;
  }

  /** Takes a message about a request of the window that is under way; false when it is about none. */
  #takeOfWindow(message: Message): boolean {
    const sent = this.#sentWindow;
    const index = sent === undefined ? -1 : message.sequence - sent.first;
    if (sent === undefined || index < 0 || index >= sent.window.count) return false;
    if (message.type !== NLMSG_ERROR) return true;
    const { errno, extendedAck } = readAcknowledgement(message);
    if (errno !== 0)
      sent.refusals.set(index, new KernelError(errno, sent.window.request(index), extendedAck));
    else if (extendedAck.reason !== undefined) sent.warnings.set(index, extendedAck.reason);
    if (index === sent.window.count - 1) sent.end();
    return true;
  }

  #awaitWindow(window: RequestWindow): void {
    const { receive } = this.#transport;
    while (receive !== undefined && !this.#isPumping && this.#sentWindow?.window === window) receive();
  }

  /** The first of `count` sequence numbers in a row. */
  #nextSequence(count = 1): number {
    const first = this.#sequence + count > MAX_SEQUENCE ? 1 : this.#sequence + 1;
    this.#sequence = first + count - 1;
    return first;
  }

  #send(message: MessageWriter, begin: (request: Buffer) => Exchange): number {
    const sequence = this.#nextSequence();
    const request = message.finish(sequence);
    const exchange = begin(request);
    this.#exchanges.set(sequence, exchange);
    this.#updateRef();
    this.#transmit(request, errno => {
      if (errno === 0) return;
      this.#forget(sequence);
      exchange.fail(new SystemError('Cannot send to netlink', errno));
    });
    return sequence;
  }

  /** Reads a socket that blocks until the request `sequence` is answered; others tell of answers as they come. */
  #await(sequence: number): void {
    const { receive } = this.#transport;
    while (receive !== undefined && !this.#isPumping && this.#exchanges.has(sequence)) receive();
  }

  /**
   * Reads one datagram of a dump from a socket that blocks; false where datagrams come by themselves. From a long
   * dump they do: the kernel writes on in another thread while this one goes about what it has.
   */
  #pull(): boolean {
    const { receive, receiveInBackground } = this.#transport;
    if (receive === undefined || this.#isPumping) return false;
    if (this.#pulled >= FEW && receiveInBackground !== undefined) {
      this.#receiveLoop(receiveInBackground);
      return false;
    }
    this.#pulled++;
    receive();
    return true;
  }

  #receiveLoop(receiveAside: NonNullable<Transport['receiveInBackground']>): void {
    this.#isPumping = true;
    const room = this.#rooms.take();
    receiveAside(room, datagrams => {
      const isLent = this.#isLent;
      for (const bytes of datagrams) this.#receive(isLent ? bytes : Buffer.from(bytes), 0);
      if (!isLent) this.#rooms.release(room.bytes.buffer);
      for (const exchange of this.#exchanges.values()) exchange.pause();
      if (this.#isExpecting) this.#receiveLoop(receiveAside);
      else this.#isPumping = false;
    });
  }

  /** Whether whoever hears takes what is lent. */
  get #isLent(): boolean {
    if (this.#sentWindow !== undefined || this.#subscriptions.size > 0) return false;
    for (const exchange of this.#exchanges.values()) if (!exchange.isLent) return false;
    return true;
  }

  /** Whether answers are due. */
  get #isExpecting(): boolean {
    return this.#exchanges.size > 0 || this.#sentWindow !== undefined;
  }

  #transmit(bytes: Buffer, onSent: (errno: number) => void, isAside = false): void {
    this.#updateRef();
    const { sendInBackground } = this.#transport;
    if (isAside && sendInBackground !== undefined) sendInBackground(bytes, onSent);
    else this.#transport.send(bytes, onSent);
  }

  #forget(sequence: number): void {
    this.#exchanges.delete(sequence);
    this.#updateRef();
  }

  #updateRef(): void {
    if (this.#isClosed) return;
    this.#transport.hold(this.#isExpecting || this.#subscriptions.size > 0);
  }

  #receive(bytes: Buffer, port: number): void {
    if (port !== 0) return; // Not from the kernel.
    const { messages } = splitDatagram(bytes);
    const touched = new Set<Exchange>();
    const notifications: Message[] = [];
    let latest: Exchange | undefined;
    for (const message of messages) {
      const isAnswer = message.port === this.#transport.port && message.type !== NLMSG_OVERRUN;
      const exchange = isAnswer ? this.#exchanges.get(message.sequence) : undefined;
      if (exchange !== undefined) {
        if (exchange !== latest) touched.add(exchange);
        latest = exchange;
        this.#advance(exchange, message);
      } else if (!(isAnswer && this.#takeOfWindow(message)) && message.type >= NLMSG_MIN_TYPE) {
        notifications.push(message);
      }
    }
    // Datagrams of few messages that come together are handed on together.
    if (!this.#isPumping || messages.length > FEW_MESSAGES) for (const exchange of touched) exchange.pause();
    if (notifications.length === 0) return;
    for (const mailbox of this.#subscriptions) mailbox.put({ kind: 'messages', messages: notifications });
  }

  #advance(exchange: Exchange, message: Message): void {
    if (message.type !== NLMSG_ERROR && message.type !== NLMSG_DONE) {
      exchange.take(message);
      return;
    }
    const { errno, extendedAck } = readAcknowledgement(message);
    this.#forget(message.sequence);
    if (errno !== 0) {
      exchange.fail(new KernelError(errno, exchange.request, extendedAck, message.type === NLMSG_DONE));
      return;
    }
    if (extendedAck.reason !== undefined) this.#options.onWarning?.(extendedAck.reason);
    exchange.done(message);
  }

  /** A receive error: ENOBUFS means lost notifications to a subscriber, and a lost answer to everybody else. */
  #onReceiveError(errno: number): void {
    if (errno === ENOBUFS) for (const mailbox of this.#subscriptions) mailbox.put({ kind: 'overrun' });
    if (errno !== ENOBUFS || this.#isExpecting) this.#fail(new SystemError('netlink receive error', errno));
  }

  #fail(error: Error): void {
    const exchanges = [...this.#exchanges.values()];
    this.#exchanges.clear();
    this.#updateRef();
    for (const exchange of exchanges) exchange.fail(error);
    this.#sentWindow?.end(error);
  }
}
