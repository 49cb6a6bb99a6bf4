/** Spellings: how a value is written for people and programs, and read from the command line. */
import { formatHardwareAddress, parseHardwareAddress, parseIpv4, parseIpv6 } from '../wire/address.ts';
import { formatHex, parseSigned, parseUnsigned, parseUnsigned64 } from './number.ts';
import type { Datum } from './output.ts';
import type { View } from './view.ts';

export interface Spelling<T> {
  /** For people. */
  show(value: T, view: View): string;
  /** For programs; the shown text when left out. */
  datum?(value: T, view: View): Datum;
  /** From a word; undefined when it is no such value. */
  parse(word: string, view: Pick<View, 'names'>): T | undefined;
}

/** Unsigned decimal up to `max`, read in C notation. */
export function unsigned(max: number): Spelling<number> {
  return { show: String, datum: value => value, parse: word => parseUnsigned(word, max) };
}

export const signed: Spelling<number> = { show: String, datum: value => value, parse: parseSigned };

/** Unsigned 32 bits on the command line, but shown as a signed number. */
export const shownSigned: Spelling<number> = {
  show: value => String(value | 0),
  datum: value => value | 0,
  parse: word => parseUnsigned(word, 0xffffffff),
};

export const unsigned64: Spelling<bigint> = {
  show: String,
  datum: value => value,
  parse: word => parseUnsigned64(word),
};

/** Hexadecimal with 0x, a string for programs. */
export function hex(max: number): Spelling<number> {
  return { show: value => `0x${value.toString(16)}`, parse: word => parseUnsigned(word, max) };
}

/** Hexadecimal as `%#x` writes it, without 0x for 0; a string for programs. */
export function alternateHex(max: number): Spelling<number> {
  return { show: formatHex, parse: word => parseUnsigned(word, max) };
}

export const plainText: Spelling<string> = { show: value => value, parse: word => word };

/** `on` and `off` for people and in arguments, a boolean for programs. */
export const onOff: Spelling<number> = {
  show: value => (value ? 'on' : 'off'),
  datum: value => Boolean(value),
  parse: word => (word === 'on' ? 1 : word === 'off' ? 0 : undefined),
};

/** One name a number. Numbers without name are shown and, if `takesNumbers`, read as numbers. */
export function named(
  names: Readonly<Record<number, string>>,
  options?: { max?: number; unknown?: (value: number) => string },
): Spelling<number> {
  const numbers = new Map(Object.entries(names).map(([number, name]) => [name, Number(number)]));
  return {
    show: value => names[value] ?? options?.unknown?.(value) ?? String(value),
    parse: word =>
      numbers.get(word) ?? (options?.max === undefined ? undefined : parseUnsigned(word, options.max)),
  };
}

/** A device by name, carried as its index. */
export const device: Spelling<number> = {
  show: (value, view) => view.names.device(value),
  parse: (word, view) => view.names.deviceIndex(word),
};

const reformat = (parse: (word: string) => Uint8Array | undefined, word: string) =>
  parse(word) ? word : undefined;

export const ipv4Address: Spelling<string> = {
  show: (value, { names }) => names.host(value),
  parse: word => {
    const bytes = parseIpv4(word);
    return bytes === undefined ? undefined : bytes.join('.');
  },
};

export const ipv6Address: Spelling<string> = {
  show: (value, { names }) => names.host(value),
  parse: word => reformat(parseIpv6, word),
};

export const ipAddress: Spelling<string> = {
  show: (value, { names }) => names.host(value),
  parse: word => (word.includes(':') ? ipv6Address : ipv4Address).parse(word, undefined as never),
};

/** Hex bytes joined by colons; with a dot four bytes in the notation of IPv4. */
export const hardwareAddressText: Spelling<string> = {
  show: value => value,
  parse: word => {
    const bytes = word.includes('.') ? parseIpv4(word) : parseHardwareAddress(word);
    return bytes === undefined ? undefined : formatHardwareAddress(bytes);
  },
};
