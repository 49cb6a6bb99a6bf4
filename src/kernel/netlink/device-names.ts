/**
 * Device names and indices of the current network namespace: a cache filled from link messages, then the kernel, asked
 * synchronously so that arguments can be read strictly in order.
 */

import { IFLA_ALT_IFNAME, IFLA_EXT_MASK, IFLA_IFNAME } from '../../linux/interfaces.ts';
import { RTEXT_FILTER_SKIP_STATS, RTM_GETLINK } from '../../linux/rtnetlink.ts';
import * as codec from '../../wire/codec.ts';
import { load16, load32, loadSigned32 } from '../../wire/integers.ts';
import { attributeLength, findAttribute } from '../../wire/message.ts';
import { byteLength, encodeText } from '../../wire/text.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Native } from '../system/native.ts';
import { type Ask, answerTo } from './request-sync.ts';

/** Offsets in struct ifinfomsg. */
const TYPE = 2;
const INDEX = 4;
const FLAGS = 8;
const HEADER = 16;
const MAX_NAME = 15;
const MAX_ALTERNATIVE_NAME = 127;

/** What is known of a device. */
interface Device {
  readonly name: string;
  /** IFF_* */
  readonly flags?: number | undefined;
  /** ARPHRD_* */
  readonly type?: number | undefined;
}

const ANY: Device = { name: '*' };

/**
 * Called before a device is looked up, with the index that is cached for it, if any: where changes are not made at once,
 * it makes those on which the answer may depend.
 */
export type Prepare = (index: number | undefined) => void;

/** How the kernel is asked. */
export interface DeviceLookups {
  readonly ask: Ask;
  /** SIOCGIFINDEX. */
  readonly ifNameToIndex: Native['ifNameToIndex'];
}

/** The devices of one network namespace. */
export class DeviceNames {
  readonly #byIndex = new Map<number, Device>();
  readonly #byName = new Map<string, number>();
  /** Devices that are not in the second map yet: lists of devices need names only. */
  #unlisted: number[] = [];
  readonly #lookups: DeviceLookups;
  readonly #prepare: Prepare | undefined;

  constructor(lookups: DeviceLookups, prepare?: Prepare) {
    this.#lookups = lookups;
    this.#prepare = prepare;
  }

  /**
   * Caches a device as a link message describes it. A device keeps the name under which it was first seen until it is
   * forgotten, as in iproute2: a monitor continues to use that name when others refer to it.
   */
  remember(index: number, name: string, flags: number, type: number): void {
    const known = this.#byIndex.get(index)?.name;
    this.#byIndex.set(index, { name: known ?? name, flags, type });
    if (known === undefined) {
      this.#unlisted.push(index);
      return;
    }
    this.#listAll();
    if (this.#byName.get(known) === index) this.#byName.delete(known);
    this.#byName.set(name, index);
  }

  #listAll(): void {
    for (const index of this.#unlisted) this.#byName.set(this.#byIndex.get(index)!.name, index);
    this.#unlisted = [];
  }

  /** Drops what is known of a device, after it was renamed, moved or deleted. */
  forget(index: number): void {
    this.#listAll();
    this.#byIndex.delete(index);
    for (const [name, known] of this.#byName) if (known === index) this.#byName.delete(name);
  }

  /** Name of a device: `*` for index 0, `ifN` when it is unknown. */
  name(index: number): string {
    return this.state(index).name;
  }

  /** The same with what else is known of it. */
  state(index: number): Device {
    if (index === 0) return ANY;
    this.#prepare?.(index);
    const known = this.#byIndex.get(index);
    if (known !== undefined) return known;
    const device = askDevice(this.#lookups.ask, index);
    if (device === undefined) return { name: `if${index >>> 0}` };
    this.#byIndex.set(index, device);
    return device;
  }

  /** Index of a device by name, alternative name or `ifN`; undefined if there is no such device. */
  index(name: string): number | undefined {
    this.#listAll();
    this.#prepare?.(this.#byName.get(name));
    this.#listAll();
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const length = byteLength(name);
    const answer =
      length <= MAX_NAME
        ? this.#lookups.ifNameToIndex(encodeText(name))
        : askAlternativeName(this.#lookups.ask, name, length);
    if (answer > 0) {
      this.#prepare?.(answer); // Before it is cached: a flush makes the cache forget the device.
      this.#byName.set(name, answer);
      return answer;
    }
    const literal = /^if([1-9]\d{0,9})$/.exec(name);
    return literal === null ? undefined : Number(literal[1]);
  }
}

/** Asks by RTM_GETLINK: the ioctl returns the name alone. */
function askDevice(ask: Ask, index: number): Device | undefined {
  const request = new MessageWriter(RTM_GETLINK, 0);
  const header = request.reserve(HEADER);
  request.bytes.writeInt32LE(index | 0, header + INDEX);
  request.attribute(IFLA_EXT_MASK, codec.u32, RTEXT_FILTER_SKIP_STATS);
  const answer = answerTo(ask, request);
  if (answer === undefined || answer.end - answer.payload < HEADER) return undefined;
  const { bytes, payload } = answer;
  const at = findAttribute(bytes, payload + HEADER, answer.end, IFLA_IFNAME);
  const name = at === 0 ? undefined : codec.text.read(bytes, at, attributeLength(bytes, at));
  if (name === undefined) return undefined;
  return { name, flags: load32(bytes, payload + FLAGS), type: load16(bytes, payload + TYPE) };
}

/** Asks by RTM_GETLINK: the ioctl does not take names longer than 15 bytes. */
function askAlternativeName(ask: Ask, name: string, length: number): number {
  if (length > MAX_ALTERNATIVE_NAME) return 0;
  const request = new MessageWriter(RTM_GETLINK, 0);
  request.reserve(HEADER);
  request.attribute(IFLA_EXT_MASK, codec.u32, RTEXT_FILTER_SKIP_STATS);
  request.attribute(IFLA_ALT_IFNAME, codec.text, name);
  const answer = answerTo(ask, request);
  if (answer === undefined || answer.end - answer.payload < HEADER) return 0;
  return loadSigned32(answer.bytes, answer.payload + INDEX);
}
