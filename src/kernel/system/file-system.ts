/** File systems that are mounted nowhere. Source: fsopen(2), fsmount(2). */
import { closeSync } from 'node:fs';
import { encodeText } from '../../wire/text.ts';
import { check } from './errors.ts';
import { native } from './native.ts';

/**
 * A descriptor of the root of a new file system, which ends with the last descriptor of it. Throws {@link SystemError}
 * with `phrase` if there can be none: it takes CAP_SYS_ADMIN.
 */
export function openFileSystem(type: string, phrase: string): number {
  const system = check(native.fsopen(encodeText(type)), phrase);
  try {
    check(native.fsconfigCreate(system), phrase);
    return check(native.fsmount(system), phrase);
  } finally {
    closeSync(system);
  }
}
