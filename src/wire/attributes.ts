/**
 * The attributes of one message found by number, without reading them: offsets in an array that is used again for
 * the next message. For what is printed in floods and needs a few attributes of each message.
 */
import { NLA_HDRLEN } from '../linux/netlink.ts';
import { load16, load32 } from './integers.ts';
import { PLAIN_TYPE } from './message.ts';
import { FIRST_ATTRIBUTE_SLOT, slotSet } from './slots.ts';

const NOTHING = Buffer.alloc(0);

export class AttributeIndex {
  /** The datagram that the attributes are in. */
  bytes: Buffer = NOTHING;
  /** The attributes that were asked for since it was cleared. */
  readonly readSlots = slotSet();
  /** Where the payload of each attribute begins, counted from where the first attribute does; 0 when it is absent. */
  readonly #places: Int32Array;
  readonly #typeMask: number;
  #start = 0;

  /** Room for attributes numbered up to `max`; others are ignored. `typeMask` has the bits of numbers, not of flags. */
  constructor(max: number, typeMask = PLAIN_TYPE) {
    this.#places = new Int32Array(max + 1);
    this.#typeMask = typeMask;
  }

  /** Indexes `bytes[start..end)`; the first of several attributes of one number counts. */
  index(bytes: Buffer, start: number, end: number): void {
    const places = this.#places;
    places.fill(0);
    this.move(bytes, start);
    for (let at = start; at + NLA_HDRLEN <= end; ) {
      const length = bytes[at]! | (bytes[at + 1]! << 8);
      if (length < NLA_HDRLEN || length > end - at) return;
      const type = (bytes[at + 2]! | (bytes[at + 3]! << 8)) & this.#typeMask;
      if (type < places.length && places[type] === 0) places[type] = at + NLA_HDRLEN - start;
      at += (length + 3) & ~3;
    }
  }

  /** Indexes the attributes nested in attribute `type` of another index; none when it is absent. */
  indexNested(outer: AttributeIndex, type: number): void {
    const at = outer.start(type);
    this.index(outer.bytes, at, at === 0 ? 0 : at + outer.length(type));
  }

  /** Goes to where the same attributes lie at the same distances. */
  move(bytes: Buffer, start: number): void {
    this.bytes = bytes;
    this.#start = start;
  }

  /** Notes that all is looked at: for who reads on behind an attribute. */
  markAllRead(): void {
    this.readSlots.fill(1);
  }

  /** Has an attribute read; undefined when it is absent. */
  read<T>(type: number, read: (bytes: Buffer, at: number, length: number) => T): T | undefined {
    this.readSlots[FIRST_ATTRIBUTE_SLOT + type] = 1;
    const place = this.#places[type]!;
    if (place === 0) return undefined;
    const at = this.#start + place;
    return read(this.bytes, at, this.#lengthAt(at));
  }

  has(type: number): boolean {
    return this.start(type) !== 0;
  }

  /** Where the payload of an attribute begins; 0 when it is absent. */
  start(type: number): number {
    this.readSlots[FIRST_ATTRIBUTE_SLOT + type] = 1;
    const place = this.#places[type]!;
    return place === 0 ? 0 : this.#start + place;
  }

  /** Bytes of the payload of an attribute; 0 when it is absent. */
  length(type: number): number {
    const at = this.start(type);
    return at === 0 ? 0 : this.#lengthAt(at);
  }

  /** Reads a number; undefined when the attribute is absent or too short. */
  u8(type: number): number | undefined {
    const at = this.start(type);
    return at === 0 || this.#lengthAt(at) < 1 ? undefined : this.bytes[at];
  }

  u16(type: number): number | undefined {
    const at = this.start(type);
    return at === 0 || this.#lengthAt(at) < 2 ? undefined : load16(this.bytes, at);
  }

  u32(type: number): number | undefined {
    const at = this.start(type);
    return at === 0 || this.#lengthAt(at) < 4 ? undefined : load32(this.bytes, at);
  }

  #lengthAt(at: number): number {
    return (this.bytes[at - 4]! | (this.bytes[at - 3]! << 8)) - NLA_HDRLEN;
  }
}
