/**
 * Rows: one attribute described once. Its number and codec say how it travels; its words, how it is read from
 * arguments and printed. Decoding, encoding, argument parsing, text, JSON, the trace and the TypeScript type are derived.
 */
import { NLA_F_NESTED } from '../linux/netlink.ts';
import * as codecs from '../wire/codec.ts';
import { lazy } from '../wire/lazy.ts';
import { invalidHardwareAddress, mustBeOneOf } from './args.ts';
import type { BitChange, Facets, Switches, Words } from './facets.ts';
import type { Spelling } from './spelling.ts';
import * as spellings from './spelling.ts';

/** An attribute whose value has type `T` and may be written as one of the words `W`. */
export interface Row<T, W extends string = string> {
  /** Attribute number without flag bits. */
  readonly type: number;
  readonly codec: codecs.Codec<T>;
  /** NLA_F_NESTED or 0, or'ed to the type when encoding. */
  readonly nestedFlag: number;
  /** The table of a nested attribute, for code that walks rows: the trace and the paths of refused attributes. */
  readonly nested: RowSet | undefined;
  readonly words: Words<T, W>;
}

// biome-ignore lint/suspicious/noExplicitAny: a set of rows of different value types
export type AnyRow = Row<any, any>;

export type Rows = Readonly<Record<string, AnyRow>>;

/** The part of a table that a row needs to know of a nested one. */
export interface RowSet {
  readonly rows: Rows;
}

/** The value type of each row of a set, all optional: a message carries what it carries. */
export type ValuesOf<R extends Rows> = {
  -readonly [K in keyof R]?: (R[K] extends Row<infer T, string> ? T : never) | undefined;
};

/** The words of a row of a sort unless its own facets say otherwise. */
type Defaults<T, W extends string> = Pick<Facets<T>, 'keyword' | 'complaint' | 'show'> & {
  readonly spelling: Spelling<T, W>;
};

/**
 * Words that say nothing. All words have the same properties in the same order, undefined or not: there are a thousand of
 * them, and each other set of properties would cost V8 another hidden class.
 */
const NO_WORDS: { readonly [K in keyof Words<unknown>]-?: undefined } = {
  word: undefined,
  label: undefined,
  key: undefined,
  keyword: undefined,
  abbreviable: undefined,
  standalone: undefined,
  bits: undefined,
  switches: undefined,
  isUnique: undefined,
  unset: undefined,
  complaint: undefined,
  range: undefined,
  operands: undefined,
  spelling: undefined,
  colour: undefined,
  when: undefined,
  textWhen: undefined,
  absent: undefined,
  show: undefined,
  whenAbsent: undefined,
  parse: undefined,
  patch: undefined,
};

/** The words of a row. */
function wordsFrom<T, W extends string, V>(facets: Facets<T, W, V>, usual: Defaults<T, string>): Words<T, W> {
  const words = Object.assign({ ...NO_WORDS }, usual, facets) as unknown as { label?: string | undefined };
  words.label ??= facets.word;
  // The types distinguish a facet that is left out from an undefined one; readers of facets do not.
  return words as unknown as Words<T, W>;
}

/** Makes a row constructor from a codec, its usual spelling and other facets. */
export function rowOf<T, D extends string>(
  codec: codecs.Codec<T>,
  spelling: Spelling<T, D>,
  others: Omit<Defaults<T, D>, 'spelling'> = {},
) {
  const defaults: Defaults<T, D> = { ...others, spelling };
  const usual = lazy(() => wordsFrom<T, D, unknown>({ spelling }, defaults));
  return <W extends string = D, V = Record<string, unknown>>(
    type: number,
    facets?: Facets<T, W, V>,
    // A table that takes rows of any words must not decide which they are.
  ): Row<T, NoInfer<W>> => ({
    type,
    codec,
    nestedFlag: 0,
    nested: undefined,
    // Without facets W is D.
    words: facets === undefined ? (usual() as unknown as Words<T, NoInfer<W>>) : wordsFrom(facets, defaults),
  });
}

export const u8 = rowOf(codecs.u8, spellings.unsigned(0xff));
export const u16 = rowOf(codecs.u16, spellings.unsigned(0xffff));
export const u32 = rowOf(codecs.u32, spellings.unsigned(0xffffffff));
export const s32 = rowOf(codecs.s32, spellings.signed);
export const u64 = rowOf(codecs.u64, spellings.unsigned64);
export const be16 = rowOf(codecs.be16, spellings.unsigned(0xffff));
export const be32 = rowOf(codecs.be32, spellings.unsigned(0xffffffff));
export const be64 = rowOf(codecs.be64, spellings.unsigned64);
export const text = rowOf(codecs.text, spellings.plainText);
export const bareText = rowOf(codecs.bareText, spellings.plainText);
export const ipv4 = rowOf(codecs.ipv4, spellings.ipv4Address);
export const ipv6 = rowOf(codecs.ipv6, spellings.ipv6Address);
export const ip = rowOf(codecs.ip, spellings.ipAddress);
export const mac = rowOf(codecs.hardwareAddress, spellings.hardwareAddressText, {
  complaint: word => invalidHardwareAddress(word),
});
/** A device, carried as its index. */
export const device = rowOf(codecs.u32, spellings.device);

/** A byte that is `on` or `off`: a boolean for programs. */
export const onOff = rowOf(codecs.u8, spellings.onOff, {
  complaint: (word, keyword) => mustBeOneOf(keyword, ['off', 'on'], word),
});

/** The facets of a number written as one of `words`, by its place among them. */
export function oneOf<const W extends string>(
  words: readonly W[],
  options: spellings.WordOptions = {},
): Facets<number, W> & { readonly spelling: Spelling<number, W> } {
  return {
    spelling: spellings.oneOf(words, options),
    complaint: (word, keyword) => mustBeOneOf(keyword, words, word),
  };
}

/** The facets of a byte or attribute that its own word switches on, and `noWORD` off: for programs a boolean. */
export function toggle(keyword: string, word = keyword): Facets<number, never> {
  return {
    standalone: { [keyword]: 1, [`no${keyword}`]: 0 },
    label: '',
    spelling: spellings.toggled(word),
  };
}

/** struct of flags and mask, as most interfaces lay it out. */
export const flagsAndMask: codecs.Codec<Switches> = codecs.struct({ flags: codecs.u32, mask: codecs.u32 });

/** Flags that are switched one by one by the keywords in `bits`, each followed by `on` or `off`. */
export function switches<V = Record<string, unknown>>(
  type: number,
  bits: Readonly<Record<string, number>>,
  facets: Facets<Switches, never, V> = {},
): Row<Switches, never> {
  const words = { bits, spelling: spellings.onOff };
  return value(type, flagsAndMask, { keyword: Object.keys(bits), switches: words, ...facets });
}

/** An attribute whose presence is its value: printed as its bare label. */
export const flag = rowOf(codecs.flag, spellings.presence);

/** A value of any codec; neither printed nor read from arguments unless facets say how. */
export function value<T, W extends string = never, V = Record<string, unknown>>(
  type: number,
  codec: codecs.Codec<T>,
  facets: Facets<T, W, V> = {},
): Row<T, NoInfer<W>> {
  return { type, codec, nestedFlag: 0, nested: undefined, words: wordsFrom(facets, HIDDEN) };
}

// biome-ignore lint/suspicious/noExplicitAny: it stands for values of every type
const HIDDEN: Defaults<any, never> = { spelling: spellings.unwritten, keyword: false, show: false };

/** Bytes that no row constructor describes; neither printed nor read from arguments unless facets say how. */
export const raw = rowOf(codecs.bytes, spellings.hexBytes, { keyword: false, show: false });

/** Bytes that are printed as hexadecimal digits, and not read from arguments. */
export const hex = rowOf(codecs.bytes, spellings.hexBytes, { keyword: false });

/** A nested table; neither printed nor read from arguments unless facets say how. */
export function nest<R extends Rows, V = Record<string, unknown>>(
  type: number,
  table: RowSet & { readonly rows: R; readonly codec: codecs.Codec<ValuesOf<R>> },
  {
    nestedFlag = NLA_F_NESTED,
    ...facets
  }: Facets<ValuesOf<R>, never, V> & {
    readonly nestedFlag?: number;
  } = {},
): Row<ValuesOf<R>, never> {
  return { type, codec: table.codec, nestedFlag, nested: table, words: wordsFrom(facets, HIDDEN) };
}

/** The same rows, with keywords that may be abbreviated unless their row says otherwise. */
export function abbreviable<const R extends Rows>(rows: R): R {
  return withFacet(rows, 'abbreviable');
}

/** The same rows, with keywords that may be given once only unless their row says otherwise. */
export function unique<const R extends Rows>(rows: R): R {
  return withFacet(rows, 'isUnique');
}

function withFacet<const R extends Rows>(rows: R, facet: 'abbreviable' | 'isUnique'): R {
  const changed: Record<string, AnyRow> = {};
  for (const name in rows) {
    const row = rows[name]!;
    changed[name] = { ...row, words: { ...row.words, [facet]: row.words[facet] ?? true } };
  }
  // The same names and types of values.
  return changed as R;
}

/** Words that stand alone, each setting its bit, or clearing it after `no`. */
export function bitWords(bits: Readonly<Record<string, number>>): Readonly<Record<string, BitChange>> {
  const words: Record<string, BitChange> = {};
  for (const [word, bit] of Object.entries(bits)) {
    words[word] = { set: bit };
    words[`no${word}`] = { clear: bit };
  }
  return words;
}
