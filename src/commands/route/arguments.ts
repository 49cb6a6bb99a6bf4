/** The words that describe a route to add, change or delete. */
import { AF_UNSPEC } from '../../linux/families.ts';
import { RTNH_F_ONLINK } from '../../linux/rtnetlink.ts';
import type { RawRouteValues, RouteHeader } from '../../rtnetlink/route.ts';
import { type Args, duplicateOrGarbage, isPrefixOf, UsageRequest, wrongArgument } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  hidden,
  type Keyword,
  type Operand,
  reads,
  shortened,
  shownAs,
  value,
} from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Context } from '../frame/context.ts';
import { ENCAP } from '../grammar/encap/value.ts';
import { parsePrefix } from '../grammar/prefix.ts';
import { ADDRESS, GATEWAY, parseRouteType, ROUTE_TYPE_WORDS, VRF_TABLE } from '../grammar/route-words.ts';
import { abbreviationOf, called, DEVICE_NAME, named, number } from '../grammar/values.ts';
import { METRIC_KEYWORDS } from './metrics.ts';
import { NEXTHOP } from './next-hops.ts';
import {
  NEW_DESTINATION,
  PREFIX,
  REALMS,
  readGateway,
  readNewDestination,
  readOwnAddress,
} from './values.ts';

const DIGIT_0 = 48;
const DIGIT_9 = 57;

/** A route as the command line describes it, while it is being read. */
export interface Draft {
  readonly header: RouteHeader;
  readonly values: RawRouteValues;
  /** Says what does not keep the request from being made. */
  readonly complain: (text: string) => void;
  device: string | undefined;
  metrics: RawRouteValues['metrics'];
  hasDestination: boolean;
  hasTable: boolean;
  hasType: boolean;
  hasScope: boolean;
}

const METRIC = number('METRIC', '"metric" value is invalid\n');
const PREFERENCES: Readonly<Record<string, number>> = { low: 3, medium: 0, high: 1 };
const PREFERENCE = value(
  { synopsis: 'PREF', words: Object.keys(PREFERENCES), examples: ['0', '255'] },
  word => (Object.hasOwn(PREFERENCES, word) ? PREFERENCES[word] : parseUnsigned(word, 0xff)),
  '"pref" value is invalid\n',
);
const PROPAGATION = abbreviationOf({ enabled: 1, disabled: 0 }, '"ttl-propagate" value is invalid\n');
const TOS = named('TOS', 'dsfield', '"tos" value is invalid\n');

function setMetric({ values }: Draft, metric: number): void {
  values.priority = metric;
}

function setTos({ header }: Draft, tos: number): void {
  header.tos = tos;
}

function setTable(draft: Draft, table: number): void {
  draft.hasTable = true;
  draft.header.table = table < 256 ? table : 0;
  if (table >= 256) draft.values.table = table;
}

function readVia({ header, values }: Draft, args: Args): void {
  if (values.gateway !== undefined || values.via !== undefined)
    throw wrongArgument('via', 'use nexthop syntax to specify multiple via\n');
  readGateway(args, header, values);
}

function readSource({ header, values }: Draft, args: Args): void {
  const prefix = parsePrefix(args.next(), header.family);
  if (header.family === AF_UNSPEC) header.family = prefix.family;
  if (prefix.bytes.length > 0) values.src = prefix.bytes;
  header.src_len = prefix.length;
}

/** `[ TYPE ] PREFIX`. A word that begins with a digit is never a type. */
const DESTINATION: Operand = { ...PREFIX, synopsis: '[ TYPE ] PREFIX', words: ROUTE_TYPE_WORDS };

function readDestination(draft: Draft, args: Args): void {
  const { header, values } = draft;
  let word = args.next();
  const type = beginsWithDigit(word) ? undefined : parseRouteType(word);
  if (type !== undefined) {
    header.type = type;
    draft.hasType = true;
    word = args.next();
  }
  if (isPrefixOf(word, 'help')) throw new UsageRequest();
  if (draft.hasDestination) throw duplicateOrGarbage('to', word);
  const prefix = parsePrefix(word, header.family);
  if (header.family === AF_UNSPEC) header.family = prefix.family;
  header.dst_len = prefix.length;
  draft.hasDestination = true;
  if (prefix.bytes.length > 0) values.dst = prefix.bytes;
}

function beginsWithDigit(word: string): boolean {
  const code = word.charCodeAt(0);
  return code >= DIGIT_0 && code <= DIGIT_9;
}

const METRIC_KEYWORD: Keyword<Draft, Context> = exact('metric', METRIC, setMetric);
const DEVICE_KEYWORD: Keyword<Draft, Context> = exact('dev', called('STRING', DEVICE_NAME), 'device');

const KEYWORDS: readonly Keyword<Draft, Context>[] = [
  // The command reads hops after it has looked up the devices of the words before.
  { ...reads('nexthop', [NEXTHOP], () => undefined), endsReading: true },
  reads('src', [ADDRESS], ({ header, values }, args) => {
    values.prefsrc = readOwnAddress(args, header).bytes;
  }),
  reads('as', NEW_DESTINATION, ({ header, values }, args) => {
    values.newdst = readNewDestination(args, header);
  }),
  reads('via', GATEWAY, readVia),
  reads('from', [PREFIX], readSource),
  exact('tos', TOS, setTos),
  hidden(shortened(exact('dsfield', TOS, setTos))),
  exact('expires', number('TIME', '"expires" value is invalid\n'), ({ values }, time) => {
    values.expires = time;
  }),
  shortened(METRIC_KEYWORD),
  hidden(shortened({ ...METRIC_KEYWORD, word: 'priority' })),
  hidden({ ...METRIC_KEYWORD, word: 'preference' }),
  exact('scope', named('SCOPE', 'scopes', 'invalid "scope" value\n'), (draft, scope) => {
    draft.header.scope = scope;
    draft.hasScope = true;
  }),
  ...METRIC_KEYWORDS,
  shortened(
    exact('realms', REALMS, ({ values }, realms) => {
      values.flow = realms;
    }),
  ),
  flag('onlink', ({ header }) => {
    header.flags |= RTNH_F_ONLINK;
  }),
  exact('nhid', number('ID', '"id" value is invalid\n'), ({ values }, id) => {
    values.nh_id = id;
  }),
  shownAs(
    'proto',
    shortened(
      exact(
        'protocol',
        named('RTPROTO', 'protocols', '"protocol" value is invalid\n'),
        ({ header }, protocol) => {
          header.protocol = protocol;
        },
      ),
    ),
  ),
  shortened(exact('table', named('TABLE_ID', 'tables', '"table" value is invalid\n'), setTable)),
  shortened(exact('vrf', VRF_TABLE, setTable)),
  DEVICE_KEYWORD,
  hidden({ ...DEVICE_KEYWORD, word: 'oif' }),
  shortened(
    exact('pref', PREFERENCE, ({ values }, preference) => {
      values.pref = preference;
    }),
  ),
  exact('encap', ENCAP, ({ values }, { type, payload }) => {
    values.encap = payload;
    values.encap_type = type;
  }),
  exact('ttl-propagate', PROPAGATION, ({ values }, isEnabled) => {
    values.ttl_propagate = isEnabled;
  }),
  hidden(reads('to', [DESTINATION], readDestination)),
];

/** The words of all commands that change routes. */
export const ROUTE_GRAMMAR: Grammar<Draft, Context> = {
  keywords: KEYWORDS,
  operand: DESTINATION,
  readOperand: readDestination,
};
