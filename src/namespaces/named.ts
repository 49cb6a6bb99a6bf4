/**
 * The store of named network namespaces: files in the run directory, each with a namespace mounted on it.
 * Sources: ip-netns(8), and Documentation/filesystems/sharedsubtree.rst of the kernel for the mounts.
 */

import { closeSync, type Dir, existsSync, opendirSync, openSync, statfsSync } from 'node:fs';
import { check, errnoOf, SystemError } from '../kernel/system/errors.ts';
import { files } from '../kernel/system/files.ts';
import { native } from '../kernel/system/native.ts';
import { EEXIST, EINVAL, ENOENT } from '../linux/errno.ts';
import { MNT_DETACH, MS_BIND, MS_PRIVATE, MS_REC, MS_SHARED } from '../linux/mounts.ts';
import { CLONE_NEWNET, NSFS_MAGIC } from '../linux/namespaces.ts';
import { byteLength, decodeText, encodeText } from '../wire/text.ts';

/** Debian's run directory of named namespaces; TSIP_NETNS_DIR replaces it. */
export const RUN_DIRECTORY = process.env['TSIP_NETNS_DIR'] ?? '/run/netns';

/** Its folder NAME holds files that replace those of /etc inside namespace NAME. */
export const CONFIGURATION_DIRECTORY = '/etc/netns';

/** Of the thread that asks; /proc/self would be the main thread. */
const OWN_NAMESPACE = '/proc/thread-self/ns/net';

const MAX_NAME_LENGTH = 255;

const LOCK_EX = 2;

/** The kernel looks at the type of no mount made here; the original passes this one. */
const NO_TYPE = encodeText('none');
const NO_SOURCE = encodeText('');

/** Is told of what went wrong but does not matter. */
export type Warn = (line: string) => void;

/** Path of the file of a named namespace. */
export function pathOfNamespace(name: string): string {
  return `${RUN_DIRECTORY}/${name}`;
}

/** What an entry of the run directory is: `file` is one that no namespace is mounted on, left over. */
export function entryOf(name: string): 'namespace' | 'file' | 'absent' | 'unknown' {
  try {
    return statfsSync(encodeText(pathOfNamespace(name))).type === NSFS_MAGIC ? 'namespace' : 'file';
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
 * Names in the run directory in the order in which the file system gives them (readdir of node:fs sorts). None
 * if there is no such directory. Throws {@link SystemError}.
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

/** Names in the run directory, unsorted; one that cannot be read has no names. */
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
  // Node gives names as bytes when asked, which its types do not know.
  const directory: Dir = opendirSync(encodeText(path), { encoding: 'buffer' as BufferEncoding });
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync())
      names.push(decodeText(entry.name as unknown as Buffer));
  } finally {
    directory.closeSync();
  }
  return names;
}

/** Makes a new network namespace and names it. Throws {@link SystemError}; then nothing is left of it. */
export function addNamespace(name: string, warn: Warn): void {
  nameNamespace(name, warn, () => bindNewNamespace(name));
}

/** Names the network namespace of a process. Throws {@link SystemError}; then nothing is left of it. */
export function attachNamespace(name: string, pid: number, warn: Warn): void {
  nameNamespace(name, warn, () => bindNamespace(`/proc/${pid}/ns/net`, name));
}

/** Removes a name. The namespace lives on as long as anything else holds it. Throws {@link SystemError}. */
export function deleteNamespace(name: string): void {
  const path = pathOfNamespace(name);
  native.umount2(encodeText(path), MNT_DETACH);
  try {
    files.remove(path);
  } catch (error) {
    throw new SystemError(`Cannot remove namespace file "${path}"`, errnoOf(error));
  }
}

/** Makes the run directory if there is none. Throws {@link SystemError}. */
export function makeRunDirectory(): void {
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
 * Prepares the run directory, makes a file in it, and has `fill` mount a namespace on that. The run directory is
 * locked from the first to the last step. (The original keeps the lock for the first only: then of several that
 * make and delete one name at once, two may mount their namespaces on the same file.)
 */
function nameNamespace(name: string, warn: Warn, fill: () => void): void {
  makeRunDirectory();
  const lock = lockRunDirectory(warn);
  try {
    shareRunDirectory();
    createFile(name);
    removeOnFailure(name, warn, fill);
  } finally {
    closeSync(lock);
  }
}

/** Waits for the lock; goes on without it where the file system has no locks. */
function lockRunDirectory(warn: Warn): number {
  let descriptor: number;
  try {
    descriptor = files.openFolder(RUN_DIRECTORY);
  } catch (error) {
    throw new SystemError(`Cannot open netns runtime directory "${RUN_DIRECTORY}"`, errnoOf(error));
  }
  const locked = native.flock(descriptor, LOCK_EX);
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
function shareRunDirectory(): void {
  const directory = encodeText(RUN_DIRECTORY);
  const share = () => native.mount(NO_SOURCE, directory, NO_TYPE, MS_SHARED | MS_REC, null);
  let result = share();
  if (result === -EINVAL) {
    // It is no mount point yet. What it becomes a bind of may be shared: a peer group of its own, before sharing it.
    const bound = native.mount(directory, directory, NO_TYPE, MS_BIND | MS_REC, null);
    check(bound, `mount --bind ${RUN_DIRECTORY} ${RUN_DIRECTORY} failed`);
    const separated = native.mount(directory, directory, NO_TYPE, MS_PRIVATE | MS_REC, null);
    check(separated, `mount --make-private ${RUN_DIRECTORY} failed`);
    result = share();
  }
  check(result, `mount --make-shared ${RUN_DIRECTORY} failed`);
}

/** Creates the file, which must not exist, for a namespace to be mounted on. Of several at once, one succeeds. */
function createFile(name: string): void {
  const path = pathOfNamespace(name);
  try {
    files.create(path, 0);
  } catch (error) {
    throw new SystemError(`Cannot create namespace file "${path}"`, errnoOf(error));
  }
}

function removeOnFailure(name: string, warn: Warn, fill: () => void): void {
  try {
    fill();
  } catch (error) {
    try {
      deleteNamespace(name);
    } catch (removalError) {
      warn((error as Error).message);
      throw removalError;
    }
    throw error;
  }
}

/**
 * Makes the namespace in this very process: its thread enters a new one, mounts it on the file, and comes back,
 * all before anything else can run on it. Node's other threads stay where they are, so nothing notices. That
 * costs a few system calls, where a helper would cost a process; and if this process is killed meanwhile, the
 * kernel removes the namespace with it, and only the empty file stays.
 */
function bindNewNamespace(name: string): void {
  let own: number;
  try {
    own = openSync(OWN_NAMESPACE, 'r');
  } catch (error) {
    throw new SystemError('Cannot open init namespace', errnoOf(error));
  }
  try {
    check(native.unshare(CLONE_NEWNET), `Failed to create a new network namespace "${name}"`);
    try {
      bindNamespace(OWN_NAMESPACE, name, '/proc/self/ns/net');
    } finally {
      check(native.setns(own, CLONE_NEWNET), 'setns');
    }
  } finally {
    closeSync(own);
  }
}

function bindNamespace(source: string, name: string, shownSource = source): void {
  const path = pathOfNamespace(name);
  const bound = native.mount(encodeText(source), encodeText(path), NO_TYPE, MS_BIND, null);
  check(bound, `Bind ${shownSource} -> ${path} failed`);
}
