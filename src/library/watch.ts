/** What happens in a network, as typed events. Sources: rtnetlink(7), linux/rtnetlink.h RTNLGRP_*. */

import type { Outcome } from '../kernel/netlink/dump.ts';
import { Session } from '../kernel/netlink/event-session.ts';
import type { Subscription } from '../kernel/netlink/subscription.ts';
import { AF_BRIDGE, AF_INET, AF_INET6 } from '../linux/families.ts';
import {
  RTEXT_FILTER_SKIP_STATS,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELNEIGH,
  RTM_DELNEXTHOP,
  RTM_DELROUTE,
  RTM_DELRULE,
  RTM_GETNEIGH,
  RTM_GETNEXTHOP,
  RTM_GETRULE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWNEIGH,
  RTM_NEWNEXTHOP,
  RTM_NEWROUTE,
  RTM_NEWRULE,
} from '../linux/rtnetlink.ts';

import { neighbour, neighbourHeader } from '../rtnetlink/neighbour.ts';
import { encodeNextHop, nextHopHeader } from '../rtnetlink/nexthop.ts';
import { addressRequest, linkRequest, routeRequest } from '../rtnetlink/request.ts';

import { rule, ruleHeader } from '../rtnetlink/rule.ts';
import type { Message } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import { type Address, addressReading } from './collections/addresses.ts';
import type { Reading } from './collections/collection.ts';
import { type Neighbour, neighbourReading } from './collections/neighbours.ts';
import { type NextHop, nextHopReading } from './collections/nexthops.ts';
import { type Route, routeReading } from './collections/routes.ts';
import { type Rule, ruleReading } from './collections/rules.ts';
import type { Connection } from './connection.ts';
import { ArgumentError } from './values/argument.ts';
import { DeviceDirectory } from './values/devices.ts';
import { type Link, linkReading } from './values/link.ts';

/** What can be watched, and what is reported of each. */
export interface Watchable {
  readonly link: Link;
  readonly address: Address;
  readonly route: Route;
  readonly rule: Rule;
  readonly neighbour: Neighbour;
  readonly nexthop: NextHop;
}

/** Names of what can be watched. */
export type WatchGroup = keyof Watchable;

/** An object is there, has changed, or is gone. */
export type ChangeEvent<G extends WatchGroup = WatchGroup> = {
  [N in G]: {
    readonly group: N;
    /**
     * `present`: it was there when the watching began, or was read again after a loss; `set`: it was made or has changed;
     * `delete`: it is gone.
     */
    readonly action: 'present' | 'set' | 'delete';
    readonly value: Watchable[N];
  };
}[G];

/**
 * Events were lost: whatever was learnt before counts no more. All that there is follows as `present`, up to
 * {@link SynchronizedEvent}.
 */
export interface ResyncEvent {
  readonly group: 'watch';
  readonly action: 'resync';
}

/** All that there is has been reported; from here on changes are reported as they happen. */
export interface SynchronizedEvent {
  readonly group: 'watch';
  readonly action: 'synchronized';
  /** False if a table changed each of the hundred times that it was read: something that was there may be missing. */
  readonly isWhole: boolean;
}

/** What a watcher yields: {@link ChangeEvent}s, and what it has to say of itself. */
export type WatchEvent<G extends WatchGroup = WatchGroup> = ChangeEvent<G> | ResyncEvent | SynchronizedEvent;

/** How to watch. */
export interface WatchOptions {
  /** Begin with all that there is, as `present`, then `synchronized`. */
  readonly initial?: boolean | undefined;
  /** Ends the watching. */
  readonly signal?: AbortSignal | undefined;
  /** Size of the socket's buffer in bytes, 1 MiB when left out: what does not fit is lost while this thread is busy. */
  readonly receiveBuffer?: number | undefined;
}

interface Watched {
  readonly groups: readonly number[];
  readonly set: number;
  readonly delete: number;
  // biome-ignore lint/suspicious/noExplicitAny: of different values, distinguished by the name of the group
  readonly reading: Reading<any, any>;
  readonly dumps: () => readonly MessageWriter[];
}

const IP_FAMILIES = [AF_INET, AF_INET6];

const WATCHED: Readonly<Record<WatchGroup, Watched>> = {
  link: {
    groups: [1],
    set: RTM_NEWLINK,
    delete: RTM_DELLINK,
    reading: linkReading,
    dumps: () => [linkRequest({}, {}, { ext_mask: RTEXT_FILTER_SKIP_STATS })],
  },
  address: {
    groups: [5, 9],
    set: RTM_NEWADDR,
    delete: RTM_DELADDR,
    reading: addressReading,
    dumps: () => [addressRequest()],
  },
  route: {
    groups: [7, 11],
    set: RTM_NEWROUTE,
    delete: RTM_DELROUTE,
    reading: routeReading,
    dumps: () => IP_FAMILIES.map(family => routeRequest({}, { family })),
  },
  rule: {
    groups: [8, 19],
    set: RTM_NEWRULE,
    delete: RTM_DELRULE,
    reading: ruleReading,
    dumps: () =>
      IP_FAMILIES.map(family => {
        const request = new MessageWriter(RTM_GETRULE, 0);
        ruleHeader.write(request, { ...ruleHeader.zero(), family });
        rule.encode(request, {});
        return request;
      }),
  },
  neighbour: {
    groups: [3],
    set: RTM_NEWNEIGH,
    delete: RTM_DELNEIGH,
    reading: neighbourReading,
    dumps: () => {
      const request = new MessageWriter(RTM_GETNEIGH, 0);
      neighbourHeader.write(request, neighbourHeader.zero());
      neighbour.encode(request, {});
      return [request];
    },
  },
  nexthop: {
    groups: [32],
    set: RTM_NEWNEXTHOP,
    delete: RTM_DELNEXTHOP,
    reading: nextHopReading,
    dumps: () => {
      const request = new MessageWriter(RTM_GETNEXTHOP, 0);
      encodeNextHop(request, nextHopHeader.zero(), {});
      return [request];
    },
  },
};

/**
 * Events of a network, one after the other: an async iterable that listens from its making on. Dispose of it, leave
 * the loop, or abort its signal to end it.
 */
export class Watcher<G extends WatchGroup = WatchGroup> implements AsyncIterable<WatchEvent<G>> {
  readonly #connection: Connection;
  readonly #groups: readonly G[];
  readonly #session: Session;
  readonly #events: Subscription;
  readonly #isInitial: boolean;
  readonly #directory: DeviceDirectory;
  readonly #decodeLink = linkReading.decoder();
  /** What decodes the messages of each kind. */
  // biome-ignore lint/suspicious/noExplicitAny: see Watched
  readonly #decoders = new Map<unknown, (message: Message) => any>();
  readonly #signal: AbortSignal | undefined;
  readonly #abort = () => this.close();
  readonly #onClose: () => void;
  #isClosed = false;

  /** @internal */
  constructor(
    connection: Connection,
    groups: readonly G[],
    options: WatchOptions = {},
    onClose: () => void = () => undefined,
  ) {
    const unknown = groups.find(group => !Object.hasOwn(WATCHED, group));
    if (unknown !== undefined) throw new ArgumentError('groups', `"${String(unknown)}" cannot be watched`);
    const { receiveBuffer, signal } = options;
    this.#connection = connection;
    this.#onClose = onClose;
    this.#groups = groups;
    this.#isInitial = options.initial === true;
    this.#directory = new DeviceDirectory(connection);
    this.#session = Session.open({
      namespace: connection.namespace,
      ...(receiveBuffer === undefined ? {} : { receiveBuffer }),
    });
    // Devices are always listened to: their names are in the events of everything else.
    const numbers = new Set([...WATCHED.link.groups, ...groups.flatMap(group => WATCHED[group].groups)]);
    this.#events = this.#session.subscribe([...numbers]);
    this.#signal = signal;
    if (signal?.aborted) this.close();
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Ends the watching, and with it the loops over it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#session.close();
    this.#onClose();
  }

  /** The same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The same as {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** Yields the events from the making of the watcher on; to be called once. Throws {@link KernelError}. */
  async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent<G>, void> {
    try {
      if (this.#isInitial) yield* this.#present();
      for await (const event of this.#events) {
        if (event.kind === 'overrun') {
          yield { group: 'watch', action: 'resync' };
          yield* this.#present();
        } else {
          for (const message of event.messages) yield* this.#read(message);
        }
      }
    } finally {
      this.close();
    }
  }

  /** Everything that there is. What happens by then follows: it has been listened to since before. */
  async *#present(): AsyncGenerator<WatchEvent<G>, void> {
    const outcome: Outcome = { interrupted: false };
    for (const group of this.#groups) {
      const { dumps, reading } = WATCHED[group];
      if (this.#isClosed) return;
      for (const batch of this.#connection.dumpWhole(dumps(), outcome))
        for (const message of batch) yield* this.#convert(group, reading, 'present', message);
    }
    yield { group: 'watch', action: 'synchronized', isWhole: !outcome.interrupted };
  }

  async *#read(message: Message): AsyncGenerator<WatchEvent<G>, void> {
    const isLink = message.type === RTM_NEWLINK || message.type === RTM_DELLINK;
    if (isLink) this.#learn(message);
    for (const group of this.#groups) {
      const { set, delete: remove, reading } = WATCHED[group];
      if (message.type === set) yield* this.#convert(group, reading, 'set', message);
      else if (message.type === remove) yield* this.#convert(group, reading, 'delete', message);
    }
  }

  #learn(message: Message): void {
    const found = this.#decodeLink(message);
    if (found?.ifname !== undefined) this.#directory.remember(found.header.index, found.ifname);
  }

  async *#convert(
    group: G,
    // biome-ignore lint/suspicious/noExplicitAny: see Watched
    reading: Reading<any, any>,
    action: ChangeEvent['action'],
    message: Message,
  ): AsyncGenerator<WatchEvent<G>, void> {
    const decode = this.#decoders.get(reading) ?? reading.decoder();
    this.#decoders.set(reading, decode);
    const raw = decode(message);
    // What bridges report of their ports comes as link and neighbour messages of a separate family.
    if (raw === undefined || raw.header?.family === AF_BRIDGE) return;
    if (!this.#connection.isClosed) await this.#directory.learn(reading.devices(raw));
    const value = reading.convert(raw, this.#directory, this.#connection);
    yield { group, action, value } as WatchEvent<G>;
  }
}
