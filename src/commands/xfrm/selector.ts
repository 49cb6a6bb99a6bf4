/** SELECTOR: which packets are meant, by addresses, device, protocol and ports. */
import { ipProtocolByName, ipProtocolName } from '../../rtnetlink/names/ip-protocols.ts';
import type { Args } from '../../schema/args.ts';
import { type Keyword, type Operand, reads, value } from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import { parseIpv4 } from '../../wire/address.ts';
import { type Selector, selector } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import type { Prefix } from '../grammar/prefix.ts';
import { failed, plainComplaint } from './conversation.ts';
import { addressOf, checkFamilies, readPrefix } from './identity.ts';
import { device, numberAfter } from './values.ts';

const PREFIX: Operand = { synopsis: 'ADDR[/PLEN]', examples: ['10.0.0.0/8', 'fd00::/64'] };
const DEVICE = device('DEV value is invalid');
const PORT = { sport: numberAfter('sport', 'PORT', 0xffff), dport: numberAfter('dport', 'PORT', 0xffff) };
const TYPE = { type: numberAfter('type', 'NUMBER', 0xff), code: numberAfter('code', 'NUMBER', 0xff) };
const PROTOCOL = value(
  { synopsis: 'PROTO', examples: ['tcp', 'udp', 'icmp', 'gre', 'any', '4'] },
  word => (word === 'any' ? 0 : protocolNumber(word)),
  'PROTO value is invalid',
);
const KEY: Operand = { synopsis: '{ DOTTED-QUAD | NUMBER }', examples: ['1.2.3.4', '5', '0x10'] };

const [ICMP, TCP, UDP, DCCP, GRE, ICMPV6, SCTP, MH] = [1, 6, 17, 33, 47, 58, 132, 135];
/** Protocols of which the original takes ports: those with ports, and no protocol. */
const WITH_PORTS: ReadonlySet<number> = new Set([0, TCP!, UDP!, DCCP!, SCTP!]);
const WITH_TYPES: ReadonlySet<number> = new Set([ICMP!, ICMPV6!, MH!]);
const ALL_BITS = 0xffff;

function protocolNumber(word: string): number | undefined {
  return parseUnsigned(word, 0xff) ?? ipProtocolByName(word);
}

/** What a selector has named so far. */
export interface Selecting {
  sel: Selector;
  /** Family that addresses must have. */
  preferred: number;
  readonly given: {
    source?: Prefix;
    destination?: Prefix;
    hasDevice?: boolean;
    hasProtocol?: boolean;
  };
}

/** A selector without words. */
export function newSelecting(family: number): Selecting {
  return { sel: { ...selector.zero(), family }, preferred: family, given: {} };
}

/** What is read of the layer above IP. */
interface UpperLayer extends Selecting {
  hasPorts?: boolean;
  hasType?: boolean;
  hasKey?: boolean;
}

const ADDRESS_KEYWORDS: readonly Keyword<Selecting, Context>[] = [
  reads('src', [PREFIX], (draft, args) => {
    const source = readPrefix('src', args, draft.preferred);
    draft.given.source = source;
    Object.assign(draft.sel, {
      family: source.family,
      saddr: addressOf(source),
      prefixlen_s: source.length,
    });
  }),
  reads('dst', [PREFIX], (draft, args) => {
    const destination = readPrefix('dst', args, draft.preferred);
    draft.given.destination = destination;
    Object.assign(draft.sel, {
      family: destination.family,
      daddr: addressOf(destination),
      prefixlen_d: destination.length,
    });
  }),
  reads('dev', [DEVICE], (draft, args, context) => {
    draft.sel.ifindex = DEVICE.read(args, context, 'dev');
    draft.given.hasDevice = true;
  }),
];

const UPPER_KEYWORDS: readonly Keyword<UpperLayer, Context>[] = [
  reads('proto', [PROTOCOL], (draft, args, context) => {
    draft.sel.proto = PROTOCOL.read(args, context, 'proto');
    draft.given.hasProtocol = true;
  }),
  ...(['sport', 'dport'] as const).map(word =>
    reads<UpperLayer, Context>(word, [PORT[word]], (draft, args, context) => {
      draft.sel[word] = PORT[word].read(args, context, word);
      if (draft.sel[word] !== 0) draft.sel[`${word}_mask`] = ALL_BITS;
      draft.hasPorts = true;
    }),
  ),
  // What is a port elsewhere is a type or code here.
  ...(
    [
      ['type', 'sport'],
      ['code', 'dport'],
    ] as const
  ).map(([word, member]) =>
    reads<UpperLayer, Context>(word, [TYPE[word]], (draft, args, context) => {
      draft.sel[member] = TYPE[word].read(args, context, word);
      draft.sel[`${member}_mask`] = ALL_BITS;
      draft.hasType = true;
    }),
  ),
  reads('key', [KEY], (draft, args) => {
    const key = readKey(args.next());
    Object.assign(draft.sel, {
      sport: key >>> 16,
      dport: key & ALL_BITS,
      sport_mask: ALL_BITS,
      dport_mask: ALL_BITS,
    });
    draft.hasKey = true;
  }),
];

/** A number, or one written as an IPv4 address. */
function readKey(word: string): number {
  if (word.includes('.')) {
    const bytes = parseIpv4(word);
    if (bytes === undefined) throw failed(`Error: an IP address is expected rather than "${word}"`);
    return Buffer.from(bytes).readUInt32BE();
  }
  const key = parseUnsigned(word, 0xffffffff);
  if (key === undefined) throw plainComplaint('value after "key" is invalid');
  return key;
}

/** Words that may begin a selector, for the grammars that contain one. */
export const SELECTOR_KEYWORDS: readonly Keyword<Selecting, Context>[] = [
  ...ADDRESS_KEYWORDS,
  ...UPPER_KEYWORDS,
];

/** Whether the current word begins or continues a selector. */
export function beginsSelector(args: Args): boolean {
  return SELECTOR_KEYWORDS.some(({ word }) => args.is(word));
}

/** Reads the words of a selector; those of the upper layer stand together, and once. */
export function readSelector(draft: Selecting, args: Args, context: Context): void {
  let isUpperRead = false;
  let last: string | undefined;
  for (;;) {
    const keyword = ADDRESS_KEYWORDS.find(({ word }) => args.is(word));
    if (keyword !== undefined) {
      args.skip();
      last = args.peek();
      keyword.read(draft, args, context, keyword.word);
    } else if (!isUpperRead && UPPER_KEYWORDS.some(({ word }) => args.is(word))) {
      isUpperRead = true;
      last = readUpperLayer(draft, args, context);
    } else break;
  }
  const { source, destination } = draft.given;
  if (source !== undefined && destination !== undefined) checkFamilies(source, destination, last);
}

/** Returns the last word. */
function readUpperLayer(draft: Selecting, args: Args, context: Context): string | undefined {
  const upper: UpperLayer = { ...draft };
  let last: string | undefined;
  for (;;) {
    const keyword = UPPER_KEYWORDS.find(({ word }) => args.is(word));
    if (keyword === undefined) break;
    args.skip();
    last = args.peek();
    keyword.read(upper, args, context, keyword.word);
  }
  const { proto } = draft.sel;
  const refuse = (words: string) =>
    failed(`${words} invalid with PROTO value "${ipProtocolName(proto) ?? proto}"`);
  if (upper.hasPorts && !WITH_PORTS.has(proto)) throw refuse('"sport" and "dport" are');
  if (upper.hasType && !WITH_TYPES.has(proto)) throw refuse('"type" and "code" are');
  if (upper.hasKey && proto !== GRE) throw refuse('"key" is');
  return last;
}
