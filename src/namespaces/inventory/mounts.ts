/**
 * Files that network namespaces are mounted on: the run directory and those of container runtimes, and whatever else
 * this mount namespace shows. Source: proc_pid_mountinfo(5).
 */

import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { SystemCalls } from '../../kernel/kernel.ts';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { ENOENT, ENOTDIR } from '../../linux/errno.ts';
import { CLONE_NEWNET, NS_GET_NSTYPE } from '../../linux/namespaces.ts';
import { decodeText, encodeText } from '../../wire/text.ts';
import { RUN_DIRECTORY, readDirectory } from '../named.ts';
import { identityOf } from './processes.ts';

/** A file that a network namespace is mounted on. */
export interface NamespaceMount {
  readonly path: string;
  /** Its name, in the run directory. */
  readonly name?: string;
  readonly identity: string;
}

/** A file among those of namespaces that is not one, or may not be looked at. */
export interface UnusableMount {
  readonly path: string;
  readonly reason: string;
}

/** Files that may hold network namespaces. */
export interface Places {
  readonly found: readonly NamespaceMount[];
  /** Files of the run directory on which no namespace is mounted. */
  readonly stale: readonly UnusableMount[];
  readonly unreadable: readonly UnusableMount[];
}

/** Folders of files that container runtimes mount namespaces on. CNI and rootful Podman use /run/netns. */
function runtimeFolders(): string[] {
  const folders = ['/run/netns', '/run/docker/netns'];
  try {
    // Rootless runtimes, each below its user's folder.
    for (const user of readdirSync('/run/user')) folders.push(`/run/user/${user}/netns`);
  } catch {
    // There is no such folder.
  }
  return folders.filter(folder => folder !== RUN_DIRECTORY);
}

/**
 * Looks for places; `nsfs` is the device number of all namespaces. A place that another mount covers is left out: its
 * namespace cannot be reached by it.
 */
export function findPlaces(calls: SystemCalls, nsfs: number): Places {
  const found = new Map<string, NamespaceMount>();
  const stale: UnusableMount[] = [];
  const unreadable: UnusableMount[] = [];
  const mounts = networkMounts();
  const look = (folder: string, isRunDirectory: boolean) => {
    let names: string[];
    try {
      names = readDirectory(folder);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== ENOENT && errno !== ENOTDIR) unreadable.push({ path: folder, reason: strerror(errno) });
      return;
    }
    for (const name of names) {
      const path = `${folder}/${name}`;
      const status = statusOf(path);
      if (typeof status === 'string') unreadable.push({ path, reason: status });
      else if (status?.dev === nsfs && isNetwork(calls, path)) {
        found.set(path, { path, identity: identityOf(status), ...(isRunDirectory ? { name } : {}) });
      } else if (isRunDirectory) stale.push({ path, reason: whatElse(status, nsfs) });
    }
  };
  look(RUN_DIRECTORY, true);
  for (const folder of runtimeFolders()) look(folder, false);
  for (const [path, root] of mounts) {
    const inode = /^net:\[(\d+)\]$/.exec(root)?.[1];
    if (found.has(path) || inode === undefined) continue;
    const status = statusOf(path);
    const identity = identityOf({ dev: nsfs, ino: Number(inode) });
    // A file that may not be looked at is known by what is mounted there.
    const isThere = typeof status === 'string' || (status !== undefined && identityOf(status) === identity);
    if (isThere) found.set(path, { path, identity });
  }
  return { found: [...found.values()], stale, unreadable };
}

function whatElse(status: { dev: number } | undefined, nsfs: number): string {
  if (status === undefined) return 'a link to what is gone';
  return status.dev === nsfs ? 'a namespace of another kind' : 'no namespace is mounted on it';
}

/** nsfs holds all kinds of namespaces. A file that cannot be opened counts as a network namespace. */
function isNetwork(calls: SystemCalls, path: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(encodeText(path), 'r');
  } catch {
    return true;
  }
  const kind = calls.ioctl(descriptor, NS_GET_NSTYPE, 0);
  closeSync(descriptor);
  return kind === CLONE_NEWNET;
}

/** A status, the reason why there is none, or undefined if the file does not exist. */
function statusOf(path: string): { dev: number; ino: number } | string | undefined {
  try {
    return statSync(encodeText(path));
  } catch (error) {
    const errno = errnoOf(error);
    return errno === ENOENT || errno === ENOTDIR ? undefined : strerror(errno);
  }
}

/** Namespaces mounted in this mount namespace: `net:[4026532290]` by path, the topmost of each path. */
function networkMounts(): Map<string, string> {
  let text: string;
  try {
    text = decodeText(readFileSync('/proc/thread-self/mountinfo'));
  } catch {
    return new Map();
  }
  return namespaceMounts(text);
}

/** The mounts of nsfs in the text of a mountinfo file: what is mounted, by the path it is mounted on. */
export function namespaceMounts(text: string): Map<string, string> {
  const mounts = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (!line.includes(' - nsfs ')) continue;
    const [, , , root, path] = line.split(' ');
    if (root !== undefined && path?.startsWith('/')) mounts.set(unescapeMount(path), root);
  }
  return mounts;
}

/** Spaces and backslashes are octal in mountinfo. */
function unescapeMount(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
