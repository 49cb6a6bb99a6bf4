/** Runs plans in children of Node, which has their streams and learns of their end. The only place that starts programs. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { NSEXEC } from './exec.ts';
import { type Plan, planArguments } from './plan.ts';

/** Starts nsexec with a plan. `title` is what its command line shows first, until it becomes the plan's program. */
export function spawnPlan(plan: Plan, title: string, options: SpawnOptions): ChildProcess {
  const [argv0 = title, ...words] = planArguments(plan, title);
  return spawn(NSEXEC, words, { ...options, argv0 });
}
