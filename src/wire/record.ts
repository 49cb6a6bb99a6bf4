/** Codecs of C structs whose members are structs, addresses and numbers, in order. */
import * as codec from './codec.ts';

/** The value of a record. */
export type RecordOf<L> = {
  -readonly [K in keyof L as K extends `_${string}` ? never : K]: codec.ValueOf<L[K]>;
};

function sized<T>(inner: codec.Codec<T>, size: number, zero: T): codec.StructCodec<T> {
  return { ...inner, size, zero: () => zero };
}

/** Numbers as members of records. */
export const u8 = sized(codec.u8, 1, 0);
export const u16 = sized(codec.u16, 2, 0);
export const be16 = sized(codec.be16, 2, 0);
export const u32 = sized(codec.u32, 4, 0);
export const s32 = sized(codec.s32, 4, 0);
export const be32 = sized(codec.be32, 4, 0);
export const u64 = sized(codec.u64, 8, 0n);

/** So many bytes, as a view of the datagram; shorter ones are written with zeros at the end. */
export function fixedBytes(size: number): codec.StructCodec<Buffer> {
  return {
    size,
    zero: () => Buffer.alloc(size),
    read: (bytes, at, length) => (length < size ? undefined : bytes.subarray(at, at + size)),
    write(out, value) {
      out.raw(value.subarray(0, size));
      out.reserve(Math.max(0, size - value.length));
    },
  };
}

/** Codec of a struct. It reads nothing of a payload that is shorter. */
export function record<const L extends Readonly<Record<string, codec.StructCodec<unknown> | codec.Padding>>>(
  layout: L,
): codec.StructCodec<RecordOf<L>> {
  const members = Object.entries(layout);
  const sizeOf = (member: codec.StructCodec<unknown> | codec.Padding) =>
    'padding' in member ? member.padding : member.size;
  const size = members.reduce((sum, [, member]) => sum + sizeOf(member), 0);
  return {
    size,
    zero() {
      const value: Record<string, unknown> = {};
      for (const [name, member] of members) if (!('padding' in member)) value[name] = member.zero();
      return value as RecordOf<L>;
    },
    read(bytes, at, length) {
      if (length < size) return undefined;
      const value: Record<string, unknown> = {};
      for (const [name, member] of members) {
        if (!('padding' in member)) value[name] = member.read(bytes, at, member.size);
        at += sizeOf(member);
      }
      return value as RecordOf<L>;
    },
    write(out, value) {
      for (const [name, member] of members) {
        if ('padding' in member) out.reserve(member.padding);
        else member.write(out, (value as Record<string, unknown>)[name]);
      }
    },
  };
}
