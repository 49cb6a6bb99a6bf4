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

const LAST_STANDARD = 2;
/** libuv stops at the first closed descriptor above this one. */
const LAST_TRIED = 15;

/** Clears close-on-exec where libuv set it. Netlink sockets are left alone: commands open them, callers do not. */
export function passOnDescriptors(): void {
  const descriptors = closedOnExec();
  const own = ownPipes(descriptors);
  for (const descriptor of descriptors) {
    if (
      descriptor <= LAST_STANDARD ||
      !(own.has(descriptor) || isAnonymous(descriptor) || isNetlink(descriptor))
    )
      native.fcntl(descriptor, F_SETFD, 0);
  }
}

/** The descriptors that libuv looked at, as far as they are close-on-exec. */
function closedOnExec(): number[] {
  const descriptors: number[] = [];
  for (let descriptor = 0; ; descriptor++) {
    const flags = native.fcntl(descriptor, F_GETFD, 0);
    if (flags < 0 && descriptor > LAST_TRIED) return descriptors;
    if (flags === FD_CLOEXEC) descriptors.push(descriptor);
  }
}

/** epoll and eventfd descriptors are files of no type. */
function isAnonymous(descriptor: number): boolean {
  return (fstatSync(descriptor).mode & S_IFMT) === 0;
}

function isNetlink(descriptor: number): boolean {
  return native.netlinkPort(descriptor) >= 0;
}

interface Pipe {
  readonly inode: number;
  readonly ends: number[];
}

/**
 * The pipes that Node made to itself: both ends are here. All are non-blocking except one, which libuv makes
 * just before its first other one (its inode number is the one before), as a lock for signals. (A caller may
 * pass both ends of a pipe, too: make's job server does.)
 */
function ownPipes(descriptors: readonly number[]): ReadonlySet<number> {
  const pipes = pipesToSelf(descriptors);
  const isNonBlocking = (pipe: Pipe) =>
    pipe.ends.every(end => (native.fcntl(end, F_GETFL, 0) & O_NONBLOCK) !== 0);
  const own = pipes.filter(isNonBlocking);
  const others = pipes.filter(pipe => !own.includes(pipe));
  const lock = others.find(pipe => own.some(next => next.inode === pipe.inode + 1)) ?? others[0];
  return new Set([...own, ...(lock ? [lock] : [])].flatMap(pipe => pipe.ends));
}

function pipesToSelf(descriptors: readonly number[]): Pipe[] {
  const byInode = new Map<number, Pipe>();
  for (const descriptor of descriptors) {
    const { mode, ino } = fstatSync(descriptor);
    if (descriptor <= LAST_STANDARD || (mode & S_IFMT) !== S_IFIFO) continue;
    const pipe = byInode.get(ino) ?? { inode: ino, ends: [] };
    pipe.ends.push(descriptor);
    byInode.set(ino, pipe);
  }
  return [...byInode.values()].filter(pipe => pipe.ends.length > 1);
}
