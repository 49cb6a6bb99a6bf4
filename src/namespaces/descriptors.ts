/**
 * Passes on the descriptors that this process was started with. Node made them close-on-exec: libuv does so at
 * its start, from 0 up to the first above 15 that is not open (uv_disable_stdio_inheritance). What was started
 * with and what Node opened itself is told apart by kind: Node's are epoll, eventfd and pipes to itself.
 */
import { fstatSync } from 'node:fs';
import { native } from '../kernel/native.ts';

const F_GETFD = 1;
const F_SETFD = 2;
const F_GETFL = 3;
const FD_CLOEXEC = 1;
const O_NONBLOCK = 0o4000;

const S_IFMT = 0o170000;
const S_IFIFO = 0o010000;
const S_IFSOCK = 0o140000;

const LAST_STANDARD = 2;
/** libuv stops at the first closed descriptor above this one. */
const LAST_TRIED = 15;

interface Descriptor {
  readonly number: number;
  /** Type of the file (S_IFMT); 0 for epoll, eventfd and the like. */
  readonly type: number;
  readonly inode: number;
}

/** Clears close-on-exec where libuv set it. Netlink sockets are left alone: commands open them, callers do not. */
export function passOnDescriptors(): void {
  const descriptors = closedOnExec();
  const own = ownPipeEnds(descriptors);
  for (const descriptor of descriptors)
    if (
      descriptor.number <= LAST_STANDARD ||
      !(descriptor.type === 0 || own.has(descriptor) || isNetlink(descriptor))
    )
      native.fcntl(descriptor.number, F_SETFD, 0);
}

/** The descriptors that libuv looked at, as far as they are close-on-exec. */
function closedOnExec(): Descriptor[] {
  const descriptors: Descriptor[] = [];
  for (let number = 0; ; number++) {
    const flags = native.fcntl(number, F_GETFD, 0);
    if (flags < 0 && number > LAST_TRIED) return descriptors;
    if (flags !== FD_CLOEXEC) continue;
    const { mode, ino } = fstatSync(number);
    descriptors.push({ number, type: mode & S_IFMT, inode: ino });
  }
}

function isNetlink({ number, type }: Descriptor): boolean {
  return type === S_IFSOCK && native.netlinkPort(number) >= 0;
}

/**
 * The ends of pipes that Node made to itself: both are here. All are non-blocking except one, which libuv makes
 * just before its first other one (its inode number is the one before), as a lock for signals. (A caller may
 * pass both ends of a pipe, too: make's job server does.)
 */
function ownPipeEnds(descriptors: readonly Descriptor[]): ReadonlySet<Descriptor> {
  const pipes = pipesToSelf(descriptors);
  const isNonBlocking = ({ number }: Descriptor) => (native.fcntl(number, F_GETFL, 0) & O_NONBLOCK) !== 0;
  const own = pipes.filter(ends => ends.every(isNonBlocking));
  const others = pipes.filter(ends => !own.includes(ends));
  const lock =
    others.find(ends => own.some(next => next[0]!.inode === ends[0]!.inode + 1)) ?? others[0] ?? [];
  return new Set([...own.flat(), ...lock]);
}

/** The pipes with more than one end here, as their ends. */
function pipesToSelf(descriptors: readonly Descriptor[]): Descriptor[][] {
  const byInode = new Map<number, Descriptor[]>();
  for (const descriptor of descriptors) {
    if (descriptor.number <= LAST_STANDARD || descriptor.type !== S_IFIFO) continue;
    const ends = byInode.get(descriptor.inode);
    if (ends) ends.push(descriptor);
    else byInode.set(descriptor.inode, [descriptor]);
  }
  return [...byInode.values()].filter(ends => ends.length > 1);
}
