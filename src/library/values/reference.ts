/** The ways in which a namespace can be meant: by an open one, a name, a path, or a process. */

import { fstatSync } from 'node:fs';
import { SystemError } from '../../kernel/system/errors.ts';
import { native } from '../../kernel/system/native.ts';
import { EBADF } from '../../linux/errno.ts';
import { F_DUPFD_CLOEXEC } from '../../linux/sockets.ts';
import { openNamespace } from '../../namespaces/anonymous.ts';
import { isNamespaceName, pathOfNamespace } from '../../namespaces/named.ts';
import { ArgumentError, checkInteger } from './argument.ts';

const MAX_PID = 0x7fffffff;

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
  if (typeof reference === 'object' && reference !== null && typeof reference.fd === 'number')
    return duplicate(reference.fd);
  if (typeof reference === 'number')
    return openNamespace(`/proc/${checkInteger(argument, reference, 1, MAX_PID)}/ns/${file}`);
  if (typeof reference === 'string' && reference.includes('/')) return openNamespace(reference);
  if (typeof reference !== 'string' || file !== 'net' || !isNamespaceName(reference))
    throw new ArgumentError(argument, `${JSON.stringify(reference)} is no namespace`);
  return openNamespace(pathOfNamespace(reference));
}

/** A separate descriptor for the same namespace. Throws {@link SystemError}. */
function duplicate(fd: number): number {
  const result = fd < 0 ? -EBADF : native.fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (result < 0) throw new SystemError('Cannot use namespace', -result);
  return result;
}

/** DeviceReference and inode number of a namespace's file: equal for the same namespace, as long as it is held open. */
export function identityOfDescriptor(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
}
