/** System calls and changes of files in words, and how something is put around each of them. */

import { readlinkSync } from 'node:fs';
import type { SystemCalls } from '../kernel/kernel.ts';
import type { FileChanges } from '../kernel/system/files.ts';
import { decodeText } from '../wire/text.ts';
import { ioctlName, isIoctlQuestion, mountFlags, namespaceFlags, quoted, umountFlags } from './calls.ts';

/** struct ifreq and its like begin with the name of a device, of at most so many bytes. */
const NAME_LENGTH = 16;

/** A call with the arguments that it was called with. */
export interface Call {
  readonly text: string;
  /** Whether it changes something outside this process; entering a namespace does not. */
  readonly isChange: boolean;
}

type Described<Functions extends object> = {
  readonly [Name in keyof Functions]: Functions[Name] extends (...args: infer Arguments) => unknown
    ? (...args: Arguments) => Call
    : never;
};

const change = (text: string): Call => ({ text, isChange: true });
const question = (text: string): Call => ({ text, isChange: false });
const ioctl = (fd: number, request: number, argument: string): Call => ({
  text: `ioctl(${descriptorText(fd)}, ${ioctlName(request)}, ${argument})`,
  isChange: !isIoctlQuestion(request),
});

const CALLS: Described<SystemCalls> = {
  setns: (fd, type) => question(`setns(${descriptorText(fd)}, ${namespaceFlags(type)})`),
  unshare: flags => change(`unshare(${namespaceFlags(flags)})`),
  mount: (source, target, type, flags, data) =>
    change(`mount(${[source, target, type].map(quoted).join(', ')}, ${mountFlags(flags)}, ${quoted(data)})`),
  umount2: (target, flags) => change(`umount2(${quoted(target)}, ${umountFlags(flags)})`),
  flock: fd => change(`flock(${descriptorText(fd)}, LOCK_EX)`),
  ioctl: (fd, request, argument) => ioctl(fd, request, String(argument)),
  ioctlBytes: (fd, request, argument) => ioctl(fd, request, nameInRequest(argument)),
  ioctlInterface: (fd, request, name) => ioctl(fd, request, quoted(name)),
  ifNameToIndex: name => question(`ioctl(SIOCGIFINDEX, ${quoted(name)})`),
  ifIndexToName: index => question(`ioctl(SIOCGIFNAME, ${index})`),
};

const FILES: Described<Omit<FileChanges, 'openFolder'>> = {
  makeFolder: (path, mode) => change(`mkdir(${quoted(path)}, 0${mode.toString(8)})`),
  create: (path, mode) =>
    change(`open(${quoted(path)}, O_RDONLY|O_CREAT|O_EXCL, ${mode === 0 ? '0' : `0${mode.toString(8)}`})`),
  remove: path => change(`unlink(${quoted(path)})`),
  write: (path, text) => change(`write(${quoted(path)}, ${quoted(text)})`),
};

/** The system calls, with `around` called in place of each; `run` makes the call. */
export function decorateCalls(
  calls: SystemCalls,
  around: (call: Call, run: () => number | Buffer) => number | Buffer,
): SystemCalls {
  return decorate(calls, CALLS, (call, _name, _args, run) => around(call, run as () => number | Buffer));
}

/** The changes of files, with `around` called in place of each; opening folders stays as it is. */
export function decorateFiles(
  files: FileChanges,
  around: (call: Call, name: keyof typeof FILES, path: string, run: () => void) => void,
): FileChanges {
  const decorated = decorate<Omit<FileChanges, 'openFolder'>>(files, FILES, (call, name, [path], run) =>
    around(call, name, path as string, run),
  );
  return { ...decorated, openFolder: path => files.openFolder(path) };
}

type Anything = (...args: readonly unknown[]) => unknown;

/** The functions of `original` that are described. Erases their types, which are the same before and after. */
function decorate<Functions extends object>(
  original: Functions,
  described: Described<Functions>,
  around: (call: Call, name: keyof Functions, args: readonly unknown[], run: () => unknown) => unknown,
): Functions {
  const functions = original as Record<string, Anything>;
  const descriptions = described as unknown as Record<string, (...args: readonly unknown[]) => Call>;
  const entries = Object.entries(descriptions).map(([name, describe]) => {
    const decorated = (...args: readonly unknown[]) =>
      around(describe(...args), name as keyof Functions, args, () => functions[name]!(...args));
    return [name, decorated];
  });
  return Object.fromEntries(entries) as Functions;
}

/** What a descriptor is open on, which says more than its number. */
function descriptorText(descriptor: number): string {
  try {
    return quoted(readlinkSync(`/proc/self/fd/${descriptor}`));
  } catch {
    return String(descriptor);
  }
}

function nameInRequest(request: Buffer): string {
  const end = request.subarray(0, NAME_LENGTH).indexOf(0);
  return quoted(decodeText(request, 0, end === -1 ? Math.min(NAME_LENGTH, request.length) : end));
}
