/** Network namespaces without a name: only a descriptor keeps them. Sources: unshare(2), namespaces(7). */

import { closeSync, openSync } from 'node:fs';
import type { SystemCalls } from '../kernel/kernel.ts';
import { check, errnoOf, SystemError } from '../kernel/system/errors.ts';
import { CLONE_NEWNET, OWN_NETWORK } from '../linux/namespaces.ts';
import { encodeText } from '../wire/text.ts';

/** Opens the file of a namespace. Throws {@link SystemError}. */
export function openNamespace(path: string): number {
  try {
    return openSync(encodeText(path), 'r');
  } catch (error) {
    throw new SystemError(`Cannot open network namespace "${path}"`, errnoOf(error));
  }
}

/** Opens the network namespace of this thread. Throws {@link SystemError}. */
export function openOwnNamespace(): number {
  return openNamespace(OWN_NETWORK);
}

/**
 * Makes a network namespace that ends when the descriptor returned is closed and nothing else is in it. This thread
 * enters it and comes back before anything else can run. Throws {@link SystemError}.
 */
export function makeNamespace(calls: SystemCalls): number {
  const own = openOwnNamespace();
  try {
    check(calls.unshare(CLONE_NEWNET), 'Cannot create a network namespace');
    try {
      return openOwnNamespace();
    } finally {
      check(calls.setns(own, CLONE_NEWNET), 'setns');
    }
  } finally {
    closeSync(own);
  }
}
