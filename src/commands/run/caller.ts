/**
 * The process that a call comes from, as the kernel shows it: what a program that it starts would have from it. The engine
 * makes a call only where nothing of that differs from itself, save the network namespace and the working directory, which
 * it takes on for the call. Sources: unix(7) SO_PEERCRED, proc(5).
 */
import { openSync, readFileSync } from 'node:fs';
import { native } from '../../kernel/system/native.ts';

/** Enough for what describes a process: /proc/PID/status with many groups. */
const MAX_DESCRIPTION = 64 << 10;
/**
 * Lines of /proc/PID/status that must be the engine's own. A program that is traced makes its calls itself. Namespaces of hosts, of IPC and of time matter to no call, nor do
 * limits: what is limited happens in the engine, or in a program that the client becomes.
 */
const SAME_STATUS =
  /^(Umask|TracerPid|Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp|Seccomp_filters):.*$/gm;

/** What is known of a process. */
export interface Identity {
  /** User and process namespace. */
  readonly namespaces: string;
  readonly mountNamespace: string;
  /** Network namespace, `net:[INODE]`. */
  readonly network: string;
  /** Root folder and working directory: device, inode, mount. */
  readonly root: string;
  readonly folder: string;
  readonly status: string;
  /** The process that started it. */
  readonly parent: number;
}

/** Where a call comes from. */
export interface Caller {
  readonly pid: number;
  /** The process that started it. */
  readonly parent: number;
  /** The network namespace, `net:[INODE]`. */
  readonly network: string;
  /** The working directory: device, inode, mount. */
  readonly folder: string;
  /** Whether files and mounts are the engine's, so that names of namespaces may be made and removed. */
  readonly hasSameMounts: boolean;
}

const description = Buffer.alloc(MAX_DESCRIPTION);

/** This process. */
export function ownIdentity(): Identity {
  const length = native.describeProcess(0, description);
  const found = length < 0 ? undefined : parse(length);
  if (found === undefined) throw new Error('cannot read /proc/self');
  return found.identity;
}

/** The process and the user at the other end of a Unix socket; undefined if it has ended, or cannot be seen. */
export function peerOf(socket: number): { pid: number; user: number; identity: Identity } | undefined {
  const length = native.describePeer(socket, description);
  return length < 0 ? undefined : parse(length);
}

function parse(length: number): { pid: number; user: number; identity: Identity } | undefined {
  const [pid, user, userNamespace, processes, mountNamespace, network, root, folder, status] = description
    .toString('latin1', 0, length)
    .split('\0');
  if (status === undefined) return undefined;
  return {
    pid: Number(pid),
    user: Number(user),
    identity: {
      namespaces: `${userNamespace} ${processes}`,
      mountNamespace: mountNamespace!,
      network: network!,
      root: root!,
      folder: folder!,
      status: comparedLines(status),
      parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0),
    },
  };
}

/** The lines of /proc/PID/status that are compared; where they stand as usual, without looking at each line. */
function comparedLines(status: string): string {
  const tracer = status.indexOf('\nTracerPid:');
  const descriptors = status.indexOf('\nFDSize:', tracer);
  const groups = status.indexOf('\nGroups:', descriptors);
  const capabilities = status.indexOf('\nCapInh:', groups);
  const others = status.indexOf('\nSpeculation_Store_Bypass:', capabilities);
  if (tracer < 0 || descriptors < 0 || groups < 0 || capabilities < 0 || others < 0)
    return status.match(SAME_STATUS)?.join('\n') ?? '';
  const umask = status.indexOf('\nUmask:');
  return (
    status.slice(umask, status.indexOf('\n', umask + 1)) +
    status.slice(tracer, descriptors) +
    status.slice(groups, status.indexOf('\n', groups + 1)) +
    status.slice(capabilities, others)
  );
}

/** The engine, as callers are compared with it. */
export class Comparison {
  readonly own: Identity = ownIdentity();
  readonly #user = process.geteuid?.();
  readonly #label = labelOf('self');

  /**
   * What is to be known of the caller at the other end of a socket; undefined if a program started by it would see or be
   * allowed anything else than the engine. Mount namespaces may differ if they show the same files save /sys, as inside
   * `netns exec`.
   */
  callerAt(socket: number): Caller | undefined {
    const peer = peerOf(socket);
    if (peer === undefined || peer.user !== this.#user) return undefined;
    const { pid, identity } = peer;
    const { own } = this;
    if (identity.namespaces !== own.namespaces || identity.status !== own.status) return undefined;
    const hasSameMounts = identity.mountNamespace === own.mountNamespace;
    if (hasSameMounts ? identity.root !== own.root : !showsSameFiles(pid)) return undefined;
    if (this.#label !== undefined && labelOf(pid) !== this.#label) return undefined;
    const { parent, network, folder } = identity;
    return { pid, parent, network, folder, hasSameMounts };
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

/** A program in a VRF's control group has its sockets bound to that device. */
export function isInVrf({ pid }: Caller): boolean {
  return readFileSync(`/proc/${pid}/cgroup`, 'latin1').includes('/vrf/');
}

/** What a security module knows a process as; undefined where there is none. */
function labelOf(pid: number | 'self'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/attr/current`, 'latin1');
  } catch {
    return undefined;
  }
}

/** Whether all that is mounted for a process is mounted here too, and the other way round, /sys left out. */
function showsSameFiles(pid: number): boolean {
  try {
    return mountsOf(pid) === mountsOf('self');
  } catch {
    return false;
  }
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
