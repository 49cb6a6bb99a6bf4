/** A short stay in another network namespace. */

import { closeSync, openSync } from 'node:fs';
import { CLONE_NEWNET } from '../../linux/namespaces.ts';
import { check } from './errors.ts';
import type { Native } from './native.ts';

/**
 * Runs `create` with this thread in another network namespace and returns it before anything else can run.
 * The only place on the main thread that calls setns.
 */
export function insideNamespace<T>(calls: Pick<Native, 'setns'>, namespace: number, create: () => T): T {
  const own = openSync('/proc/thread-self/ns/net', 'r');
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
