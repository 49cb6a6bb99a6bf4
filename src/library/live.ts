/**
 * Maps that are kept equal to what the kernel has. It reports most changes; of those that it does not report, it reports
 * the causes, after which the map is read again.
 */

import { EventEmitter } from 'node:events';
import type { Connection } from './connection.ts';
import { keyOf, type LiveKey, placeOf } from './live-keys.ts';
import { sourceOf } from './values/value.ts';
import { type ChangeEvent, type WatchEvent, Watcher } from './watch.ts';
import type { Watchable, WatchGroup } from './watch-groups.ts';

/** A change of a map. */
export interface LiveChange<G extends WatchGroup = WatchGroup> {
  readonly action: 'set' | 'delete';
  readonly key: LiveKey<G>;
  readonly value: Watchable[G];
  /** What stood there before, if anything did. */
  readonly previous: Watchable[G] | undefined;
}

/** How a map is kept. */
export interface LiveOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Size of the socket's buffer in bytes, 1 MiB when left out. What does not fit is lost, and all is read again. */
  readonly receiveBuffer?: number | undefined;
}

/**
 * Groups whose events mean that objects of a group may have changed without an event: routes go silently with devices,
 * with addresses that they send from and with next hop objects, and show whether their device has a carrier; next hop
 * objects go with devices; forwarding tables have the groups that devices listen to.
 */
const CAUSES: Readonly<Partial<Record<WatchGroup, readonly WatchGroup[]>>> = {
  route: ['link', 'address', 'nexthop'],
  nexthop: ['link'],
  forwarding: ['link', 'address'],
};

/**
 * The objects of a kind by their keys, kept equal to the kernel's until it is closed. Emits `changed` with a
 * {@link LiveChange} after each change, `end` when it ends, with an error if it ends by one. What is in it is right as
 * of the events that have arrived. What the kernel does not report at all may differ: the states stale, delay and probe of
 * neighbours, lifetimes, timers and counters, the multicast groups that programs join.
 */
export class LiveMap<G extends WatchGroup>
  extends EventEmitter<{ changed: [change: LiveChange<G>]; end: [error: Error | undefined] }>
  implements Iterable<[LiveKey<G>, Watchable[G]]>, AsyncDisposable, Disposable
{
  readonly #connection: Connection;
  readonly #group: G;
  readonly #watcher: Watcher<WatchGroup>;
  readonly #values = new Map<LiveKey<G>, Watchable[G]>();
  /** The keys of objects that may take each other's place; for routes only. */
  readonly #places = new Map<string, Set<LiveKey<G>>>();
  /** What there is, while it is read. */
  #reading: Map<LiveKey<G>, Watchable[G]> | undefined;
  #isStale = false;
  #timer: NodeJS.Timeout | undefined;
  #lastRead = { end: 0, duration: 0 };

  /** @internal */
  constructor(connection: Connection, group: G, options: LiveOptions, onClose: (map: LiveMap<G>) => void) {
    super();
    this.#connection = connection;
    this.#group = group;
    const groups: WatchGroup[] = [group, ...(CAUSES[group] ?? [])];
    const close = () => onClose(this);
    this.#watcher = new Watcher<WatchGroup>(connection, groups, { ...options, initial: true }, close, [
      group,
    ]);
  }

  /** Reads what there is, and goes on in the background. @internal */
  async start(): Promise<void> {
    const events = this.#watcher[Symbol.asyncIterator]();
    this.#reading = new Map();
    while (this.#reading !== undefined) {
      const { done, value } = await events.next();
      if (done) return;
      this.#take(value);
    }
    void this.#follow(events);
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: LiveKey<G>): Watchable[G] | undefined {
    return this.#values.get(key);
  }

  has(key: LiveKey<G>): boolean {
    return this.#values.has(key);
  }

  keys(): IterableIterator<LiveKey<G>> {
    return this.#values.keys();
  }

  values(): IterableIterator<Watchable[G]> {
    return this.#values.values();
  }

  entries(): IterableIterator<[LiveKey<G>, Watchable[G]]> {
    return this.#values.entries();
  }

  forEach(callback: (value: Watchable[G], key: LiveKey<G>, map: this) => void): void {
    for (const [key, value] of this.#values) callback(value, key, this);
  }

  [Symbol.iterator](): IterableIterator<[LiveKey<G>, Watchable[G]]> {
    return this.entries();
  }

  /** The key that an object has in the map. */
  keyOf(value: Watchable[G]): LiveKey<G> {
    return keyOf(this.#group, value);
  }

  /** Ends it; what it has stays as it is. */
  close(): void {
    this.#watcher.close();
  }

  /** The same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The same as {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  async #follow(events: AsyncIterator<WatchEvent<WatchGroup>, void>): Promise<void> {
    let failure: Error | undefined;
    try {
      while (true) {
        const { done, value } = await events.next();
        if (done || value === undefined) break;
        this.#take(value);
        if (this.#isStale) this.#readSoon();
      }
    } catch (error) {
      failure = error as Error;
    }
    clearTimeout(this.#timer);
    this.#report('end', failure);
  }

  #take(event: WatchEvent<WatchGroup>): void {
    if (event.group === 'watch') {
      if (event.action === 'resync') this.#reading = new Map();
      else this.#replaceAll(this.#reading ?? new Map());
      return;
    }
    if (event.group !== this.#group) {
      this.#isStale ||= isCause(this.#group, event);
      return;
    }
    // The group of the event is that of the map.
    const value = event.value as Watchable[G];
    const key = this.keyOf(value);
    if (event.action === 'present') this.#reading?.set(key, value);
    else if (event.action === 'delete') this.#delete(key, value);
    else this.#set(key, value, event.replaced);
  }

  #set(key: LiveKey<G>, value: Watchable[G], isReplaced: boolean): void {
    const place = placeOf(this.#group, value);
    if (place !== undefined) this.#makeRoom(place, key, isReplaced);
    const previous = this.#values.get(key);
    this.#put(key, value, place?.name);
    this.#report('changed', { action: 'set', key, value, previous });
  }

  /** What a route takes the place of: the only one there, or one that only the kernel knows. */
  #makeRoom(
    { name, isMerged }: { readonly name: string; readonly isMerged: boolean },
    key: LiveKey<G>,
    isReplaced: boolean,
  ): void {
    const others = [...(this.#places.get(name) ?? [])].filter(other => other !== key);
    const [only] = others;
    if (only === undefined) return;
    if (!isReplaced) this.#isStale ||= isMerged;
    else if (others.length > 1) this.#isStale = true;
    else {
      const previous = this.#values.get(only)!;
      this.#remove(only, name);
      this.#report('changed', { action: 'delete', key: only, value: previous, previous });
    }
  }

  #delete(key: LiveKey<G>, value: Watchable[G]): void {
    const place = placeOf(this.#group, value);
    const previous = this.#values.get(key);
    // One of several ways of an IPv6 route is deleted by itself.
    if (previous === undefined) {
      this.#isStale ||= place?.isMerged === true;
      return;
    }
    this.#remove(key, place?.name);
    this.#report('changed', { action: 'delete', key, value, previous });
  }

  #put(key: LiveKey<G>, value: Watchable[G], place: string | undefined): void {
    this.#values.set(key, value);
    if (place === undefined) return;
    const keys = this.#places.get(place);
    if (keys === undefined) this.#places.set(place, new Set([key]));
    else keys.add(key);
  }

  #remove(key: LiveKey<G>, place: string | undefined): void {
    this.#values.delete(key);
    if (place === undefined) return;
    const keys = this.#places.get(place);
    keys?.delete(key);
    if (keys?.size === 0) this.#places.delete(place);
  }

  /** Once for all events of a turn, and no longer than half of the time. */
  #readSoon(): void {
    if (this.#timer !== undefined) return;
    const pause = Math.max(0, this.#lastRead.end + this.#lastRead.duration - performance.now());
    this.#timer = setTimeout(() => this.#readAgain(), pause);
  }

  #readAgain(): void {
    const begin = performance.now();
    this.#timer = undefined;
    this.#isStale = false;
    if (this.#connection.isClosed) return;
    // The kernel reports a device before it drops what belongs to it, under a lock for which this question waits.
    this.#connection.devices.settle();
    this.#watcher.resynchronize();
    const end = performance.now();
    this.#lastRead = { end, duration: end - begin };
  }

  /** Takes what there is, and reports what is different. */
  #replaceAll(found: ReadonlyMap<LiveKey<G>, Watchable[G]>): void {
    this.#reading = undefined;
    for (const [key, previous] of [...this.#values]) {
      if (found.has(key)) continue;
      this.#remove(key, placeOf(this.#group, previous)?.name);
      this.#report('changed', { action: 'delete', key, value: previous, previous });
    }
    for (const [key, value] of found) {
      const previous = this.#values.get(key);
      this.#put(key, value, placeOf(this.#group, value)?.name);
      if (previous === undefined || !isSameMessage(previous, value))
        this.#report('changed', { action: 'set', key, value, previous });
    }
  }

  /** Emits an event; what a listener throws is not ours, and does not stop the map. */
  #report(...[event, argument]: ['changed', LiveChange<G>] | ['end', Error | undefined]): void {
    try {
      if (event === 'changed') this.emit(event, argument);
      else this.emit(event, argument);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }
}

/** Whether an event of another group may have changed objects without an event for each. */
function isCause(group: WatchGroup, { group: cause, action }: ChangeEvent): boolean {
  return group !== 'route' || cause !== 'address' || action === 'delete';
}

/** Whether both were read from the same bytes, apart from the header that numbers the message. */
function isSameMessage(one: object, other: object): boolean {
  const [first, second] = [sourceOf(one), sourceOf(other)];
  return first.bytes.compare(second.bytes, second.payload, second.end, first.payload, first.end) === 0;
}
