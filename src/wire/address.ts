/**
 * Addresses between bytes and text: IPv4 and IPv6 spelt as inet_ntop(3) spells them, read as iproute2 reads
 * them (IPv4 may be short: missing bytes are zeros at the end), and link-layer addresses.
 */
import { lazy } from './lazy.ts';

/** Dotted form of the four bytes at `at`. */
export function formatIpv4(bytes: Uint8Array, at = 0): string {
  const { octets, beforeDot } = octetTexts();
  return (
    beforeDot[bytes[at]!]! + beforeDot[bytes[at + 1]!]! + beforeDot[bytes[at + 2]!]! + octets[bytes[at + 3]!]!
  );
}

/** The texts of all octets. */
const octetTexts = lazy(() => {
  const octets = Array.from({ length: 256 }, (_, value) => String(value));
  return { octets, beforeDot: octets.map(octet => `${octet}.`) };
});

/** RFC 5952 form of the sixteen bytes at `at`; mapped and compatible addresses end in dotted form. */
export function formatIpv6(bytes: Uint8Array, at = 0): string {
  let bestStart = -1;
  let bestLength = 1;
  for (let word = 0; word < 8; word++) {
    let end = word;
    while (end < 8 && bytes[at + 2 * end] === 0 && bytes[at + 2 * end + 1] === 0) end++;
    if (end - word > bestLength) {
      bestStart = word;
      bestLength = end - word;
    }
    if (end > word) word = end;
  }
  const word = (index: number) => (bytes[at + 2 * index]! << 8) | bytes[at + 2 * index + 1]!;
  let text = '';
  for (let index = 0; index < 8; index++) {
    if (index === bestStart) {
      text += '::';
      index += bestLength - 1;
      continue;
    }
    if (text !== '' && !text.endsWith('::')) text += ':';
    if (index === 6 && bestStart === 0 && (bestLength === 6 || (bestLength === 5 && word(5) === 0xffff))) {
      return text + formatIpv4(bytes, at + 12);
    }
    text += word(index).toString(16);
  }
  return text;
}

/** Text of an address of 4 or 16 bytes; undefined for other lengths. */
export function formatIp(bytes: Uint8Array, at: number, length: number): string | undefined {
  if (length === 4) return formatIpv4(bytes, at);
  if (length === 16) return formatIpv6(bytes, at);
  return undefined;
}

/** Bytes of an address that {@link formatIp} or {@link parseIpv4} and {@link parseIpv6} accept; throws on others. */
export function packIp(text: string): Uint8Array {
  const bytes = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  if (bytes === undefined) throw new RangeError(`"${text}" is no IP address`);
  return bytes;
}

/**
 * Reads an IPv4 address as iproute2 does: one to four numbers (decimal, 0 octal, 0x hex) joined by dots,
 * missing ones are 0 (`10.9` is 10.9.0.0). undefined if it is not one.
 */
export function parseIpv4(text: string): Uint8Array | undefined {
  return parsePlainIpv4(text) ?? parseAnyIpv4(text);
}

/**
 * The usual form, four decimal numbers without zeros before them, in one pass: a batch has two a line. Undefined for
 * every other form.
 */
export function parsePlainIpv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4);
  let part = 0;
  let value = -1;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit >= 0 && digit <= 9) {
      if (value === 0) return undefined; // A leading zero: octal.
      value = value === -1 ? digit : value * 10 + digit;
      if (value > 255) return undefined;
    } else {
      if (digit !== -2 || value === -1 || part === 3) return undefined; // Not a dot after a number.
      bytes[part++] = value;
      value = -1;
    }
  }
  if (part !== 3 || value === -1) return undefined;
  bytes[3] = value;
  return bytes;
}

function parseAnyIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length > 4) return undefined;
  const bytes = new Uint8Array(4);
  for (const [index, part] of parts.entries()) {
    const value = parseNumber(part);
    if (value === undefined || value > 255) return undefined;
    bytes[index] = value;
  }
  return bytes;
}

/** Reads an IPv6 address as inet_pton(3) does. undefined if it is not one. */
export function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(missing).fill(0), ...tail]);
}

function parseGroups(text: string, mayEndDotted: boolean): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (group.includes('.')) {
      if (!mayEndDotted || index !== groups.length - 1) return undefined;
      const parts = group.split('.');
      if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
        return undefined;
      }
      bytes.push(...parts.map(Number));
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes;
}

/** MAX_ADDR_LEN of the kernel. */
const MAX_HARDWARE_ADDRESS = 32;

/** Hex bytes joined by colons, two digits each. */
export function formatHardwareAddress(bytes: Uint8Array, at = 0, length = bytes.length): string {
  if (length === 0) return '';
  const last = at + length - 1;
  let text = '';
  for (let index = at; index < last; index++) {
    const byte = bytes[index]!;
    text += beforeColon[byte] ?? hexBeforeColon(byte);
  }
  return text + hexOf(bytes[last]!);
}

/** Bytes as two hexadecimal digits and a colon, those that have been printed. */
const beforeColon: (string | undefined)[] = [];

function hexBeforeColon(byte: number): string {
  const text = `${hexOf(byte)}:`;
  beforeColon[byte] = text;
  return text;
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Bytes of hex bytes joined by colons; throws when the text is not of that form. */
export function packHardwareAddress(text: string): Uint8Array {
  const bytes = parseHardwareAddress(text);
  if (bytes === undefined) throw new RangeError(`"${text}" is no link-layer address`);
  return bytes;
}

/** Reads up to 32 hex bytes (with or without 0x) joined by colons. Undefined when it is not of that form. */
export function parseHardwareAddress(text: string): Uint8Array | undefined {
  const parts = text.split(':');
  if (parts.length > MAX_HARDWARE_ADDRESS) return undefined;
  if (!parts.every(part => /^(0[xX])?0*[0-9a-fA-F]{1,2}$/.test(part))) return undefined;
  return Uint8Array.from(parts, part => Number.parseInt(part, 16));
}

/** A number in C notation (decimal, 0 octal, 0x hex), after spaces and a plus as strtoul(3); undefined if it is not one. */
function parseNumber(word: string): number | undefined {
  const text = word.replace(/^[\t-\r ]*\+?/, '');
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return Number.parseInt(text, 16);
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  if (/^[1-9]\d*$/.test(text)) return Number.parseInt(text, 10);
  return undefined;
}
