/**
 * The process that a call comes from, as the kernel shows it: what a separate program would get from it. The engine makes
 * a call only where nothing of that differs from itself, save the network namespace and the working directory, which it
 * takes on for the call. Sources: unix(7) SO_PEERCRED, proc(5).
 */
import { openSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import type { Native } from '../../kernel/system/native.ts';
import { SO_PEERCRED, SOL_SOCKET } from '../../linux/sockets.ts';

/** struct ucred: pid, uid, gid. */
const UCRED_LENGTH = 12;
/** Kinds of namespaces that must be the engine's own. Those of hosts, of IPC and of time matter to no call. */
const SAME_NAMESPACES = ['user', 'pid'] as const;
/** Lines of /proc/PID/status that must be the engine's own. */
const SAME_STATUS = /^(Umask|Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):.*$/gm;

/** What the engine compares callers with. */
export interface Identity {
  readonly namespaces: string;
  readonly mountNamespace: string;
  readonly network: string;
  readonly status: string;
  readonly parent: number;
  readonly root: string;
}

/** Where a call comes from. */
export interface Caller {
  readonly pid: number;
  /** The process that started it. */
  readonly parent: number;
  /** The network namespace, `net:[INODE]`. */
  readonly network: string;
  /** Whether files and mounts are the engine's, so that names of namespaces may be made and removed. */
  readonly hasSameMounts: boolean;
}

/** What is to be compared of a process: `self` or a number. */
export function identityOf(pid: number | 'self'): Identity {
  const folder = `/proc/${pid}`;
  const root = statSync(`${folder}/root/`);
  const status = readFileSync(`${folder}/status`, 'latin1');
  return {
    namespaces: SAME_NAMESPACES.map(kind => readlinkSync(`${folder}/ns/${kind}`)).join(' '),
    mountNamespace: readlinkSync(`${folder}/ns/mnt`),
    network: readlinkSync(`${folder}/ns/net`),
    status: status.match(SAME_STATUS)?.join('\n') ?? '',
    parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0),
    root: `${root.dev}:${root.ino}`,
  };
}

/** The process at the other end of a Unix socket; undefined if it is not of this user, or cannot be known. */
export function peerOf(native: Native, descriptor: number): number | undefined {
  const peer = Buffer.alloc(UCRED_LENGTH);
  if (native.getsockoptBytes(descriptor, SOL_SOCKET, SO_PEERCRED, peer) !== UCRED_LENGTH) return undefined;
  const [pid, uid] = [peer.readInt32LE(0), peer.readUInt32LE(4)];
  return pid > 0 && uid === process.geteuid?.() ? pid : undefined;
}

/**
 * What is to be known of the caller; undefined if a program started by it would see or be allowed anything else than the
 * engine. Mount namespaces may differ if they show the same files save /sys, as inside `netns exec`.
 */
export function callerOf(pid: number, own: Identity): Caller | undefined {
  try {
    const found = identityOf(pid);
    if (found.namespaces !== own.namespaces || found.status !== own.status) return undefined;
    const hasSameMounts = found.mountNamespace === own.mountNamespace;
    if (hasSameMounts ? found.root !== own.root : !showsSameFiles(pid)) return undefined;
    if (isInVrf(pid)) return undefined;
    return { pid, parent: found.parent, network: found.network, hasSameMounts };
  } catch {
    return undefined;
  }
}

/** The process that started another; 0 if it cannot be known. */
export function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** An open descriptor of the caller's network namespace. */
export function openNetwork({ pid }: Caller): number {
  return openSync(`/proc/${pid}/ns/net`, 'r');
}

/** Whether all that is mounted for a process is mounted here too, and the other way round, /sys left out. */
function showsSameFiles(pid: number): boolean {
  return mountsOf(pid) === mountsOf('self');
}

/**
 * Each mount with the one that it stands on, sorted. Mount ids, propagation and the order of a list differ between
 * namespaces. Source: proc_pid_mountinfo(5).
 */
function mountsOf(pid: number | 'self'): string {
  const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'latin1')
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.split(' '));
  const places = new Map(mounts.map(([id, , ...rest]) => [id, rest.slice(0, 3).join(' ')]));
  return mounts
    .filter(([, , , , place = '']) => place !== '/sys' && !place.startsWith('/sys/'))
    .map(([, parent, ...rest]) => {
      const end = rest.indexOf('-');
      return [...rest.slice(0, 4), ...rest.slice(end), places.get(parent)].join(' ');
    })
    .sort()
    .join('\n');
}

/** A program in a VRF's control group has its sockets bound to that device. */
function isInVrf(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cgroup`, 'latin1').includes('/vrf/');
}
