/**
 * How a named network namespace is entered, as steps: `-n` takes them in this process (switch.ts), `netns exec`
 * gives them to nsexec. Source: ip-netns(8).
 */

import type { Plan, Step } from '../../kernel/plans/plan.ts';
import { MS_BIND, MS_REC, MS_SLAVE } from '../../linux/mounts.ts';
import { CLONE_NEWNET, CLONE_NEWNS } from '../../linux/namespaces.ts';
import { CONFIGURATION_DIRECTORY } from '../named.ts';
import { fileOfNamespace } from '../targets.ts';

/** What `ip` exits with when it cannot enter a namespace, and when it cannot execute a program. */
const EXIT_NOT_ENTERED = 255;
const EXIT_NOT_EXECUTED = 1;

const NAMESPACE_SLOT = 0;

/** What is said when the file of namespace `name` cannot be opened. */
export function cannotOpen(name: string): string {
  return `Cannot open network namespace "${name}"`;
}

/** What is said when what that file is cannot be entered. */
export function cannotEnter(name: string): string {
  return `setting the network namespace "${name}" failed`;
}

/** The kinds of steps that entering takes. */
export type EnteringStep = Extract<Step, { step: 'open' | 'setns' | 'unshare' | 'mount' | 'replace-sysfs' }>;

/**
 * The steps that enter namespace `name`, with an own mount namespace in which /sys shows it and `files`,
 * names in its folder of /etc/netns, are mounted over those of /etc. What is mounted there stays unseen outside,
 * but what is mounted outside is seen.
 */
export function enteringSteps(name: string, files: readonly string[]): EnteringStep[] {
  const binds = files.map((file): EnteringStep => {
    const source = `${CONFIGURATION_DIRECTORY}/${name}/${file}`;
    const target = `/etc/${file}`;
    const warns = `Bind ${source} -> ${target} failed`;
    return { step: 'mount', source, target, type: 'none', flags: MS_BIND, data: '', warns };
  });
  return [
    {
      step: 'open',
      slot: NAMESPACE_SLOT,
      path: fileOfNamespace(name),
      fails: cannotOpen(name),
    },
    {
      step: 'setns',
      slot: NAMESPACE_SLOT,
      type: CLONE_NEWNET,
      fails: cannotEnter(name),
    },
    { step: 'unshare', flags: CLONE_NEWNS, fails: 'unshare failed' },
    {
      step: 'mount',
      source: '',
      target: '/',
      type: 'none',
      flags: MS_SLAVE | MS_REC,
      data: '',
      fails: '"mount --make-rslave /" failed',
    },
    { step: 'replace-sysfs', source: name, target: '/sys', fails: 'mount of /sys failed' },
    ...binds,
  ];
}

/** The plan of `vrf exec`, after this process was associated with the VRF: a program, looked up in PATH. */
export function programPlan(argv: readonly string[]): Plan {
  return { program: '', failure: EXIT_NOT_ENTERED, steps: [execStep(argv)] };
}

/**
 * The plan of `netns exec`: a program, looked up in PATH, in namespace `name`; `before` are the steps between entering
 * and the program.
 */
export function netnsExecPlan(
  name: string,
  files: readonly string[],
  argv: readonly string[],
  before: readonly Step[] = [],
): Plan {
  return {
    program: '',
    failure: EXIT_NOT_ENTERED,
    steps: [...enteringSteps(name, files), ...before, execStep(argv)],
  };
}

function execStep(argv: readonly string[]): Step {
  return {
    step: 'exec',
    argv,
    missing: EXIT_NOT_EXECUTED,
    otherwise: EXIT_NOT_EXECUTED,
    fails: `exec of "${argv[0]}" failed`,
  };
}
