/** Lists of IPv6 segments, as the words of seg6, seg6local and rpl give them. */
import { AF_INET6 } from '../../../linux/families.ts';
import type { SegmentRoutingHeader } from '../../../rtnetlink/encap.ts';
import { wrongArgument } from '../../../schema/args.ts';
import { anyWord, type Operand, type Value, value } from '../../../schema/keywords.ts';
import { parseUnsigned } from '../../../schema/number.ts';
import { addressText, parseAddress } from '../prefix.ts';

const U32 = 0xffffffff;

const SEGMENTS: Operand = { synopsis: 'ADDR1,ADDRi,ADDRn', examples: ['fd00::1', 'fd00::1,fd00::2'] };

/** A list of segments, which is looked at when the other words have been read. */
export const SEGMENT_LIST = anyWord(SEGMENTS);

/** The key of an HMAC; a word that is not a number counts as no key. */
export const HMAC_KEY = value(
  { synopsis: 'HMACKEYID', examples: ['1', '0'] },
  word => parseUnsigned(word, U32) ?? 0,
  '',
);

/** Addresses joined by commas. An empty place is filled with zeros, all such places at the end. */
export function parseSegments(list: string): string[] {
  const words = list.split(',');
  const segments = words
    .filter(word => word !== '')
    .map(word => addressText(parseAddress(word, AF_INET6)) || '::');
  return [...segments, ...new Array<string>(words.length - segments.length).fill('::')];
}

/** In inline mode the packet's own destination takes the last place, which is left empty here. */
export function routingHeader(
  list: string,
  hmacKey: number | undefined,
  isInline: boolean,
): SegmentRoutingHeader {
  const segments = [...parseSegments(list), ...(isInline ? ['::'] : [])];
  return hmacKey ? { segments, hmacKey } : { segments };
}

/** An IPv6 address that is neither `any` nor `all`. */
export function specificAddress(complaint: string): Value<string> {
  return value(
    { synopsis: 'ADDRESS', examples: ['fd00::1'] },
    word => addressText(parseAddress(word, AF_INET6)) || undefined,
    word => wrongArgument(word, complaint),
  );
}
