/** Notifications of multicast groups (RTNLGRP_*): queued as the event loop delivers them, or waited for. */

import type { Message } from '../../wire/message.ts';
import type { SystemError } from '../system/errors.ts';
import { AsyncQueue } from './async-queue.ts';
import { Channel, type ChannelEvents } from './channel.ts';
import type { Connect, SocketOptions } from './transport.ts';

/** An item of a subscription: messages, or the report that messages were lost. */
export type Notification =
  | {
      readonly kind: 'messages';
      readonly messages: readonly Message[];
      /** Id of the namespace that they come from, where all are listened to; undefined for our own. */
      readonly nsid?: number | undefined;
    }
  | { readonly kind: 'overrun' };

/** The iteration of a subscription; leaving it ends the subscription. */
export type Subscription = AsyncIterable<Notification> & {
  [Symbol.asyncIterator](): AsyncIterator<Notification>;
};

/** The subscribers of one socket. Each receives the notifications of all groups that any of them has joined. */
export class Subscribers implements ChannelEvents {
  readonly #queues = new Set<AsyncQueue<Notification>>();
  readonly #onChange: () => void;

  /** `onChange` is called after a subscriber was added or removed. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get isEmpty(): boolean {
    return this.#queues.size === 0;
  }

  /** Adds a subscriber. `receive` reads a datagram; false where datagrams are delivered without it. */
  add(receive: () => boolean): Subscription {
    const queue = new AsyncQueue<Notification>(receive);
    this.#queues.add(queue);
    this.#onChange();
    const leave = () => {
      this.#queues.delete(queue);
      queue.end();
      this.#onChange();
    };
    return {
      async *[Symbol.asyncIterator]() {
        try {
          yield* queue;
        } finally {
          leave();
        }
      },
    };
  }

  /** Ends all subscriptions. */
  end(): void {
    for (const queue of this.#queues) queue.end();
  }

  onNotifications(messages: readonly Message[], nsid: number | undefined): void {
    this.#put({ kind: 'messages', messages, ...(nsid === undefined ? {} : { nsid }) });
  }

  onOverrun(): void {
    this.#put({ kind: 'overrun' });
  }

  onError(error: SystemError): void {
    for (const queue of this.#queues) queue.end(error);
  }

  #put(notification: Notification): void {
    for (const queue of this.#queues) queue.put(notification);
  }
}

/** How to listen: the socket's options, and RTNLGRP_* numbers. */
export interface ListenOptions extends SocketOptions {
  readonly groups: readonly number[];
}

/**
 * Joins `groups` at once and yields their notifications without end, on a socket that blocks: for a program that does
 * nothing else, and that has to know which namespace each message comes from. Throws {@link SystemError}.
 */
export function listen(
  connect: Connect,
  { groups, ...options }: ListenOptions,
): Generator<Notification, never> {
  const received: Notification[] = [];
  let failure: SystemError | undefined;
  const channel = new Channel(connect, options, {
    onNotifications: (messages, nsid) => received.push({ kind: 'messages', messages, nsid }),
    onOverrun: () => received.push({ kind: 'overrun' }),
    onError: error => {
      failure = error;
    },
  });
  channel.join(groups);
  return (function* () {
    while (true) {
      channel.receive();
      yield* received.splice(0);
      if (failure !== undefined) throw failure;
    }
  })();
}
