/**
 * Plans for entering the namespaces of other processes: what `nsenter` does. Source: nsenter(1), setns(2), and
 * runs of util-linux 2.42.4 for order, phrases and statuses.
 */

import { complain, FORK_SIGNALS, type Plan, type Slot, type Step } from '../../kernel/plans/plan.ts';
import { factsOf, KINDS, type Kind } from '../kinds.ts';
import { programSteps } from './program-steps.ts';

/** A user or group to become: a number, or the one that the target process has. */
export type Identity = number | 'follow';

export interface EnterOptions {
  /** What messages start with. */
  readonly program: string;
  /** Process to take from what is not given otherwise. */
  readonly target: number | undefined;
  /**
   * Steps that happen while options are read, in the order in which they were given: opening the files that
   * they name. Made by {@link openNamespaceFile} and the functions that follow it.
   */
  readonly early: readonly Step[];
  /** Kinds that `early` opens. */
  readonly opened: ReadonlySet<Kind>;
  /** Kinds to enter that the target process is asked for. */
  readonly wanted: ReadonlySet<Kind>;
  /** All kinds of the target process that are not opened, the user namespace only if it is another one. */
  readonly all: boolean;
  /** A socket of the target process in whose network namespace to go; negative numbers mean none. */
  readonly socket: number | undefined;
  /** The parent of the user namespace, instead of that itself. */
  readonly userParent: boolean;
  readonly root: SlotKind;
  readonly workingDirectory: SlotKind;
  /** Working directory to open after everything is entered. */
  readonly workingDirectoryInside: string | undefined;
  readonly environment: boolean;
  readonly joinCgroup: boolean;
  /** SELinux is there, and its context is to be the target's. */
  readonly followContext: boolean;
  readonly user: Identity | undefined;
  readonly group: Identity | undefined;
  readonly preserveCredentials: boolean;
  readonly keepCapabilities: boolean;
  readonly fork: boolean;
  /** Program and arguments; none for the login shell. */
  readonly command: readonly string[];
}

/** A folder: left as it is, the target process's, or one that {@link EnterOptions.early} opens. */
export type SlotKind = 'unchanged' | 'target' | 'opened';

/** Device and inode number of a file that exists, or the text of why it cannot be looked at. */
export type Look = (path: string) => { readonly dev: number; readonly ino: number } | string;

/** Slots: one for each kind in the order of the table, then these. */
const PIDFD: Slot = KINDS.length;
const ROOT: Slot = PIDFD + 1;
const WORKING_DIRECTORY: Slot = PIDFD + 2;
const ENVIRONMENT: Slot = PIDFD + 3;
const OWNER: Slot = PIDFD + 4;
const CGROUP: Slot = PIDFD + 5;
const TARGET_USER: Slot = PIDFD + 6;
const PARENT_USER: Slot = PIDFD + 7;

/** The slot that a namespace of this kind is opened in. */
export function slotOf(kind: Kind): Slot {
  return KINDS.findIndex(facts => facts.kind === kind);
}

/** Opens the namespace that a file stands for. */
export function openNamespaceFile(kind: Kind, path: string): Step {
  return openFile(slotOf(kind), path);
}

/** Opens the namespace with this identity number. */
export function openNamespaceById(kind: Kind, id: string): Step {
  return {
    step: 'namespace-by-id',
    slot: slotOf(kind),
    ioctl: factsOf(kind).ioctl,
    id,
    handleFails: 'failed to fill namespace file handle',
    fails: `cannot open namespace of id ${id}`,
  };
}

export function openRoot(path: string): Step {
  return openFile(ROOT, path);
}

export function openWorkingDirectory(path: string): Step {
  return openFile(WORKING_DIRECTORY, path);
}

/** Makes sure that `pid` is still the process whose pidfd has this inode number. */
export function checkTarget(pid: number, inode: string): Step {
  const fails = `failed to obtain a valid file descriptor for PID ${pid}`;
  return { step: 'check-pidfd', pid, inode, fails };
}

/** The plan of process `pid` for these options. `look` is asked about its namespaces and those of the target. */
export function enterPlan(options: EnterOptions, pid: number, look: Look): Plan {
  const steps = [...options.early];
  const complaint = addSteps(steps, options, pid, look);
  if (complaint !== undefined) steps.push(...complain(options.program, complaint));
  return { program: options.program, failure: 1, steps };
}

/** Adds everything after the early steps. Returns what is wrong with the options when that is noticed. */
function addSteps(steps: Step[], options: EnterOptions, pid: number, look: Look): string | undefined {
  const { target, opened } = options;
  const wanted = new Set(options.wanted);
  if (options.all) {
    const complaint = addAllKinds(wanted, opened, { own: pid, target: target ?? 0 }, look);
    if (complaint !== undefined) return complaint;
  }
  const socket = options.socket !== undefined && options.socket >= 0 ? options.socket : undefined;
  const needsTarget = wanted.size > 0 || socket !== undefined || options.userParent;
  if (needsTarget) {
    if (target === undefined) return 'no target PID specified';
    steps.push(...openTarget(target, wanted));
  }
  const unsupplied = addOpenings(steps, options);
  if (unsupplied !== undefined) return `neither filename nor target pid supplied for ${unsupplied}`;
  if (options.joinCgroup) steps.push({ step: 'find-cgroup', slot: CGROUP, pid: target ?? 0, fails: '' });
  if (options.userParent) steps.push(...openParentUser(target!, opened, wanted));
  if (socket !== undefined) steps.push(...openSocketNamespace(target!, socket));

  const kinds = new Set([...opened, ...wanted]);
  if (options.userParent) kinds.add('user');
  if (socket !== undefined) kinds.add('net');
  if (kinds.size === 0) return 'no namespace specified';

  const entersUser = kinds.has('user');
  if (entersUser && !options.preserveCredentials) steps.push({ step: 'setgroups' });
  steps.push(...enterKinds(kinds, options.userParent), ...changeFolders(options));
  if (options.environment) steps.push({ step: 'environment', slot: ENVIRONMENT, fails: '' });
  if (options.joinCgroup) steps.push({ step: 'join-cgroup', slot: CGROUP, fails: '' });
  if (options.fork && kinds.has('pid')) steps.push(...forkAndWait);
  steps.push(...changeIdentity(options, entersUser));
  // As in the original, a user namespace alone does not do.
  if (options.keepCapabilities && entersUser && kinds.size > 1) steps.push({ step: 'keep-capabilities' });
  steps.push(...programSteps(options.command));
  return undefined;
}

/** Adds to `wanted` what `-a` stands for: every kind this kernel has; the user namespace cannot be entered twice. */
function addAllKinds(
  wanted: Set<Kind>,
  opened: ReadonlySet<Kind>,
  pids: { readonly own: number; readonly target: number },
  look: Look,
): string | undefined {
  for (const { kind } of KINDS) {
    if (opened.has(kind)) continue;
    const own = look(`/proc/${pids.own}/ns/${kind}`);
    if (typeof own === 'string') continue;
    if (kind === 'user') {
      const path = `/proc/${pids.target}/ns/${kind}`;
      const other = look(path);
      if (typeof other === 'string') return `stat of ${path} failed: ${other}`;
      if (own.dev === other.dev && own.ino === other.ino) continue;
    }
    wanted.add(kind);
  }
  return undefined;
}

/** A pidfd leads to all namespaces at once; without one (Linux before 5.8), files in /proc do. */
function openTarget(target: number, wanted: ReadonlySet<Kind>): Step[] {
  const files = KINDS.filter(({ kind }) => wanted.has(kind)).map(
    ({ kind }): Step => ({ ...openNamespaceFile(kind, `/proc/${target}/ns/${kind}`), unless: [PIDFD] }),
  );
  return [{ step: 'pidfd', slot: PIDFD, pid: target }, ...files];
}

/** Opens what else belongs to the target. Without a target, returns the name of what would need one. */
function addOpenings(steps: Step[], options: EnterOptions): string | undefined {
  const followsOwner = options.user === 'follow' || options.group === 'follow';
  const openings: readonly { slot: Slot; name: string; isWanted: boolean }[] = [
    { slot: ROOT, name: 'root', isWanted: options.root === 'target' },
    { slot: WORKING_DIRECTORY, name: 'cwd', isWanted: options.workingDirectory === 'target' },
    { slot: ENVIRONMENT, name: 'environ', isWanted: options.environment },
    { slot: OWNER, name: '', isWanted: followsOwner },
  ];
  for (const { slot, name, isWanted } of openings) {
    if (!isWanted) continue;
    if (options.target === undefined) return name;
    steps.push(openFile(slot, `/proc/${options.target}/${name}`));
  }
  if (options.followContext) {
    if (options.target === undefined) return 'SELinux context';
    steps.push({ step: 'follow-context', pid: options.target, fails: '' });
  }
  return undefined;
}

/**
 * Finds the user namespace whose parent is meant: one given as a file, the target's, or, when the target is
 * gone, the one that owns another namespace given as a file.
 */
function openParentUser(target: number, opened: ReadonlySet<Kind>, wanted: ReadonlySet<Kind>): Step[] {
  const fails = 'failed to open parent namespace';
  if (opened.has('user')) return [{ step: 'parent', slot: PARENT_USER, from: slotOf('user'), fails }];
  const others = KINDS.filter(({ kind }) => opened.has(kind) || wanted.has(kind)).map(({ kind }) =>
    slotOf(kind),
  );
  const ofTarget = openFile(TARGET_USER, `/proc/${target}/ns/user`);
  return [
    { step: 'user-namespace', slot: TARGET_USER, pidfd: PIDFD, if: [PIDFD] },
    { ...ofTarget, if: [PIDFD], unless: [TARGET_USER] },
    { ...ofTarget, unless: [PIDFD, ...others] },
    ...[TARGET_USER, ...others].map(
      (from): Step => ({ step: 'parent', slot: PARENT_USER, from, if: [from], unless: [PARENT_USER], fails }),
    ),
  ];
}

function openSocketNamespace(target: number, socket: number): Step[] {
  const fails = `failed to pidfd_open() for ${target}`;
  return [
    { step: 'pidfd', slot: PIDFD, pid: target, unless: [PIDFD], fails },
    { step: 'socket-namespace', slot: slotOf('net'), pidfd: PIDFD, descriptor: socket, fails: '' },
  ];
}

/** The steps that enter the namespaces in the slots of `kinds`; those whose slots are empty by the target's pidfd. */
export function enterKinds(kinds: ReadonlySet<Kind>, userParent: boolean): Step[] {
  const targets = KINDS.filter(({ kind }) => kinds.has(kind)).map(
    ({ kind, flag }): Step => ({
      step: 'target',
      slot: kind === 'user' && userParent ? PARENT_USER : slotOf(kind),
      type: flag,
      fails: `reassociate to namespace 'ns/${kind}' failed`,
    }),
  );
  return [...targets, { step: 'enter', pidfd: PIDFD, fails: 'reassociate to namespaces failed' }];
}

/** With a new root but no new working directory the old one is kept, though it may lie outside. */
function changeFolders(options: EnterOptions): Step[] {
  const steps: Step[] = [];
  const openFails = 'cannot open current working directory';
  const inside = options.workingDirectoryInside;
  const hasRoot = options.root !== 'unchanged';
  const hasWorkingDirectory = options.workingDirectory !== 'unchanged' || inside !== undefined;
  if (hasRoot) {
    if (!hasWorkingDirectory)
      steps.push({ step: 'open', slot: WORKING_DIRECTORY, path: '.', fails: openFails });
    steps.push(
      { step: 'fchdir', slot: ROOT, fails: 'change directory by root file descriptor failed' },
      { step: 'chroot', path: '.', fails: 'chroot failed' },
      { step: 'chdir', path: '/', fails: 'cannot change directory to /' },
    );
  }
  if (inside !== undefined)
    steps.push({ step: 'open', slot: WORKING_DIRECTORY, path: inside, fails: openFails });
  if (hasRoot || hasWorkingDirectory) {
    const fails = 'change directory by working directory file descriptor failed';
    steps.push({ step: 'fchdir', slot: WORKING_DIRECTORY, fails });
  }
  return steps;
}

/** A PID namespace is entered by children only. */
const forkAndWait: readonly Step[] = [
  { step: 'fork', signals: FORK_SIGNALS.leave, deathSignal: 0, fails: 'fork failed' },
  { step: 'wait', stops: 1, fails: '' },
];

/**
 * In a user namespace the process becomes root unless the options say otherwise. Groups are dropped before and after
 * entering it: which of them is permitted depends on the namespace, so one may fail.
 */
function changeIdentity(options: EnterOptions, entersUser: boolean): Step[] {
  const { preserveCredentials } = options;
  const becomesRoot = entersUser && !preserveCredentials;
  const user = options.user ?? (becomesRoot ? 0 : undefined);
  const group = options.group ?? (becomesRoot ? 0 : undefined);
  const steps: Step[] = [];
  if (!preserveCredentials && (user !== undefined || group !== undefined))
    steps.push(entersUser ? { step: 'setgroups-again', fails: 'setgroups failed' } : { step: 'setgroups' });
  if (group !== undefined) {
    const fails = 'setgid() failed';
    steps.push(
      group === 'follow' ? { step: 'setgid-of', slot: OWNER, fails } : { step: 'setgid', id: group, fails },
    );
  }
  if (user !== undefined) {
    const fails = 'setuid() failed';
    steps.push(
      user === 'follow' ? { step: 'setuid-of', slot: OWNER, fails } : { step: 'setuid', id: user, fails },
    );
  }
  return steps;
}

function openFile(slot: Slot, path: string): Step & { readonly step: 'open' } {
  return { step: 'open', slot, path, fails: `cannot open ${path}` };
}
