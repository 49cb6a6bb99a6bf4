/** Enters a named network namespace with this process, as `-n` does. Source: ip-netns(8). */
import { closeSync, openSync } from 'node:fs';
import { check, errnoOf, SystemError } from '../kernel/errors.ts';
import { native } from '../kernel/native.ts';
import { pathOfNamespace } from './named.ts';

const CLONE_NEWNET = 0x40000000;

/** Moves this thread into the namespace `name`. Throws {@link SystemError}; `warn` is told what went wrong but does not matter. */
export function switchNamespace(name: string, _warn: (line: string) => void): void {
  let descriptor: number;
  try {
    descriptor = openSync(pathOfNamespace(name), 'r');
  } catch (error) {
    throw new SystemError(`Cannot open network namespace "${name}"`, errnoOf(error));
  }
  check(native.setns(descriptor, CLONE_NEWNET), `setting the network namespace "${name}" failed`);
  closeSync(descriptor);
}
