/** Words that several commands about routes read: types, families, realms, names of VRFs. */

import { AF_BRIDGE, AF_INET, AF_INET6, AF_MPLS, AF_PACKET } from '../../linux/families.ts';
import { RT_TABLE_MAIN } from '../../linux/rtnetlink.ts';
import { ROUTE_TYPES } from '../../rtnetlink/route.ts';
import type { Args } from '../../schema/args.ts';
import { findKeyword, type Keyword, type Operand, type Value, value } from '../../schema/keywords.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned } from '../../schema/number.ts';

/** Names of types in the order in which abbreviations are tried; three of them are never abbreviated. */
const TYPES: readonly Pick<Keyword, 'word' | 'abbreviable'>[] = [
  { word: 'local', abbreviable: false },
  { word: 'nat', abbreviable: false },
  { word: 'broadcast', abbreviable: true },
  { word: 'anycast', abbreviable: true },
  { word: 'multicast', abbreviable: true },
  { word: 'prohibit', abbreviable: true },
  { word: 'unreachable', abbreviable: true },
  { word: 'blackhole', abbreviable: true },
  { word: 'xresolve', abbreviable: true },
  { word: 'unicast', abbreviable: true },
  { word: 'throw', abbreviable: false },
];

/** The words that name a type of route. */
export const ROUTE_TYPE_WORDS: readonly string[] = [...TYPES.map(({ word }) => word), 'brd'];

/** Reads a route type by name or number; undefined if the word is not one. */
export function parseRouteType(word: string): number | undefined {
  if (word === 'brd') return ROUTE_TYPES.indexOf('broadcast');
  const found = findKeyword(TYPES, word);
  if (found !== undefined) return (ROUTE_TYPES as readonly string[]).indexOf(found.word);
  return parseUnsigned(word, 0xff);
}

const FAMILIES: Readonly<Record<string, number>> = {
  inet: AF_INET,
  inet6: AF_INET6,
  link: AF_PACKET,
  mpls: AF_MPLS,
  bridge: AF_BRIDGE,
};

/** A family, which may stand before an address. */
export const FAMILY: Operand = { synopsis: 'FAMILY', words: Object.keys(FAMILIES), isOptional: true };

/** An address of IPv4 or IPv6. */
export const ADDRESS: Operand = { synopsis: 'ADDRESS', examples: ['10.0.0.1', 'fd00::1'] };

/** `[ FAMILY ] ADDRESS`: a gateway, maybe of another family than the route. */
export const GATEWAY: readonly Operand[] = [FAMILY, ADDRESS];

/** Reads the family before an address; undefined if the word is an address. */
export function readFamily(args: Args): number | undefined {
  const word = args.next();
  if (Object.hasOwn(FAMILIES, word)) return FAMILIES[word];
  args.back();
  return undefined;
}

/**
 * Reads `[FROM/]TO` with names or numbers as the 32 bits of RTA_FLOW; undefined if it is not that. `FROM/` and no word
 * are to 0.
 */
export function parseRealms(word: string, names: Names): number | undefined {
  const slash = word.indexOf('/');
  const from = slash < 0 ? 0 : names.number('realms', word.slice(0, slash));
  const toWord = word.slice(slash + 1);
  const to = toWord === '' ? 0 : names.number('realms', toWord);
  return from === undefined || to === undefined ? undefined : from * 0x10000 + to;
}

/** What looks up a VRF. */
interface Tools {
  readonly names: Names;
}

/** The routing table of a VRF; the main one for `default`. */
export const VRF_TABLE: Value<number, Tools> = value(
  { synopsis: 'NAME', names: 'vrf' },
  (word, { names }) => (word === 'default' ? RT_TABLE_MAIN : names.vrf(word)?.table || undefined),
  'Invalid VRF\n',
);

/** A VRF by the index of its device. */
export const VRF_DEVICE: Value<number, Tools> = value(
  { synopsis: 'NAME', names: 'vrf' },
  (word, { names }) => names.vrf(word)?.index,
  'Invalid VRF\n',
);
