/**
 * Files of the run directory that are no namespaces any more: what `ip netns add` makes and a namespace is mounted on
 * stays, without the mount, where the machine or the mount namespace has ended without the name being deleted.
 */
import { closeSync, lstatSync, type Stats } from 'node:fs';
import type { Kernel } from '../kernel/kernel.ts';
import { errnoOf, SystemError } from '../kernel/system/errors.ts';
import { encodeText } from '../wire/text.ts';
import { entryOf, listNames, lockRunDirectory, pathOfNamespace, readNames, type Warn } from './named.ts';

/** Names of the files that are left over: empty, or links to what is gone. Others may be somebody's. Throws {@link SystemError}. */
export function staleNames(): string[] {
  return readNames().filter(isStale).sort();
}

/**
 * Removes left-over files; `removed` takes each name. While a name is made the run directory is locked, so that a file
 * that waits for its namespace is not taken for one. Returns whether all could be removed.
 */
export function pruneNames(
  kernel: Pick<Kernel, 'calls' | 'files'>,
  removed: (name: string) => void,
  warn: Warn,
): boolean {
  if (listNames().length === 0) return true;
  const lock = lockRunDirectory(kernel, warn);
  let isComplete = true;
  try {
    for (const name of staleNames()) {
      const path = pathOfNamespace(name);
      try {
        kernel.files.remove(path);
        removed(name);
      } catch (error) {
        warn(new SystemError(`Cannot remove namespace file "${path}"`, errnoOf(error)).message);
        isComplete = false;
      }
    }
  } finally {
    closeSync(lock);
  }
  return isComplete;
}

function isStale(name: string): boolean {
  const entry = entryOf(name);
  if (entry !== 'file' && entry !== 'absent') return false;
  const status = statusOf(name);
  if (status === undefined) return false;
  return entry === 'absent' ? status.isSymbolicLink() : status.isFile() && status.size === 0;
}

/** Of the file itself, not of what a link leads to; undefined if it cannot be looked at. */
function statusOf(name: string): Stats | undefined {
  try {
    return lstatSync(encodeText(pathOfNamespace(name)));
  } catch {
    return undefined;
  }
}
