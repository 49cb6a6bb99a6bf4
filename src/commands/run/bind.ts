/** `tsip run --bind`: our programs mounted over the originals, in a private mount namespace of this process. */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../../kernel/system/errors.ts';
import { native } from '../../kernel/system/native.ts';
import { MS_BIND, MS_REC, MS_SLAVE } from '../../linux/mounts.ts';
import { CLONE_NEWNS } from '../../linux/namespaces.ts';
import { encodeText } from '../../wire/text.ts';

const FOLDERS = ['/sbin', '/usr/sbin', '/bin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];
const NAMES = ['ip', 'nsenter', 'unshare'];

/**
 * Leaves this thread's mount namespace, which the command inherits, and mounts the programs in `folder` over the files of
 * their names. Mounts made outside still appear. Throws {@link SystemError}.
 */
export function bindPrograms(folder: string): void {
  check(native.unshare(CLONE_NEWNS), 'unshare failed');
  const none = encodeText('none');
  check(
    native.mount(none, encodeText('/'), null, MS_REC | MS_SLAVE, null),
    'cannot change / to a slave mount',
  );
  const places = FOLDERS.flatMap(place => NAMES.map(name => join(place, name))).filter(path =>
    existsSync(path),
  );
  for (const path of new Set(places.map(place => realpathSync(place)))) {
    const name = NAMES.find(known => path.endsWith(`/${known}`));
    if (name === undefined) continue;
    const bound = native.mount(encodeText(join(folder, name)), encodeText(path), none, MS_BIND, null);
    check(bound, `cannot mount over ${path}`);
  }
}
