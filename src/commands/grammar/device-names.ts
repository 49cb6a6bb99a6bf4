/** Names of devices: which they may have. */
import { NoSuchDevice } from '../../schema/args.ts';
import { byteLength } from '../../wire/text.ts';

const MAX_NAME = 15;
/** Bytes of the longest alternative name. */
const MAX_ALTERNATIVE_NAME = 127;

/** Printable ASCII without slash and space, of which most names are made. */
const PLAIN_NAME = /^[!-.0-~]{1,15}$/;

/** Whether the kernel would take `name` for a device: 1 to 15 bytes, no slash, no white space, not `.` or `..`. */
export function isDeviceName(name: string): boolean {
  if (PLAIN_NAME.test(name)) return name !== '.' && name !== '..';
  const length = byteLength(name);
  return length > 0 && length <= MAX_NAME && name !== '.' && name !== '..' && !/[/ \t-\r]/.test(name);
}

/** Whether a device may be called so, by its name or by an alternative one. */
export function isAlternativeName(name: string): boolean {
  const length = byteLength(name);
  return length > 0 && length <= MAX_ALTERNATIVE_NAME;
}

/** The complaint about a device that is to be changed and is not there. */
export function noSuchDevice(name: string): NoSuchDevice {
  return new NoSuchDevice(name);
}
