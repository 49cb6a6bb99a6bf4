/** `ip mroute show`: the routes of the multicast routing tables. Source: linux/mroute.h, linux/rtnetlink.h. */
import { showMulticastRoute } from '../../layouts/route/multicast.ts';
import { AF_INET, AF_INET6, AF_UNSPEC, RTNL_FAMILY_IP6MR, RTNL_FAMILY_IPMR } from '../../linux/families.ts';
import {
  RT_TABLE_DEFAULT,
  RTA_DST,
  RTA_IIF,
  RTA_SRC,
  RTM_GETROUTE,
  RTM_NEWROUTE,
  RTN_MULTICAST,
} from '../../linux/rtnetlink.ts';
import { routeAttributes, routeHeader } from '../../rtnetlink/route.ts';
import { RouteReader } from '../../rtnetlink/route-reader.ts';
import { type Args, UsageError, UsageRequest } from '../../schema/args.ts';
import {
  exact,
  type Grammar,
  type Operand,
  reads,
  readWords,
  shortened,
  value,
} from '../../schema/keywords.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { isInside, type Prefix, parsePrefix } from '../grammar/prefix.ts';
import { DEVICE_NAME, deviceIndex, operandAfter } from '../grammar/values.ts';

/** Which routes are meant. */
interface Filter {
  source?: Prefix;
  group?: Prefix;
  /** The device by which packets come in. */
  input?: string;
  /** 0 for all tables. */
  table: number;
}

const SOURCE: Operand = { synopsis: 'PREFIX', examples: ['10.0.0.1', '10.0.0.0/8'] };
const GROUP: Operand = { synopsis: 'PREFIX', examples: ['224.1.1.1', '224.0.0.0/4', 'ff05::/16'] };

const TABLE = value<number, Context>(
  { synopsis: 'TABLE_ID', names: 'tables', words: ['all'] },
  (word, { names }) => {
    const table = names.number('tables', word) ?? (word === 'all' ? 0 : undefined);
    if (table === undefined && word === 'help') throw new UsageRequest();
    return table;
  },
  'table id value is invalid\n',
);

/** Any beginning of `help` asks for help here. */
function unlessHelp(word: string): string {
  if (word !== '' && 'help'.startsWith(word)) throw new UsageRequest();
  return word;
}

const TO = reads<Filter, Context>('to', [GROUP], (filter, args, { family }) => {
  filter.group = parsePrefix(unlessHelp(args.next()), family);
});

/** The words of `show`. */
export const FILTER_GRAMMAR: Grammar<Filter, Context> = {
  keywords: [
    shortened(exact('table', TABLE, 'table')),
    exact('iif', { ...DEVICE_NAME, synopsis: 'DEVICE' }, 'input'),
    shortened(
      reads('from', [SOURCE], (filter, args, { family }) => {
        filter.source = parsePrefix(args.next(), family);
      }),
    ),
    { ...TO, isHidden: true },
  ],
  operand: operandAfter('to', GROUP),
  readOperand(filter, args, context) {
    TO.read(filter, args, context, 'to');
  },
};

/** The family of the tables, and the table that is shown unless another is named. */
function tablesOf({ family }: Context): readonly [family: number, table: number] | undefined {
  if (family === AF_UNSPEC || family === AF_INET) return [RTNL_FAMILY_IPMR, RT_TABLE_DEFAULT];
  return family === AF_INET6 ? [RTNL_FAMILY_IP6MR, 0] : undefined;
}

/** Shows the routes that the rest of the line selects; of families without multicast routes not even the words count. */
export async function showMulticastRoutes(args: Args, context: Context): Promise<number> {
  const tables = tablesOf(context);
  if (tables === undefined) return 0;
  const [family, table] = tables;
  const filter: Filter = { table };
  readWords(FILTER_GRAMMAR, filter, args, context);
  const input = filter.input === undefined ? undefined : deviceIndex(filter.input, context.names);
  const route = new RouteReader();
  const out = context.output();
  out.list();
  try {
    for await (const batch of context.dump(dumpRequest(family, filter))) {
      for (const message of batch) {
        if (message.type !== RTM_NEWROUTE || !route.read(message)) continue;
        if (route.type !== RTN_MULTICAST) {
          throw new UsageError('Non multicast route received, kernel does support IP multicast?');
        }
        if (isSelected(route, filter, input)) {
          showMulticastRoute(route, out, context.view, filter.table !== 0);
        }
      }
    }
  } finally {
    out.end();
  }
  return 0;
}

function dumpRequest(family: number, { table }: Filter): MessageWriter {
  const request = new MessageWriter(RTM_GETROUTE, 0);
  routeHeader.write(request, { ...routeHeader.zero(), family });
  routeAttributes.encode(request, { table: table === 0 ? undefined : table });
  return request;
}

function isSelected(
  route: RouteReader,
  { source, group, table }: Filter,
  input: number | undefined,
): boolean {
  if (table !== 0 && route.table !== table) return false;
  if (input !== undefined && route.attributes.u32(RTA_IIF) !== input) return false;
  return isAddressIn(route, RTA_SRC, source) && isAddressIn(route, RTA_DST, group);
}

/** Whether the address in attribute `type` lies in a prefix; a prefix of no length holds all. */
function isAddressIn(
  { attributes, addressFamily }: RouteReader,
  type: number,
  prefix: Prefix | undefined,
): boolean {
  if (prefix === undefined || prefix.length === 0) return true;
  if (prefix.family !== addressFamily || !attributes.has(type)) return false;
  if (attributes.length(type) * 8 < prefix.length) return false;
  return isInside(attributes.bytes, attributes.start(type), prefix);
}
