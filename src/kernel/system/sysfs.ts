/** sysfs as the current network namespace is to see it, whatever is mounted on /sys. */
import { closeSync } from 'node:fs';
import { openFileSystem } from './file-system.ts';

/** Runs `read` with the path of a sysfs that is mounted nowhere. Throws {@link SystemError} if there can be none. */
export async function withSysfs<T>(read: (root: string) => Promise<T>): Promise<T> {
  const mount = openFileSystem('sysfs', 'mount of /sys failed');
  try {
    return await read(`/proc/self/fd/${mount}`);
  } finally {
    closeSync(mount);
  }
}
