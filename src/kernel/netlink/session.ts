/** A session with the kernel over one netlink socket: requests, dumps, windows and subscriptions. */

import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { KernelError } from '../system/errors.ts';
import { AsyncQueue } from './async-queue.ts';
import { Channel } from './channel.ts';
import { type Batch, type Outcome, sendDump } from './dump.ts';
import { type Expectation, type OnWarning, type Reply, sendForFirst, sendRequest } from './exchange.ts';
import { Subscribers, type Subscription } from './subscription.ts';
import type { Connect, SocketOptions } from './transport.ts';
import {
  type RequestWindow,
  type StartedWindow,
  sendUnacknowledged,
  sendWindow,
  startWindow,
} from './window.ts';

/**
 * Datagrams of a dump that are read one after the other. After them others are read ahead while this thread prints: a
 * million routes take 450 ms instead of 700. Short dumps would lose more by waiting for the other thread.
 */
const SHORT_DUMP = 64;

/** How a session is held, besides its socket. */
export interface ConversationOptions extends SocketOptions {
  /** Called with the kernel's words that come with success. */
  readonly onWarning?: OnWarning;
}

/** Requests and their answers, dumps and notifications, over one socket. */
export class NetlinkSession {
  readonly #channel: Channel;
  readonly #subscribers: Subscribers;
  readonly #onWarning: OnWarning | undefined;
  #lastDump: AsyncQueue<Batch> | undefined;

  /** Opens the socket. Throws {@link SystemError} if there can be none. */
  constructor(connect: Connect, options: ConversationOptions = {}) {
    this.#onWarning = options.onWarning;
    this.#subscribers = new Subscribers(() => this.#channel.setListening(!this.#subscribers.isEmpty));
    this.#channel = new Channel(connect, options, this.#subscribers);
  }

  /** Closes the socket; pending requests are refused with ECANCELED. */
  close(): void {
    this.#channel.close();
    this.#subscribers.end();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Sends one request and resolves with its answer: the messages before the acknowledgement, or the single
   * message of a request that is answered without one. Rejects with {@link KernelError}.
   */
  request(message: MessageWriter, expects: Expectation = 'ack'): Promise<readonly Message[]> {
    return replied(onReply => sendRequest(this.#channel, message, expects, onReply, this.#onWarning));
  }

  /**
   * Sends one request and resolves with the first thing that the kernel says: a message, if `wantsMessage`, or the
   * acknowledgement. What follows is left for the next request that is sent so, if the socket blocks. `onUnexpected` is called
   * for each message that is not wanted. Rejects with {@link KernelError}.
   */
  requestFirst(
    message: MessageWriter,
    wantsMessage: boolean,
    onUnexpected: () => void,
  ): Promise<readonly Message[]> {
    const taken = { wantsMessage, onUnexpected, onWarning: this.#onWarning };
    return replied(onReply => sendForFirst(this.#channel, message, taken, onReply));
  }

  /**
   * Sends a dump request and yields the answer datagram by datagram. The iteration throws {@link KernelError} when
   * the kernel refuses or breaks off the dump; at its end `outcome.interrupted` says whether the table changed. With
   * `readsAhead` another thread reads what a long dump has next: until its end the session is used for nothing else.
   */
  async *dump(message: MessageWriter, outcome?: Outcome, readsAhead = false): AsyncGenerator<Batch, void> {
    const before = this.#lastDump;
    const queue = new AsyncQueue<Batch>(() => this.#channel.receive());
    this.#lastDump = queue;
    await before?.ended(); // The kernel runs one dump a socket at a time.
    sendDump(this.#channel, message, queue, outcome, this.#onWarning);
    let ahead: Promise<void> | undefined;
    let count = 0;
    try {
      for await (const batch of queue) {
        if (readsAhead && ++count > SHORT_DUMP && !queue.isEnded) ahead ??= this.#channel.readAhead();
        yield batch;
        if (!queue.isEmpty) continue;
        await ahead;
        ahead = undefined;
      }
    } finally {
      queue.discard(); // The kernel goes on until its end.
      await ahead;
    }
  }

  /** Yields the notifications of multicast groups until the session is closed or the iteration is left. */
  subscribe(groups: readonly number[]): Subscription {
    this.#channel.join(groups);
    return this.#subscribers.add(() => this.#channel.receive());
  }

  /** Sends the requests of a window. Resolves with the refusals by place in the window. */
  async requestWindow(window: RequestWindow): Promise<ReadonlyMap<number, KernelError>> {
    if (window.count === 0) return new Map();
    return new Promise((resolve, reject) => {
      const sent = sendWindow(this.#channel, window, answers => {
        if (answers instanceof Error) {
          reject(answers);
          return;
        }
        for (const reason of answers.warnings.values()) this.#onWarning?.(reason);
        resolve(answers.refusals);
      });
      this.#channel.wait(sent);
    });
  }

  /** Reads what {@link requestFirst} has left on a socket that blocks. */
  dropLeftovers(): void {
    while (this.#channel.receive(false));
  }

  /** Numbers a request that is never sent: what is left of the answer before is then not the next request's. */
  skipNumber(): void {
    this.#channel.skipNumber();
  }

  /**
   * Sends the requests of a window over a socket that blocks, none with NLM_F_ACK. Returns the refusals by place in the
   * window.
   */
  requestUnacknowledged(window: RequestWindow): ReadonlyMap<number, KernelError> {
    return window.count === 0 ? new Map() : sendUnacknowledged(this.#channel, window);
  }

  /**
   * Sends the requests of a window over a socket that blocks; with `inBackground` from another thread, so that this one
   * may do other work.
   * @internal
   */
  startWindow(window: RequestWindow, inBackground: boolean): StartedWindow {
    return startWindow(this.#channel, window, inBackground);
  }
}

function replied(send: (onReply: (reply: Reply) => void) => void): Promise<readonly Message[]> {
  return new Promise((resolve, reject) => {
    send(reply => (reply instanceof Error ? reject(reply) : resolve(reply)));
  });
}
