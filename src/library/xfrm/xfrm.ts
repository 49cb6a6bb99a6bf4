/** IPsec in a network: its states, its policies, and what the kernel reports of them. */

import { AsyncQueue } from '../../kernel/netlink/async-queue.ts';
import { Channel } from '../../kernel/netlink/channel.ts';
import { openSocket } from '../../kernel/netlink/event-socket.ts';
import { NETLINK_XFRM } from '../../linux/netlink.ts';
import type { Connection } from '../connection.ts';
import { Listing } from '../listing.ts';
import { signal as anySignal, members } from '../values/shape.ts';
import { readXfrmEvent, XFRM_GROUPS, type XfrmEvent } from './events.ts';
import { XfrmPolicies } from './policies.ts';
import { XfrmSession } from './session.ts';
import { XfrmStates } from './states.ts';

/** How to watch IPsec. */
export interface XfrmWatchOptions {
  /** Ends the watching. */
  readonly signal?: AbortSignal | undefined;
}

/** IPsec in a network. */
export class Xfrm {
  readonly states: XfrmStates;
  readonly policies: XfrmPolicies;
  readonly #connection: Connection;
  readonly #session: XfrmSession;
  readonly #watchers = new Set<() => void>();

  /** @internal */
  constructor(connection: Connection) {
    this.#connection = connection;
    this.#session = new XfrmSession(connection);
    this.states = new XfrmStates(this.#session);
    this.policies = new XfrmPolicies(this.#session);
  }

  /**
   * Listens to events from now on; leave the loop, abort the signal or close the network to end it. Throws
   * {@link SystemError}.
   *
   *     for await (const event of network.xfrm.watch())
   *       if (event.event === 'acquire') await network.xfrm.states.add(...);
   */
  watch(options: XfrmWatchOptions = {}): AsyncGenerator<XfrmEvent, void> & AsyncDisposable {
    const { signal } = members<XfrmWatchOptions>('options', options, { signal: anySignal });
    const queue = new AsyncQueue<XfrmEvent>(() => false);
    const { namespace } = this.#connection;
    const channel = new Channel(
      openSocket,
      { protocol: NETLINK_XFRM, namespace },
      {
        onNotifications: messages => {
          for (const message of messages) {
            const event = readXfrmEvent(message);
            if (event !== undefined) queue.put(event);
          }
        },
        onOverrun: () => queue.put({ event: 'loss' }),
        onError: error => queue.end(error),
      },
    );
    channel.setListening(true);
    channel.join([...XFRM_GROUPS]);
    const close = () => {
      if (!this.#watchers.delete(close)) return;
      signal?.removeEventListener('abort', close);
      channel.close();
      queue.end();
    };
    this.#watchers.add(close);
    signal?.addEventListener('abort', close, { once: true });
    if (signal?.aborted) close();
    const batches = (async function* (): AsyncGenerator<readonly XfrmEvent[], void> {
      for await (const event of queue) yield [event];
    })();
    return new Listing(batches, close, close);
  }

  /** @internal */
  close(): void {
    for (const close of [...this.#watchers]) close();
    this.#session.close();
  }
}
