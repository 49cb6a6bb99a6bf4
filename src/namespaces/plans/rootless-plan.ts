/**
 * Plans for callers who are not root: a program, or a process that keeps the namespaces, in a user namespace where its caller
 * is root, with mounts and a network of that namespace; and programs that join them. Source: user_namespaces(7).
 */

import { FORK_SIGNALS, type Plan, type Step } from '../../kernel/plans/plan.ts';
import type { Kind } from '../kinds.ts';
import { childPlan, enterJoined } from './child-plan.ts';
import { programSteps } from './program-steps.ts';
import type { IdMap, Propagation } from './unshare.ts';

const KINDS = new Set<Kind>(['user', 'mnt', 'net']);

/** The ids of users and groups in a user namespace. */
export interface IdMaps {
  readonly users: IdMap;
  readonly groups: IdMap;
}

/** The caller alone, as root. */
export const ONE_ID: IdMaps = { users: { single: 0, ranges: [] }, groups: { single: 0, ranges: [] } };

/** The plan that runs `command` as root of a new user namespace, which has the caller's user and group only. */
export function rootlessPlan(command: readonly string[]): Plan {
  return planOf(command, ONE_ID, 'private');
}

/**
 * The plan of a process that prints its id and stays, in such a namespace with these ids. What is mounted outside later
 * appears inside.
 */
export function holderPlan(ids: IdMaps): Plan {
  const { steps, ...plan } = planOf([''], ids, 'slave');
  return {
    ...plan,
    steps: [
      ...steps.slice(0, -1),
      { step: 'replace-sysfs', source: 'tsip', target: '/sys' },
      { step: 'chdir', path: '/', fails: 'cannot change directory to /' },
      // The process that started has done what it was for: who waits for it need not wait for its child.
      { step: 'fork', signals: FORK_SIGNALS.leave, deathSignal: 0, fails: 'fork failed' },
      { step: 'exit', status: 0 },
      { step: 'wait', stops: 0 },
      { step: 'hold', fails: 'cannot stay' },
    ],
  };
}

/** A program in namespaces that are open here. */
export interface JoiningProgram {
  /** What complaints begin with. */
  readonly program: string;
  /** The descriptor of each namespace. */
  readonly joined: ReadonlyMap<Kind, number>;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
}

/** Exit status where the namespaces cannot be entered, as that of `ip -n`. */
const EXIT_NOT_ENTERED = 255;

/** The plan of a program that joins the namespaces of a holder, as root there. */
export function joiningPlan({ program, joined, cwd, variables, argv }: JoiningProgram): Plan {
  const assignments = Object.entries(variables).map(
    ([name, value]): Step => ({ step: 'variable', name, value, fails: `cannot set ${name}` }),
  );
  return {
    program,
    failure: EXIT_NOT_ENTERED,
    steps: [
      ...enterJoined(joined),
      { step: 'chdir', path: cwd, fails: `cannot change directory to ${cwd}` },
      ...assignments,
      ...programSteps(argv),
    ],
  };
}

function planOf(command: readonly string[], { users, groups }: IdMaps, propagation: Propagation): Plan {
  return childPlan(
    {
      joined: new Map(),
      made: KINDS,
      users,
      groups,
      user: undefined,
      group: undefined,
      hostname: undefined,
      propagation,
      root: undefined,
      workingDirectory: undefined,
      mountProc: undefined,
      monotonic: undefined,
      boottime: undefined,
      command,
    },
    { user: process.geteuid!(), group: process.getegid!() },
  );
}
