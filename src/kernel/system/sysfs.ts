/** sysfs as the current network namespace is to see it, whatever is mounted on /sys. Source: fsopen(2), fsmount(2). */
import { closeSync } from 'node:fs';
import { encodeText } from '../../wire/text.ts';
import { check } from './errors.ts';
import { native } from './native.ts';

const FAILS = 'mount of /sys failed';

/** Runs `read` with the path of a sysfs that is mounted nowhere. Throws {@link SystemError} if there can be none. */
export async function withSysfs<T>(read: (root: string) => Promise<T>): Promise<T> {
  const mount = openSysfs();
  try {
    return await read(`/proc/self/fd/${mount}`);
  } finally {
    closeSync(mount);
  }
}

function openSysfs(): number {
  const system = check(native.fsopen(encodeText('sysfs')), FAILS);
  try {
    check(native.fsconfigCreate(system), FAILS);
    return check(native.fsmount(system), FAILS);
  } finally {
    closeSync(system);
  }
}
