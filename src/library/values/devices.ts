/** Names and indices of devices inside the namespace of a connection. */

import { KernelError } from '../../kernel/system/errors.ts';
import { RTEXT_FILTER_SKIP_STATS } from '../../linux/rtnetlink.ts';
import { decodeLink, link } from '../../rtnetlink/link.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { byteLength } from '../../wire/text.ts';
import type { Connection } from '../connection.ts';
import { ArgumentError, checkInteger } from './argument.ts';

/** A device by its name (or an alternative name), or by its index. */
export type DeviceReference = string | number;

/** IFNAMSIZ and ALTIFNAMSIZ, without the final NUL. */
const MAX_NAME = 15;
const MAX_ALTERNATIVE_NAME = 127;
const MAX_INDEX = 0x7fffffff;

const decodeName = link.select(['ifname']);

/** Header and attributes that mean a device in a link request. Throws {@link ArgumentError}. */
export function deviceSelector(argument: string, device: DeviceReference) {
  if (typeof device === 'number')
    return { index: checkInteger(argument, device, 1, MAX_INDEX), attributes: {} };
  const length = byteLength(device);
  if (typeof device !== 'string' || length === 0 || length > MAX_ALTERNATIVE_NAME)
    throw new ArgumentError(argument, `"${String(device)}" is no name of a device`);
  return { index: 0, attributes: length > MAX_NAME ? { alt_ifname: device } : { ifname: device } };
}

/** The index of a device. Rejects with {@link KernelError} ENODEV if there is none of that name. */
export async function indexOfDevice(
  connection: Connection,
  argument: string,
  device: DeviceReference,
): Promise<number> {
  const { index, attributes } = deviceSelector(argument, device);
  if (index !== 0) return index;
  const request = linkRequest({}, {}, { ...attributes, ext_mask: RTEXT_FILTER_SKIP_STATS });
  const [answer] = await connection.request(request, 'answer');
  const found = answer && decodeLink(answer, decodeName);
  if (found === undefined) throw new KernelError(19, Buffer.alloc(0));
  return found.header.index;
}

/**
 * The names of the devices that one answer speaks of: all that there are, read when the first is asked for; those
 * made since then one by one.
 */
export class DeviceDirectory {
  readonly #connection: Connection;
  readonly #names = new Map<number, string>();
  /** Devices that there were none of when they were asked for. */
  readonly #absent = new Set<number>();
  #isFilled = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Whether {@link learn} has nothing to do for these devices. */
  knowsAll(indices: readonly number[]): boolean {
    for (let at = 0; at < indices.length; at++)
      if (indices[at]! > 0 && !this.#names.has(indices[at]!) && !this.#absent.has(indices[at]!)) return false;
    return true;
  }

  /** Makes sure that {@link name} knows these devices, as far as they exist. */
  async learn(indices: Iterable<number>): Promise<void> {
    const unknown = [...indices].filter(
      index => index > 0 && !this.#names.has(index) && !this.#absent.has(index),
    );
    if (unknown.length === 0) return;
    if (!this.#isFilled) await this.#fill();
    for (const index of unknown) {
      if (!this.#names.has(index)) await this.#ask(index);
      if (!this.#names.has(index)) this.#absent.add(index);
    }
  }

  /** The name of a device; `ifN` where there is none of that index. */
  name(index: number): string {
    return this.#names.get(index) ?? `if${index}`;
  }

  /** Takes note of a link message. */
  remember(index: number, name: string): void {
    this.#absent.delete(index);
    this.#names.set(index, name);
  }

  async #fill(): Promise<void> {
    const request = linkRequest({}, {}, { ext_mask: RTEXT_FILTER_SKIP_STATS });
    for await (const batch of this.#connection.dump(request)) {
      for (const message of batch) {
        const found = decodeLink(message, decodeName);
        if (found?.ifname !== undefined) this.#names.set(found.header.index, found.ifname);
      }
    }
    this.#isFilled = true;
  }

  async #ask(index: number): Promise<void> {
    try {
      const request = linkRequest({}, { index }, { ext_mask: RTEXT_FILTER_SKIP_STATS });
      const [answer] = await this.#connection.request(request, 'answer');
      const name = answer && decodeLink(answer, decodeName)?.ifname;
      if (name !== undefined) this.#names.set(index, name);
    } catch (error) {
      if (!(error instanceof KernelError)) throw error; // It is gone again.
    }
  }
}
