/**
 * Which process is in which network namespace, threads included: one pass over /proc. Sources: proc(5),
 * namespaces(7). Everything here is read synchronously: it is much work in small pieces, and of the pieces nothing
 * is waited for.
 */
import { closeSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import { decodeText } from '../../wire/text.ts';
import { type ContainerId, containerOf } from './containers.ts';

/**
 * A process, or a thread of it that is in another namespace than the process's first. What it is called and where it
 * belongs is read when it is asked for: most of thousands are only counted.
 */
export class NamespaceProcess {
  readonly pid: number;
  /** The thread, where it is not the first one of its process. */
  readonly thread: number | undefined;
  #command: string | undefined;
  #container: ContainerId | null | undefined;

  constructor(pid: number, thread?: number) {
    this.pid = pid;
    this.thread = thread;
  }

  /** Its name as the kernel knows it, at most 15 bytes that it chooses; empty when it has ended. */
  get command(): string {
    this.#command ??= readStart(`${this.#folder}/comm`, MAX_COMMAND_LENGTH).replace(/\n$/, '');
    return this.#command;
  }

  /** Its container, if the path of its cgroup names one. */
  get container(): ContainerId | undefined {
    if (this.#container === undefined) {
      this.#container = containerOf(readStart(`${this.#folder}/cgroup`, MAX_CGROUP_LENGTH)) ?? null;
    }
    return this.#container ?? undefined;
  }

  get #folder(): string {
    return `/proc/${this.pid}${this.thread === undefined ? '' : `/task/${this.thread}`}`;
  }

  toJSON(): { pid: number; thread?: number; command: string; container?: ContainerId } {
    const { pid, thread, command, container } = this;
    return {
      pid,
      ...(thread === undefined ? {} : { thread }),
      command,
      ...(container === undefined ? {} : { container }),
    };
  }
}

export interface ProcessScan {
  /** By device and inode number of the namespace, see {@link identityOf}. In the order of process ids. */
  readonly members: ReadonlyMap<string, readonly NamespaceProcess[]>;
  /** Processes whose namespace we may not know. */
  readonly hidden: number;
}

/** What identifies a namespace: nsfs has one inode for each. */
export function identityOf({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`;
}

/** A directory has two links, and /proc/PID/task one more for each thread. */
const LINKS_OF_ONE_THREAD = 3;
const MAX_COMMAND_LENGTH = 64;
const MAX_CGROUP_LENGTH = 4096;

/** Looks at all processes that /proc shows. Those that have ended are left out. */
export function scanProcesses(): ProcessScan {
  const members = new Map<string, NamespaceProcess[]>();
  let hidden = 0;
  const add = (identity: string, member: NamespaceProcess) => {
    const known = members.get(identity);
    if (known === undefined) members.set(identity, [member]);
    else known.push(member);
  };
  for (const pid of numbersIn('/proc')) {
    const folder = `/proc/${pid}`;
    const identity = identityAt(`${folder}/ns/net`);
    if (identity === 'hidden') {
      hidden++;
      continue;
    }
    if (identity !== undefined) add(identity, new NamespaceProcess(pid));
    // Listing the threads costs more than all the rest, and most processes have one.
    if (hasOneThread(folder) && identity !== undefined) continue;
    for (const thread of numbersIn(`${folder}/task`)) {
      const own = thread === pid ? undefined : identityAt(`${folder}/task/${thread}/ns/net`);
      if (own === undefined || own === 'hidden' || own === identity) continue;
      add(own, new NamespaceProcess(pid, thread));
    }
  }
  return { members, hidden };
}

/** Undefined for what has ended. */
function identityAt(path: string): string | 'hidden' | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && identityOf(found);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'hidden' : undefined;
  }
}

function hasOneThread(folder: string): boolean {
  try {
    return statSync(`${folder}/task`, { throwIfNoEntry: false })?.nlink === LINKS_OF_ONE_THREAD;
  } catch {
    return false;
  }
}

/** Entries of a directory that are numbers, ascending. */
function numbersIn(path: string): number[] {
  let names: string[];
  try {
    names = readdirSync(path);
  } catch {
    return [];
  }
  const numbers: number[] = [];
  for (const name of names) if (/^\d+$/.test(name)) numbers.push(Number(name));
  return numbers.sort((one, other) => one - other);
}

const buffer = Buffer.alloc(MAX_CGROUP_LENGTH);

/** The first bytes of a file of /proc, '' when it cannot be read. In three system calls: readFileSync makes five. */
function readStart(path: string, length: number): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    return decodeText(buffer, 0, readSync(descriptor, buffer, 0, length, null));
  } catch {
    return '';
  } finally {
    closeSync(descriptor);
  }
}
