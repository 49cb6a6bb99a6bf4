/** Waits for what the kernel does in its time: by its events, never by asking again and again. */

import { existsSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Connection } from './connection.ts';
import { Watcher } from './watch.ts';
import type { Watchable, WatchGroup } from './watch-groups.ts';

/** How long to wait. */
export interface WaitOptions {
  /** Milliseconds, without limit when left out. When they are over the call rejects with {@link WaitError}. */
  readonly timeout?: number | undefined;
  /** Rejects the call with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What was waited for did not come to be in time, or cannot come to be any more. */
export class WaitError extends Error {
  readonly code = 'ETIMEDOUT';
  /** What was seen last, in words. */
  readonly lastSeen: string;

  constructor(goal: string, waited: string, lastSeen: string) {
    super(`${waited} for ${goal}; last seen: ${lastSeen}`);
    this.name = 'WaitError';
    this.lastSeen = lastSeen;
  }
}

/** Whether what is seen is what is waited for. */
export type Verdict =
  | { readonly isReached: true }
  | {
      readonly isReached: false;
      /** What is seen instead, in words. */
      readonly seen: string;
      /** It will not be reached by waiting. */
      readonly isHopeless?: boolean;
    };

/** What is waited for: something that is there, or is gone. */
export interface Goal<G extends WatchGroup, T> {
  readonly group: G;
  /** In words, for the error. */
  readonly words: string;
  /** The value that it is about, as the kernel has it now; undefined if there is none. */
  look(): Promise<Watchable[G] | undefined>;
  /** Whether an event is about it. */
  concerns(value: Watchable[G]): boolean;
  judge(value: Watchable[G] | undefined): Verdict;
  /** What the call resolves with. */
  result(value: Watchable[G] | undefined): T;
}

/** Waits until a goal is reached. Rejects with {@link WaitError}, with the signal's reason, with {@link KernelError}. */
export async function waitFor<G extends WatchGroup, T>(
  connection: Connection,
  goal: Goal<G, T>,
  { timeout, signal }: WaitOptions,
): Promise<T> {
  signal?.throwIfAborted();
  let seen = 'nothing';
  // It listens from here on, so nothing happens unseen between the look and the first event.
  using watcher = new Watcher<G>(connection, [goal.group], { signal });
  const limit = timeout === undefined ? undefined : setTimeout(() => watcher.close(), timeout);
  try {
    let value = await goal.look();
    const events = watcher[Symbol.asyncIterator]();
    while (true) {
      const verdict = goal.judge(value);
      if (verdict.isReached) return goal.result(value);
      seen = verdict.seen;
      if (verdict.isHopeless) throw new WaitError(goal.words, 'waited', seen);
      const next = await nextValue(events, goal);
      if (next === undefined) break;
      value = next === 'lost' ? await goal.look() : next.value;
    }
  } finally {
    clearTimeout(limit);
  }
  signal?.throwIfAborted();
  throw new WaitError(goal.words, `waited ${timeout} ms`, seen);
}

type Events<G extends WatchGroup> = ReturnType<Watcher<G>[typeof Symbol.asyncIterator]>;

/** What the next event that matters says; `lost` where events were lost, undefined when the watching has ended. */
async function nextValue<G extends WatchGroup>(
  events: Events<G>,
  goal: Goal<G, unknown>,
): Promise<{ readonly value: Watchable[G] | undefined } | 'lost' | undefined> {
  while (true) {
    const { done, value: event } = await events.next();
    if (done || event === undefined) return undefined;
    if (event.group === 'watch') {
      if (event.action === 'synchronized') return 'lost';
      continue;
    }
    // Only this group is watched; the types of the union cannot say so.
    const { value } = event as unknown as { readonly value: Watchable[G] };
    if (event.action !== 'present' && goal.concerns(value))
      return { value: event.action === 'delete' ? undefined : value };
  }
}

/** Waits until there is no file at `path`. Rejects with {@link WaitError}, with the signal's reason. */
export async function waitForNoFile(
  path: string,
  words: string,
  { timeout, signal }: WaitOptions,
): Promise<void> {
  signal?.throwIfAborted();
  if (!existsSync(path)) return;
  const { promise, resolve, reject } = withResolvers();
  const look = () => existsSync(path) || resolve();
  // The folder is watched: what is mounted on a file hides its deletion from who watches the file.
  const watcher = watch(dirname(path), look);
  watcher.once('error', reject);
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const overdue = () => reject(new WaitError(words, `waited ${timeout} ms`, 'the name is there'));
  const limit = timeout === undefined ? undefined : setTimeout(overdue, timeout);
  look(); // It may have been deleted before the watching began.
  try {
    await promise;
  } finally {
    watcher.close();
    signal?.removeEventListener('abort', abort);
    clearTimeout(limit);
  }
}

interface Resolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function withResolvers(): Resolvers {
  let settle: Omit<Resolvers, 'promise'> = { resolve: () => undefined, reject: () => undefined };
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}
