/**
 * Codecs: how one value lies in bytes. `read` answers undefined when the payload is too short for the value, so
 * that a hostile or older kernel yields an absent value and never a wrong one.
 */
import {
  formatHardwareAddress,
  formatIp,
  formatIpv4,
  formatIpv6,
  packHardwareAddress,
  packIp,
} from './address.ts';
import { load16, load32, loadSigned32 } from './integers.ts';
import { lazy } from './lazy.ts';
import { walkAttributes } from './message.ts';
import { decodeTextToNul, encodeText } from './text.ts';
import type { ValueWriter } from './writer.ts';

/** Reads and writes one value. */
export interface Codec<T> extends ValueWriter<T> {
  read(bytes: Buffer, at: number, length: number): T | undefined;
}

/** The type of a codec's value. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

export const u8: Codec<number> = {
  read: (bytes, at, length) => (length < 1 ? undefined : bytes[at]),
  write: (out, value) => out.u8(value),
};

export const s8: Codec<number> = {
  read: (bytes, at, length) => (length < 1 ? undefined : bytes.readInt8(at)),
  write: (out, value) => out.u8(value),
};

export const u16: Codec<number> = {
  read: (bytes, at, length) => (length < 2 ? undefined : load16(bytes, at)),
  write: (out, value) => out.u16(value),
};

export const u32: Codec<number> = {
  read: (bytes, at, length) => (length < 4 ? undefined : load32(bytes, at)),
  write: (out, value) => out.u32(value),
};

export const s32: Codec<number> = {
  read: (bytes, at, length) => (length < 4 ? undefined : loadSigned32(bytes, at)),
  write: (out, value) => out.u32(value),
};

export const u64: Codec<bigint> = {
  // Counters are mostly small: this way they take one BigInt, with readBigUInt64LE four.
  read(bytes, at, length) {
    if (length < 8) return undefined;
    const low = load32(bytes, at);
    const high = load32(bytes, at + 4);
    if (high !== 0) return (BigInt(high) << 32n) | BigInt(low);
    return low === 0 ? 0n : BigInt(low);
  },
  write: (out, value) => out.u64(value),
};

export const be16: Codec<number> = {
  read: (bytes, at, length) => (length < 2 ? undefined : bytes.readUInt16BE(at)),
  write: (out, value) => out.be16(value),
};

export const be32: Codec<number> = {
  read: (bytes, at, length) => (length < 4 ? undefined : bytes.readUInt32BE(at)),
  write: (out, value) => out.be32(value),
};

export const be64: Codec<bigint> = {
  read: (bytes, at, length) => (length < 8 ? undefined : bytes.readBigUInt64BE(at)),
  write: (out, value) => out.be64(value),
};

/** Text that ends at its first NUL; written with a final NUL, as the kernel's NLA_NUL_STRING wants it. */
export const text: Codec<string> = {
  read(bytes, at, length) {
    return decodeTextToNul(bytes, at, at + length);
  },
  write(out, value) {
    out.raw(encodeText(value));
    out.u8(0);
  },
};

/** Text written without a final NUL, for interfaces that count it. */
export const bareText: Codec<string> = {
  read: text.read,
  write: (out, value) => out.raw(encodeText(value)),
};

/** An attribute whose presence is its value. */
export const flag: Codec<true> = {
  read: () => true,
  write: () => undefined,
};

/** The payload as it is. The Buffer is a view of the datagram. */
export const bytes: Codec<Buffer> = {
  read: (source, at, length) => source.subarray(at, at + length),
  write: (out, value) => out.raw(value),
};

/** IPv4 address in dotted form. */
export const ipv4: Codec<string> = {
  read: (source, at, length) => (length < 4 ? undefined : formatIpv4(source, at)),
  write: (out, value) => out.raw(packIp(value)),
};

/** IPv6 address as inet_ntop spells it. */
export const ipv6: Codec<string> = {
  read: (source, at, length) => (length < 16 ? undefined : formatIpv6(source, at)),
  write: (out, value) => out.raw(packIp(value)),
};

/** IPv4 or IPv6 address, distinguished by a colon in text and by length on the wire; extra bytes are ignored. */
export const ip: Codec<string> = {
  read: (source, at, length) => formatIp(source, at, length < 16 ? Math.min(length, 4) : 16),
  write: (out, value) => out.raw(packIp(value)),
};

/** Link-layer address of any length as lower-case hex bytes joined by colons. */
export const hardwareAddress: Codec<string> = {
  read: (source, at, length) => formatHardwareAddress(source, at, length),
  write: (out, value) => out.raw(packHardwareAddress(value)),
};

/** The payloads of all attributes inside a nest, in order, whatever their types; written as type `itemType`. */
export function list<T>(codec: Codec<T>, itemType: number): Codec<T[]> {
  return {
    read(source, at, length) {
      const items: T[] = [];
      walkAttributes(source, at, at + length, (_type, start, size) => {
        const item = codec.read(source, start, size);
        if (item !== undefined) items.push(item);
      });
      return items;
    },
    write(out, items) {
      for (const item of items) out.attribute(itemType, codec, item);
    },
  };
}

/** Members of a C struct in order; names starting with `_` are padding and do not appear in the value. */
export type Layout = Readonly<Record<string, Codec<number> | Codec<bigint> | Padding>>;

/** Bytes of a struct that carry nothing. */
export interface Padding {
  readonly padding: number;
}

export type StructOf<L extends Layout> = {
  -readonly [K in keyof L as K extends `_${string}` ? never : K]: ValueOf<L[K]>;
};

export interface StructCodec<T> extends Codec<T> {
  /** Size in bytes. */
  readonly size: number;
  /** A value with every member 0. */
  zero(): T;
}

const MEMBER_SIZE = new Map<unknown, number>([
  [u8, 1],
  [s8, 1],
  [u16, 2],
  [be16, 2],
  [u32, 4],
  [s32, 4],
  [be32, 4],
  [u64, 8],
  [be64, 8],
]);

interface Member {
  readonly name: string;
  readonly at: number;
  readonly size: number;
  readonly codec: Codec<unknown>;
  readonly store: (bytes: Buffer, at: number, value: number | bigint) => void;
  readonly zero: number | bigint;
}

/** How a member is stored. Structs are on the hot path: storing members directly is faster than calling their codecs. */
type Store = (bytes: Buffer, at: number, value: never) => void;

const STORES = new Map<unknown, Store>([
  [u8, storeByte],
  [s8, storeByte],
  [u16, (bytes: Buffer, at: number, value: number) => storeBytes(bytes, at, value, 2)],
  [u32, (bytes: Buffer, at: number, value: number) => storeBytes(bytes, at, value, 4)],
  [s32, (bytes: Buffer, at: number, value: number) => storeBytes(bytes, at, value, 4)],
  [be16, (bytes: Buffer, at: number, value: number) => bytes.writeUInt16BE(value & 0xffff, at)],
  [be32, (bytes: Buffer, at: number, value: number) => bytes.writeUInt32BE(value >>> 0, at)],
  [u64, (bytes: Buffer, at: number, value: bigint) => bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at)],
  [be64, (bytes: Buffer, at: number, value: bigint) => bytes.writeBigUInt64BE(BigInt.asUintN(64, value), at)],
]);

function storeByte(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value;
}

function storeBytes(bytes: Buffer, at: number, value: number, count: number): void {
  for (let index = 0; index < count; index++) bytes[at + index] = value >>> (8 * index);
}

/** Codec of a fixed struct. Members past the end of a shorter payload (an older kernel's struct) read as 0. */
export function struct<const L extends Layout>(layout: L): StructCodec<StructOf<L>> {
  const compiled = lazy(() => compile(layout));
  return {
    get size() {
      return compiled().size;
    },
    zero: () => ({ ...compiled().zeros }) as StructOf<L>,
    read(source, at, length) {
      const { members, zeros } = compiled();
      const value: Record<string, unknown> = { ...zeros };
      for (const member of members) {
        if (member.at + member.size > length) break;
        value[member.name] = member.codec.read(source, at + member.at, member.size);
      }
      return value as StructOf<L>;
    },
    write(out, value) {
      const { members, size } = compiled();
      const start = out.reserve(size);
      const { bytes: target } = out;
      for (const { name, at, store, zero } of members)
        store(target, start + at, (value as Record<string, number | bigint>)[name] ?? zero);
    },
  };
}

/** The places of the members; only for structs that a call has to do with. */
function compile(layout: Layout) {
  const members: Member[] = [];
  let size = 0;
  for (const [name, member] of Object.entries(layout)) {
    const width = 'padding' in member ? member.padding : MEMBER_SIZE.get(member);
    if (width === undefined) throw new TypeError(`struct member ${name} has no fixed size`);
    if (!('padding' in member)) {
      const zero = width === 8 ? 0n : 0;
      const store = STORES.get(member) as Member['store'];
      members.push({ name, at: size, size: width, codec: member as Codec<unknown>, store, zero });
    }
    size += width;
  }
  return { members, size, zeros: Object.fromEntries(members.map(member => [member.name, member.zero])) };
}

/** Unused bytes inside a struct. */
export function padding(count: number): Padding {
  return { padding: count };
}
