/** System calls as people read them: names of flags, paths in quotes, errors by name. Sources: linux/sched.h, linux/mount.h. */
import { errorCode, strerror } from '../kernel/system/errors.ts';
import { decodeText } from '../wire/text.ts';
import { flagNames } from './values.ts';

/** Prints lines on standard error. */
export type Print = (lines: readonly string[]) => void;

type Bits = readonly (readonly [bit: number, name: string])[];

const NAMESPACES: Bits = [
  [0x00000080, 'CLONE_NEWTIME'],
  [0x00020000, 'CLONE_NEWNS'],
  [0x02000000, 'CLONE_NEWCGROUP'],
  [0x04000000, 'CLONE_NEWUTS'],
  [0x08000000, 'CLONE_NEWIPC'],
  [0x10000000, 'CLONE_NEWUSER'],
  [0x20000000, 'CLONE_NEWPID'],
  [0x40000000, 'CLONE_NEWNET'],
];
const MOUNT_FLAGS: Bits = [
  [0x1, 'MS_RDONLY'],
  [0x2, 'MS_NOSUID'],
  [0x4, 'MS_NODEV'],
  [0x8, 'MS_NOEXEC'],
  [0x20, 'MS_REMOUNT'],
  [0x1000, 'MS_BIND'],
  [0x2000, 'MS_MOVE'],
  [0x4000, 'MS_REC'],
  [0x8000, 'MS_SILENT'],
  [0x20000, 'MS_UNBINDABLE'],
  [0x40000, 'MS_PRIVATE'],
  [0x80000, 'MS_SLAVE'],
  [0x100000, 'MS_SHARED'],
];
const UMOUNT_FLAGS: Bits = [
  [0x1, 'MNT_FORCE'],
  [0x2, 'MNT_DETACH'],
  [0x8, 'UMOUNT_NOFOLLOW'],
];

/** `CLONE_NEWNET|CLONE_NEWNS`. */
export const namespaceFlags = (flags: number): string => flagNames(flags, NAMESPACES);
export const mountFlags = (flags: number): string => flagNames(flags, MOUNT_FLAGS);
export const umountFlags = (flags: number): string => flagNames(flags, UMOUNT_FLAGS);

const IOCTLS: Readonly<Record<number, string>> = {
  1074025674: 'TUNSETIFF',
  1074025675: 'TUNSETPERSIST',
  1074025676: 'TUNSETOWNER',
  1074025678: 'TUNSETGROUP',
  35312: 'SIOCGETTUNNEL',
  35313: 'SIOCADDTUNNEL',
  35314: 'SIOCDELTUNNEL',
  35315: 'SIOCCHGTUNNEL',
  35316: 'SIOCGETPRL',
  35317: 'SIOCADDPRL',
  35318: 'SIOCDELPRL',
  35319: 'SIOCCHGPRL',
  35320: 'SIOCGET6RD',
  35321: 'SIOCADD6RD',
  35322: 'SIOCDEL6RD',
  35323: 'SIOCCHG6RD',
  35121: 'SIOCADDMULTI',
  35122: 'SIOCDELMULTI',
  35148: 'SIOCGSKNS',
  46849: 'NS_GET_USERNS',
  46850: 'NS_GET_PARENT',
  46851: 'NS_GET_NSTYPE',
  46852: 'NS_GET_OWNER_UID',
};

/** The name of a request of ioctl(2). */
export function ioctlName(request: number): string {
  return IOCTLS[request >>> 0] ?? `0x${(request >>> 0).toString(16)}`;
}

/** True for requests of ioctl(2) that only ask. */
export function isIoctlQuestion(request: number): boolean {
  return /^(NS_GET|SIOCG)/.test(ioctlName(request)) || request >>> 8 === 0xb7 || isReadOnlyNumber(request);
}

/** Direction bits of the number: read only. Numbers of old requests have none. */
function isReadOnlyNumber(request: number): boolean {
  return request >>> 30 === 2;
}

/** A path, a name, an argument. */
export function quoted(text: Buffer | string | null): string {
  if (text === null) return 'NULL';
  return JSON.stringify(typeof text === 'string' ? text : decodeText(text));
}

/** A call and how it ended: a negative result is an error number. */
export function callLine(call: string, result: number | Buffer): string {
  if (typeof result !== 'number') return `call: ${call} = ${quoted(result)}`;
  if (result >= 0) return `call: ${call} = ${result}`;
  return `call: ${call} = ${errorCode(-result)} (${strerror(-result)})`;
}

/** A call that `--dry-run` holds back. */
export function heldLine(call: string): string {
  return `not called: ${call}`;
}
