/** Stays in other network namespaces. */

import { closeSync, openSync } from 'node:fs';
import { CLONE_NEWNET, OWN_NETWORK } from '../../linux/namespaces.ts';
import { check } from './errors.ts';
import type { Native } from './native.ts';

/**
 * Runs `create` with this thread in another network namespace and returns it before anything else can run.
 * This file is the only place on the main thread that calls setns.
 */
export function insideNamespace<T>(calls: Pick<Native, 'setns'>, namespace: number, create: () => T): T {
  const own = openSync(OWN_NETWORK, 'r');
  try {
    // Root only in a new user namespace could enter one that belongs to it, but not come back.
    check(calls.setns(own, CLONE_NEWNET), 'setns');
    check(calls.setns(namespace, CLONE_NEWNET), 'setns');
    try {
      return create();
    } finally {
      check(calls.setns(own, CLONE_NEWNET), 'setns');
    }
  } finally {
    closeSync(own);
  }
}

/** This thread's network namespace, to which it returns from longer stays in others. */
export class HomeNetwork {
  readonly #calls: Pick<Native, 'setns'>;
  readonly #home = openSync(OWN_NETWORK, 'r');
  readonly #canReturn: boolean;

  constructor(calls: Pick<Native, 'setns'>) {
    this.#calls = calls;
    // Root only in a new user namespace could enter one that belongs to it, but not come back.
    this.#canReturn = calls.setns(this.#home, CLONE_NEWNET) === 0;
  }

  /** Goes to the namespace that a descriptor is open on; returns whether that is possible. */
  leaveFor(namespace: number): boolean {
    return this.#canReturn && this.#calls.setns(namespace, CLONE_NEWNET) === 0;
  }

  /** Comes back. Throws {@link SystemError}. */
  return(): void {
    check(this.#calls.setns(this.#home, CLONE_NEWNET), 'setns');
  }

  close(): void {
    closeSync(this.#home);
  }
}
