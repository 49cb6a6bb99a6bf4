/**
 * All network namespaces that can be found from here, named or not: those in the run directory, those of containers,
 * those that only processes or other mounts hold. Source: namespaces(7), ioctl_ns(2).
 */

import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { type Kernel, type SystemCalls, systemKernel } from '../../kernel/kernel.ts';
import { type Ask, asker } from '../../kernel/netlink/request-sync.ts';
import { check, errnoOf, SystemError } from '../../kernel/system/errors.ts';
import { ESTALE } from '../../linux/errno.ts';
import { NS_GET_OWNER_UID, NS_GET_USERNS, OWN_NETWORK } from '../../linux/namespaces.ts';
import { encodeText } from '../../wire/text.ts';
import type { ContainerId } from './containers.ts';
import { findPlaces, type NamespaceMount, type UnusableMount } from './mounts.ts';
import { nsidOf } from './nsid-names.ts';
import { identityOf, type NamespaceProcess, type ProcessScan, scanProcesses } from './processes.ts';

/** The owner of a namespace: root in that user namespace may change it. */
export interface NamespaceOwner {
  /** Inode number of the user namespace. */
  readonly userNamespace: number;
  /** The user who made that user namespace, as seen from ours. */
  readonly uid: number;
}

/** One network namespace, however many names it has. */
export interface NamespaceEntry {
  /** Device and inode number, `4:4026531833`: the same for the same namespace, as long as it lives. */
  readonly identity: string;
  readonly inode: number;
  /**
   * What to call it, unique in its registry: a name in the run directory; without one, `host` for the namespace of
   * process 1 and `here` for our own; else its container, a process, or a file it is mounted on.
   */
  readonly label: string;
  /** Whether we are in it. */
  readonly isCurrent: boolean;
  /** Its names in the run directory. */
  readonly names: readonly string[];
  /** Every file that it is mounted on. */
  readonly paths: readonly string[];
  /** The id by which the current namespace knows it; undefined if there is no such id. */
  readonly nsid: number | undefined;
  /** Undefined when we may not know. */
  readonly owner: NamespaceOwner | undefined;
  readonly processes: readonly NamespaceProcess[];
  /** Why it cannot be opened. */
  readonly problem: SystemError | undefined;
}

/** All network namespaces that were found, and how completely. */
export interface NamespaceRegistry {
  /** The current one first; then the named ones, those of containers, of processes, and of mounts, each by name. */
  readonly namespaces: readonly NamespaceEntry[];
  /** Files of the run directory on which no network namespace is mounted. */
  readonly stale: readonly UnusableMount[];
  /** What may not be looked at, though namespaces could be found there. */
  readonly unreadable: readonly UnusableMount[];
  /** How many processes hide their namespace from us. */
  readonly hiddenProcesses: number;
}

const SHORT_CONTAINER_ID = 12;
const HEX_ID = /^[0-9a-f]{64}$/;

/** How the kernel is asked about a namespace. */
interface Look {
  readonly calls: SystemCalls;
  readonly ask: Ask;
}

/** What is known of a namespace before it is opened. */
interface Draft {
  readonly identity: string;
  readonly isCurrent: boolean;
  readonly places: NamespaceMount[];
  processes: readonly NamespaceProcess[];
}

/** Finds all namespaces. Throws {@link SystemError} only when our own cannot be looked at. */
export function readRegistry(kernel: Kernel = systemKernel): NamespaceRegistry {
  const look: Look = { calls: kernel.calls, ask: asker(kernel.sockets.blocking) };
  const own = statOwn();
  const drafts = new Map<string, Draft>();
  const draftOf = (identity: string): Draft => {
    let draft = drafts.get(identity);
    if (draft === undefined) {
      draft = { identity, isCurrent: identity === identityOf(own), places: [], processes: [] };
      drafts.set(identity, draft);
    }
    return draft;
  };
  draftOf(identityOf(own));
  const { found, stale, unreadable } = findPlaces(kernel.calls, own.dev);
  for (const place of found) draftOf(place.identity).places.push(place);
  const scan = scanProcesses();
  for (const [identity, processes] of scan.members) draftOf(identity).processes = processes;
  return {
    namespaces: labelled([...drafts.values()], scan, look),
    stale: sortedByPath(stale),
    unreadable: sortedByPath(unreadable),
    hiddenProcesses: scan.hidden,
  };
}

/**
 * Opens a namespace: by any file that it is mounted on, or by a process in it. The caller closes the descriptor.
 * Throws {@link SystemError}, ESTALE when it has ended since.
 */
export function openNamespace({ identity, isCurrent, paths, processes }: OpenableNamespace): number {
  let failure: SystemError | undefined;
  const ways = [
    ...(isCurrent ? [OWN_NETWORK] : []),
    ...paths,
    // Any process will do; a few may have ended.
    ...processes
      .slice(0, 8)
      .map(({ pid, thread }) => `/proc/${pid}${thread === undefined ? '' : `/task/${thread}`}/ns/net`),
  ];
  for (const path of ways) {
    try {
      const descriptor = openSync(encodeText(path), 'r');
      if (identityOf(fstatSync(descriptor)) === identity) return descriptor;
      closeSync(descriptor);
    } catch (error) {
      failure ??= new SystemError(`open ${path}`, errnoOf(error));
    }
  }
  throw failure ?? new SystemError(`open namespace ${identity}`, ESTALE);
}

/** Containers that the processes of a namespace belong to, in the order of process ids. */
export function containersIn({ processes }: Pick<NamespaceEntry, 'processes'>): ContainerId[] {
  const found = new Map<string, ContainerId>();
  for (const { container } of processes) if (container !== undefined) found.set(container.id, container);
  return [...found.values()];
}

/** What {@link openNamespace} needs to know. */
export type OpenableNamespace = Pick<NamespaceEntry, 'identity' | 'isCurrent' | 'paths' | 'processes'>;

function statOwn(): { dev: number; ino: number } {
  try {
    return statSync(OWN_NETWORK);
  } catch (error) {
    throw new SystemError('Cannot open network namespace', errnoOf(error));
  }
}

/** Sorts namespaces and gives each a unique label. */
function labelled(drafts: readonly Draft[], scan: ProcessScan, look: Look): NamespaceEntry[] {
  const first = [...scan.members].find(
    ([, [process]]) => process !== undefined && isFirstProcess(process),
  )?.[0];
  const sorted = drafts
    .map(draft => ({ draft, ...baseLabel(draft, draft.identity === first) }))
    .sort((one, other) => one.rank - other.rank || compare(one.label, other.label) || one.tie - other.tie);
  const taken = new Set<string>();
  return sorted.map(({ draft, label }) => {
    let unique = label;
    for (let count = 2; taken.has(unique); count++) unique = `${label} (${count})`;
    taken.add(unique);
    return entryOf(draft, unique, look);
  });
}

/** Process 1, or the kernel's own, which is in the first namespace of all and can be seen where process 1 may not. */
function isFirstProcess(process: NamespaceProcess): boolean {
  return process.pid === 1 || (process.pid === 2 && process.command === 'kthreadd');
}

interface Label {
  readonly label: string;
  readonly rank: number;
  readonly tie: number;
}

function baseLabel({ isCurrent, places, processes }: Draft, isFirst: boolean): Label {
  const [name] = namesOf(places);
  const [process] = processes;
  const tie = process?.pid ?? 0;
  if (isCurrent) return { label: name ?? (isFirst ? 'host' : 'here'), rank: 0, tie };
  if (name !== undefined) return { label: name, rank: 1, tie };
  if (isFirst) return { label: 'host', rank: 1, tie };
  const container = process?.container;
  if (container !== undefined) {
    const id = HEX_ID.test(container.id) ? container.id.slice(0, SHORT_CONTAINER_ID) : container.id;
    return { label: `${container.runtime ?? 'container'} ${id}`, rank: 2, tie };
  }
  if (process !== undefined) return { label: `${process.command || 'process'} ${process.pid}`, rank: 3, tie };
  return { label: pathsOf(places)[0] ?? '?', rank: 4, tie };
}

function entryOf(
  { identity, isCurrent, places, processes }: Draft,
  label: string,
  { ask, calls }: Look,
): NamespaceEntry {
  const found = {
    identity,
    inode: Number(identity.slice(identity.indexOf(':') + 1)),
    label,
    isCurrent,
    names: namesOf(places),
    paths: pathsOf(places),
    processes,
  };
  let descriptor: number;
  try {
    descriptor = openNamespace(found);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { ...found, nsid: undefined, owner: undefined, problem: error };
  }
  try {
    return { ...found, nsid: nsidOf(ask, descriptor), owner: ownerOf(calls, descriptor), problem: undefined };
  } finally {
    closeSync(descriptor);
  }
}

function namesOf(places: readonly NamespaceMount[]): string[] {
  return places.flatMap(({ name }) => name ?? []).sort(compare);
}

function pathsOf(places: readonly NamespaceMount[]): string[] {
  return places.map(({ path }) => path).sort(compare);
}

/** Undefined where the kernel hides it: the owner is neither our user namespace nor one below it. */
function ownerOf(calls: SystemCalls, descriptor: number): NamespaceOwner | undefined {
  const user = calls.ioctl(descriptor, NS_GET_USERNS, 0);
  if (user < 0) return undefined;
  try {
    const uid = Buffer.alloc(4);
    check(calls.ioctlBytes(user, NS_GET_OWNER_UID, uid), 'ioctl NS_GET_OWNER_UID');
    return { userNamespace: fstatSync(user).ino, uid: uid.readUInt32LE(0) };
  } catch {
    return undefined;
  } finally {
    closeSync(user);
  }
}

function sortedByPath(places: readonly UnusableMount[]): UnusableMount[] {
  return [...places].sort((one, other) => compare(one.path, other.path));
}

/** In the order of people: `v2` before `v10`. */
export function compare(one: string, other: string): number {
  const [parts, others] = [one, other].map(text => text.split(/(\d+)/));
  for (let at = 0; at < parts!.length && at < others!.length; at++) {
    const [part, second] = [parts![at]!, others![at]!];
    if (part === second) continue;
    const difference = at % 2 === 1 ? Number(part) - Number(second) : 0;
    if (difference !== 0) return difference;
    return part < second ? -1 : 1;
  }
  return parts!.length - others!.length;
}
