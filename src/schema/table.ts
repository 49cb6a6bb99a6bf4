/** Tables: the rows of one attribute set, compiled at first use into a decoder and an encoder. */
import type { Codec } from '../wire/codec.ts';
import { lazy } from '../wire/lazy.ts';
import { HOST_ORDER_TYPE } from '../wire/message.ts';
import type { MessageWriter } from '../wire/writer.ts';
import { earlierValues, type Values } from './facets.ts';
import type { AnyRow, RowSet, Rows, ValuesOf } from './row.ts';

/** Decodes the attributes of `bytes[at..end)`. */
export type Decoder<R extends Rows> = (bytes: Buffer, at: number, end: number) => ValuesOf<R>;

/** Attributes that no row names, in order, with their flag bits cleared. Payloads are views of the datagram. */
export interface UnknownAttribute {
  readonly type: number;
  readonly payload: Buffer;
}

export interface Table<R extends Rows = Rows> extends RowSet {
  readonly rows: R;
  /** Codec of the whole set, for nesting it in a row. */
  readonly codec: Codec<ValuesOf<R>>;
  readonly decode: Decoder<R>;
  /** A decoder that skips all rows but those named: what a view does not show need not be decoded. */
  select(names: readonly (keyof R & string)[]): Decoder<R>;
  /** Appends the values that are defined, in the order in which they are given. */
  encode(out: MessageWriter, values: ValuesOf<R>): void;
  /** The attributes that no row names. */
  unknown(bytes: Buffer, at: number, end: number): UnknownAttribute[];
}

interface NamedRow {
  readonly name: string;
  readonly row: AnyRow;
}

/**
 * The table of `rows`. Two rows may share an attribute number; the first decodes it. `typeMask` has the bits of
 * attribute types that are decoded.
 */
export function table<const R extends Rows>(rows: R, typeMask = HOST_ORDER_TYPE): Table<R> {
  const named = lazy(() => Object.entries(rows).map(([name, row]) => ({ name, row })));
  const known = lazy(() => indexByType(named()));
  const decode = decoderOf<R>(known, typeMask);

  function encode(out: MessageWriter, values: ValuesOf<R>): void {
    const earlier = earlierValues(values);
    for (const name in values) {
      const value = (values as Values)[name];
      if (value === undefined || !Object.hasOwn(rows, name)) continue;
      const row = rows[name]!;
      for (const before of earlier?.[name] ?? []) out.attribute(row.type | row.nestedFlag, row.codec, before);
      out.attribute(row.type | row.nestedFlag, row.codec, value);
    }
  }

  return {
    rows,
    decode,
    encode,
    codec: { read: (bytes, at, length) => decode(bytes, at, at + length), write: encode },
    select(names) {
      const index = lazy(() => indexByType(named().filter(({ name }) => names.includes(name))));
      return decoderOf<R>(index, typeMask);
    },
    unknown(bytes, at, end) {
      const found: UnknownAttribute[] = [];
      while (at + 4 <= end) {
        const length = bytes.readUInt16LE(at);
        if (length < 4 || length > end - at) break;
        const type = bytes.readUInt16LE(at + 2) & typeMask;
        if (known()[type] === undefined) found.push({ type, payload: bytes.subarray(at + 4, at + length) });
        at += (length + 3) & ~3;
      }
      return found;
    },
  };
}

function indexByType(named: readonly NamedRow[]): (NamedRow | undefined)[] {
  const size = Math.max(0, ...named.map(({ row }) => row.type + 1));
  const index = new Array<NamedRow | undefined>(size).fill(undefined);
  for (const entry of named) index[entry.row.type] ??= entry;
  return index;
}

/**
 * The first of several attributes of one number counts. The loop is written out, not built on walkAttributes: it runs
 * once for each attribute of each dumped message.
 */
function decoderOf<R extends Rows>(
  indexOf: () => readonly (NamedRow | undefined)[],
  typeMask: number,
): Decoder<R> {
  return (bytes, at, end) => {
    const index = indexOf();
    const values: Values = {};
    while (at + 4 <= end) {
      const length = bytes[at]! | (bytes[at + 1]! << 8);
      if (length < 4 || length > end - at) break;
      const entry = index[(bytes[at + 2]! | (bytes[at + 3]! << 8)) & typeMask];
      if (entry !== undefined) values[entry.name] ??= entry.row.codec.read(bytes, at + 4, length - 4);
      at += (length + 3) & ~3;
    }
    return values as ValuesOf<R>;
  };
}
