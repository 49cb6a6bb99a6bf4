/**
 * The ways to name a network namespace: by its name in the run directory, by a path, a process, a container or its
 * inode. A name in the run directory comes first, whatever it looks like.
 */

import { statSync } from 'node:fs';
import { containersIn, type NamespaceEntry } from './registry.ts';
import { containerNamed } from './runtimes.ts';

/** Hexadecimal digits of an id that are enough. */
const LEAST_ID = 4;

/** The namespace that a word means: by a name in the run directory, or else in one of the other ways. */
export function findNamespace(entries: readonly NamespaceEntry[], word: string): NamespaceEntry | undefined {
  return entries.find(({ names }) => names.includes(word)) ?? entries.find(entry => isCalled(entry, word));
}

/** Whether a word means this namespace. */
export function isCalled(entry: NamespaceEntry, word: string): boolean {
  const { label, names, paths, processes, inode } = entry;
  if (label === word || names.includes(word) || paths.includes(word)) return true;
  if (word.startsWith('/')) return identityOfFile(word) === entry.identity;
  const [, sort, value = ''] = /^(pid|netns|container|docker|podman|path):(.+)$/.exec(word) ?? [];
  switch (sort) {
    case 'pid':
      return processes.some(({ pid }) => pid === Number(value));
    case 'path':
      return identityOfFile(value) === entry.identity;
    case 'netns':
      return inode === Number(value);
    case 'container':
      return hasContainer(entry, value, undefined);
    case 'docker':
    case 'podman':
      return isRuntimes(entry, sort, value);
    default:
      return /^[0-9a-f]{12,64}$/.test(word) && hasContainer(entry, word, undefined);
  }
}

/** By the id, or by the name that the runtime gives. */
function isRuntimes(entry: NamespaceEntry, runtime: 'docker' | 'podman', value: string): boolean {
  const found = containerNamed(runtime, value);
  if (found?.pid !== undefined) return entry.processes.some(({ pid }) => pid === found.pid);
  return hasContainer(entry, found?.id ?? value, runtime);
}

function hasContainer(entry: NamespaceEntry, id: string, runtime: string | undefined): boolean {
  return containersIn(entry).some(
    found =>
      (runtime === undefined || found.runtime === runtime) &&
      (found.id === id || (id.length >= LEAST_ID && found.id.startsWith(id))),
  );
}

function identityOfFile(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
