/**
 * Builds one netlink message in a growing buffer: header, fixed struct, nested attributes whose lengths are
 * patched when they are closed. Source: linux/netlink.h. Integers are in host order, which is little-endian on
 * every platform that the netlink package is built for.
 */
import { NLA_F_NESTED, NLA_HDRLEN, NLM_F_REQUEST } from '../linux/netlink.ts';
import { load16, store16, store32 } from './integers.ts';
import { HEADER_LENGTH } from './message.ts';

const ALIGNMENT = 4;
const MAX_ATTRIBUTE = 0xffff;
/** Enough for an address, a route, a neighbour. */
const INITIAL_LENGTH = 128;

/** Appends a value to a message. */
export interface ValueWriter<T> {
  write(out: MessageWriter, value: T): void;
}

/** A request in the making: attributes are appended to a message of a type. */
export class MessageWriter {
  #bytes: Buffer;
  #length: number;

  /** Starts a message of `type`; `NLM_F_REQUEST` is added to `flags`. The buffer may hold anything. */
  constructor(type: number, flags: number, buffer: Buffer = Buffer.allocUnsafe(INITIAL_LENGTH)) {
    this.#bytes = buffer;
    this.#length = 0;
    const at = this.reserve(HEADER_LENGTH);
    store16(this.#bytes, type, at + 4);
    store16(this.#bytes, flags | NLM_F_REQUEST, at + 6);
  }

  /** The bytes being built; invalid after the next call that writes. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Length so far, header included. */
  get length(): number {
    return this.#length;
  }

  get type(): number {
    return load16(this.#bytes, 4);
  }

  get flags(): number {
    return load16(this.#bytes, 6);
  }

  set flags(flags: number) {
    store16(this.#bytes, flags, 6);
  }

  /** Appends `count` zero bytes and returns their offset. */
  reserve(count: number): number {
    const at = this.#extend(count);
    const bytes = this.#bytes;
    for (let index = at; index < this.#length; index++) bytes[index] = 0;
    return at;
  }

  /** Appends `count` bytes that hold anything and returns their offset. */
  #extend(count: number): number {
    const at = this.#length;
    this.#length = at + count;
    if (this.#length > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#length, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    return at;
  }

  u8(value: number): void {
    const at = this.#extend(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.#extend(2);
    store16(this.#bytes, value, at);
  }

  u32(value: number): void {
    const at = this.#extend(4);
    store32(this.#bytes, value, at);
  }

  u64(value: bigint): void {
    const at = this.#extend(8);
    this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at);
  }

  be16(value: number): void {
    const at = this.#extend(2);
    this.#bytes.writeUInt16BE(value & 0xffff, at);
  }

  be32(value: number): void {
    const at = this.#extend(4);
    this.#bytes.writeUInt32BE(value >>> 0, at);
  }

  be64(value: bigint): void {
    const at = this.#extend(8);
    this.#bytes.writeBigUInt64BE(BigInt.asUintN(64, value), at);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#extend(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Appends one attribute with its padding. */
  attribute<T>(type: number, codec: ValueWriter<T>, value: T): void {
    const mark = this.open(type, 0);
    codec.write(this, value);
    this.close(mark);
  }

  /** Opens a nested attribute; `flag` is NLA_F_NESTED unless an interface predates it and expects 0. */
  open(type: number, flag: number = NLA_F_NESTED): number {
    const at = this.#extend(NLA_HDRLEN);
    store16(this.#bytes, type | flag, at + 2);
    return at;
  }

  /** Closes the attribute opened at `mark`: patches its length and pads to four bytes. */
  close(mark: number): void {
    const length = this.#length - mark;
    if (length > MAX_ATTRIBUTE)
      throw new RangeError(`attribute of ${length} bytes is longer than ${MAX_ATTRIBUTE}`);
    store16(this.#bytes, length, mark);
    this.align();
  }

  /** Pads to a multiple of four bytes. */
  align(): void {
    const rest = this.#length % ALIGNMENT;
    if (rest !== 0) this.reserve(ALIGNMENT - rest);
  }

  /** Completes the header and returns the message, a view of this writer's buffer. */
  finish(sequence: number, port = 0): Buffer {
    this.#complete(sequence, port);
    return this.#bytes.subarray(0, this.#length);
  }

  /** Completes the header and copies the message into `target`. */
  copyTo(target: Uint8Array, at: number, sequence = 0): void {
    this.#complete(sequence, 0);
    const bytes = this.#bytes;
    // Most messages are so short that a call would take longer.
    for (let index = 0; index < this.#length; index++) target[at + index] = bytes[index]!;
  }

  #complete(sequence: number, port: number): void {
    store32(this.#bytes, this.#length, 0);
    store32(this.#bytes, sequence, 8);
    store32(this.#bytes, port, 12);
  }
}
