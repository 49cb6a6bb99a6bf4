/** Programs inside nodes: in the network namespace, with the lab's names of hosts in place of the host's. */

import type { ChildProcess } from 'node:child_process';
import type { Plan, Step } from '../kernel/plans/plan.ts';
import { type ExecOptions, type ExecResult, gather } from '../library/exec.ts';
import type { NamespaceSpawnOptions } from '../library/namespace.ts';
import { spawnPlan } from '../library/spawn.ts';
import { MS_BIND } from '../linux/mounts.ts';
import { namespaceProgramPlan } from '../namespaces/plans/child-plan.ts';

/** A file that stands in for one of /etc inside a node. */
export interface BoundFile {
  readonly source: string;
  readonly target: string;
}

/** Where a program of a node runs. */
export interface NodePlace {
  /** Descriptor of the network namespace. */
  readonly namespace: number;
  /** Name of the namespace, shown where /sys is mounted. */
  readonly name: string;
  readonly files: readonly BoundFile[];
}

/** Starts a program in a node. */
export function spawnIn(
  place: NodePlace,
  argv: readonly string[],
  options: NamespaceSpawnOptions = {},
): ChildProcess {
  const reference = { fd: place.namespace };
  return spawnPlan(
    new Map([['net', reference]]),
    options,
    (joined, words) => planIn(place, joined.get('net')!, words, options.cwd),
    argv,
  );
}

/** How a program ends that cannot be found, or not be executed. */
const PROGRAM_STATUSES = { missing: 127, otherwise: 126 } as const;

/** Starts a program where this process is. */
export function spawnHere(argv: readonly string[], options: NamespaceSpawnOptions = {}): ChildProcess {
  const plan = (words: readonly string[]): Plan => ({
    program: 'tsip lab',
    failure: PROGRAM_STATUSES.otherwise,
    steps: [{ step: 'exec', argv: words, ...PROGRAM_STATUSES, fails: `failed to execute ${words[0]}` }],
  });
  return spawnPlan(new Map(), options, (_joined, words) => plan(words), argv);
}

/** Runs a program in a node to its end. Rejects with {@link ExecError} if it fails. */
export async function execIn(
  place: NodePlace,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { input, maxBuffer, ...passed } = options;
  return gather(spawnIn(place, argv, { ...passed, stdio: 'pipe' }), argv, { input, maxBuffer });
}

/** The plan of a program; `descriptor` is the namespace's in the child. */
export function planIn(
  { name, files }: Pick<NodePlace, 'name' | 'files'>,
  descriptor: number,
  argv: readonly string[],
  cwd: string | undefined,
): Plan {
  const plan = namespaceProgramPlan({ name, files: [], descriptor, cwd, argv });
  return { ...plan, steps: withFiles(plan.steps, files) };
}

/** Steps with files bound once the program's own mounts are made. A file that the host lacks cannot be covered. */
export function withFiles(steps: readonly Step[], files: readonly BoundFile[]): Step[] {
  const at = steps.findIndex(({ step }) => step === 'replace-sysfs') + 1;
  const binds = files.map(
    ({ source, target }): Step => ({ step: 'mount', source, target, type: 'none', flags: MS_BIND, data: '' }),
  );
  return [...steps.slice(0, at), ...binds, ...steps.slice(at)];
}
