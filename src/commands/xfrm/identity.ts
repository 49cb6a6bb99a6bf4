/** ID: what names a state on the command line, by addresses, protocol and SPI. */
import { AF_UNSPEC } from '../../linux/families.ts';
import { IPPROTO_COMP } from '../../linux/xfrm.ts';
import { type Args, missingArgument, wrongArgument } from '../../schema/args.ts';
import { type Keyword, type Operand, reads } from '../../schema/keywords.ts';
import { isRouteOptimization, TRANSFORM_PROTOCOLS, wordOf } from '../../xfrm/names.ts';
import { type StateKey, stateKey } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { type Prefix, parsePrefix } from '../grammar/prefix.ts';
import { number } from '../grammar/values.ts';
import { failed, unknownWord } from './conversation.ts';
import { PROTOCOL } from './values.ts';

const ADDRESS: Operand = { synopsis: 'ADDR', examples: ['10.0.0.1', 'fd00::1'] };
const SPI = number('SPI', 'SPI value is invalid');
const MAX_COMPRESSION_INDEX = 0xffff;
const ADDRESS_LENGTH = 16;

/** What an ID has named so far. */
export interface Identified {
  id: StateKey;
  saddr: Buffer;
  /** Family of the addresses. */
  family: number;
  /** Family that addresses must have; AF_UNSPEC for any. */
  preferred: number;
  /** The words of the ID stand together, and once. */
  isIdRead: boolean;
  /** What was given, for filters. */
  readonly given: { source?: Prefix; destination?: Prefix; hasProtocol?: boolean; hasSpi?: boolean };
}

/** An ID without words. */
export function newIdentity(family: number): Identified {
  const saddr = Buffer.alloc(ADDRESS_LENGTH);
  return { id: stateKey.zero(), saddr, family, preferred: family, isIdRead: false, given: {} };
}

const KEYWORDS: readonly Keyword<Identified, Context>[] = [
  reads('src', [ADDRESS], (draft, args) => {
    const source = readPrefix('src', args, draft.preferred);
    draft.given.source = source;
    draft.family = source.family;
    draft.saddr = addressOf(source);
  }),
  reads('dst', [ADDRESS], (draft, args) => {
    const destination = readPrefix('dst', args, draft.preferred);
    draft.given.destination = destination;
    draft.family = destination.family;
    draft.id.daddr = addressOf(destination);
  }),
  reads('proto', [PROTOCOL], (draft, args, context) => {
    draft.id.proto = PROTOCOL.read(args, context, 'proto');
    draft.given.hasProtocol = true;
  }),
  reads('spi', [SPI], (draft, args, context) => {
    draft.id.spi = SPI.read(args, context, 'spi');
    draft.given.hasSpi = true;
  }),
];

/** A prefix of a family that is known. */
export function readPrefix(keyword: string, args: Args, family: number): Prefix {
  const word = args.next();
  const prefix = parsePrefix(word, family);
  if (prefix.family === AF_UNSPEC)
    throw wrongArgument(word, `value after "${keyword}" has an unrecognized address family`);
  return prefix;
}

/** The bytes of an address as messages have them. */
export function addressOf({ bytes }: Pick<Prefix, 'bytes'>): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(ADDRESS_LENGTH)], ADDRESS_LENGTH);
}

/**
 * The keywords of an ID in the grammar of a command. In a filter (`isLoose`) the protocol may be missing. The words of an
 * ID stand together: one that stands apart is unknown.
 */
export function identityKeywords<D extends Identified>(isLoose: boolean): Keyword<D, Context>[] {
  return KEYWORDS.map(keyword => ({
    ...keyword,
    read(draft, args, context) {
      args.back();
      readIdentity(draft, args, context, isLoose);
    },
  }));
}

/** Reads the words of an ID, which may be none, from the current word on. */
export function readIdentity(draft: Identified, args: Args, context: Context, isLoose: boolean): void {
  if (draft.isIdRead) throw unknownWord(args.peek()!);
  draft.isIdRead = true;
  readIdentityWords(draft, args, context, isLoose);
  if (draft.preferred === AF_UNSPEC) draft.preferred = draft.family;
}

/** Whether the current word is one of an ID. */
export function beginsIdentity(args: Args): boolean {
  return KEYWORDS.some(({ word }) => args.is(word));
}

function readIdentityWords(draft: Identified, args: Args, context: Context, isLoose: boolean): void {
  let last: string | undefined;
  for (;;) {
    const keyword = KEYWORDS.find(({ word }) => args.is(word));
    if (keyword === undefined) break;
    args.skip();
    last = args.peek();
    keyword.read(draft, args, context, keyword.word);
  }
  const { source, destination, hasProtocol } = draft.given;
  if (source !== undefined && destination !== undefined) checkFamilies(source, destination, last);
  checkSpi(draft);
  if (!hasProtocol && !isLoose) throw missingArgument('XFRM-PROTO');
  if (last === undefined && isLoose) throw unknownWord(args.peek()!);
}

/** Complains of the last word if the families differ. */
export function checkFamilies(source: Prefix, destination: Prefix, last: string | undefined): void {
  if (source.family === destination.family) return;
  const reason = 'the same address family is required between values after "src" and "dst"';
  throw wrongArgument(last ?? '', reason);
}

function checkSpi({ id }: Identified): void {
  const name = wordOf(TRANSFORM_PROTOCOLS, id.proto) ?? '';
  if (id.spi === 0) return;
  if (isRouteOptimization(id.proto)) throw failed(`"spi" is invalid with XFRM-PROTO value "${name}"`);
  if (id.proto === IPPROTO_COMP && id.spi > MAX_COMPRESSION_INDEX)
    throw failed(`SPI value is too large with XFRM-PROTO value "${name}"`);
}
