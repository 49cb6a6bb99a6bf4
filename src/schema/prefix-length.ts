/** The length of a prefix on the command line, as iproute2 reads it. */
import { parseIpv4 } from '../wire/address.ts';
import { netmaskLength } from '../wire/networks.ts';
import { parseUnsigned } from './number.ts';

/** Words that stand for an address of zeros. */
export function isWildcard(word: string): boolean {
  return word === 'default' || word === 'any' || word === 'all';
}

/** A number of bits, or an IPv4 netmask without holes; undefined for other words. */
export function parsePrefixLength(word: string): number | undefined {
  const number = parseUnsigned(word, 0xffffffff);
  if (number !== undefined) return number;
  if (isWildcard(word)) return 0;
  const mask = parseIpv4(word);
  return mask && netmaskLength(mask);
}
