/**
 * The store of named network namespaces: files in the run directory, each with a namespace mounted on it.
 * Sources: ip-netns(8), and Documentation/filesystems/sharedsubtree.rst of the kernel for the mounts.
 */

import { closeSync, type Dir, existsSync, opendirSync, openSync, statfsSync, statSync } from 'node:fs';
import type { Kernel } from '../kernel/kernel.ts';
import { check, errnoOf, SystemError } from '../kernel/system/errors.ts';
import { EEXIST, EINVAL, ENOENT } from '../linux/errno.ts';
import { MNT_DETACH, MS_BIND, MS_PRIVATE, MS_REC, MS_SHARED } from '../linux/mounts.ts';
import { CLONE_NEWNET, NSFS_MAGIC, OWN_NETWORK } from '../linux/namespaces.ts';
import { byteLength, decodeText, encodeText } from '../wire/text.ts';

/** Debian's run directory of named namespaces; TSIP_NETNS_DIR replaces it. */
export const RUN_DIRECTORY = process.env['TSIP_NETNS_DIR'] ?? '/run/netns';

/** Its folder NAME holds files that replace those of /etc inside namespace NAME. */
export const CONFIGURATION_DIRECTORY = '/etc/netns';

const MAX_NAME_LENGTH = 255;

const LOCK_EX = 2;

/** The kernel looks at the type of no mount made here; the original passes this one. */
const NO_TYPE = encodeText('none');
const NO_SOURCE = encodeText('');

/** Takes a line about a failure that does not end the call. */
export type Warn = (line: string) => void;

/** What changes of the store are made by. */
type Changes = Pick<Kernel, 'calls' | 'files'>;

/** Path of the file of a named namespace. */
export function pathOfNamespace(name: string): string {
  return `${RUN_DIRECTORY}/${name}`;
}

/**
 * What an entry of the run directory, or another file, is: `file` is a left-over without a namespace mounted on it,
 * `unknown` what cannot be looked at or, as a socket, not be opened.
 */
export function entryOf(
  name: string,
  file = pathOfNamespace(name),
): 'namespace' | 'file' | 'absent' | 'unknown' {
  try {
    const path = encodeText(file);
    if (statfsSync(path).type === NSFS_MAGIC) return 'namespace';
    return statSync(path).isSocket() ? 'unknown' : 'file';
  } catch (error) {
    return errnoOf(error) === ENOENT ? 'absent' : 'unknown';
  }
}

/** Whether a namespace may have this name: whether it can name a file in a directory. */
export function isNamespaceName(name: string): boolean {
  const length = byteLength(name);
  return length > 0 && length <= MAX_NAME_LENGTH && !name.includes('/') && name !== '.' && name !== '..';
}

/**
 * Names in the run directory in the order of the file system (readdir of node:fs sorts). Empty if there is no such
 * directory. Throws {@link SystemError}.
 */
export function readNames(): string[] {
  try {
    return readDirectory(RUN_DIRECTORY);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === ENOENT) return [];
    throw new SystemError(`Failed to open directory ${RUN_DIRECTORY}`, errno);
  }
}

/** Names in the run directory, unsorted; empty if it cannot be read. */
export function listNames(): string[] {
  try {
    return readNames();
  } catch {
    return [];
  }
}

/** Names of the files that replace those of /etc inside namespace `name`, unsorted. */
export function listConfiguration(name: string): string[] {
  try {
    return readDirectory(`${CONFIGURATION_DIRECTORY}/${name}`);
  } catch {
    return [];
  }
}

/** Names in a directory, unsorted. Throws the error of node:fs. */
export function readDirectory(path: string): string[] {
  const names: string[] = [];
  // Characters of latin1 are the bytes. As bytes, Bun gives names without entries.
  const directory: Dir = opendirSync(encodeText(path), { encoding: 'latin1' });
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync())
      names.push(decodeText(Buffer.from(entry.name, 'latin1')));
  } finally {
    directory.closeSync();
  }
  return names;
}

/** Makes a new network namespace and names it. Throws {@link SystemError}; then nothing remains of it. */
export function addNamespace(kernel: Changes, name: string, warn: Warn): void {
  nameNamespace(kernel, name, warn, () => bindNewNamespace(kernel, name));
}

/**
 * The same unless there is a namespace of that name; returns whether it was made. Throws {@link SystemError}, also EEXIST
 * where the name is taken by a file that is no namespace.
 */
export function addNamespaceIfAbsent(kernel: Changes, name: string, warn: Warn): boolean {
  if (entryOf(name) === 'namespace') return false;
  try {
    addNamespace(kernel, name, warn);
    return true;
  } catch (error) {
    // Another process may have been first.
    if (error instanceof SystemError && error.errno === EEXIST && entryOf(name) === 'namespace') return false;
    throw error;
  }
}

/** Names the network namespace of a process. Throws {@link SystemError}; then nothing remains of the name. */
export function attachNamespace(kernel: Changes, name: string, pid: number, warn: Warn): void {
  nameNamespace(kernel, name, warn, () => bindNamespace(kernel, `/proc/${pid}/ns/net`, name));
}

/** Removes a name. The namespace lives on as long as anything else holds it. Throws {@link SystemError}. */
export function deleteNamespace({ calls, files }: Changes, name: string): void {
  const path = pathOfNamespace(name);
  calls.umount2(encodeText(path), MNT_DETACH);
  try {
    files.remove(path);
  } catch (error) {
    throw new SystemError(`Cannot remove namespace file "${path}"`, errnoOf(error));
  }
}

/** Removes a name if it is there; returns whether it was. Throws {@link SystemError}. */
export function deleteNamespaceIfPresent(kernel: Changes, name: string): boolean {
  try {
    deleteNamespace(kernel, name);
    return true;
  } catch (error) {
    if (error instanceof SystemError && error.errno === ENOENT) return false;
    throw error;
  }
}

/** Makes the run directory if it does not exist. Throws {@link SystemError}. */
export function makeRunDirectory({ files }: Pick<Kernel, 'files'>): void {
  // Mostly it is there, and asking costs less than an error.
  if (existsSync(RUN_DIRECTORY)) return;
  try {
    files.makeFolder(RUN_DIRECTORY, 0o755);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== EEXIST) throw new SystemError(`mkdir ${RUN_DIRECTORY} failed`, errno);
  }
}

/**
 * Prepares the run directory, makes a file in it, and calls `fill` to mount a namespace on that. The run directory is
 * locked from the first to the last step. (The original keeps the lock for the first only: then of several processes
 * that make and delete one name at once, two may mount their namespaces on the same file.)
 */
function nameNamespace(kernel: Changes, name: string, warn: Warn, fill: () => void): void {
  makeRunDirectory(kernel);
  const lock = lockRunDirectory(kernel, warn);
  try {
    shareRunDirectory(kernel);
    createFile(kernel, name);
    removeOnFailure(kernel, name, warn, fill);
  } finally {
    closeSync(lock);
  }
}

/** Waits for the lock, which is held until the descriptor is closed; continues without it where the file system has no locks. */
export function lockRunDirectory({ calls, files }: Changes, warn: Warn): number {
  let descriptor: number;
  try {
    descriptor = files.openFolder(RUN_DIRECTORY);
  } catch (error) {
    throw new SystemError(`Cannot open netns runtime directory "${RUN_DIRECTORY}"`, errnoOf(error));
  }
  const locked = calls.flock(descriptor, LOCK_EX);
  if (locked < 0) {
    const { message } = new SystemError(
      `could not flock netns runtime directory "${RUN_DIRECTORY}"`,
      -locked,
    );
    warn(`Warning: ${message}`);
  }
  return descriptor;
}

/**
 * Makes the run directory a shared mount, so that names made and deleted here are so in the mount namespaces that
 * `netns exec` made before, too. Without the lock, processes that do so at once would stack mounts.
 */
function shareRunDirectory({ calls }: Changes): void {
  const directory = encodeText(RUN_DIRECTORY);
  const share = () => calls.mount(NO_SOURCE, directory, NO_TYPE, MS_SHARED | MS_REC, null);
  let result = share();
  if (result === -EINVAL) {
    // It is not a mount point yet. The mount below may be shared: a separate peer group first, then sharing it.
    const bound = calls.mount(directory, directory, NO_TYPE, MS_BIND | MS_REC, null);
    check(bound, `mount --bind ${RUN_DIRECTORY} ${RUN_DIRECTORY} failed`);
    const separated = calls.mount(directory, directory, NO_TYPE, MS_PRIVATE | MS_REC, null);
    check(separated, `mount --make-private ${RUN_DIRECTORY} failed`);
    result = share();
  }
  check(result, `mount --make-shared ${RUN_DIRECTORY} failed`);
}

/** Creates the file, which must not exist, for a namespace to be mounted on. Of several at once, one succeeds. */
function createFile({ files }: Changes, name: string): void {
  const path = pathOfNamespace(name);
  try {
    files.create(path, 0);
  } catch (error) {
    throw new SystemError(`Cannot create namespace file "${path}"`, errnoOf(error));
  }
}

function removeOnFailure(kernel: Changes, name: string, warn: Warn, fill: () => void): void {
  try {
    fill();
  } catch (error) {
    try {
      deleteNamespace(kernel, name);
    } catch (removalError) {
      warn((error as Error).message);
      throw removalError;
    }
    throw error;
  }
}

/**
 * Makes the namespace in this process: its thread enters a new one, mounts it on the file, and returns, all before
 * anything else can run on it. Node's other threads stay where they are. That costs a few system calls, a helper would
 * cost a process; and if this process is killed before that, the kernel removes the namespace with it, and only the empty
 * file stays.
 */
function bindNewNamespace(kernel: Changes, name: string): void {
  let own: number;
  try {
    own = openSync(OWN_NETWORK, 'r');
  } catch (error) {
    throw new SystemError('Cannot open init namespace', errnoOf(error));
  }
  try {
    check(kernel.calls.unshare(CLONE_NEWNET), `Failed to create a new network namespace "${name}"`);
    try {
      bindNamespace(kernel, OWN_NETWORK, name, '/proc/self/ns/net');
    } finally {
      check(kernel.calls.setns(own, CLONE_NEWNET), 'setns');
    }
  } finally {
    closeSync(own);
  }
}

function bindNamespace({ calls }: Changes, source: string, name: string, shownSource = source): void {
  const path = pathOfNamespace(name);
  const bound = calls.mount(encodeText(source), encodeText(path), NO_TYPE, MS_BIND, null);
  check(bound, `Bind ${shownSource} -> ${path} failed`);
}
