/**
 * Carries out plans with nsexec, in place of this process or in a child, and gives what comes after Node the
 * descriptors and limits that Node was given. (The signals that Node ignores are reset by nsexec.)
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { check, SystemError } from '../kernel/errors.ts';
import { native, packageRoot } from '../kernel/native.ts';
import { encodeText } from '../wire/text.ts';
import { passOnDescriptors } from './descriptors.ts';
import { type EncodedPlan, encodePlan, type Plan } from './plan.ts';

const NSEXEC = join(packageRoot, 'build/Release/nsexec');

/** How a child ended: one of the two is undefined. */
export interface ChildEnd {
  readonly status: number | undefined;
  /** Number of the signal that killed it. */
  readonly signal: number | undefined;
}

/**
 * Replaces this process by nsexec carrying out `plan`: same pid, nothing of Node stays. `title` is what the
 * command line shows before the words of the plan's program. Throws {@link SystemError} if that cannot be.
 */
export function execPlan(plan: Plan, title: readonly string[]): never {
  return carrier.become(plan, title);
}

/** Carries out `plan` in a child and waits for its end. Throws {@link SystemError} if there can be no child. */
export function spawnPlan(plan: Plan, title: readonly string[]): ChildEnd {
  return carrier.spawn(plan, title);
}

/** Who carries plans out. An object, not functions: whoever watches plans puts others in their place. */
export const carrier: {
  become: (plan: Plan, title: readonly string[]) => never;
  spawn: (plan: Plan, title: readonly string[]) => ChildEnd;
} = { become, spawn };

function become(plan: Plan, title: readonly string[]): never {
  const { argv, words } = prepare(plan, title);
  const result = native.execve(encodeText(NSEXEC), argv, words);
  throw new SystemError(`exec of "${NSEXEC}" failed`, -result);
}

function spawn(plan: Plan, title: readonly string[]): ChildEnd {
  const { argv, words } = prepare(plan, title);
  const child = check(native.spawn(encodeText(NSEXEC), argv, words), 'fork failed');
  const end = check(native.waitpid(child, 0), 'waitpid failed');
  const signal = end & 0x7f;
  return signal === 0 ? { status: (end >> 8) & 0xff, signal: undefined } : { status: undefined, signal };
}

function prepare(plan: Plan, title: readonly string[]): EncodedPlan {
  passOnDescriptors();
  return encodePlan(plan, title, softDescriptorLimit());
}

/**
 * The soft limit of open files before Node raised it to the hard one: that of the process that started this
 * one. Undefined if that process is hidden or outside this PID namespace; then the limit stays as it is.
 */
function softDescriptorLimit(): number | undefined {
  try {
    const limits = readShort(`/proc/${process.ppid}/limits`);
    const soft = /^Max open files +(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/** The text of a file of less than a page, in half the time that readFileSync takes for files of /proc. */
function readShort(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(4096);
    return bytes.toString('latin1', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
