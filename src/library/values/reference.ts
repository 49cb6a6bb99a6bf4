/** The ways in which a namespace can be meant: by an open one, a name, a path, or a process. */

import { constants, fstatSync, openSync } from 'node:fs';
import { errnoOf, SystemError } from '../../kernel/system/errors.ts';
import { EBADF, ENOENT } from '../../linux/errno.ts';
import { openNamespace } from '../../namespaces/anonymous.ts';
import { isNamespaceName } from '../../namespaces/named.ts';
import { fileOfNamespace, isTarget } from '../../namespaces/targets.ts';
import { ArgumentError, checkInteger, show } from './argument.ts';
import { text } from './shape.ts';

const MAX_PID = 0x7fffffff;
const MAX_DESCRIPTOR = 0x7fffffff;

/** Something that holds a namespace open, like a `Namespace`. */
export interface OpenNamespace {
  /** Descriptor of the namespace's file. */
  readonly fd: number;
}

/**
 * A namespace: an open one, the name of a network namespace (as `ip netns` names it), the path of a namespace's file
 * (any text with a slash), or the id of a process that is in it.
 */
export type NamespaceReference = OpenNamespace | string | number;

/** Names of the kinds in /proc/PID/ns. */
export type NamespaceFile = 'user' | 'cgroup' | 'ipc' | 'uts' | 'net' | 'pid' | 'mnt' | 'time';

/**
 * Opens what a reference means; the descriptor is the caller's to close. Throws {@link ArgumentError} for what is no
 * reference, {@link SystemError} for what cannot be opened.
 */
export function openReference(
  argument: string,
  reference: NamespaceReference,
  file: NamespaceFile = 'net',
): number {
  if (typeof reference === 'object' && reference !== null) {
    const fd: unknown = readDescriptor(argument, reference);
    if (typeof fd !== 'number')
      throw new ArgumentError(argument, 'an object without a descriptor is no namespace');
    return duplicate(checkInteger(`${argument}.fd`, fd, 0, MAX_DESCRIPTOR));
  }
  if (typeof reference === 'number')
    return openNamespace(`/proc/${checkInteger(argument, reference, 1, MAX_PID)}/ns/${file}`);
  if (typeof reference !== 'string') throw new ArgumentError(argument, `${show(reference)} is no namespace`);
  text(argument, reference);
  const isOther = file === 'net' && isTarget(reference);
  if (reference.includes('/') && !isOther) return openNamespace(reference);
  if (file !== 'net' || (!isOther && !isNamespaceName(reference)))
    throw new ArgumentError(argument, `${show(reference)} is no namespace`);
  return openNamespace(fileOfNamespace(reference));
}

/** The descriptor of an open namespace, which has its own error if it is closed. */
function readDescriptor(argument: string, open: OpenNamespace): unknown {
  try {
    return open.fd;
  } catch (error) {
    if (error instanceof SystemError) throw error;
    throw new ArgumentError(argument, 'cannot be read');
  }
}

/** A reference in words, for errors: `"red"`, `the namespace of process 5`. */
export function nameReference(reference: NamespaceReference): string {
  if (typeof reference === 'number') return `the namespace of process ${reference}`;
  if (typeof reference === 'string') return show(reference);
  const { name } = reference as OpenNamespace & { readonly name?: unknown };
  return typeof name === 'string' ? show(name) : 'a namespace without a name';
}

/** A separate descriptor for the same namespace. Throws {@link SystemError}. */
function duplicate(fd: number): number {
  try {
    // By node:fs, which in worker threads closes only what it has opened, and that at the latest when the thread ends.
    return openSync(`/proc/thread-self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const errno = errnoOf(error);
    throw new SystemError('Cannot use namespace', errno === ENOENT ? EBADF : errno);
  }
}

/** DeviceReference and inode number of a namespace's file: equal for the same namespace, as long as it is held open. */
export function identityOfDescriptor(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
}
