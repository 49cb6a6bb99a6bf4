/**
 * The addon: one function per system call, nothing decided in C. Each returns `-errno` on failure
 * (never throws for what the kernel says) and a value >= 0, or the string asked for, on success. Only an
 * argument of the wrong type, or a string with a NUL inside, throws a TypeError.
 */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lazy } from '../../wire/lazy.ts';

/** Bytes of a path, name or argument without a final NUL; `encodeText` of wire/text.ts makes them. */
export type CString = Buffer;

/** Events of a watched descriptor. Source: uv.h UV_READABLE, UV_WRITABLE. */
export const READABLE = 1;
export const WRITABLE = 2;

/** A descriptor that the event loop watches. */
export interface Watch {
  readonly brand: unique symbol;
}

export interface Native {
  /** setns(2) on the calling thread. */
  setns(fd: number, nstype: number): number;
  /** unshare(2) on the calling thread. */
  unshare(flags: number): number;
  mount(
    source: CString | null,
    target: CString,
    type: CString | null,
    flags: number,
    data: CString | null,
  ): number;
  umount2(target: CString, flags: number): number;
  /** fsopen(2), close-on-exec: a file system that is to be configured; the current namespaces are its own. */
  fsopen(type: CString): number;
  /** fsconfig(2) FSCONFIG_CMD_CREATE. */
  fsconfigCreate(fd: number): number;
  /** fsmount(2), close-on-exec: the file system of {@link Native.fsopen}, mounted nowhere. */
  fsmount(fd: number): number;
  flock(fd: number, operation: number): number;
  /** ioctl(2) with an integer argument; for NS_GET_USERNS, NS_GET_NSTYPE, SIOCGSKNS. */
  ioctl(fd: number, request: number, argument: number): number;
  /** ioctl(2) with a struct; `argument` must be at least as long as the request's struct. */
  ioctlBytes(fd: number, request: number, argument: Buffer): number;
  /** ioctl(2) with a struct ifreq of `name` and a pointer to `data`, which must be as long as the request's struct. */
  ioctlInterface(fd: number, request: number, name: CString, data: Buffer): number;
  /**
   * Creates a socket, always with SOCK_CLOEXEC: closed by {@link Native.close}, at the latest when the thread ends. (What
   * node:fs closes, it must have opened: in worker threads it keeps a list.)
   */
  socket(domain: number, type: number, protocol: number): number;
  /** Closes what {@link Native.socket} has opened. */
  close(fd: number): number;
  /** From here on somebody else closes what {@link Native.socket} has opened. */
  giveAway(fd: number): number;
  /** sendto(2) without address, for a netlink socket whose default peer is the kernel. */
  send(fd: number, bytes: Buffer, flags: number): number;
  recv(fd: number, bytes: Buffer, flags: number): number;
  /** setsockopt(2) with an integer value. */
  setsockopt(fd: number, level: number, name: number, value: number): number;
  /** getsockopt(2) of an integer value; values are non-negative for all options that we read. */
  getsockopt(fd: number, level: number, name: number): number;
  /** getsockopt(2) of a struct; answers its length. */
  getsockoptBytes(fd: number, level: number, name: number, into: Buffer): number;
  /** getsockname(2): the port (nl_pid) of an AF_NETLINK socket; -ENOTSOCK, -EAFNOSUPPORT for other descriptors. */
  netlinkPort(fd: number): number;
  /** bind(2) of a netlink socket to a port that the kernel chooses. */
  netlinkBind(fd: number): number;
  /** connect(2) of a netlink socket to the kernel: it then receives unicast messages of nobody else. */
  netlinkConnect(fd: number): number;
  /** bind(2); `address` is a struct sockaddr of the socket's family. */
  bind(fd: number, address: Buffer): number;
  listen(fd: number, backlog: number): number;
  /** accept4(2): the descriptor of a connection, close-on-exec and non-blocking. */
  accept(fd: number): number;
  /**
   * Describes the process that has connected a Unix socket, all of it at one moment. Fills `into` with texts, each ended
   * by a NUL: its number and its user's; its user, process, mount and network namespaces, `net:[INODE]`; its root folder
   * and its working directory, as device, inode and mount; and /proc/PID/status. Answers their length; -ESRCH if the
   * process has ended.
   */
  describePeer(fd: number, into: Buffer): number;
  /** The same of a process by its number, 0 for this one; its user is 0. */
  describeProcess(pid: number, into: Buffer): number;
  /**
   * Has the event loop call `callback` whenever one of `events` is there ({@link READABLE}, {@link WRITABLE}), with these
   * or a negative error number, until {@link Native.unwatch}. A negative error number if that is impossible. The descriptor becomes
   * non-blocking, and must be closed later than the watch ends.
   */
  watch(fd: number, events: number, callback: (events: number) => void): Watch | number;
  /** Whether a watch keeps the process alive; it does at first. */
  holdWatch(watch: Watch, isHeld: boolean): void;
  unwatch(watch: Watch): void;
  /**
   * recvmsg(2) on a netlink socket, for as many datagrams as are there; waits for the first unless `flags` forbid it.
   * They stand behind each other in `bytes`, and of each three 32-bit numbers in host byte order in `records`: its length,
   * or a negative error number; the sender's port; the id of the namespace that it comes from, -1 if it is our own
   * (NETLINK_LISTEN_ALL_NSID). Returns their count; -EMSGSIZE if the first is longer than `bytes`, and is still there.
   */
  receiveDatagrams(fd: number, bytes: Buffer, records: Buffer, flags: number): number;
  /**
   * The same in Node's thread pool, waiting for the first. `bytes` and `records` are that thread's until `onReceived` is
   * called with their count or a negative error number. Returns 0, or a negative error number.
   */
  receiveAhead(fd: number, bytes: Buffer, records: Buffer, onReceived: (count: number) => void): number;
  /**
   * recvmsg(2) on a packet socket, for as many packets as are there, without waiting: `snap` bytes of each at most, behind
   * each other in `bytes`. Of each a record of 28 bytes in host byte order, with 4 of padding: its time as 64-bit seconds
   * and 32-bit nanoseconds (SO_TIMESTAMPNS), how many bytes are kept and how many it had; protocol and value of a VLAN tag
   * that the kernel keeps apart, whether there is one (PACKET_AUXDATA), and sll_pkttype, 16 bits each. Returns their count.
   */
  receivePackets(fd: number, bytes: Buffer, records: Buffer, snap: number): number;
  /** SIOCGIFINDEX on a socket of the current network namespace; accepts names and alternative names up to 15 bytes. */
  ifNameToIndex(name: CString): number;
  /** SIOCGIFNAME on a socket of the current network namespace. */
  ifIndexToName(index: number): Buffer | number;
  /** bpf(2) BPF_OBJ_GET: opens a program or map that is pinned at `path`; the descriptor is close-on-exec. */
  bpfOpenPinned(path: CString): number;
  /** bpf(2) BPF_PROG_GET_FD_BY_ID: opens a loaded program; the descriptor is close-on-exec. */
  bpfOpenProgram(id: number): number;
  /** bpf(2) BPF_OBJ_GET_INFO_BY_FD: fills `into`, which must hold zeros, with struct bpf_prog_info or its like. */
  bpfObjectInfo(fd: number, into: Buffer): number;
  /** bpf(2) BPF_PROG_LOAD: a program of whole struct bpf_insn; the descriptor is close-on-exec. */
  bpfLoad(type: number, instructions: Buffer, license: CString): number;
  /** bpf(2) BPF_PROG_ATTACH: to `target`, such as an open cgroup. */
  bpfAttach(target: number, program: number, type: number): number;
  /** inotify_init1(2), close-on-exec and non-blocking. */
  inotifyInit(): number;
  inotifyAddWatch(fd: number, path: CString, mask: number): number;
  /** fcntl(2) F_GETFD / F_SETFD and friends. */
  fcntl(fd: number, command: number, argument: number): number;
  /** prctl(2). */
  prctl(option: number, second: number, third: number, fourth: number, fifth: number): number;
  /**
   * capget(2), version 3, of this thread: fills `sets`, 24 bytes: effective, permitted, inheritable of the
   * capabilities 0 to 31, then of those from 32, in host byte order.
   */
  capget(sets: Buffer): number;
  /** capset(2), the inverse of {@link Native.capget}. */
  capset(sets: Buffer): number;
  /** getpwnam(3): the user's id, -ENOENT if there is no such name. */
  userId(name: CString): number;
  /** getgrnam(3): the group's id, -ENOENT if there is no such name. */
  groupId(name: CString): number;
  /** getpwuid(3): the user's name, -ENOENT if there is no such user. */
  userName(id: number): Buffer | number;
  /** getgrgid(3): the group's name, -ENOENT if there is no such group. */
  groupName(id: number): Buffer | number;
  /**
   * getpwuid(3): name, group, home and shell of the user, with colons between them. -ENOENT if there is no such user,
   * -ENAMETOOLONG if they do not fit into 4 KiB.
   */
  userAccount(id: number): Buffer | number;
  /** getgrouplist(3): the ids of the user's groups with `group`, 4 bytes each in host byte order; -E2BIG beyond 4096. */
  userGroups(name: CString, group: number): Buffer | number;
  /** gethostbyaddr(3) of the 4 or 16 bytes of an address: -ENOENT where nobody has a name for it. */
  hostName(address: Buffer): Buffer | number;
  /** setenv(3), which replaces a value that is there. */
  setenv(name: CString, value: CString): number;
  /**
   * execve(2): returns only on failure. `environment` goes before the process's own environment. Signals that Node
   * ignores and our caller did not are as the caller had them.
   */
  execve(path: CString, argv: readonly CString[], environment: readonly CString[]): number;
  /** posix_spawn(3): as {@link Native.execve}, in a child. Returns its pid. */
  spawn(path: CString, argv: readonly CString[], environment: readonly CString[]): number;
  /** waitpid(2): returns the child's wait status. */
  waitpid(pid: number, options: number): number;
  /** isatty(3): 1 for a terminal. */
  isatty(fd: number): number;
  /** _exit(2): ends the process at once, without the milliseconds that Node takes to tidy up. */
  exit(status: number): never;
}

/** The package's folder, above `dist/` or `src/`. */
export const packageRoot = lazy(() => findPackageRoot(import.meta.dirname));

/** Folder of what is compiled from C for this CPU: the addon, nsexec, the launcher. */
export const nativeFolder = lazy(() => join(packageRoot(), 'native', process.arch));

type Addon = Native & { readonly startRecord: string | undefined };

/** In the programs start.ts has loaded it already, and src/build/programs.mjs puts that in place of `import.meta.addon`. */
const addon = (import.meta as { readonly addon?: Addon }).addon ?? load(join(nativeFolder(), 'tsip.node'));

/** The loaded addon. */
export const native: Native = addon;

/** What the launcher recorded before Node started; see start-record.ts. Undefined where it did not start this process. */
export const recordOfStart: string | undefined = addon.startRecord;

/** As `require` would, without its search for the file. */
function load(path: string): Addon {
  const module: { exports: unknown } = { exports: {} };
  process.dlopen(module, path);
  return module.exports as Addon;
}

function findPackageRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error(`tsip: no package.json above ${start}`);
  }
}
