/**
 * Runs plans in children of Node, which has their streams and learns of their end. The only place that starts programs.
 * node:child_process is loaded by the first: that takes a tenth of the start of a command.
 */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { nsexec } from './exec.ts';
import { type Plan, planArguments } from './plan.ts';

/** Starts nsexec with a plan. `title` is what its command line shows first, until it becomes the plan's program. */
export function spawnPlan(plan: Plan, title: string, options: SpawnOptions): ChildProcess {
  const [argv0 = title, ...words] = planArguments(plan, title);
  const { spawn } = process.getBuiltinModule('node:child_process');
  return spawn(nsexec(), words, { ...options, argv0 });
}

/** What a plan has printed, and the exit status that it ended with. */
export interface FinishedPlan {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a plan without standard input, and waits until it has ended and nothing holds its streams. Throws if nsexec cannot be
 * started.
 */
export function runPlan(plan: Plan, title: string): FinishedPlan {
  const [argv0 = title, ...words] = planArguments(plan, title);
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { error, status, stdout, stderr } = spawnSync(nsexec(), words, {
    argv0,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}
