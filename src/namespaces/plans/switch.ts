/**
 * Enters a named network namespace with this thread, as `-n` does with the main one: Node's others stay behind. That is
 * possible for a mount namespace too, because unshare(CLONE_NEWNS) first separates the thread's root and working
 * directory (it implies CLONE_FS). The others only wait for work, and no command gives them any that depends on it.
 */

import { closeSync, openSync, readFileSync } from 'node:fs';
import type { SystemCalls } from '../../kernel/kernel.ts';
import { check, errnoOf, SystemError } from '../../kernel/system/errors.ts';
import { MNT_DETACH, MS_RDONLY } from '../../linux/mounts.ts';
import { CLONE_NEWNET } from '../../linux/namespaces.ts';
import { encodeText } from '../../wire/text.ts';
import { listConfiguration, type Warn } from '../named.ts';
import { type EnteringStep, enteringSteps } from './named-plan.ts';

/** Moves this thread into the namespace `name`. Throws {@link SystemError}; `warn` takes what does not end the move. */
export function switchNamespace(calls: SystemCalls, name: string, warn: Warn): void {
  const slots = new Map<number, number>();
  try {
    for (const step of enteringSteps(name, listConfiguration(name))) {
      const result = take(calls, step, slots);
      if (result >= 0) continue;
      if (step.fails !== undefined) throw new SystemError(step.fails, -result);
      if (step.warns !== undefined) warn(new SystemError(step.warns, -result).message);
    }
  } finally {
    for (const descriptor of slots.values()) closeSync(descriptor);
  }
}

/** Moves this thread into the network namespace behind a descriptor. Throws {@link SystemError} with the phrase `fails`. */
export function moveToNetwork(calls: SystemCalls, descriptor: number, fails: string): void {
  check(calls.setns(descriptor, CLONE_NEWNET), fails);
}

/** Takes one step on this thread; returns a negative error number when it fails. */
function take(calls: SystemCalls, step: EnteringStep, slots: Map<number, number>): number {
  switch (step.step) {
    case 'open':
      try {
        slots.set(step.slot, openSync(encodeText(step.path), 'r'));
        return 0;
      } catch (error) {
        return -errnoOf(error);
      }
    case 'setns':
      return calls.setns(slots.get(step.slot) ?? -1, step.type);
    case 'unshare':
      return calls.unshare(step.flags);
    case 'mount':
      return mount(calls, step.source, step.target, step.type, step.flags);
    case 'replace-sysfs': {
      const isGone = calls.umount2(encodeText(step.target), MNT_DETACH) >= 0;
      return mount(
        calls,
        step.source,
        step.target,
        'sysfs',
        !isGone && isReadOnly(step.target) ? MS_RDONLY : 0,
      );
    }
  }
}

function mount(calls: SystemCalls, source: string, target: string, type: string, flags: number): number {
  return calls.mount(encodeText(source), encodeText(target), encodeText(type), flags, null);
}

/** Whether what is mounted on `path` is read-only. */
function isReadOnly(path: string): boolean {
  try {
    return isReadOnlyIn(readFileSync('/proc/thread-self/mountinfo', 'latin1'), path);
  } catch {
    return false;
  }
}

/**
 * Whether the topmost mount at `path`, or at / if nothing is mounted there, is read-only: by its own options or
 * by those of its file system. `mountInfo` is as proc_pid_mountinfo(5) describes it.
 */
export function isReadOnlyIn(mountInfo: string, path: string): boolean {
  const mounts = mountInfo.split('\n').map(line => line.split(' '));
  const found = mounts.findLast(fields => fields[4] === path) ?? mounts.findLast(fields => fields[4] === '/');
  const [options = '', superOptions = ''] = [found?.[5], found?.at(-1)];
  return `${options},${superOptions}`.split(',').includes('ro');
}
