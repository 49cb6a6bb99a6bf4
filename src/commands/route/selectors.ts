/** The words by which `ip route show`, `save` and `flush` select routes. */
import { type Args, UsageRequest, wrongArgument } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  hidden,
  type Keyword,
  type Operand,
  readKeyword,
  reads,
  readWords,
  shortened,
  shownAs,
  value,
} from '../../schema/keywords.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Context } from '../frame/context.ts';
import { parsePrefix } from '../grammar/prefix.ts';
import { GATEWAY, parseRouteType, ROUTE_TYPE_WORDS, readFamily, VRF_TABLE } from '../grammar/route-words.ts';
import { called, DEVICE_NAME, deviceIndex, named, namedOrAll, number } from '../grammar/values.ts';
import { emptyFilter, type Masked, type RouteFilter } from './filter.ts';
import { PREFIX } from './values.ts';

const U32 = 0xffffffff;
const TO_MASK = 0xffff;

/** The filter, and devices as they are named, which are looked up when all words are read: the last of several counts. */
interface Draft extends RouteFilter {
  inputDeviceName?: string;
  deviceName?: string;
}

/** Reads the rest of the line. */
export function readSelectors(args: Args, context: Context): RouteFilter {
  const draft: Draft = emptyFilter(context.family);
  readWords(SELECTOR_GRAMMAR, draft, args, context);
  const { inputDeviceName, deviceName, ...filter } = draft;
  if (inputDeviceName !== undefined) filter.inputDevice = deviceIndex(inputDeviceName, context.names);
  if (deviceName !== undefined) filter.device = deviceIndex(deviceName, context.names);
  return filter;
}

const TABLE: Operand = { synopsis: 'TABLE_ID', names: 'tables', words: ['all', 'cache'] };

function readTable(filter: Draft, args: Args, { names }: Context): void {
  const word = args.next();
  const table = names.number('tables', word);
  if (table !== undefined) filter.table = table;
  else if (word === 'all') filter.table = 0;
  else if (word === 'cache') filter.cloned = true;
  else if (word === 'help') throw new UsageRequest();
  else throw wrongArgument(word, 'table id value is invalid\n');
}

const REALMS = value(
  { synopsis: 'REALM', names: 'realms', examples: ['1', '1/2', '1/'] },
  (word, { names }: Context) => parseMaskedRealms(word, names),
  'invalid realms\n',
);

/** `FROM/TO`, `FROM/` for any destination, `TO`, or one number for both; the mask says what counts. */
function parseMaskedRealms(word: string, names: Names): Masked | undefined {
  const whole = parseUnsigned(word, U32);
  if (whole !== undefined) return { value: whole, mask: whole > TO_MASK ? U32 : TO_MASK };
  if (word === '') return { value: 0, mask: TO_MASK };
  const slash = word.indexOf('/');
  const from = slash < 0 ? undefined : names.number('realms', word.slice(0, slash));
  if (slash >= 0 && from === undefined) return undefined;
  const toWord = word.slice(slash + 1);
  const to = toWord === '' && slash >= 0 ? undefined : names.number('realms', toWord);
  if (to === undefined && !(toWord === '' && slash >= 0)) return undefined;
  return {
    value: (from ?? 0) * 0x10000 + (to ?? 0),
    mask: (from === undefined ? 0 : 0xffff0000) + (to === undefined ? 0 : TO_MASK),
  };
}

function readGateway(filter: Draft, args: Args): void {
  const family = readFamily(args);
  filter.gateway = parsePrefix(args.next(), family ?? filter.family);
}

type Root = 'rootDestination' | 'rootSource';
type Match = 'matchDestination' | 'matchSource';

/** `root`, `match` and `exact`, of the destination or the source. */
function relations(root: Root, match: Match): readonly Keyword<Draft, Context>[] {
  return [
    shortened(
      reads('root', [PREFIX], (filter, args) => {
        filter[root] = parsePrefix(args.next(), filter.family);
      }),
    ),
    shortened(
      reads('match', [PREFIX], (filter, args) => {
        filter[match] = parsePrefix(args.next(), filter.family);
      }),
    ),
    shortened(
      reads('exact', [PREFIX], (filter, args) => {
        filter[match] = filter[root] = parsePrefix(args.next(), filter.family);
      }),
    ),
  ];
}

/** A prefix, before which one of the relations may stand; alone it is `exact`. */
function end(root: Root, match: Match): Grammar<Draft, Context> {
  return {
    keywords: relations(root, match),
    operand: PREFIX,
    readOperand(filter, args) {
      filter[match] = filter[root] = parsePrefix(args.next(), filter.family);
    },
  };
}

const DESTINATION = end('rootDestination', 'matchDestination');
const SOURCE = end('rootSource', 'matchSource');

/** Reads an end by one keyword of `grammar` or none. */
function readEnd(grammar: Grammar<Draft, Context>) {
  return (filter: Draft, args: Args, context: Context) => {
    if (!readKeyword(grammar.keywords, filter, args, context)) grammar.readOperand?.(filter, args, context);
  };
}

const endOperand = (grammar: Grammar<Draft, Context>): Operand => ({
  synopsis: '[ root | match | exact ] PREFIX',
  grammar: () => grammar as Grammar,
  isChoice: true,
});

const TOS = named('TOS', 'dsfield', 'TOS value is invalid\n');
const METRIC = number('METRIC', '"metric" value is invalid\n');
const DEVICE = called('STRING', DEVICE_NAME);
const TYPE = value(
  { synopsis: 'TYPE', words: ROUTE_TYPE_WORDS },
  parseRouteType,
  'node type value is invalid\n',
);

const CACHED = flag<Draft, Context>('cached', filter => {
  filter.cloned = true;
});

/** The selectors. */
export const SELECTOR_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    shortened(reads('table', [TABLE], readTable)),
    shortened(
      exact('vrf', VRF_TABLE, (filter, table) => {
        filter.table = table;
        filter.isVrf = true;
      }),
    ),
    shortened(CACHED),
    hidden(shortened({ ...CACHED, word: 'cloned' })),
    exact('tos', TOS, 'tos'),
    hidden(shortened(exact('dsfield', TOS, 'tos'))),
    shownAs(
      'proto',
      shortened(
        exact('protocol', namedOrAll('RTPROTO', 'protocols', 'invalid "protocol"\n'), (filter, protocol) => {
          if (protocol === 'all') delete filter.protocol;
          else filter.protocol = protocol;
        }),
      ),
    ),
    shortened(
      exact('scope', namedOrAll('SCOPE', 'scopes', 'invalid "scope"\n'), (filter, scope) => {
        if (scope === 'all') delete filter.scope;
        else filter.scope = scope;
      }),
    ),
    shortened(exact('type', TYPE, 'type')),
    exact('dev', DEVICE, 'deviceName'),
    hidden(exact('oif', DEVICE, 'deviceName')),
    exact('iif', DEVICE, 'inputDeviceName'),
    exact('mark', number('NUMBER', 'invalid mark value'), 'mark'),
    shortened(exact('metric', METRIC, 'metric')),
    hidden(shortened(exact('priority', METRIC, 'metric'))),
    hidden(exact('preference', METRIC, 'metric')),
    reads('via', GATEWAY, readGateway),
    reads('src', [PREFIX], (filter, args) => {
      filter.source = parsePrefix(args.next(), filter.family);
    }),
    shortened(exact('realms', REALMS, 'realms')),
    shortened(reads('from', [endOperand(SOURCE)], readEnd(SOURCE))),
    hidden(reads('to', [endOperand(DESTINATION)], readEnd(DESTINATION))),
    ...DESTINATION.keywords,
  ],
  operand: PREFIX,
  readOperand: readEnd(DESTINATION),
};
