/**
 * Plans: what to do in other namespaces, as data. A plan is a list of steps, each one system call or a few that belong
 * together, with the phrase it fails with. `nsexec` (src/native/nsexec/) runs it after Node is gone; exec.ts starts it.
 * The names, order and types of a step's fields here are nsexec's: see `shapes`.
 */
import { encodeText } from '../../wire/text.ts';

/**
 * A place for an open descriptor. Steps fill slots and name them; the number means nothing to the kernel.
 * All are close-on-exec: the program that the plan ends with sees none of them.
 */
export type Slot = number;

/** Number of slots that nsexec has. */
export const SLOT_COUNT = 32;

/** What happens when a step fails, and when it runs at all. */
interface Circumstances {
  /** On failure `program: PHRASE: strerror` is printed, and the plan ends with its `failure` status. */
  readonly fails?: string;
  /** On failure the same line is printed, and the plan goes on. Without `fails` and `warns` it goes on silently. */
  readonly warns?: string;
  /** The step runs only if all these slots are open. */
  readonly if?: readonly Slot[];
  /** The step runs only if none of these slots is open. */
  readonly unless?: readonly Slot[];
}

/** The fields of each step, besides its {@link Circumstances}. */
interface Steps {
  /** open(2) for reading. */
  open: { slot: Slot; path: string };
  /** Takes over a descriptor that nsexec was started with. */
  adopt: { slot: Slot; descriptor: number };
  /** pidfd_open(2). */
  pidfd: { slot: Slot; pid: number };
  /** Fails with ESRCH unless `inode` is that of `pid`'s pidfd, with EOPNOTSUPP where pidfds have no inodes. */
  'check-pidfd': { pid: number; inode: string };
  /**
   * Opens the namespace of this identity (NS_GET_ID); `ioctl` is the PIDFD_GET_*_NAMESPACE number of its kind.
   * `handleFails` is the phrase if file handles of namespaces are not available at all.
   */
  'namespace-by-id': { slot: Slot; ioctl: number; id: string; handleFails: string };
  /** The user namespace of a process (PIDFD_GET_USER_NAMESPACE). */
  'user-namespace': { slot: Slot; pidfd: Slot };
  /** The user namespace that owns, or is the parent of, the namespace in `from` (NS_GET_USERNS). */
  parent: { slot: Slot; from: Slot };
  /** The network namespace of another process's socket: pidfd_getfd(2), SIOCGSKNS. Knows its phrases itself. */
  'socket-namespace': { slot: Slot; pidfd: Slot; descriptor: number };
  /** setns(2) with an open slot. */
  setns: { slot: Slot; type: number };
  /** Adds a namespace to those that the next `enter` enters. Its `fails` is used if it has its own slot. */
  target: { slot: Slot; type: number };
  /**
   * Enters all targets: those with an open slot by it, in the order given, the others by one setns(2) of
   * `pidfd`, first. Two passes: the first leaves out the user namespace and forgives failures, the second
   * enters what is left. (Permissions to enter the others may come from either side of the user namespace.)
   */
  enter: { pidfd: Slot };
  /** Default action for a signal that our caller may have ignored. */
  'default-action': { signal: number };
  /** unshare(2). */
  unshare: { flags: number };
  /** sethostname(2). */
  hostname: { name: string };
  /** mount(2); an empty `data` is NULL. */
  mount: { source: string; target: string; type: string; flags: number; data: string };
  /** Stops mounts below `target` from showing elsewhere; where nothing is mounted there is nothing to stop. */
  'make-private': { target: string };
  /** umount2(2). */
  umount: { target: string; flags: number };
  /** Unmounts `target` and mounts sysfs there, read-only if the old mount stays and is read-only. */
  'replace-sysfs': { source: string; target: string };
  /** Writes `text` at once into a file of the kernel. `openFails` is the phrase if it cannot be opened. */
  write: { path: string; text: string; openFails: string };
  /** Writes `text` into /proc/PID/FILE of the process that the plan began in. Knows its phrases itself. */
  map: { file: 'uid_map' | 'gid_map'; text: string };
  chroot: { path: string };
  chdir: { path: string };
  fchdir: { slot: Slot };
  /** Opens `cgroup.procs` of the process's cgroup (version 2); `pid` 0 means no process. Knows its phrases itself. */
  'find-cgroup': { slot: Slot; pid: number };
  /** Moves this process into that cgroup. */
  'join-cgroup': { slot: Slot };
  /** setgroups(2) with no groups. */
  setgroups: object;
  /** The same once more; fails only if both did. */
  'setgroups-again': object;
  /** setgroups(2) with these: ids with commas between them. */
  groups: { ids: string };
  /** PR_SET_KEEPCAPS: the next `setuid` leaves the permitted capabilities as they are. */
  'hold-capabilities': object;
  setgid: { id: number };
  setuid: { id: number };
  /** setgid(2) to the group of the file in the slot. */
  'setgid-of': { slot: Slot };
  /** setuid(2) to the owner of the file in the slot. */
  'setuid-of': { slot: Slot };
  /** Makes all permitted capabilities inheritable and ambient. Knows its phrases itself. */
  'keep-capabilities': object;
  /** The program shall run in the SELinux context of `pid`. */
  'follow-context': { pid: number };
  /** Starts child `index` (0 or 1), which waits for its `release`, then does the steps up to the next `end`. */
  helper: { index: number };
  end: object;
  /** Releases the child and waits for it; if it fails, the plan ends with its status, silently. */
  release: { index: number };
  /**
   * Forks. This process does the steps up to the next `wait`, the child those after it. `signals`: what this
   * process does about SIGINT and SIGTERM until then. `deathSignal`: what the child gets when this process
   * dies, 0 for nothing.
   */
  fork: { signals: ForkSignals; deathSignal: number };
  /**
   * After `milliseconds` the child gets SIGTERM, and SIGKILL if it is there two seconds later, with its process group if
   * it has one. `wait` then ends with status 124, as timeout(1) does.
   */
  limit: { milliseconds: number };
  /** Waits for the child and ends as it did; with `stops` 1 stops when it stops, and continues it when continued. */
  wait: { stops: number };
  /** Makes this process the leader of a process group, unless standard input is a terminal. */
  'process-group': object;
  /**
   * Prints the process id and stays, with nothing of who started it, until a signal ends it: keeps the namespaces that it
   * is in.
   */
  hold: object;
  /** The environment becomes the one in the slot, an open /proc/PID/environ. */
  environment: { slot: Slot };
  /** The environment becomes empty. */
  'clear-environment': object;
  /** setenv(3): of the program that the plan ends with. */
  variable: { name: string; value: string };
  /** Adds a word to the command line of the next `run`. */
  argument: { text: string };
  /** The same with the process id that the plan began in. */
  'argument-pid': object;
  /**
   * Runs the program named by the words gathered and waits for it; the plan ends with its status unless that is
   * 0. `missing` and `otherwise` are the statuses if there is no such program or it cannot be executed.
   */
  run: { missing: number; otherwise: number };
  /** Becomes the user's login shell. */
  shell: { missing: number; otherwise: number };
  /** Writes `text` on a descriptor. */
  print: { descriptor: number; text: string };
  /** Ends. */
  exit: { status: number };
}

/** Values of {@link Steps.fork}'s `signals`. */
export const FORK_SIGNALS = { leave: 0, block: 1, forward: 2 } as const;
type ForkSignals = (typeof FORK_SIGNALS)[keyof typeof FORK_SIGNALS];

/** Becomes the user's program: the step that most plans end with. */
export interface ExecStep extends Circumstances {
  readonly step: 'exec';
  /** Program (looked up in PATH) and arguments. */
  readonly argv: readonly string[];
  /** Exit status if there is no such program. */
  readonly missing: number;
  /** Exit status if it cannot be executed for another reason. */
  readonly otherwise: number;
}

export type Step =
  | ExecStep
  | { [Name in keyof Steps]: { readonly step: Name } & Readonly<Steps[Name]> & Circumstances }[keyof Steps];

export interface Plan {
  /** What messages start with (`PROGRAM: `); none if empty. */
  readonly program: string;
  /** Exit status when a step fails. */
  readonly failure: number;
  /** The last is `exec`, `shell`, `hold` or `exit`. At most one is `exec`. */
  readonly steps: readonly Step[];
}

/** Prints a message on stderr and ends with status 1: for errors that are found after some steps. */
export function complain(program: string, text: string): Step[] {
  return [
    { step: 'print', descriptor: 2, text: `${program}: ${text}\n` },
    { step: 'exit', status: 1 },
  ];
}

/** Order and type of each step's arguments in the encoding. */
const shapes: { readonly [Name in keyof Steps]: readonly (keyof Steps[Name])[] } = {
  open: ['slot', 'path'],
  adopt: ['slot', 'descriptor'],
  pidfd: ['slot', 'pid'],
  'check-pidfd': ['pid', 'inode'],
  'namespace-by-id': ['slot', 'ioctl', 'id', 'handleFails'],
  'user-namespace': ['slot', 'pidfd'],
  parent: ['slot', 'from'],
  'socket-namespace': ['slot', 'pidfd', 'descriptor'],
  setns: ['slot', 'type'],
  target: ['slot', 'type'],
  enter: ['pidfd'],
  'default-action': ['signal'],
  unshare: ['flags'],
  hostname: ['name'],
  mount: ['source', 'target', 'type', 'flags', 'data'],
  'make-private': ['target'],
  umount: ['target', 'flags'],
  'replace-sysfs': ['source', 'target'],
  write: ['path', 'text', 'openFails'],
  map: ['file', 'text'],
  chroot: ['path'],
  chdir: ['path'],
  fchdir: ['slot'],
  'find-cgroup': ['slot', 'pid'],
  'join-cgroup': ['slot'],
  setgroups: [],
  'setgroups-again': [],
  groups: ['ids'],
  'hold-capabilities': [],
  setgid: ['id'],
  setuid: ['id'],
  'setgid-of': ['slot'],
  'setuid-of': ['slot'],
  'keep-capabilities': [],
  'follow-context': ['pid'],
  helper: ['index'],
  end: [],
  release: ['index'],
  fork: ['signals', 'deathSignal'],
  limit: ['milliseconds'],
  wait: ['stops'],
  'process-group': [],
  hold: [],
  environment: ['slot'],
  'clear-environment': [],
  variable: ['name', 'value'],
  argument: ['text'],
  'argument-pid': [],
  run: ['missing', 'otherwise'],
  shell: ['missing', 'otherwise'],
  print: ['descriptor', 'text'],
  exit: ['status'],
};

/** What nsexec is started with. */
export interface EncodedPlan {
  readonly argv: readonly Buffer[];
  /** Words to put before the environment. */
  readonly words: readonly Buffer[];
}

/**
 * Encodes a plan for nsexec. Its steps travel as words at the head of the environment, which nsexec takes off
 * again, so that its command line can be the one that the user typed: `title`, then the program of the `exec`
 * step. That program's words are thus passed once, however long they are. `softLimit` is the soft limit of open
 * files to set first, undefined for leaving it.
 */
export function encodePlan(plan: Plan, title: readonly string[], softLimit?: number): EncodedPlan {
  const words = planWords(plan, title.length, softLimit);
  return { argv: [...title, ...commandOf(plan)].map(encodeText), words: words.map(encodeText) };
}

/**
 * The same for a child that Node starts, whose environment Node makes: the plan's words stand after the first one of
 * the command line, `title`.
 */
export function planArguments(plan: Plan, title: string): string[] {
  const length = planWords(plan, 0).length;
  return [title, ...planWords(plan, length + 1), ...commandOf(plan)];
}

function commandOf({ steps }: Plan): readonly string[] {
  return steps.find(step => step.step === 'exec')?.argv ?? [];
}

/** The words of a plan, after one that counts them; the program of the `exec` step is at `programAt` of the command line. */
function planWords(plan: Plan, programAt: number, softLimit?: number): string[] {
  const words = [plan.program, String(plan.failure), softLimit === undefined ? '' : String(softLimit)];
  for (const step of plan.steps) {
    words.push(step.step, condition(step), outcome(step));
    if (step.step === 'exec') {
      words.push(String(programAt), String(step.missing), String(step.otherwise));
    } else {
      const fields = step as unknown as Readonly<Record<string, string | number>>;
      for (const field of shapes[step.step]) words.push(String(fields[field]));
    }
  }
  return [`NSEXEC_PLAN=${words.length}`, ...words];
}

/** `+3` for a slot that must be open, `-4` for one that must not. */
function condition(step: Circumstances): string {
  return [...(step.if ?? []).map(slot => `+${slot}`), ...(step.unless ?? []).map(slot => `-${slot}`)].join(
    '',
  );
}

/** `!` and the phrase of a failure that ends the plan, `?` and that of one that does not, nothing for silence. */
function outcome(step: Circumstances): string {
  if (step.fails !== undefined) return `!${step.fails}`;
  return step.warns === undefined ? '' : `?${step.warns}`;
}
