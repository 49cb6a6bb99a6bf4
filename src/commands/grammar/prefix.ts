/**
 * Addresses and prefixes on the command line, read and complained about as in iproute2: short IPv4 forms, octal and
 * hexadecimal parts, lengths as numbers or as netmasks, the words `default`, `any` and `all`, and MPLS label stacks.
 */

import { AF_INET, AF_INET6, AF_MPLS, AF_PACKET, AF_UNSPEC } from '../../linux/families.ts';
import { formatLabelStack } from '../../rtnetlink/family-address.ts';
import { EXIT_FAILURE, UsageError } from '../../schema/args.ts';
import { parseUnsigned } from '../../schema/number.ts';
import { isWildcard, parsePrefixLength } from '../../schema/prefix-length.ts';
import {
  formatHardwareAddress,
  formatIp,
  parseHardwareAddress,
  parseIpv4,
  parseIpv6,
} from '../../wire/address.ts';
import { familyName } from '../frame/options.ts';

const MAX_LABEL = 0xfffff;
const BOTTOM_OF_STACK = 0x100;

/** An address of one family. `default` has zero bytes of the family's size; `any` and `all` have no bytes. */
export interface Address {
  /** AF_UNSPEC for a word like `default` where no family is fixed. */
  readonly family: number;
  readonly bytes: Uint8Array;
}

/** A prefix. `default`, `any` and `all` have the length 0, and bytes as addresses do. */
export interface Prefix extends Address {
  readonly length: number;
  /** Whether the length was given, rather than being that of a whole address; so it is by `default`, not by `any`. */
  readonly isLengthGiven: boolean;
}

/** Bits of a whole address; 0 for families without prefixes. */
export function addressBits(family: number): number {
  return family === AF_INET ? 32 : family === AF_INET6 ? 128 : family === AF_MPLS ? 20 : 0;
}

/** Bytes of a whole address; 0 for families whose addresses have no fixed size here. */
export function addressBytes(family: number): number {
  return family === AF_MPLS ? 4 : addressBits(family) >> 3;
}

/** Text of an address as the tables of rtnetlink/ carry it; empty when it has no bytes. */
export function addressText({ family, bytes }: Address): string {
  if (family === AF_MPLS) return formatLabelStack(Buffer.from(bytes), 0, bytes.length) ?? '';
  if (family === AF_PACKET) return formatHardwareAddress(bytes);
  return formatIp(bytes, 0, bytes.length) ?? '';
}

/** Reads an address of `family` (AF_UNSPEC: any). Throws the original's complaint, which ends a batch too. */
export function parseAddress(word: string, family: number): Address {
  const address = readAddress(word, family);
  if (address === undefined) throw expected('address', word, family);
  return address;
}

/** Reads a prefix of `family` (AF_UNSPEC: any). Throws the original's complaint, which ends a batch too. */
export function parsePrefix(word: string, family: number): Prefix {
  if (family === AF_PACKET) throw notAllowedHere(word);
  const prefix = readPrefix(word, family);
  if (prefix === undefined) throw expected('prefix', word, family);
  return prefix;
}

/** Reads an address of `family` (AF_UNSPEC: any); undefined when the word is none. */
export function readAddress(word: string, family: number): Address | undefined {
  if (isWildcard(word)) {
    return family === AF_MPLS ? undefined : wildcard(word, family);
  }
  return readNumericAddress(word, family);
}

/** Reads a prefix of `family` (AF_UNSPEC: any); undefined when the word is none. */
export function readPrefix(word: string, family: number): Prefix | undefined {
  if (isWildcard(word)) {
    if (family === AF_MPLS) return undefined;
    return { ...wildcard(word, family), length: 0, isLengthGiven: word === 'default' };
  }
  const slash = word.indexOf('/');
  const address = readNumericAddress(slash < 0 ? word : word.slice(0, slash), family);
  if (address === undefined) return undefined;
  const { family: found, bytes } = address;
  const bits = addressBits(found);
  if (slash < 0) return { family: found, bytes, length: bits, isLengthGiven: false };
  const length = parsePrefixLength(word.slice(slash + 1));
  return length === undefined || length > bits
    ? undefined
    : { family: found, bytes, length, isLengthGiven: true };
}

/** Reads an IPv4 address where nothing else can stand, as its four bytes. */
export function parseIpv4Address(word: string): Uint8Array {
  const address = readAddress(word, AF_INET);
  if (address === undefined) {
    throw new UsageError(`Error: an IPv4 address is expected rather than "${word}".`, EXIT_FAILURE, true);
  }
  return address.bytes;
}

/** Whether the first bits of the address at `bytes[at]` are those of `prefix`. */
export function isInside(bytes: Uint8Array, at: number, prefix: Prefix, bits = prefix.length): boolean {
  const whole = bits >> 3;
  for (let index = 0; index < whole; index++) {
    if (bytes[at + index] !== prefix.bytes[index]) return false;
  }
  const rest = bits & 7;
  if (rest === 0) return true;
  return (bytes[at + whole]! ^ prefix.bytes[whole]!) >> (8 - rest) === 0;
}

function wildcard(word: string, family: number): Address {
  return { family, bytes: new Uint8Array(word === 'default' ? addressBytes(family) : 0) };
}

function readNumericAddress(word: string, family: number): Address | undefined {
  if (family === AF_PACKET) return readAs(AF_PACKET, family, word, parseLinkAddress);
  if (word.includes(':')) return readAs(AF_INET6, family, word, parseIpv6);
  if (family === AF_MPLS) return readAs(AF_MPLS, family, word, parseLabelStack);
  return readAs(AF_INET, family, word, parseIpv4);
}

/** Hex bytes joined by colons, or the four bytes of an IPv4 address. */
function parseLinkAddress(word: string): Uint8Array | undefined {
  return word.includes('.') ? parseIpv4(word) : parseHardwareAddress(word);
}

function readAs(
  found: number,
  wanted: number,
  word: string,
  parse: (word: string) => Uint8Array | undefined,
): Address | undefined {
  if (wanted !== AF_UNSPEC && wanted !== found) return undefined;
  const bytes = parse(word);
  return bytes === undefined ? undefined : { family: found, bytes };
}

/** Labels joined by slashes, as the stack entries of RFC 3032 without TTL: the last one carries the bottom bit. */
export function parseLabelStack(word: string): Uint8Array | undefined {
  const labels = word.split('/').map(label => parseUnsigned(label, MAX_LABEL));
  if (labels.length > MAX_LABELS) return undefined;
  const stack = Buffer.alloc(4 * labels.length);
  for (const [index, label] of labels.entries()) {
    if (label === undefined) return undefined;
    const isLast = index === labels.length - 1;
    stack.writeUInt32BE(label * 4096 + (isLast ? BOTTOM_OF_STACK : 0), 4 * index);
  }
  return stack;
}

const MAX_LABELS = 64;

function expected(what: string, word: string, family: number): UsageError {
  return new UsageError(
    `${reasonOf(word, family)}Error: ${familyName(family)} ${what} is expected rather than "${word}".`,
    EXIT_FAILURE,
    true,
  );
}

/** What two families say of a wrong word before that. */
function reasonOf(word: string, family: number): string {
  if (family === AF_PACKET) return `"${word}" is invalid lladdr.\n`;
  return family === AF_MPLS && word.split('/').length > MAX_LABELS ? 'Error: too many labels.\n' : '';
}

function notAllowedHere(word: string): UsageError {
  return new UsageError(
    `Error: "${word}" may be inet prefix, but it is not allowed in this context.`,
    EXIT_FAILURE,
    true,
  );
}
