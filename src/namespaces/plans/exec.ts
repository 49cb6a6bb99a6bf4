/**
 * Carries out plans with nsexec, in place of this process or in a child, and gives what comes after Node the
 * descriptors and limits that Node was given. (Signals are the addon's business.)
 */
import { join } from 'node:path';
import { check, SystemError } from '../../kernel/system/errors.ts';
import { native, packageRoot } from '../../kernel/system/native.ts';
import { startRecord } from '../../kernel/system/start-record.ts';
import { encodeText } from '../../wire/text.ts';
import { passOnDescriptors } from './descriptors.ts';
import { type EncodedPlan, encodePlan, type Plan } from './plan.ts';

const NSEXEC = join(packageRoot, 'build/Release/nsexec');

/** How a child ended: one of the three is there. */
export interface ChildEnd {
  readonly status?: number;
  /** Number of the signal that killed it. */
  readonly signal?: number;
  /** Why its end is not known: our caller ignores SIGCHLD, so that the kernel does not keep it. */
  readonly unknown?: SystemError;
}

/**
 * Replaces this process by nsexec carrying out `plan`: same pid, nothing of Node stays. `title` is what the
 * command line shows before the words of the plan's program. Throws {@link SystemError} if that cannot be.
 */
export function execPlan(plan: Plan, title: readonly string[]): never {
  return planRunner.exec(plan, title);
}

/** Carries out `plan` in a child and waits for its end. Throws {@link SystemError} if there can be no child. */
export function spawnPlan(plan: Plan, title: readonly string[]): ChildEnd {
  return planRunner.spawn(plan, title);
}

/** Who carries plans out. An object, not functions: whoever watches plans puts others in their place. */
export const planRunner: {
  exec: (plan: Plan, title: readonly string[]) => never;
  spawn: (plan: Plan, title: readonly string[]) => ChildEnd;
} = { exec, spawn };

function exec(plan: Plan, title: readonly string[]): never {
  const { argv, words } = prepare(plan, title);
  const result = native.execve(encodeText(NSEXEC), argv, words);
  throw new SystemError(`exec of "${NSEXEC}" failed`, -result);
}

function spawn(plan: Plan, title: readonly string[]): ChildEnd {
  const { argv, words } = prepare(plan, title);
  const child = check(native.spawn(encodeText(NSEXEC), argv, words), 'fork failed');
  const end = native.waitpid(child, 0);
  if (end < 0) return { unknown: new SystemError('waitpid', -end) };
  const signal = end & 0x7f;
  return signal === 0 ? { status: (end >> 8) & 0xff } : { signal };
}

function prepare(plan: Plan, title: readonly string[]): EncodedPlan {
  const record = startRecord();
  passOnDescriptors(record?.descriptors);
  return encodePlan(plan, title, record?.softDescriptorLimit);
}
