/** Addresses and prefixes as the library takes and gives them: complete texts, without the short forms of `ip`. */
import { AF_INET, AF_INET6, AF_MPLS, AF_UNSPEC } from '../../linux/families.ts';
import { formatIp, parseIpv4, parseIpv6, parsePlainIpv4 } from '../../wire/address.ts';
import { ArgumentError } from './argument.ts';

/** Address families by name, as `ip` spells them. */
export type Family = 'inet' | 'inet6' | 'mpls';

/** AF_* of the families that have addresses. */
export const FAMILY_NUMBERS = { inet: AF_INET, inet6: AF_INET6, mpls: AF_MPLS } as const;

const DOTTED = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;
const MAX_LABEL = 0xfffff;

/** An address with the number of its bits that name the network. */
export interface Prefix {
  /** AF_INET, AF_INET6 or AF_MPLS. */
  readonly family: number;
  /** Text of the address; for MPLS the labels. */
  readonly address: string;
  /** In bits. */
  readonly length: number;
  /** Whether the text had a length; else it is that of the whole address. */
  readonly hasLength: boolean;
}

/** AF_* by name; undefined gives AF_UNSPEC. Throws {@link ArgumentError}. */
export function familyNumber(argument: string, family: Family | undefined): number {
  if (family === undefined) return AF_UNSPEC;
  const number = Object.hasOwn(FAMILY_NUMBERS, family) ? FAMILY_NUMBERS[family] : undefined;
  if (number === undefined) throw new ArgumentError(argument, `"${String(family)}" is no family`);
  return number;
}

/** Name of AF_*; families without name are given as their number in text. */
export function familyName(number: number): Family {
  switch (number) {
    case AF_INET:
      return 'inet';
    case AF_INET6:
      return 'inet6';
    case AF_MPLS:
      return 'mpls';
    default:
      return String(number) as Family;
  }
}

/** Number of bits of an address of `family`. */
export function bitsOf(family: number): number {
  return family === FAMILY_NUMBERS.inet ? 32 : family === FAMILY_NUMBERS.inet6 ? 128 : 20;
}

/** Reads an IPv4 or IPv6 address and spells it as the kernel's answers are spelt. Throws {@link ArgumentError}. */
export function readAddress(argument: string, text: string): { family: number; address: string } {
  if (parsePlainIpv4(text) !== undefined) return { family: AF_INET, address: text };
  const bytes = text.includes(':') ? parseIpv6(text) : DOTTED.test(text) ? parseIpv4(text) : undefined;
  const address = bytes && formatIp(bytes, 0, bytes.length);
  if (address === undefined) throw new ArgumentError(argument, `"${text}" is no IP address`);
  return { family: text.includes(':') ? FAMILY_NUMBERS.inet6 : FAMILY_NUMBERS.inet, address };
}

/** Reads `ADDRESS` or `ADDRESS/LENGTH`. Throws {@link ArgumentError}. */
export function readPrefix(argument: string, text: string): Prefix {
  const slash = text.indexOf('/');
  const { family, address } = readAddress(argument, slash < 0 ? text : text.slice(0, slash));
  const bits = bitsOf(family);
  if (slash < 0) return { family, address, length: bits, hasLength: false };
  const digits = text.slice(slash + 1);
  const length = /^\d{1,3}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(length <= bits)) throw new ArgumentError(argument, `"${digits}" is no prefix length up to ${bits}`);
  return { family, address, length, hasLength: true };
}

/** Reads a stack of MPLS labels joined by slashes. Throws {@link ArgumentError}. */
export function readLabels(argument: string, text: string): string {
  for (const label of text.split('/')) {
    if (!/^\d{1,7}$/.test(label) || Number(label) > MAX_LABEL)
      throw new ArgumentError(argument, `"${text}" is no stack of MPLS labels`);
  }
  return text;
}

/** `ADDRESS/LENGTH`, the address alone where it is whole and `isWholeBare`; undefined without address. */
export function formatPrefix(address: string, length: number, family: number, isWholeBare = false): string {
  return isWholeBare && length === bitsOf(family) ? address : `${address}/${length}`;
}
