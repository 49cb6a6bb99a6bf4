/** Spellings: how a value is written for people and programs, and read from the command line. */
import { formatHardwareAddress, parseHardwareAddress, parseIpv4, parseIpv6 } from '../wire/address.ts';
import { isPrefixOf } from './args.ts';
import type * as keywords from './keywords.ts';
import type { Names, NameTable } from './names.ts';
import { formatHex, parseSigned, parseUnsigned, parseUnsigned64 } from './number.ts';
import type { Datum } from './output.ts';
import type { View } from './view.ts';

/** The operand that a spelling reads. */
export interface Operand<W extends string = string> extends keywords.Operand {
  readonly words?: readonly W[];
  /** The least and the greatest number that is read. */
  readonly range?: readonly [min: number | bigint, max: number | bigint];
}

/** What reading a word may need to know. */
export interface WordTools {
  readonly names: Names;
  /** Reports something that does not stop the command; abbreviations that need a warning are refused without it. */
  warn?(text: string): void;
}

/** How a value is written, which may be as one of the words `W`. */
export interface Spelling<T, W extends string = string> {
  /** For people. */
  show(value: T, view: View): string;
  /** For programs; the shown text if left out. */
  datum?(value: T, view: View): Datum;
  /** From a word; undefined if it is not such a value. */
  parse(word: string, tools: WordTools): T | undefined;
  /** What the word may be. */
  readonly operand?: Operand<W>;
}

/** A spelling that needs to know nothing but the word. */
export interface PlainSpelling<T, W extends string = string> extends Spelling<T, W> {
  parse(word: string): T | undefined;
}

/** Unsigned decimal up to `max`, read in C notation or in `base`. */
export function unsigned(max: number, base: 0 | 10 | 16 = 0): PlainSpelling<number, never> {
  return {
    show: String,
    datum: value => value,
    parse: word => parseUnsigned(word, max, base),
    operand: { synopsis: 'NUMBER', range: [0, max] },
  };
}

export const signed: PlainSpelling<number, never> = {
  show: String,
  datum: value => value,
  parse: parseSigned,
  operand: { synopsis: 'NUMBER', range: [-0x80000000, 0x7fffffff] },
};

/** Unsigned 32 bits on the command line, but shown as a signed number. */
export const shownSigned: PlainSpelling<number, never> = {
  ...unsigned(0xffffffff),
  show: value => String(value | 0),
  datum: value => value | 0,
};

export const unsigned64: PlainSpelling<bigint, never> = {
  show: String,
  datum: value => value,
  parse: word => parseUnsigned64(word),
  operand: { synopsis: 'NUMBER', range: [0, 0xffff_ffff_ffff_ffffn] },
};

/** Hexadecimal as `%#x` writes it, without 0x for 0; a string for programs. */
export function alternateHex(max: number): PlainSpelling<number, never> {
  return { ...unsigned(max), show: formatHex, datum: formatHex };
}

/** 64 bits in the same way. */
export const alternateHex64: PlainSpelling<bigint, never> = {
  ...unsigned64,
  show: formatHex,
  datum: formatHex,
};

/**
 * An unsigned number up to `max`, or a word that stands for one: shown as the word, for programs always the number.
 * Several words may stand for a number; the first is shown.
 */
export function numberOr<const W extends string>(
  words: Readonly<Record<W, number>>,
  max: number,
): PlainSpelling<number, W> {
  const entries = Object.entries<number>(words);
  return {
    show: value => entries.find(([, number]) => number === value)?.[0] ?? String(value),
    datum: value => value,
    parse: word => (Object.hasOwn(words, word) ? words[word as W] : parseUnsigned(word, max)),
    operand: { synopsis: 'NUMBER', range: [0, max], words: Object.keys(words) as W[] },
  };
}

/** Any text, as it is. */
export const plainText: PlainSpelling<string> = {
  show: value => value,
  parse: word => word,
  operand: { synopsis: 'NAME' },
};

/** `on` and `off` for people and in arguments, a boolean for programs. */
export const onOff: PlainSpelling<number, 'on' | 'off'> = {
  show: value => (value ? 'on' : 'off'),
  datum: value => Boolean(value),
  parse: word => (word === 'on' ? 1 : word === 'off' ? 0 : undefined),
  operand: { synopsis: '{ on | off }', words: ['on', 'off'] },
};

/** `WORD` or `noWORD` for people, a boolean for programs. It is set by keywords that stand alone. */
export function toggled<T extends number | true>(word: string): PlainSpelling<T, never> {
  return {
    show: value => (value ? word : `no${word}`),
    datum: value => Boolean(value),
    parse: () => undefined,
  };
}

/** What words and numbers may stand for each other. */
export interface WordOptions {
  /** Numbers up to this one are read, too. */
  readonly max?: number;
  /** How a number without word is shown; as a number if left out. */
  readonly unknown?: (value: number) => string;
  /** Words may be abbreviated, silently or with a warning. */
  readonly isAbbreviable?: true | 'with a warning';
}

/** One word for each number. */
export function named<const W extends string>(
  names: Readonly<Record<number, W>>,
  options: WordOptions = {},
): Spelling<number, W> {
  const entries = Object.entries<W>(names);
  const { max, unknown, isAbbreviable } = options;
  const find = (word: string, tools: WordTools | undefined) => {
    const exact = entries.find(([, name]) => name === word);
    if (exact !== undefined || isAbbreviable === undefined) return exact?.[0];
    return findAbbreviated(
      entries,
      word,
      isAbbreviable === true ? () => undefined : tools?.warn?.bind(tools),
    );
  };
  return {
    show: value => names[value] ?? unknown?.(value) ?? String(value),
    parse(word, tools) {
      const number = find(word, tools);
      if (number !== undefined) return Number(number);
      return max === undefined ? undefined : parseUnsigned(word, max);
    },
    operand: { synopsis: `{ ${Object.values(names).join(' | ')} }`, words: entries.map(([, name]) => name) },
  };
}

function findAbbreviated(
  entries: readonly (readonly [number: string, name: string])[],
  word: string,
  warn: ((text: string) => void) | undefined,
): string | undefined {
  const found = entries.find(([, name]) => isPrefixOf(word, name));
  if (found === undefined || warn === undefined) return undefined;
  warn(
    `WARNING: '${word}' matches '${found[1]}' by prefix.\n` +
      'Matching by prefix is deprecated in this context, please use the full string.',
  );
  return found[0];
}

/** One of `words`, for the number that is its place among them. */
export function oneOf<const W extends string>(
  words: readonly W[],
  options: WordOptions = {},
): Spelling<number, W> {
  return named<W>({ ...words }, options);
}

/** The same for words that are read in upper and lower case, and shown as they stand in `words`. */
export function oneOfAnyCase<const W extends string>(
  words: readonly W[],
  { synopsis, ...options }: WordOptions & { readonly synopsis?: string } = {},
): Spelling<number, Lowercase<W>> {
  const lower = words.map(word => word.toLowerCase() as Lowercase<W>);
  const { parse } = oneOf(lower);
  return {
    show: oneOf(words, options).show,
    parse: (word, tools) => parse(word.toLowerCase(), tools),
    operand: { synopsis: synopsis ?? `{ ${lower.join(' | ')} }`, words: lower },
  };
}

/** A device by name, carried as its index. */
export const device: Spelling<number> = {
  show: (value, view) => view.names.device(value),
  parse: (word, { names }) => names.deviceIndex(word),
  operand: { synopsis: 'DEVICE', names: 'device' },
};

/** An entry of a name table by name or number, shown as a number. */
export function numberIn(table: NameTable, synopsis: string): Spelling<number> {
  return {
    show: String,
    datum: value => value,
    parse: (word, { names }) => names.number(table, word),
    operand: { synopsis, names: table },
  };
}

function address(synopsis: string, parse: (word: string) => string | undefined): PlainSpelling<string> {
  return { show: (value, { names }) => names.host(value), parse, operand: { synopsis } };
}

export const ipv4Address = address('IPV4_ADDRESS', word => parseIpv4(word)?.join('.'));
export const ipv6Address = address('IPV6_ADDRESS', word => (parseIpv6(word) ? word : undefined));
export const ipAddress = address('ADDRESS', word =>
  (word.includes(':') ? ipv6Address : ipv4Address).parse(word),
);

/** Hex bytes joined by colons; with a dot four bytes in the notation of IPv4. */
export const hardwareAddressText: PlainSpelling<string> = {
  show: value => value,
  parse: word => {
    const bytes = word.includes('.') ? parseIpv4(word) : parseHardwareAddress(word);
    return bytes === undefined ? undefined : formatHardwareAddress(bytes);
  },
  operand: { synopsis: 'LLADDR' },
};

/** An attribute whose presence is all there is to say. */
export const presence: PlainSpelling<true, never> = { show: () => '', datum: () => true, parse: () => true };

/** The same where programs read null. */
export const nullPresence: PlainSpelling<true, never> = { ...presence, datum: () => null };

/** Bytes, which are not read from arguments. */
export const hexBytes: PlainSpelling<Buffer, never> = {
  show: value => value.toString('hex'),
  parse: () => undefined,
};

/** A value that is neither shown nor read as a word. */
export const unwritten: PlainSpelling<unknown, never> = { show: String, parse: () => undefined };
