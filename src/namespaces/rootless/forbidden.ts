/** Why this system makes no user namespace for a user, and the setting that permits it. Sources: user_namespaces(7), namespaces(7). */
import { readFileSync } from 'node:fs';

/** A setting that forbids user namespaces, or what belongs to them, where its value passes `isForbidding`. */
interface Setting {
  readonly name: string;
  readonly isForbidding: (value: number) => boolean;
  readonly permits: string;
  readonly about: string;
}

const SETTINGS: readonly Setting[] = [
  {
    name: 'kernel.unprivileged_userns_clone',
    isForbidding: value => value === 0,
    permits: '1',
    about: 'users may make none (Debian)',
  },
  {
    name: 'kernel.apparmor_restrict_unprivileged_userns',
    isForbidding: value => value !== 0,
    permits: '0',
    about: 'users have no capabilities in theirs (Ubuntu)',
  },
  ...['user', 'mnt', 'net'].map(
    (kind): Setting => ({
      name: `user.max_${kind}_namespaces`,
      isForbidding: value => value === 0,
      permits: '15000',
      about: 'there may be none',
    }),
  ),
];

/** The kernel's state of a process with filters of system calls. */
const FILTERED = /^Seccomp:\t2$/m;

/**
 * What forbids user namespaces here. `refusal` is what making one failed with, where it has been tried; `read` returns the
 * text of a file, undefined where there is none.
 */
export function userNamespacesForbidden(refusal = '', read: typeof readText = readText): string {
  const found = SETTINGS.flatMap(({ name, isForbidding, permits, about }) => {
    const text = read(`/proc/sys/${name.replaceAll('.', '/')}`)?.trim() ?? '';
    if (!/^\d+$/.test(text) || !isForbidding(Number(text))) return [];
    return [`${name} is ${text}, ${about}; "sudo sysctl -w ${name}=${permits}" permits it`];
  });
  if (found.length === 0)
    found.push(
      FILTERED.test(read('/proc/self/status') ?? '')
        ? 'a filter of system calls (seccomp) is set, as containers have one'
        : 'no setting says why: the kernel may be built without them, or a security module or chroot(2) forbids it',
    );
  const end = refusal === '' ? '' : ` (${refusal.replaceAll(/\s*\n\s*/g, '; ')})`;
  return `without root this needs a user namespace, and this system makes none: ${found.join('; ')}${end}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
