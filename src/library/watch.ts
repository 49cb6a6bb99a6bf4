/** What happens in a network, as typed events. Sources: rtnetlink(7), linux/rtnetlink.h RTNLGRP_*. */

import { Channel } from '../kernel/netlink/channel.ts';
import type { Outcome } from '../kernel/netlink/dump.ts';
import { openSocket } from '../kernel/netlink/event-socket.ts';
import { NLM_F_APPEND, NLM_F_REPLACE } from '../linux/netlink.ts';
import { RTM_DELLINK, RTM_NEWLINK } from '../linux/rtnetlink.ts';
import { linkHeader, link as linkTable } from '../rtnetlink/link.ts';
import { loadSigned32 } from '../wire/integers.ts';
import { attributeLength, findAttribute, type Message } from '../wire/message.ts';
import { decodeTextToNul } from '../wire/text.ts';
import { wordsOf } from '../wire/words.ts';
import type { Connection } from './connection.ts';
import { Listing } from './listing.ts';
import { ArgumentError } from './values/argument.ts';
import { DeviceDirectory } from './values/devices.ts';
import { type Reader, readRun } from './values/reading.ts';
import { WATCHED, type Watchable, type WatchGroup } from './watch-groups.ts';

/** An object is there, has changed, or is gone. */
export type ChangeEvent<G extends WatchGroup = WatchGroup> = {
  [N in G]: {
    readonly group: N;
    /**
     * `present`: it was there when the watching began, or after a loss; `set`: it was made or has changed;
     * `delete`: it is gone.
     */
    readonly action: 'present' | 'set' | 'delete';
    readonly value: Watchable[N];
    /** It took the place of another one (NLM_F_REPLACE): of a route, the first to the same destination and metric. */
    readonly replaced: boolean;
    /** It was put after others (NLM_F_APPEND). */
    readonly appended: boolean;
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

/** What a message of a type means to a watcher. */
interface Meaning<G extends WatchGroup> {
  readonly group: G;
  readonly action: ChangeEvent['action'];
  readonly read: Reader<Watchable[G]>;
}

/**
 * Events of a network, one after the other: an async iterable that listens from its making on. Dispose of it, leave
 * the loop, or abort its signal to end it.
 */
export class Watcher<G extends WatchGroup = WatchGroup> implements AsyncIterable<WatchEvent<G>> {
  readonly #connection: Connection;
  readonly #channel: Channel;
  readonly #directory: DeviceDirectory;
  readonly #readers: ReadonlyMap<G, Reader<Watchable[G]>>;
  /** By types of messages. */
  readonly #meanings: ReadonlyMap<number, readonly Meaning<G>[]>;
  readonly #isInitial: boolean;
  /** The groups of which all that there is is reported. */
  readonly #presented: readonly G[];
  readonly #signal: AbortSignal | undefined;
  readonly #abort = () => this.close();
  readonly #onClose: () => void;
  #events: WatchEvent<G>[] = [];
  #wake: (() => void) | undefined;
  #error: Error | undefined;
  #isClosed = false;

  /** @internal */
  constructor(
    connection: Connection,
    groups: readonly G[],
    options: WatchOptions = {},
    onClose: () => void = () => undefined,
    presented: readonly G[] = groups,
  ) {
    const unknown = groups.find(group => !Object.hasOwn(WATCHED, group));
    if (unknown !== undefined) throw new ArgumentError('groups', `"${String(unknown)}" cannot be watched`);
    const { receiveBuffer, signal } = options;
    const { namespace, devices } = connection;
    this.#connection = connection;
    this.#onClose = onClose;
    this.#isInitial = options.initial === true;
    this.#presented = presented;
    this.#directory = new DeviceDirectory(devices);
    this.#readers = new Map(
      groups.map(group => [group, WATCHED[group].reading(connection, this.#directory)]),
    );
    this.#meanings = meaningsOf(this.#readers);
    const socket = { namespace, ...(receiveBuffer === undefined ? {} : { receiveBuffer }) };
    this.#channel = new Channel(openSocket, socket, {
      onNotifications: messages => this.#take(messages),
      onOverrun: () => this.resynchronize(),
      onError: error => this.#end(error),
    });
    this.#channel.setListening(true);
    // Devices are always listened to: their names are in the events of everything else.
    const numbers = new Set([...WATCHED.link.groups, ...groups.flatMap(group => WATCHED[group].groups)]);
    this.#channel.join([...numbers]);
    this.#signal = signal;
    if (signal?.aborted) this.close();
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Ends the watching, and with it the loops over it. */
  close(): void {
    this.#end(undefined);
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
  [Symbol.asyncIterator](): AsyncGenerator<WatchEvent<G>, void> {
    return new Listing(this.#batches(), undefined, () => this.close());
  }

  async *#batches(): AsyncGenerator<readonly WatchEvent<G>[], void> {
    try {
      if (this.#isInitial && !this.#isClosed) this.#events = this.#present().concat(this.#events);
      while (true) {
        if (this.#isClosed && this.#error === undefined) return;
        const events = this.#events;
        this.#events = [];
        if (events.length > 0) yield events;
        else if (this.#error !== undefined) throw this.#error;
        else await this.#nextEvents();
      }
    } finally {
      this.close();
    }
  }

  #nextEvents(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve;
    });
  }

  #end(error: Error | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#error = error;
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#channel.close();
    this.#onClose();
    this.#wake?.();
  }

  #put(events: readonly WatchEvent<G>[]): void {
    for (const event of events) this.#events.push(event);
    this.#wake?.();
  }

  /** Everything that there is. What happens after follows: it has been listened to since before. */
  #present(): WatchEvent<G>[] {
    const outcome: Outcome = { interrupted: false };
    const events: WatchEvent<G>[] = [];
    for (const group of this.#presented) {
      const read = this.#readers.get(group)!;
      for (const run of this.#connection.dumpWhole(WATCHED[group].dumps(), outcome))
        for (const value of readRun(run, read, undefined)) events.push(eventOf(group, 'present', value, 0));
    }
    events.push({ group: 'watch', action: 'synchronized', isWhole: !outcome.interrupted });
    return events;
  }

  /** Reports all that there is again, as after a loss of events. @internal */
  resynchronize(): void {
    if (this.#isClosed) return;
    try {
      this.#put([{ group: 'watch', action: 'resync' }, ...this.#present()]);
    } catch (error) {
      this.#end(error as Error);
    }
  }

  #take(messages: readonly Message[]): void {
    if (this.#isClosed) return;
    const events: WatchEvent<G>[] = [];
    // They are those of one datagram.
    const words = messages[0] === undefined ? undefined : wordsOf(messages[0].bytes);
    if (words === undefined) return;
    for (const message of messages) {
      if (message.type === RTM_NEWLINK || message.type === RTM_DELLINK) this.#learn(message);
      for (const { group, action, read } of this.#meanings.get(message.type) ?? NO_MEANINGS) {
        const value = read(message.bytes, message.start, words);
        if (value !== undefined) events.push(eventOf(group, action, value, message.flags));
      }
    }
    if (events.length > 0) this.#put(events);
  }

  #learn({ bytes, payload, end }: Message): void {
    const at = findAttribute(bytes, payload + linkHeader.size, end, linkTable.rows.ifname.type);
    if (at === 0) return;
    const name = decodeTextToNul(bytes, at, at + attributeLength(bytes, at));
    this.#directory.remember(loadSigned32(bytes, payload + INDEX), name);
  }
}

const NO_MEANINGS: readonly never[] = [];
/** Offset of ifi_index in struct ifinfomsg. */
const INDEX = 4;

function meaningsOf<G extends WatchGroup>(
  readers: ReadonlyMap<G, Reader<Watchable[G]>>,
): Map<number, Meaning<G>[]> {
  const meanings = new Map<number, Meaning<G>[]>();
  const add = (type: number, meaning: Meaning<G>) => {
    const others = meanings.get(type);
    if (others === undefined) meanings.set(type, [meaning]);
    else others.push(meaning);
  };
  for (const [group, read] of readers) {
    add(WATCHED[group].set, { group, action: 'set', read });
    add(WATCHED[group].delete, { group, action: 'delete', read });
  }
  return meanings;
}

function eventOf<G extends WatchGroup>(
  group: G,
  action: ChangeEvent['action'],
  value: Watchable[G],
  flags: number,
): WatchEvent<G> {
  const replaced = (flags & NLM_F_REPLACE) !== 0;
  const appended = (flags & NLM_F_APPEND) !== 0;
  // Group and value belong together; the types of the union cannot say so.
  return { group, action, value, replaced, appended } as unknown as WatchEvent<G>;
}
