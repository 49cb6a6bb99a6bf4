/** Names and indices of devices inside the namespace of a connection. Source: netdevice(7) SIOCGIFNAME, struct ifreq. */

import { KernelError } from '../../kernel/system/errors.ts';
import { ENODEV } from '../../linux/errno.ts';
import { RTEXT_FILTER_SKIP_STATS } from '../../linux/rtnetlink.ts';
import { SIOCGIFNAME } from '../../linux/sockets.ts';
import { decodeLink, link } from '../../rtnetlink/link.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import type { Message } from '../../wire/message.ts';
import { byteLength, decodeTextToNul } from '../../wire/text.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { ArgumentError, checkInteger, show } from './argument.ts';
import { type Check, text } from './shape.ts';

/** A device by its name (or an alternative name), or by its index. */
export type DeviceReference = string | number;

/** IFNAMSIZ and ALTIFNAMSIZ, without the final NUL. */
const MAX_NAME = 15;
const MAX_ALTERNATIVE_NAME = 127;
const MAX_INDEX = 0x7fffffff;
/** struct ifreq: sixteen bytes of a name, then a union that begins with an index. */
const IFREQ_LENGTH = 40;
const IFREQ_INDEX = 16;
/** Index of the loopback device in every namespace. */
const LOOPBACK = 1;

/** Header and attributes that mean a device in a link request. Throws {@link ArgumentError}. */
export function deviceSelector(argument: string, device: DeviceReference) {
  if (typeof device === 'number')
    return { index: checkInteger(argument, device, 1, MAX_INDEX), attributes: {} };
  const length = byteLength(device);
  if (typeof device !== 'string' || length === 0 || length > MAX_ALTERNATIVE_NAME)
    throw new ArgumentError(argument, `"${String(device)}" is no name of a device`);
  return { index: 0, attributes: length > MAX_NAME ? { alt_ifname: device } : { ifname: device } };
}

/** A name of a device: a text that fits IFNAMSIZ. */
export const deviceName: Check<string> = (argument, value) => {
  const name = text(argument, value);
  if (byteLength(name) > MAX_NAME)
    throw new ArgumentError(argument, `${show(name)} is longer than a name of a device`);
  return name;
};

/** A device by name, alternative name, or index. */
export const device: Check<DeviceReference> = (argument, value) => {
  if (typeof value === 'number') return checkInteger(argument, value, 1, MAX_INDEX);
  const name = text(argument, value);
  if (byteLength(name) > MAX_ALTERNATIVE_NAME)
    throw new ArgumentError(argument, `${show(name)} is longer than a name of a device`);
  return name;
};

/** How the kernel is asked inside the namespace, without waiting. */
export interface DeviceQuestions {
  /** Sends a request after all that wait, and returns its answer. Throws {@link KernelError}. */
  ask(request: MessageWriter): Message | undefined;
  /** ioctl(2) on the socket. */
  ioctl(request: number, argument: Buffer): number;
}

/** The devices of a namespace: nothing is remembered of them longer than it is true. */
export class Devices {
  readonly #questions: DeviceQuestions;
  /** The indices that names had when they were last asked for. */
  readonly #indices = new Map<string, number>();
  /** Those of this turn of the event loop, which need not be looked at again. */
  readonly #checked = new Map<string, number>();
  readonly #interface = Buffer.alloc(IFREQ_LENGTH);

  constructor(questions: DeviceQuestions) {
    this.#questions = questions;
  }

  /** The name of a device; undefined if there is none of that index. */
  name(index: number): string | undefined {
    const into = this.#interface;
    into.writeInt32LE(index, IFREQ_INDEX);
    return this.#questions.ioctl(SIOCGIFNAME, into) < 0 ? undefined : decodeTextToNul(into, 0, IFREQ_INDEX);
  }

  /** The index of a device. Throws {@link KernelError} ENODEV if there is none, {@link ArgumentError} for other values. */
  index(argument: string, device: DeviceReference): number {
    if (typeof device === 'number') return deviceSelector(argument, device).index;
    const checked = this.#checked.get(device);
    if (checked !== undefined) return checked;
    const known = this.#indices.get(device);
    const index = known !== undefined && this.name(known) === device ? known : this.#ask(argument, device);
    this.#indices.set(device, index);
    if (this.#checked.size === 0) process.nextTick(() => this.#checked.clear());
    this.#checked.set(device, index);
    return index;
  }

  /** What the kernel has of a device. Throws {@link KernelError}: ENODEV if there is none. */
  link(argument: string, device: DeviceReference): Message {
    const { index, attributes } = deviceSelector(argument, device);
    const request = linkRequest({}, { index }, { ...attributes, ext_mask: RTEXT_FILTER_SKIP_STATS });
    const answer = this.#questions.ask(request);
    if (answer === undefined) throw new KernelError(ENODEV, Buffer.alloc(0));
    return answer;
  }

  /** Waits for the changes of devices that the kernel is making: it answers when they are done. */
  settle(): void {
    try {
      this.link('device', LOOPBACK);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    }
  }

  #ask(argument: string, device: string): number {
    this.#indices.delete(device);
    const found = decodeLink(this.link(argument, device), decodeNothing);
    if (found === undefined) throw new KernelError(ENODEV, Buffer.alloc(0));
    return found.header.index;
  }
}

const decodeNothing = link.select([]);

/** The names of the devices that one answer, or the events of one watcher, speak of. */
export class DeviceDirectory {
  readonly #devices: Pick<Devices, 'name'>;
  readonly #names = new Map<number, string>();

  constructor(devices: Pick<Devices, 'name'>) {
    this.#devices = devices;
  }

  /** The name of a device; `ifN` where there is none of that index. */
  name(index: number): string {
    const known = this.#names.get(index);
    if (known !== undefined) return known;
    const name = this.#devices.name(index) ?? `if${index}`;
    this.#names.set(index, name);
    return name;
  }

  /** Takes note of what a link message says. */
  remember(index: number, name: string): void {
    this.#names.set(index, name);
  }
}
