/**
 * Plans for leaving namespaces for new ones: what `unshare` does. Source: unshare(1), unshare(2), and runs of
 * util-linux 2.42.4 for order, phrases and statuses.
 */

import { complain, FORK_SIGNALS, type Plan, type Step } from '../../kernel/plans/plan.ts';
import { CLOCK_BOOTTIME, CLOCK_MONOTONIC } from '../../linux/clocks.ts';
import {
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_REC,
  MS_SHARED,
  MS_SLAVE,
} from '../../linux/mounts.ts';
import { flagsOf, KINDS, type Kind } from '../kinds.ts';
import { composeMap, type IdRange, lineWords } from './id-maps.ts';
import { programSteps } from './program-steps.ts';

export interface UnshareOptions {
  /** What messages start with. */
  readonly program: string;
  readonly kinds: ReadonlySet<Kind>;
  /** Files that keep the new namespaces alive. */
  readonly files: ReadonlyMap<Kind, string>;
  readonly fork: boolean;
  /** Signal for the child when this process dies. */
  readonly killChild: number | undefined;
  readonly forwardSignals: boolean;
  readonly users: IdMap;
  readonly groups: IdMap;
  /** The ids that own the user namespace; `undefined` leaves the caller's. */
  readonly owner: { readonly user: number | undefined; readonly group: number | undefined } | undefined;
  readonly setgroups: 'allow' | 'deny' | undefined;
  readonly keepCapabilities: boolean;
  readonly user: number | undefined;
  readonly group: number | undefined;
  /** Offsets of the clocks in seconds, as text. */
  readonly monotonic: string | undefined;
  readonly boottime: string | undefined;
  readonly propagation: Propagation;
  readonly root: string | undefined;
  readonly workingDirectory: string | undefined;
  /** Name of the host in the new UTS namespace. */
  readonly hostname?: string;
  /** Where to mount proc. */
  readonly mountProc: string | undefined;
  /** Where to mount binfmt_misc. */
  readonly mountBinfmt: string | undefined;
  /** Definition of an interpreter for binfmt_misc. */
  readonly interpreter: string | undefined;
  /** Program and arguments; none for the login shell. */
  readonly command: readonly string[];
}

export interface IdMap {
  /** The id inside that the caller's own one gets. */
  readonly single: number | undefined;
  readonly ranges: readonly IdRange[];
}

/** What mounts of a new mount namespace have to do with those outside (mount_namespaces(7)). */
export type Propagation = 'slave' | 'shared' | 'private' | 'unchanged';

/** The process that the plan will run in. */
export interface Caller {
  /** Undefined where it is not known before the plan begins. */
  readonly pid: number | undefined;
  readonly user: number;
  readonly group: number;
}

/** How the kernel's own file systems are mounted. */
const QUIET = MS_NOSUID | MS_NODEV | MS_NOEXEC;

const PROPAGATION_FLAGS: Readonly<Record<Propagation, number>> = {
  slave: MS_SLAVE | MS_REC,
  shared: MS_SHARED | MS_REC,
  private: MS_PRIVATE | MS_REC,
  unchanged: 0,
};

/** The kernel does not look at longer maps. */
const MAP_SIZE = 4096;

const SIGCHLD = 17;

/** The helpers of these plans; see {@link Step} `helper`. */
const KEEPER = 0;
const MAPPER = 1;

/** The plan for these options, run by `caller`. */
export function unsharePlan(options: UnshareOptions, caller: Caller): Plan {
  const { kinds, fork } = options;
  const bindings = keepNamespaces(options.files, caller.pid);
  // In the new mount or user namespace this process may not mount where others see it.
  const needsKeeper = bindings.length > 0 && (kinds.has('mnt') || kinds.has('user'));
  const mapping = mapFromOutside(options, caller);
  const keeping: readonly Step[] = needsKeeper ? [{ step: 'release', index: KEEPER }] : bindings;
  return {
    program: options.program,
    failure: 1,
    steps: [
      { step: 'default-action', signal: SIGCHLD },
      ...(needsKeeper ? helper(KEEPER, bindings) : []),
      ...(mapping.length > 0 ? helper(MAPPER, mapping) : []),
      ...(options.owner ? changeIdentity(options.owner) : []),
      { step: 'unshare', flags: flagsOf(kinds), fails: 'unshare failed' },
      ...(mapping.length > 0 ? [{ step: 'release', index: MAPPER } as const] : []),
      ...setClocks(options),
      ...(fork ? forkAround(options, keeping) : keeping),
      ...mapFromInside(options, caller),
      ...restrictGroups(options),
      ...setHostname(options),
      ...mountAndMove(options),
      ...changeIdentity(options),
      ...(options.keepCapabilities && kinds.has('user')
        ? [{ step: 'keep-capabilities', fails: '' } as const]
        : []),
      ...programSteps(options.command),
    ],
  };
}

/** A child that does `steps` from outside the new namespaces, once it is released. */
function helper(index: number, steps: readonly Step[]): Step[] {
  return [{ step: 'helper', index, fails: 'fork failed' }, ...steps, { step: 'end' }];
}

/** Binds the namespaces to their files. */
function keepNamespaces(files: ReadonlyMap<Kind, string>, pid: number | undefined): Step[] {
  return KINDS.flatMap(({ kind, ofChildren }): Step[] => {
    const target = files.get(kind);
    if (target === undefined) return [];
    const source = `/proc/${pid}/ns/${ofChildren ?? kind}`;
    return [mountStep(source, target, '', MS_BIND, `mount ${source} on ${target} failed`)];
  });
}

/**
 * Maps of several ids may be written only from outside: by root itself, for others by newuidmap and newgidmap.
 * So is a single user or group when the owner of the namespace has another one.
 */
function mapFromOutside(options: UnshareOptions, caller: Caller): Step[] {
  const { program, users, groups, owner } = options;
  return [
    ...mapByOther('uid', users, owner?.user, caller.user, caller, program),
    ...mapByOther('gid', groups, owner?.group, caller.group, caller, program),
  ];
}

function mapByOther(
  type: 'uid' | 'gid',
  map: IdMap,
  owner: number | undefined,
  own: number,
  caller: Caller,
  program: string,
): Step[] {
  if (!isMappedFromOutside(map, owner)) return [];
  const single = map.single === undefined ? undefined : { inner: map.single, outer: own };
  const lines = composeMap(map.ranges, single).map(lineWords);
  if (lines.length === 0) return [];
  if (caller.user === 0) {
    const path = `/proc/${caller.pid ?? 'self'}/${type}_map`;
    const text = lines.map(words => `${words.join(' ')}\n`).join('');
    if (text.length > MAP_SIZE) return complain(program, `${path} too large for kernel 4k limit`);
    if (caller.pid === undefined) return [{ step: 'map', file: `${type}_map`, text, fails: '' }];
    return [
      { step: 'write', path, text, openFails: `failed to open ${path}`, fails: `failed to write ${path}` },
    ];
  }
  return runInChild([`new${type}map`, caller.pid ?? 'own', ...lines.flat()]);
}

/** `owner` is the user or group that `--owner` names; the original does not compare it with the caller's. */
function isMappedFromOutside(map: IdMap, owner: number | undefined): boolean {
  return map.ranges.length > 0 || (owner !== undefined && map.single !== undefined);
}

/** The maps that a process may write for itself: its own id. The kernel wants setgroups(2) denied before. */
function mapFromInside(options: UnshareOptions, caller: Caller): Step[] {
  const { users, groups, setgroups, owner } = options;
  const steps: Step[] = [];
  if (users.single !== undefined && !isMappedFromOutside(users, owner?.user))
    steps.push(writeStep('/proc/self/uid_map', `${users.single} ${caller.user} 1`));
  if (groups.single !== undefined && !isMappedFromOutside(groups, owner?.group)) {
    if (setgroups === 'allow')
      return [
        ...steps,
        ...complain(options.program, 'options --setgroups=allow and --map-group are mutually exclusive'),
      ];
    steps.push(
      writeStep('/proc/self/setgroups', 'deny'),
      writeStep('/proc/self/gid_map', `${groups.single} ${caller.group} 1`),
    );
  }
  return steps;
}

/** Already done, if a group was mapped from inside. */
function restrictGroups({ setgroups }: UnshareOptions): Step[] {
  return setgroups === undefined ? [] : [writeStep('/proc/self/setgroups', setgroups)];
}

function setHostname({ hostname: name }: UnshareOptions): Step[] {
  return name === undefined ? [] : [{ step: 'hostname', name, fails: `cannot set host name to '${name}'` }];
}

/** Offsets can be set until a process has entered the time namespace. */
function setClocks({ monotonic, boottime }: UnshareOptions): Step[] {
  const path = '/proc/self/timens_offsets';
  const clock = (number: number, seconds: string | undefined): Step[] => {
    if (seconds === undefined) return [];
    const text = `${number} ${seconds} 0`;
    return [
      { step: 'write', path, text, openFails: `failed to open ${path}`, fails: `failed to write to ${path}` },
    ];
  };
  return [...clock(CLOCK_BOOTTIME, boottime), ...clock(CLOCK_MONOTONIC, monotonic)];
}

/** This process stays and does `steps`; the child goes on with the plan. */
function forkAround(options: UnshareOptions, steps: readonly Step[]): Step[] {
  const signals = options.forwardSignals ? FORK_SIGNALS.forward : FORK_SIGNALS.block;
  return [
    { step: 'fork', signals, deathSignal: options.killChild ?? 0, fails: 'fork failed' },
    ...steps,
    { step: 'wait', stops: 0, fails: '' },
  ];
}

/** Changes root and working directory, and mounts what shows the new namespaces. */
function mountAndMove(options: UnshareOptions): Step[] {
  const { root, workingDirectory, mountProc, mountBinfmt, interpreter, propagation } = options;
  const steps: Step[] = [];
  const flags = PROPAGATION_FLAGS[propagation];
  if (options.kinds.has('mnt') && flags !== 0)
    steps.push(mountStep('none', '/', '', flags, 'cannot change root filesystem propagation'));
  if (root !== undefined)
    steps.push({ step: 'chroot', path: root, fails: `cannot change root directory to '${root}'` });
  const folder = workingDirectory ?? (root === undefined ? undefined : '/');
  if (folder !== undefined)
    steps.push({ step: 'chdir', path: folder, fails: `cannot change directory to ${folder}` });
  if (mountProc !== undefined) {
    // Without it the new proc would appear outside, too.
    if (root === undefined && flags === 0)
      steps.push({
        step: 'make-private',
        target: mountProc,
        fails: `cannot change ${mountProc} filesystem propagation`,
      });
    steps.push(mountStep('proc', mountProc, 'proc', QUIET, `mount ${mountProc} failed`));
  }
  if (mountBinfmt !== undefined)
    steps.push(mountStep('binfmt_misc', mountBinfmt, 'binfmt_misc', QUIET, `mount ${mountBinfmt} failed`));
  if (interpreter !== undefined && mountBinfmt !== undefined) {
    const path = `${mountBinfmt}/register`;
    steps.push(writeStep(path, interpreter));
  }
  return steps;
}

function changeIdentity({
  user,
  group,
}: {
  readonly user: number | undefined;
  readonly group: number | undefined;
}): Step[] {
  const steps: Step[] = [];
  if (group !== undefined)
    steps.push(
      { step: 'setgroups', fails: 'setgroups failed' },
      { step: 'setgid', id: group, fails: 'setgid() failed' },
    );
  if (user !== undefined) steps.push({ step: 'setuid', id: user, fails: 'setuid() failed' });
  return steps;
}

/** Runs a program; `own` stands for the id of the process that the plan began in. */
function runInChild(words: readonly (string | number)[]): Step[] {
  return [
    ...words.map(
      (word): Step =>
        word === 'own'
          ? { step: 'argument-pid', fails: '' }
          : { step: 'argument', text: String(word), fails: '' },
    ),
    { step: 'run', missing: 127, otherwise: 126, fails: `failed to execute ${words[0]}` },
  ];
}

function writeStep(path: string, text: string): Step {
  return { step: 'write', path, text, openFails: `cannot open ${path}`, fails: `write failed ${path}` };
}

function mountStep(source: string, target: string, type: string, flags: number, fails: string): Step {
  return { step: 'mount', source, target, type, flags, data: '', fails };
}
