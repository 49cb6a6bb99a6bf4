/**
 * Plans for a child of the library: entering namespaces that are open here, leaving others for new ones, then a program.
 * What `nsenter` and `unshare` do one after the other.
 */

import type { Plan, Step } from '../../kernel/plans/plan.ts';
import type { Kind } from '../kinds.ts';
import { enterKinds, slotOf } from './enter.ts';
import { enteringSteps } from './named-plan.ts';
import { programSteps } from './program-steps.ts';
import { type Caller, type IdMap, type Propagation, unsharePlan } from './unshare.ts';

/** SIGKILL: what ends the first process of a PID namespace for certain. */
const KILL = 9;

/** What comes before the complaints of a child that does not get as far as its program. */
const PROGRAM = 'tsip';

export interface ChildOptions {
  /** Kinds to enter, each by the descriptor that the child is started with. */
  readonly joined: ReadonlyMap<Kind, number>;
  /** Kinds to make. */
  readonly made: ReadonlySet<Kind>;
  readonly users: IdMap;
  readonly groups: IdMap;
  /** User and group of the program; those of root in an entered user namespace, else the caller's, when undefined. */
  readonly user: number | undefined;
  readonly group: number | undefined;
  readonly hostname: string | undefined;
  readonly propagation: Propagation;
  readonly root: string | undefined;
  readonly workingDirectory: string | undefined;
  /** Where to mount proc. */
  readonly mountProc: string | undefined;
  /** Offsets of the clocks in seconds, as text. */
  readonly monotonic: string | undefined;
  readonly boottime: string | undefined;
  /** Program and arguments. */
  readonly command: readonly string[];
}

/** The plan for these options; `caller` is who asks for the child. */
export function childPlan(options: ChildOptions, caller: Omit<Caller, 'pid'>): Plan {
  const { joined, made } = options;
  const entersUser = joined.has('user');
  const inside = unsharePlan(
    {
      program: PROGRAM,
      kinds: made,
      files: new Map(),
      // A PID namespace is entered by children only.
      fork: made.has('pid') || joined.has('pid'),
      killChild: KILL,
      forwardSignals: true,
      users: options.users,
      groups: options.groups,
      owner: undefined,
      setgroups: undefined,
      keepCapabilities: false,
      user: options.user,
      group: options.group,
      monotonic: options.monotonic,
      boottime: options.boottime,
      propagation: options.propagation,
      root: options.root,
      workingDirectory: options.workingDirectory,
      ...(options.hostname === undefined ? {} : { hostname: options.hostname }),
      mountProc: options.mountProc,
      mountBinfmt: undefined,
      interpreter: undefined,
      command: options.command,
    },
    { pid: undefined, user: entersUser ? 0 : caller.user, group: entersUser ? 0 : caller.group },
  );
  return { ...inside, steps: [...enterJoined(joined), ...inside.steps] };
}

/** Enters namespaces that are open here; in a user namespace as root. */
export function enterJoined(joined: ReadonlyMap<Kind, number>): Step[] {
  if (joined.size === 0) return [];
  const entering = [...adoptNamespaces(joined), ...enterKinds(new Set(joined.keys()), false)];
  if (!joined.has('user')) return entering;
  // Where the groups of outside may be dropped, they are: before, if root there, or else inside, where that is allowed.
  return [
    { step: 'setgroups' },
    ...entering,
    { step: 'setgroups' },
    { step: 'setgid', id: 0, fails: 'setgid() failed' },
    { step: 'setuid', id: 0, fails: 'setuid() failed' },
  ];
}

function adoptNamespaces(joined: ReadonlyMap<Kind, number>): Step[] {
  return [...joined].map(
    ([kind, descriptor]): Step => ({
      step: 'adopt',
      slot: slotOf(kind),
      descriptor,
      fails: `no descriptor of namespace 'ns/${kind}'`,
    }),
  );
}

/** A program in a network namespace that is open already. */
export interface NamespaceProgram {
  /** Name of the namespace, empty if it has none. */
  readonly name: string;
  /** Names in its folder of /etc/netns. */
  readonly files: readonly string[];
  /** The descriptor that the child is started with. */
  readonly descriptor: number;
  readonly cwd: string | undefined;
  readonly argv: readonly string[];
}

/** As that of `netns exec`, but the namespace is entered by the descriptor, whatever its name means by now. */
export function namespaceProgramPlan({ name, files, descriptor, cwd, argv }: NamespaceProgram): Plan {
  const entering = enteringSteps(name, files).map(
    (step): Step =>
      step.step === 'open'
        ? { step: 'adopt', slot: step.slot, descriptor, fails: 'no descriptor of the namespace' }
        : step,
  );
  const chdir: Step[] =
    cwd === undefined ? [] : [{ step: 'chdir', path: cwd, fails: `cannot change directory to ${cwd}` }];
  return { program: PROGRAM, failure: 1, steps: [...entering, ...chdir, ...programSteps(argv)] };
}
