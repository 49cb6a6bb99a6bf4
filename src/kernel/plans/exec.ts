/**
 * Runs plans with nsexec, in place of this process or in a child, and passes on the descriptors and limits that Node
 * was started with. (Signals are restored by the addon.)
 */
import { join } from 'node:path';
import { lazy } from '../../wire/lazy.ts';
import { encodeText } from '../../wire/text.ts';
import { check, SystemError } from '../system/errors.ts';
import { native, nativeFolder } from '../system/native.ts';
import { startRecord } from '../system/start-record.ts';
import { passOnDescriptors } from './descriptors.ts';
import { type EncodedPlan, encodePlan, type Plan } from './plan.ts';

/** The program that runs plans. */
export const nsexec = lazy(() => join(nativeFolder(), 'nsexec'));

/** How a child ended: one of the three is there. */
export interface ChildEnd {
  readonly status?: number;
  /** Number of the signal that killed it. */
  readonly signal?: number;
  /** Why its end is not known: our caller ignores SIGCHLD, so that the kernel does not keep it. */
  readonly unknown?: SystemError;
}

/** What runs plans. */
export interface PlanRunner {
  /**
   * Replaces this process by nsexec running `plan`: same pid, nothing of Node stays. `title` is what the command line
   * shows before the words of the plan's program. Returns an exit code only if the plan is not run (`--dry-run`). Throws
   * {@link SystemError} if this process cannot be replaced.
   */
  exec(plan: Plan, title: readonly string[]): number;
  /** Runs `plan` in a child and waits for its end. Throws {@link SystemError} if there can be no child. */
  spawn(plan: Plan, title: readonly string[]): ChildEnd;
}

/** Runs them. */
export const systemPlans: PlanRunner = {
  exec(plan, title) {
    const { argv, words } = prepare(plan, title);
    const result = native.execve(encodeText(nsexec()), argv, words);
    throw new SystemError(`exec of "${nsexec()}" failed`, -result);
  },
  spawn(plan, title) {
    const child = startPlan(plan, title);
    const end = native.waitpid(child, 0);
    if (end < 0) return { unknown: new SystemError('waitpid', -end) };
    const signal = end & 0x7f;
    return signal === 0 ? { status: (end >> 8) & 0xff } : { signal };
  },
};

/** Starts a plan in a child that its caller waits for; returns its pid. Throws {@link SystemError}. */
export function startPlan(plan: Plan, title: readonly string[]): number {
  const { argv, words } = prepare(plan, title);
  return check(native.spawn(encodeText(nsexec()), argv, words), 'fork failed');
}

function prepare(plan: Plan, title: readonly string[]): EncodedPlan {
  const record = startRecord();
  passOnDescriptors(record?.descriptors);
  return encodePlan(plan, title, record?.softDescriptorLimit);
}
