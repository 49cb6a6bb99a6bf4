/** A look into another network namespace. */

import { closeSync, openSync } from 'node:fs';
import { CLONE_NEWNET } from '../../linux/namespaces.ts';
import { check } from './errors.ts';
import { native } from './native.ts';

/**
 * Runs `create` with this thread in another network namespace and comes back before anything else can run.
 * The only place on the main thread that calls setns.
 */
export function insideNamespace<T>(namespace: number, create: () => T): T {
  const own = openSync('/proc/thread-self/ns/net', 'r');
  try {
    // Somebody who is root only in a new user namespace could enter one that belongs to it, but not come back.
    check(native.setns(own, CLONE_NEWNET), 'setns');
    check(native.setns(namespace, CLONE_NEWNET), 'setns');
    try {
      return create();
    } finally {
      check(native.setns(own, CLONE_NEWNET), 'setns');
    }
  } finally {
    closeSync(own);
  }
}
