/** Values that several of the route commands read. */
import { AF_UNSPEC } from '../../linux/families.ts';
import type { RawRouteValues, RouteHeader } from '../../rtnetlink/route.ts';
import type { Args } from '../../schema/args.ts';
import { type Operand, value } from '../../schema/keywords.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned } from '../../schema/number.ts';
import { type Address, parseAddress } from '../grammar/prefix.ts';
import { ADDRESS, parseRealms, readFamily } from '../grammar/route-words.ts';
import { optionalWord } from '../grammar/values.ts';

const U32 = 0xffffffff;

/** A prefix of IPv4 or IPv6. */
export const PREFIX: Operand = { synopsis: 'PREFIX', examples: ['10.0.0.0/8', 'fd00::/8', 'default'] };

/** What stands after `as`. */
export const NEW_DESTINATION: readonly Operand[] = [optionalWord('to'), ADDRESS];

/** Realms by name, as a pair, or as one number for both. */
export const REALMS = value(
  { synopsis: 'REALM', names: 'realms', examples: ['1', '1/2'] },
  (word, { names }: { names: Names }) => parseUnsigned(word, U32) ?? parseRealms(word, names),
  '"realm" value is invalid\n',
);

/** Reads an address of the route's family, which it settles if no word before has. */
export function readOwnAddress(args: Args, header: RouteHeader): Address {
  const address = parseAddress(args.next(), header.family);
  if (header.family === AF_UNSPEC) header.family = address.family;
  return address;
}

/** Reads {@link NEW_DESTINATION}. */
export function readNewDestination(args: Args, header: RouteHeader): Uint8Array {
  args.accept('to');
  return readOwnAddress(args, header).bytes;
}

/** Reads `[FAMILY] ADDRESS`: a gateway, or an address of another family. */
export function readGateway(
  args: Args,
  header: RouteHeader,
  into: Pick<RawRouteValues, 'gateway' | 'via'>,
): void {
  const family = readFamily(args);
  const address = parseAddress(args.next(), family ?? header.family);
  if (header.family === AF_UNSPEC) header.family = address.family;
  if (address.family === header.family) into.gateway = address.bytes;
  else into.via = { family: address.family, address: address.bytes };
}
