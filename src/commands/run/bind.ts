/** `tsip run --bind`: our programs mounted over the originals, in a private mount namespace of this process. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../../kernel/system/errors.ts';
import { native } from '../../kernel/system/native.ts';
import { MS_BIND, MS_SLAVE } from '../../linux/mounts.ts';
import { CLONE_NEWNS } from '../../linux/namespaces.ts';
import { decodeText, encodeText } from '../../wire/text.ts';

const FOLDERS = ['/sbin', '/usr/sbin', '/bin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];
const NAMES = ['ip', 'nsenter', 'unshare'];

/**
 * Leaves this thread's mount namespace, which the command inherits, and mounts the programs in `folder` over the files of
 * their names. What is mounted elsewhere still appears, outside and inside. Throws {@link SystemError}.
 */
export function bindPrograms(folder: string): void {
  check(native.unshare(CLONE_NEWNS), 'unshare failed');
  const none = encodeText('none');
  const paths = FOLDERS.flatMap(place => NAMES.map(name => join(place, name))).filter(path =>
    existsSync(path),
  );
  const targets = new Set(paths.map(path => realpathSync(path)));
  const mounts = mountPoints();
  // Only what is mounted over the programs must not appear outside.
  for (const mount of new Set([...targets].map(path => mountOf(path, mounts)))) {
    const isSlave = native.mount(none, encodeText(mount), null, MS_SLAVE, null);
    check(isSlave, `cannot change ${mount} to a slave mount`);
  }
  for (const path of targets) {
    const name = NAMES.find(known => path.endsWith(`/${known}`));
    if (name === undefined) continue;
    const bound = native.mount(encodeText(join(folder, name)), encodeText(path), none, MS_BIND, null);
    check(bound, `cannot mount over ${path}`);
  }
}

/** Where something is mounted. Source: proc_pid_mountinfo(5). */
function mountPoints(): string[] {
  return decodeText(readFileSync('/proc/thread-self/mountinfo'))
    .split('\n')
    .flatMap(line => line.split(' ')[4] ?? [])
    .map(path => path.replace(/\\(\d{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8))));
}

/** The mount that a path is on. */
function mountOf(path: string, mounts: readonly string[]): string {
  const above = mounts.filter(mount => path === mount || path.startsWith(mount === '/' ? '/' : `${mount}/`));
  return above.sort((one, other) => other.length - one.length)[0] ?? '/';
}
