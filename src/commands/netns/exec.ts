/** `ip netns exec`: a program in one named network namespace, or in each. */

import type { Plan, Step } from '../../kernel/plans/plan.ts';
import { SystemError } from '../../kernel/system/errors.ts';
import { EINVAL, ENOENT } from '../../linux/errno.ts';
import { leaveVrf } from '../../namespaces/inventory/vrf-association.ts';
import { entryOf, listConfiguration, readNames } from '../../namespaces/named.ts';
import { cannotEnter, cannotOpen, netnsExecPlan } from '../../namespaces/plans/named-plan.ts';
import { fileOfNamespace } from '../../namespaces/targets.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { CommandFailed } from '../frame/report.ts';
import { hintsEnabled } from '../hints/enabled.ts';

/** Becomes the program; in a batch, or with -all, runs it in a child. */
export async function exec(args: Args, context: Context): Promise<number> {
  const { all, dryRun } = context.options;
  let before: readonly Step[] = [];
  let limits: { readonly parallel: number | undefined; readonly timeoutMs: number | undefined } | undefined;
  if (args.peek()?.startsWith('--')) {
    const { readExecOptions, stepsOf } = await import('./exec-options.ts');
    const options = readExecOptions(args, all);
    before = stepsOf(options, process.env);
    limits = options;
  }
  if (!all && args.done) throw new UsageError('No netns name specified');
  const name = all ? undefined : args.next();
  const argv = args.rest;
  if (argv.length === 0) throw new UsageError('No command specified');
  const { parallel, timeoutMs } = limits ?? {};
  if (parallel !== undefined && !dryRun) {
    const { runAtOnce } = await import('./exec-parallel.ts');
    return runAtOnce({ parallel, timeoutMs }, each => planFor(each, { argv, before }), context);
  }
  if (context.strict !== undefined) context.strict.isGivenAway = true;
  if (name === undefined) return runInAll({ argv, before }, context);
  if (context.isBatch) return runInChild(name, { argv, before }, context) === 0 ? 0 : EXIT_FAILURE;
  if (!dryRun) leaveVrf(context.kernel, line => context.complain(line));
  context.giveTerminalAway();
  refuseAbsent(name, context);
  const plan = planFor(name, { argv, before });
  if (hintsEnabled(false, context.streams)) await giveHint(plan, name, context);
  return context.kernel.plans.exec(plan, title(name));
}

/** What runs in a namespace: the program with its arguments, and the steps before it. */
interface Inside {
  readonly argv: readonly string[];
  readonly before: readonly Step[];
}

function planFor(name: string, { argv, before }: Inside): Plan {
  return netnsExecPlan(name, listConfiguration(name), argv, before);
}

/** Says what will stop the plan: afterwards this process is another one. */
async function giveHint(plan: Plan, name: string, context: Context): Promise<void> {
  const { enteringHint } = await import('../hints/entering.ts');
  const { systemView } = await import('../hints/system-view.ts');
  const text = enteringHint(plan, ['netns', 'exec', name], systemView(context.kernel));
  if (text !== undefined) context.complain(`hint: ${text}`);
}

/** Fails as the plan would, but here, where there is more to say about it. */
function refuseAbsent(name: string, context: Context): void {
  const entry = entryOf(name, fileOfNamespace(name));
  if (entry === 'namespace' || entry === 'unknown') return;
  const [phrase, errno] = entry === 'absent' ? [cannotOpen(name), ENOENT] : [cannotEnter(name), EINVAL];
  const error = new SystemError(phrase, errno);
  context.complain(error.message);
  if (context.strict !== undefined) context.strict.isGivenAway = false;
  throw new CommandFailed(EXIT_USAGE, error);
}

/** Runs the program in each namespace in turn, whatever its exit status. */
function runInAll(inside: Inside, context: Context): number {
  for (const name of readNames()) {
    context.sink.write(`\nnetns: ${name}\n`);
    runInChild(name, inside, context);
  }
  return 0;
}

/**
 * Answers the child's exit status. A child killed by a signal, or that cannot be waited for, ends this program, even
 * inside a batch.
 */
function runInChild(name: string, inside: Inside, context: Context): number {
  context.giveTerminalAway();
  // It is the child that shall leave; but only this process can say in the original's words why it cannot.
  const rejoin = context.options.dryRun
    ? undefined
    : leaveVrf(context.kernel, line => context.complain(line));
  const { status, unknown } = context.kernel.plans.spawn(planFor(name, inside), title(name));
  rejoin?.();
  if (unknown !== undefined) context.complain(unknown.message);
  if (status === undefined) process.exit(EXIT_FAILURE);
  return status;
}

function title(name: string): string[] {
  return ['ip', 'netns', 'exec', name];
}
