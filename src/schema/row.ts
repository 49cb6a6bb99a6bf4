/**
 * Rows: one attribute described once (number, codec, spelling, keyword, label), from which decoding, encoding,
 * argument parsing, text, JSON, the trace and the TypeScript type are derived.
 */
import * as codecs from '../wire/codec.ts';
import { type Args, invalidHardwareAddress, isPrefixOf, mustBeOneOf, type UsageError } from './args.ts';
import type { Names } from './names.ts';
import type { Colour, Output } from './output.ts';
import type { Spelling } from './spelling.ts';
import * as spellings from './spelling.ts';
import type { View } from './view.ts';

/** Decoded or drafted attribute values by row name. */
export type Values = Record<string, unknown>;

/** What parsing an argument may need to know. */
export interface ParseTools {
  readonly names: Names;
  /** Whether the object is being created; some keywords exist only then. */
  readonly isAdd: boolean;
  /** Tells people something that does not stop the command. */
  warn(text: string): void;
}

/** Everything about a row that its name and codec do not already imply. */
export interface Facets<T> {
  /** Word before the value in text; the row's name when left out, nothing when empty. */
  readonly label?: string;
  /** Key in JSON; the row's name when left out. */
  readonly key?: string;
  /** Keyword or keywords on the command line; the row's name when left out, false when it cannot be set. */
  readonly keyword?: string | readonly string[] | false;
  /** Keywords may be abbreviated, if words are given down to them; the first row that matches wins. */
  readonly abbreviable?: boolean | string | readonly string[];
  /** The keywords, if they stand alone, each with the value that it sets. */
  readonly standalone?: Readonly<Record<string, T | undefined>>;
  /** A keyword of the row may be given once only. */
  readonly isUnique?: boolean;
  /** What is said of a wrong value: `argument "V" is wrong: COMPLAINT`; `invalid KEYWORD` when left out. */
  readonly complaint?: string | ((word: string, keyword: string) => UsageError);
  /** Spelling of the value, both ways; the codec's usual one when left out. */
  readonly spelling?: Spelling<T>;
  /** What paints the label and the value. */
  readonly colour?: Colour;
  /** The value is printed only then. */
  readonly when?: (value: T, all: Values, view: View) => boolean;
  /** Prints the value in an irregular way; false prints nothing. */
  readonly show?: false | ((value: T, out: Output, all: Values, view: View) => void);
  /** Prints something although the attribute is absent. */
  readonly whenAbsent?: (out: Output, all: Values, view: View) => void;
  /** Reads the words after `keyword` in an irregular way; what it finds goes into `draft`, usually as `name`. */
  readonly parse?: (args: Args, draft: Values, tools: ParseTools, keyword: string, name: string) => void;
}

export interface Row<T> extends Facets<T> {
  /** Attribute number without flag bits. */
  readonly type: number;
  readonly codec: codecs.Codec<T>;
  readonly spelling: Spelling<T>;
  /** The keyword stands alone: its presence is the value. */
  readonly isBare?: true;
  /** NLA_F_NESTED or 0, or'ed to the type when encoding. */
  readonly nestedFlag: number;
  /** The table of a nested attribute, for whoever walks rows: the trace and the paths of refused attributes. */
  readonly nested?: RowSet;
}

// biome-ignore lint/suspicious/noExplicitAny: a set of rows of different value types
export type Rows = Readonly<Record<string, Row<any>>>;

/** The part of a table that a row needs to know of a nested one. */
export interface RowSet {
  readonly rows: Rows;
}

/** The value type of each row of a set, all optional: a message carries what it carries. */
export type ValuesOf<R extends Rows> = {
  -readonly [K in keyof R]?: (R[K] extends Row<infer T> ? T : never) | undefined;
};

/** What a row of a sort has unless its own facets say otherwise. */
type Defaults<T> = Pick<Facets<T>, 'keyword' | 'complaint' | 'show'>;

/**
 * A row. All rows have the same properties in the same order, undefined or not: there are a thousand of them, and each
 * other set of properties would cost V8 a description of its own.
 */
function rowFrom<T>(
  type: number,
  codec: codecs.Codec<T>,
  facets: Facets<T> & { readonly nestedFlag?: number },
  usual: Defaults<T> & { readonly spelling: Spelling<T> },
): { -readonly [F in keyof Row<T>]: Row<T>[F] } {
  return {
    type,
    codec,
    nestedFlag: facets.nestedFlag ?? 0,
    nested: undefined,
    isBare: undefined,
    label: facets.label,
    key: facets.key,
    keyword: facets.keyword ?? usual.keyword,
    abbreviable: facets.abbreviable,
    standalone: facets.standalone,
    isUnique: facets.isUnique,
    complaint: facets.complaint ?? usual.complaint,
    spelling: facets.spelling ?? usual.spelling,
    colour: facets.colour,
    when: facets.when,
    show: facets.show ?? usual.show,
    whenAbsent: facets.whenAbsent,
    parse: facets.parse,
  } as unknown as Row<T>;
}

/** Makes a row constructor from a codec, its usual spelling and other facets. */
export function rowOf<T>(codec: codecs.Codec<T>, spelling: Spelling<T>, others: Defaults<T> = {}) {
  const usual = { ...others, spelling };
  return (type: number, facets: Facets<T> = {}): Row<T> => rowFrom(type, codec, facets, usual);
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

/** The facets of a number spelt as one of `words`, by its place among them. */
export function oneOf(words: readonly string[], unknown?: (value: number) => string): Facets<number> {
  return {
    spelling: spellings.named({ ...words }, unknown === undefined ? {} : { unknown }),
    complaint: (word, keyword) => mustBeOneOf(keyword, words, word),
  };
}

/** As {@link oneOf}, for keywords whose words the original still takes abbreviated, with a warning. */
export function oneOfAbbreviated(
  words: readonly string[],
  unknown?: (value: number) => string,
): Facets<number> {
  return {
    ...oneOf(words, unknown),
    parse(args, draft, tools, keyword, name) {
      const word = args.next();
      draft[name] = indexOfWord(words, word, keyword, tools);
    },
  };
}

function indexOfWord(words: readonly string[], word: string, keyword: string, tools: ParseTools): number {
  const exact = words.indexOf(word);
  if (exact >= 0) return exact;
  const index = words.findIndex(known => isPrefixOf(word, known));
  if (index < 0) throw mustBeOneOf(keyword, words, word);
  tools.warn(
    `WARNING: '${word}' matches '${words[index]}' by prefix.\n` +
      'Matching by prefix is deprecated in this context, please use the full string.',
  );
  return index;
}

/** Flags, and which of them are given. */
export interface Switches {
  readonly flags: number;
  readonly mask: number;
}

/** struct of flags and mask, as most interfaces lay it out. */
export const flagsAndMask: codecs.Codec<Switches> = codecs.struct({ flags: codecs.u32, mask: codecs.u32 });

/** Flags that are set one by one: each of the keywords in `bits` is followed by `on` or `off`. */
export function switches(
  type: number,
  bits: Readonly<Record<string, number>>,
  facets: Facets<Switches> & {
    readonly codec?: codecs.Codec<Switches>;
    readonly complaint: (word: string, keyword: string) => UsageError;
  },
): Row<Switches> {
  return value(type, facets.codec ?? flagsAndMask, {
    keyword: Object.keys(bits),
    parse(args, draft, _tools, keyword, name) {
      const word = args.next();
      if (word !== 'on' && word !== 'off') throw facets.complaint(word, keyword);
      draft[name] = switchBit(draft[name] as Switches | undefined, bits[keyword]!, word === 'on');
    },
    ...facets,
  });
}

/** Prints flags as `<NAME,NAME> `; bits without name as one hexadecimal number. */
export function showFlags(flags: number, names: Readonly<Record<string, number>>, out: Output): void {
  const entries = Object.entries(names);
  const words = entries.filter(([, bit]) => flags & bit).map(([name]) => name);
  const rest = entries.reduce((left, [, bit]) => left & ~bit, flags) >>> 0;
  if (rest !== 0) words.push(rest.toString(16));
  out.words('flags', words, `<${words.join(',')}> `);
}

/** `switches` with the flags of `bits` given too. */
export function switchBit(switches: Switches | undefined, bits: number, isOn: boolean): Switches {
  const { flags, mask } = switches ?? { flags: 0, mask: 0 };
  return { flags: (isOn ? flags | bits : flags & ~bits) >>> 0, mask: (mask | bits) >>> 0 };
}

/** An attribute whose presence is its value: printed as its bare label. */
export function flag(type: number, facets: Facets<true> = {}): Row<true> {
  return Object.assign(rowFrom(type, codecs.flag, facets, { spelling: PRESENCE }), { isBare: true });
}

const PRESENCE: Spelling<true> = { show: () => '', datum: () => true, parse: () => true };

/** Bytes that no row constructor describes; neither printed nor read from arguments unless facets say how. */
export function raw(type: number, facets: Facets<Buffer> = {}): Row<Buffer> {
  return rowFrom(type, codecs.bytes, facets, HIDDEN_BYTES);
}

const HIDDEN_BYTES: Defaults<Buffer> & { readonly spelling: Spelling<Buffer> } = {
  spelling: { show: value => value.toString('hex'), parse: () => undefined },
  keyword: false,
  show: false,
};

/** A value of any codec; neither printed nor read from arguments unless facets say how. */
export function value<T>(type: number, codec: codecs.Codec<T>, facets: Facets<T> = {}): Row<T> {
  return rowFrom(type, codec, facets, HIDDEN_VALUE);
}

const HIDDEN_VALUE = {
  spelling: { show: String, parse: () => undefined },
  keyword: false,
  show: false,
} as const;

/** A nested table; neither printed nor read from arguments unless facets say how. */
export function nest<R extends Rows>(
  type: number,
  table: RowSet & { readonly rows: R; readonly codec: codecs.Codec<ValuesOf<R>> },
  facets: Facets<ValuesOf<R>> & { readonly nestedFlag?: number } = {},
): Row<ValuesOf<R>> {
  const row = rowFrom(type, table.codec, facets, HIDDEN_NEST);
  row.nestedFlag = facets.nestedFlag ?? 0x8000;
  row.nested = table;
  return row;
}

const HIDDEN_NEST = {
  spelling: { show: () => '', parse: () => undefined },
  keyword: false,
  show: false,
} as const;

/** The same rows, with keywords that may be abbreviated unless their row says otherwise. */
export function abbreviable<const R extends Rows>(rows: R): R {
  return withFacet(rows, 'abbreviable');
}

/** The same rows, with keywords that may be given once only unless their row says otherwise. */
export function unique<const R extends Rows>(rows: R): R {
  return withFacet(rows, 'isUnique');
}

function withFacet<const R extends Rows>(rows: R, facet: 'abbreviable' | 'isUnique'): R {
  const changed: Record<string, Row<unknown>> = {};
  for (const name in rows) changed[name] = { ...rows[name]!, [facet]: rows[name]![facet] ?? true };
  return changed as R;
}
