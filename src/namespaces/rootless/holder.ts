/**
 * The process that keeps a user's namespaces between calls of `--rootless`: nsexec, which waits. Its record is its process
 * id, its start time and the inode of its user namespace, so that another process of that id is never taken for it.
 */
import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { runPlan } from '../../kernel/plans/child.ts';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { native } from '../../kernel/system/native.ts';
import { ENOENT, ESRCH } from '../../linux/errno.ts';
import { NamespaceProcess } from '../inventory/processes.ts';
import type { Kind } from '../kinds.ts';
import type { Warn } from '../named.ts';
import { holderPlan, type IdMaps, ONE_ID } from '../plans/rootless-plan.ts';
import { RootlessError, type RootlessFolder } from './folder.ts';
import { userNamespacesForbidden } from './forbidden.ts';
import { manyIds } from './ids.ts';

/** What the command line of the process is. */
const TITLE = 'tsip-rootless';
const ONLY_OWN_FILE = 0o600;
const LOCK_EX = 2;
/** The place of the start time among the fields after the name. */
const START_AFTER_NAME = 19;
const KINDS: readonly Kind[] = ['user', 'mnt', 'net'];

export interface Holder {
  readonly pid: number;
  /** Start time of the process in clock ticks. */
  readonly started: string;
  /** Inode of its user namespace. */
  readonly user: number;
}

/** The holder that the record names, whether it lives or not; undefined if there is none. */
export function recordedHolder({ record }: RootlessFolder): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(record, 'latin1');
  } catch {
    return undefined;
  }
  const [, pid, started, user] = /^(\d{1,10}) (\d{1,20}) (\d{1,10})\n$/.exec(text) ?? [];
  return started === undefined ? undefined : { pid: Number(pid), started, user: Number(user) };
}

/** Whether it is there. */
export function isAlive({ pid, started, user }: Holder): boolean {
  try {
    return startOf(pid) === started && statSync(`/proc/${pid}/ns/user`).ino === user;
  } catch {
    return false;
  }
}

/** Open descriptors of the namespaces of a holder; undefined if it has ended. Throws {@link RootlessError}. */
export function openHolder(holder: Holder): ReadonlyMap<Kind, number> | undefined {
  if (startOf(holder.pid) !== holder.started) return undefined;
  const opened = new Map<Kind, number>();
  try {
    for (const kind of KINDS) opened.set(kind, openSync(`/proc/${holder.pid}/ns/${kind}`, 'r'));
    // What is open is the holder's if the process is still the one that was recorded.
    if (startOf(holder.pid) === holder.started && fstatSync(opened.get('user')!).ino === holder.user)
      return opened;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== ENOENT && errno !== ESRCH) {
      closeAll(opened);
      throw new RootlessError(`cannot open the namespaces of process ${holder.pid}: ${strerror(errno)}`);
    }
  }
  closeAll(opened);
  return undefined;
}

/** The same of the user's holder, which is started if there is none. Of several callers at once one starts it. */
export function openOrStart(folder: RootlessFolder, warn: Warn): ReadonlyMap<Kind, number> {
  const living = openRecorded(folder);
  if (living !== undefined) return living;
  return withLock(folder, () => {
    const started = openRecorded(folder);
    if (started !== undefined) return started;
    const last = recordedHolder(folder);
    if (last !== undefined)
      warn(
        `process ${last.pid}, which held the namespaces of --rootless, has ended, and they with it: they are made again`,
      );
    const holder = startHolder(folder, undefined, warn);
    return openHolder(holder) ?? refuse(`process ${holder.pid} has ended before it was of use`);
  });
}

/** Starts the holder with these ids, or as many as there are. Returns undefined if it runs. Throws {@link RootlessError}. */
export function startIfAbsent(
  folder: RootlessFolder,
  ids: 'one' | 'many' | undefined,
  warn: Warn,
): Holder | undefined {
  return withLock(folder, () => {
    const recorded = recordedHolder(folder);
    return recorded !== undefined && isAlive(recorded) ? undefined : startHolder(folder, ids, warn);
  });
}

/** Processes in the user namespace of a holder, other than it and this one. */
export function processesInside({ pid, user }: Holder): NamespaceProcess[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(other => other !== pid && other !== process.pid && userOf(other) === user)
    .sort((one, other) => one - other)
    .map(other => new NamespaceProcess(other));
}

/** Ends the holder, if it lives, and removes what is recorded of it. */
export function endHolder(folder: RootlessFolder): void {
  withLock(folder, () => {
    const holder = recordedHolder(folder);
    if (holder !== undefined && isAlive(holder)) process.kill(holder.pid, 'SIGTERM');
    clear(folder);
  });
}

function openRecorded(folder: RootlessFolder): ReadonlyMap<Kind, number> | undefined {
  const holder = recordedHolder(folder);
  return holder === undefined ? undefined : openHolder(holder);
}

function startHolder(folder: RootlessFolder, ids: 'one' | 'many' | undefined, warn: Warn): Holder {
  clear(folder);
  const pid = startWith(ids, warn);
  const holder = { pid, started: startOf(pid) ?? '0', user: userOf(pid) ?? 0 };
  const written = `${folder.record}.new`;
  writeFileSync(written, `${holder.pid} ${holder.started} ${holder.user}\n`, { mode: ONLY_OWN_FILE });
  renameSync(written, folder.record);
  return holder;
}

/** Where many ids may be had, but not by what is there, one must do unless many are asked for. */
function startWith(ids: 'one' | 'many' | undefined, warn: Warn): number {
  const many = ids === 'one' ? undefined : manyIds();
  if (many === undefined && ids === 'many')
    throw new RootlessError(
      'there are no other ids to map: that takes newuidmap and newgidmap, and a line for this user in /etc/subuid and /etc/subgid',
    );
  const withMany = many === undefined ? undefined : start(many);
  if (typeof withMany === 'number') return withMany;
  const withOne = ids === 'many' ? withMany! : start(ONE_ID);
  if (typeof withOne === 'string') throw new RootlessError(userNamespacesForbidden(withOne));
  if (withMany !== undefined) warn(`only your own id is mapped: ${withMany}`);
  return withOne;
}

/** Returns the process id, or what has gone wrong. */
function start(ids: IdMaps): number | string {
  const { stdout, stderr } = runPlan(holderPlan(ids), TITLE);
  return /^\d+\n$/.test(stdout) ? Number(stdout) : stderr.trim();
}

function clear({ record, names, labs }: RootlessFolder): void {
  rmSync(record, { force: true });
  for (const folder of [names, labs]) rmSync(folder, { recursive: true, force: true });
}

function withLock<T>({ lock }: RootlessFolder, act: () => T): T {
  const descriptor = openSync(lock, 'a', ONLY_OWN_FILE);
  try {
    // Where the file system has no locks, it must go without.
    native.flock(descriptor, LOCK_EX);
    return act();
  } finally {
    closeSync(descriptor);
  }
}

/** Start time of a process; undefined if it has ended. Source: proc_pid_stat(5). */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[START_AFTER_NAME];
  } catch {
    return undefined;
  }
}

function userOf(pid: number): number | undefined {
  try {
    return statSync(`/proc/${pid}/ns/user`).ino;
  } catch {
    return undefined;
  }
}

function closeAll(opened: ReadonlyMap<Kind, number>): void {
  for (const descriptor of opened.values()) closeSync(descriptor);
}

function refuse(reason: string): never {
  throw new RootlessError(reason);
}
