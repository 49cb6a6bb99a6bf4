/**
 * The attributes of one message found by number, without decoding them: offsets in an array that is reused for the
 * next message. For long dumps, of which few attributes of each message are read.
 */
import { NLA_HDRLEN } from '../linux/netlink.ts';
import { load16, load32, loadSigned32 } from './integers.ts';
import { PLAIN_TYPE } from './message.ts';

const NOTHING = Buffer.alloc(0);

/** The bits that {@link AttributeIndex.present} has for attributes of these numbers, all below 32. */
export function bitsOf(...types: readonly number[]): number {
  return types.reduce((bits, type) => bits | (1 << type), 0);
}

/** Where the attributes of a message lie. */
export class AttributeIndex {
  /** The datagram that holds the attributes. */
  bytes: Buffer = NOTHING;
  /** Which of the attributes numbered below 32 are there, as bits: one test passes over many that are rare. */
  present = 0;
  /** Where the payload of each attribute begins; 0 if it is absent. */
  readonly #starts: Int32Array;
  /** The numbers whose starts are set, to be cleared for the next message, and how many they are. */
  readonly #set: Int32Array;
  #count = 0;
  readonly #typeMask: number;

  /**
   * Has room for attributes numbered up to `max`; others are ignored. `typeMask` has the bits of numbers, not those of
   * flags.
   */
  constructor(max: number, typeMask = PLAIN_TYPE) {
    this.#starts = new Int32Array(max + 1);
    this.#set = new Int32Array(max + 1);
    this.#typeMask = typeMask;
  }

  /** Indexes `bytes[start..end)`; the first of several attributes of one number counts. */
  index(bytes: Buffer, start: number, end: number): void {
    const starts = this.#starts;
    const set = this.#set;
    const mask = this.#typeMask;
    for (let index = 0; index < this.#count; index++) starts[set[index]!] = 0;
    let count = 0;
    let present = 0;
    this.bytes = bytes;
    for (let at = start; at + NLA_HDRLEN <= end; ) {
      const length = bytes[at]! | (bytes[at + 1]! << 8);
      if (length < NLA_HDRLEN || length > end - at) break;
      const type = (bytes[at + 2]! | (bytes[at + 3]! << 8)) & mask;
      if (type < starts.length && starts[type] === 0) {
        starts[type] = at + NLA_HDRLEN;
        set[count++] = type;
        if (type < 32) present |= 1 << type;
      }
      at += (length + 3) & ~3;
    }
    this.#count = count;
    this.present = present;
  }

  /** Indexes the attributes nested in attribute `type` of another index; none if it is absent. */
  indexNested(outer: AttributeIndex, type: number): void {
    const at = outer.start(type);
    this.index(outer.bytes, at, at === 0 ? 0 : at + outer.length(type));
  }

  /** Decodes an attribute by `read`; undefined if it is absent. */
  read<T>(type: number, read: (bytes: Buffer, at: number, length: number) => T): T | undefined {
    const at = this.#starts[type]!;
    return at === 0 ? undefined : read(this.bytes, at, load16(this.bytes, at - NLA_HDRLEN) - NLA_HDRLEN);
  }

  has(type: number): boolean {
    return this.#starts[type] !== 0;
  }

  /** Where the payload of an attribute begins; 0 if it is absent. */
  start(type: number): number {
    return this.#starts[type]!;
  }

  /** Bytes of the payload of an attribute; 0 if it is absent. */
  length(type: number): number {
    const at = this.#starts[type]!;
    return at === 0 ? 0 : load16(this.bytes, at - NLA_HDRLEN) - NLA_HDRLEN;
  }

  /**
   * Reads a number; undefined if the attribute is absent. One that is too short is read with the bytes behind it, as the
   * original reads it; undefined if the datagram ends before.
   */
  u8(type: number): number | undefined {
    const at = this.#starts[type]!;
    return at === 0 ? undefined : this.bytes[at];
  }

  u16(type: number): number | undefined {
    const at = this.#starts[type]!;
    return at === 0 || at + 2 > this.bytes.length ? undefined : load16(this.bytes, at);
  }

  u32(type: number): number | undefined {
    const at = this.#starts[type]!;
    return at === 0 || at + 4 > this.bytes.length ? undefined : load32(this.bytes, at);
  }

  s32(type: number): number | undefined {
    const at = this.#starts[type]!;
    return at === 0 || at + 4 > this.bytes.length ? undefined : loadSigned32(this.bytes, at);
  }

  be16(type: number): number | undefined {
    const at = this.#starts[type]!;
    return at === 0 || at + 2 > this.bytes.length ? undefined : this.bytes.readUInt16BE(at);
  }

  be64(type: number): bigint | undefined {
    const at = this.#starts[type]!;
    return at === 0 || at + 8 > this.bytes.length ? undefined : this.bytes.readBigUInt64BE(at);
  }
}
