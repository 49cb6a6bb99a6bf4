/** `encap seg6local`: what is done with a packet that has reached a segment. */
import { AF_INET, AF_INET6 } from '../../../linux/families.ts';
import {
  ENCAP_SEG6_LOCAL,
  encapPayload,
  SEG6_ACTIONS,
  SEG6_FLAVORS,
  seg6LocalEncap,
} from '../../../rtnetlink/encap.ts';
import {
  type Args,
  duplicateOrGarbage,
  EXIT_USAGE,
  UsageError,
  wrongArgument,
} from '../../../schema/args.ts';
import {
  exact,
  type Grammar,
  type Keyword,
  type Operand,
  readKeyword,
  reads,
  value,
} from '../../../schema/keywords.ts';
import type { ValuesOf } from '../../../schema/row.ts';
import { called, named, number } from '../values.ts';
import { address, device, encapKind, once, type Tools } from './kind.ts';
import { HMAC_KEY, routingHeader, SEGMENT_LIST } from './segments.ts';

interface Draft extends ValuesOf<typeof seg6LocalEncap.rows> {
  segments?: string;
  hmacKey?: number;
}

type Flavors = NonNullable<Draft['flavors']>;

const ACTION = value(
  { synopsis: 'ACTION', words: SEG6_ACTIONS.slice(1) },
  word => {
    const action = (SEG6_ACTIONS as readonly string[]).indexOf(word);
    return action <= 0 ? undefined : action;
  },
  '"action" value is invalid\n',
);

const DEVICE = device('DEV');

/** What may stand after the segments of a routing header. */
const HEADER_GRAMMAR: Grammar<Draft, Tools> = { keywords: [exact('hmac', HMAC_KEY, 'hmacKey')] };

const HEADER: readonly Operand[] = [
  { synopsis: 'SEG6HDR', words: ['segs'] },
  called('', SEGMENT_LIST),
  { synopsis: '', grammar: () => HEADER_GRAMMAR as Grammar },
];

function readHeader(draft: Draft, args: Args, tools: Tools): void {
  const word = args.next();
  if (draft.segments !== undefined) throw duplicateOrGarbage('srh', word);
  if (word !== 'segs') throw wrongArgument(word, 'missing "segs" attribute for srh\n');
  draft.segments = SEGMENT_LIST.read(args, tools, 'segs');
  if (args.accept('hmac')) draft.hmacKey = HMAC_KEY.read(args, tools, 'hmac');
}

/** The lengths that compressed SIDs need. */
const FLAVOR_GRAMMAR: Grammar<Flavors, Tools> = {
  keywords: [
    exact('lblen', number('LENGTH', '"locator-block length" value is invalid\n', 0xff), 'lblen'),
    exact('nflen', number('LENGTH', '"locator-node function length" value is invalid\n', 0xff), 'nflen'),
  ],
};

const FLAVORS: readonly Operand[] = [
  { synopsis: 'FLAVORS', words: SEG6_FLAVORS.map(([, name]) => name), examples: ['psp', 'psp,usp'] },
  { synopsis: '[ lblen LENGTH ] [ nflen LENGTH ]', grammar: () => FLAVOR_GRAMMAR as Grammar },
];

/** `FLAVOR,...`, each once, and the lengths, in their order. */
function readFlavors(draft: Draft, args: Args, tools: Tools): void {
  const word = args.next();
  if (draft.flavors !== undefined) throw duplicateOrGarbage('flavors', word);
  const operation = parseFlavors(word);
  const flavors: Flavors = { operation };
  if (operation & NEXT_CSID) {
    for (const keyword of FLAVOR_GRAMMAR.keywords) readKeyword([keyword], flavors, args, tools);
  }
  draft.flavors = flavors;
}

const NEXT_CSID = SEG6_FLAVORS.find(([, name]) => name === 'next-csid')![0];

function parseFlavors(word: string): number {
  let operation = 0;
  for (const name of word.split(',').filter(Boolean)) {
    const bit = SEG6_FLAVORS.find(([, flavor]) => flavor === name.toLowerCase())?.[0];
    if (bit === undefined || operation & bit) throw wrongArgument(word, 'invalid "flavors" attribute\n');
    operation |= bit;
  }
  if (operation === 0) throw wrongArgument(word, 'invalid "flavors" attribute\n');
  return operation;
}

const KEYWORDS: readonly Keyword<Draft, Tools>[] = [
  once('action', ACTION, 'action'),
  once('table', named('TABLEID', 'tables', 'invalid table id\n'), 'table'),
  once('vrftable', named('TABLEID', 'tables', 'invalid vrf table id\n'), 'vrftable'),
  once('nh4', address('ADDR', AF_INET, ['10.0.0.1']), 'nh4'),
  once('nh6', address('ADDR', AF_INET6, ['fd00::1']), 'nh6'),
  once('iif', DEVICE, 'iif'),
  once('oif', DEVICE, 'oif'),
  reads('count', [], draft => {
    if (draft.counters !== undefined) throw duplicateOrGarbage('count', 'count');
    draft.counters = { packets: 0n, bytes: 0n, errors: 0n };
  }),
  reads('srh', HEADER, readHeader),
  reads('flavors', FLAVORS, readFlavors),
  reads('endpoint', [{ synopsis: 'PROGNAME', names: 'file' }], () => {
    throw new UsageError('Error: endpoint of action "End.BPF" is not supported by tsip yet.');
  }),
];

const ENCAPS = SEG6_ACTIONS.indexOf('End.B6.Encaps');

export const SEG6LOCAL = encapKind<Draft>({
  word: 'seg6local',
  type: ENCAP_SEG6_LOCAL,
  grammar: { keywords: KEYWORDS },
  start: () => ({}),
  encode(draft) {
    if (draft.action === undefined) throw new UsageError('Missing action type', EXIT_USAGE);
    if (draft.segments !== undefined) {
      draft.srh = routingHeader(draft.segments, draft.hmacKey, draft.action !== ENCAPS);
    }
    return encapPayload(seg6LocalEncap, draft);
  },
});
