/** The device of `ip stats`. */
import { type Value, value } from '../../schema/keywords.ts';
import type { Context } from '../frame/context.ts';
import { isDeviceName, noSuchDevice } from '../grammar/device-names.ts';

/** A device by name, looked up when the whole line has been read. */
export const DEVICE_KEYWORD_VALUE: Value<string, Context> = value(
  { synopsis: 'DEV', names: 'device' },
  word => (isDeviceName(word) ? word : undefined),
  '"dev" not a valid ifname',
);

/** The index of a device that has been named; throws the original's complaint if there is no such device. */
export function indexOf(name: string, { names }: Context): number {
  const index = names.deviceIndex(name);
  if (index === undefined) throw noSuchDevice(name);
  return index;
}
