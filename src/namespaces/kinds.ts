/** The eight kinds of namespace. Source: namespaces(7), linux/sched.h CLONE_NEW*, linux/pidfd.h PIDFD_GET_*. */

export type Kind = 'user' | 'cgroup' | 'ipc' | 'uts' | 'net' | 'pid' | 'mnt' | 'time';

export interface KindFacts {
  readonly kind: Kind;
  /** CLONE_NEW* flag, also the type of setns(2). */
  readonly flag: number;
  /** Number of the PIDFD_GET_*_NAMESPACE ioctl. */
  readonly ioctl: number;
  /** Name in /proc/PID/ns of the namespace that this process's children will be in, where that can differ. */
  readonly ofChildren?: string;
}

/**
 * In the order in which they are entered. The user namespace comes first, as it gives the capabilities to enter
 * the others; the mount namespace is late, as the files that lead to the others are seen through the caller's;
 * what stands between them does not depend on each other.
 */
export const KINDS: readonly KindFacts[] = [
  { kind: 'user', flag: 0x1000_0000, ioctl: 9 },
  { kind: 'cgroup', flag: 0x0200_0000, ioctl: 1 },
  { kind: 'ipc', flag: 0x0800_0000, ioctl: 2 },
  { kind: 'uts', flag: 0x0400_0000, ioctl: 10 },
  { kind: 'net', flag: 0x4000_0000, ioctl: 4 },
  { kind: 'pid', flag: 0x2000_0000, ioctl: 5, ofChildren: 'pid_for_children' },
  { kind: 'mnt', flag: 0x0002_0000, ioctl: 3 },
  { kind: 'time', flag: 0x80, ioctl: 7, ofChildren: 'time_for_children' },
];

/** The row of one kind. */
export function factsOf(kind: Kind): KindFacts {
  return KINDS.find(facts => facts.kind === kind)!;
}

/** The flags of some kinds together. */
export function flagsOf(kinds: Iterable<Kind>): number {
  let flags = 0;
  for (const kind of kinds) flags |= factsOf(kind).flag;
  return flags;
}
