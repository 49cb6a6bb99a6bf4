/**
 * Device names and indices of the current network namespace: a cache fed by link messages, then the kernel, asked
 * synchronously so that arguments can be read strictly in order.
 */

import * as codec from '../wire/codec.ts';
import { byteLength, decodeText, encodeText } from '../wire/text.ts';
import { MessageWriter } from '../wire/writer.ts';
import { ask } from './ask.ts';
import { native } from './native.ts';

const RTM_GETLINK = 18;
const IFLA_EXT_MASK = 29;
const IFLA_ALT_IFNAME = 53;
const SKIP_STATS = 8;
const HEADER = 16;
const MAX_NAME = 15;
const MAX_ALTERNATIVE_NAME = 127;

interface Device {
  readonly name: string;
  readonly flags: number | undefined;
  readonly type: number | undefined;
}

export class DeviceNames {
  readonly #byIndex = new Map<number, Device>();
  readonly #byName = new Map<string, number>();

  /** Remembers a device as a link message tells it. */
  remember(index: number, name: string, flags: number, type: number): void {
    this.forget(index);
    this.#byIndex.set(index, { name, flags, type });
    this.#byName.set(name, index);
  }

  /** Drops what is known of a device, after it was renamed, moved or deleted. */
  forget(index: number): void {
    const known = this.#byIndex.get(index);
    if (known === undefined) return;
    this.#byIndex.delete(index);
    if (this.#byName.get(known.name) === index) this.#byName.delete(known.name);
  }

  /** Flags (IFF_*) of a device seen before. */
  flags(index: number): number | undefined {
    return this.#byIndex.get(index)?.flags;
  }

  /** Link-layer type (ARPHRD_*) of a device seen before. */
  type(index: number): number | undefined {
    return this.#byIndex.get(index)?.type;
  }

  /** Name of a device: `*` for index 0, `ifN` when it is unknown. */
  name(index: number): string {
    if (index === 0) return '*';
    const known = this.#byIndex.get(index);
    if (known !== undefined) return known.name;
    const answer = native.ifIndexToName(index);
    const name = typeof answer === 'number' ? `if${index}` : decodeText(answer);
    if (typeof answer !== 'number') this.#byIndex.set(index, { name, flags: undefined, type: undefined });
    return name;
  }

  /** Index of a device by name, alternative name or `ifN`; undefined when there is none. */
  index(name: string): number | undefined {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const length = byteLength(name);
    const answer =
      length <= MAX_NAME ? native.ifNameToIndex(encodeText(name)) : askAlternativeName(name, length);
    if (answer > 0) {
      this.#byName.set(name, answer);
      return answer;
    }
    const literal = /^if([1-9]\d{0,9})$/.exec(name);
    return literal === null ? undefined : Number(literal[1]);
  }
}

/** Asks by RTM_GETLINK: the ioctl does not take names longer than 15 bytes. */
function askAlternativeName(name: string, length: number): number {
  if (length > MAX_ALTERNATIVE_NAME) return 0;
  const request = new MessageWriter(RTM_GETLINK, 0);
  request.reserve(HEADER);
  request.attribute(IFLA_EXT_MASK, codec.u32, SKIP_STATS);
  request.attribute(IFLA_ALT_IFNAME, codec.text, name);
  const answer = ask(request);
  if (answer === undefined || answer.end - answer.payload < HEADER) return 0;
  return answer.bytes.readInt32LE(answer.payload + 4);
}
