/** `ip ntable`: parameters of the tables of neighbours. */

import { showNeighbourTable } from '../layouts/neighbour-table.ts';
import { AF_UNSPEC } from '../linux/families.ts';
import { NLM_F_REPLACE } from '../linux/netlink.ts';
import { RTM_GETNEIGHTBL, RTM_SETNEIGHTBL } from '../linux/rtnetlink.ts';
import {
  decodeNeighbourTable,
  NEIGHBOUR_TABLE_HEADER_LENGTH,
  type NeighbourParameters,
  type NeighbourTableAttributes,
  neighbourTable,
} from '../rtnetlink/neighbour-table.ts';
import {
  type Args,
  duplicateArgument,
  EXIT_USAGE,
  missingArgument,
  UsageError,
  wrongArgument,
} from '../schema/args.ts';
import {
  anyWord,
  exact,
  type Grammar,
  type Keyword,
  type Operand,
  readWords,
  type Value,
  value,
} from '../schema/keywords.ts';
import { parseUnsigned, parseUnsigned64 } from '../schema/number.ts';
import { synopsisItems, synopsisLines } from '../schema/synopsis.ts';

import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './frame/context.ts';
import type { Subcommands } from './frame/subcommands.ts';
import { linkDumpRequest } from './grammar/link-filter.ts';
import { dumpLinks } from './grammar/link-listing.ts';

const MAX_U32 = 0xffffffff;

/** Which tables are shown. */
interface Filter {
  name?: string;
  /** 0 selects the parameters that belong to no device. */
  index?: number;
}

const SHOWN_DEVICE = value<number, Context>(
  { synopsis: 'DEV', names: 'device', words: ['none'] },
  (word, { names }) => (word === 'none' ? 0 : names.deviceIndex(word)),
  '"DEV" is invalid',
);

const NAME: Operand = { synopsis: 'NAME', words: ['arp_cache', 'ndisc_cache'] };

/** The words of `show`. */
const SHOW_GRAMMAR: Grammar<Filter, Context> = {
  keywords: [exact('dev', SHOWN_DEVICE, 'index'), exact('name', anyWord(NAME), 'name')],
};

/** What the words of `change` say. */
interface Draft {
  name?: string;
  index?: number;
  readonly values: NeighbourTableAttributes;
  readonly parms: NeighbourParameters;
}

const invalid = (word: string, keyword: string) => wrongArgument(word, `"${keyword}" value is invalid`);

function numberAs(synopsis: string): Value<number> {
  return value({ synopsis, examples: ['5', '0'] }, word => parseUnsigned(word, MAX_U32), invalid);
}

const TIME: Value<bigint> = value({ synopsis: 'MSEC', examples: ['5', '0'] }, parseUnsigned64, invalid);

type Members<T, V> = { [K in keyof T]-?: T[K] extends V | undefined ? K : never }[keyof T];

/** A keyword of a number among the parameters. */
function count(
  word: string,
  member: Members<NeighbourParameters, number>,
  synopsis = 'VAL',
): Keyword<Draft, Context> {
  return exact(word, numberAs(synopsis), ({ parms }: Draft, found) => {
    parms[member] = found;
  });
}

/** A keyword of a time among the parameters. */
function time(word: string, member: Members<NeighbourParameters, bigint>): Keyword<Draft, Context> {
  return exact(word, TIME, ({ parms }: Draft, found) => {
    parms[member] = found;
  });
}

/** A limit on the entries of the whole table. */
function threshold(word: 'thresh1' | 'thresh2' | 'thresh3'): Keyword<Draft, Context> {
  return exact(word, numberAs('VAL'), ({ values }: Draft, found) => {
    values[word] = found;
  });
}

const CHANGED_DEVICE = value<number, Context>(
  { synopsis: 'DEV', names: 'device' },
  (word, { names }) => names.deviceIndex(word),
  word => new UsageError(`Cannot find device "${word}"`),
);

const TABLE_KEYWORDS: readonly Keyword<Draft, Context>[] = [
  threshold('thresh1'),
  threshold('thresh2'),
  threshold('thresh3'),
  exact('gc_int', TIME, ({ values }: Draft, interval) => {
    values.gc_interval = interval;
  }),
];

const PARAMETER_KEYWORDS: readonly Keyword<Draft, Context>[] = [
  time('base_reachable', 'base_reachable_time'),
  time('retrans', 'retrans_time'),
  time('gc_stale', 'gc_staletime'),
  time('delay_probe', 'delay_probe_time'),
  count('queue', 'queue_len', 'LEN'),
  count('app_probes', 'app_probes'),
  count('ucast_probes', 'ucast_probes'),
  count('mcast_probes', 'mcast_probes'),
  count('mcast_reprobes', 'mcast_reprobes'),
  time('anycast_delay', 'anycast_delay'),
  time('proxy_delay', 'proxy_delay'),
  count('proxy_queue', 'proxy_qlen', 'LEN'),
  time('locktime', 'locktime'),
];

/** The words of `change`. */
const CHANGE_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    exact('name', anyWord(NAME), 'name', { once: duplicateArgument, duplicateOf: 'NAME' }),
    exact('dev', CHANGED_DEVICE, 'index'),
    ...TABLE_KEYWORDS,
    ...PARAMETER_KEYWORDS,
  ],
};

export const NTABLE: Subcommands = {
  program: 'ip ntable',
  default: 'show',
  usage: async () => `\
${synopsisLines('Usage: ip ntable change name NAME [ dev DEV ]', [...synopsisItems({ keywords: TABLE_KEYWORDS }), '[ PARMS ]'], 8)}
${synopsisLines('       ip ntable show', synopsisItems(SHOW_GRAMMAR))}
${synopsisLines('PARMS :=', synopsisItems({ keywords: PARAMETER_KEYWORDS }))}

NAME is arp_cache or ndisc_cache; dev none shows the parameters that belong to no device.`,
  commands: [
    { names: ['show', 'lst', 'list'], load: async () => showTables, grammar: async () => SHOW_GRAMMAR },
    { names: ['change', 'chg'], load: async () => changeTable, grammar: async () => CHANGE_GRAMMAR },
  ],
};

/** Reads the whole line; complains about a word that is not a keyword. */
function readLine<Draft>(
  grammar: Grammar<Draft, Context>,
  draft: Draft,
  args: Args,
  context: Context,
): Draft {
  readWords(grammar, draft, args, context);
  if (!args.done) throw wrongArgument(args.next(), 'unknown');
  return draft;
}

function begin(type: number, flags: number, { family }: Context): MessageWriter {
  const request = new MessageWriter(type, flags);
  const at = request.reserve(NEIGHBOUR_TABLE_HEADER_LENGTH);
  request.bytes[at] = family;
  return request;
}

/**
 * Reads the names of all devices, as the original does. It matters to the kernel, too: how much it puts into a datagram
 * depends on what has been received before, and of these tables it never sends what does not fit into the first.
 */
async function receiveNames(context: Context): Promise<void> {
  for await (const _ of dumpLinks(context, linkDumpRequest({}, context.view, AF_UNSPEC)));
}

async function showTables(args: Args, context: Context): Promise<number> {
  const { name, index } = readLine<Filter>(SHOW_GRAMMAR, {}, args, context);
  const { view } = context;
  const now = Date.now();
  const out = context.output();
  out.list();
  await receiveNames(context);
  for await (const batch of context.dump(begin(RTM_GETNEIGHTBL, 0, context))) {
    for (const message of batch) {
      const found = decodeNeighbourTable(message);
      if (found === undefined || (name !== undefined && name !== found.name)) continue;
      if (index !== undefined && index !== (found.parms?.ifindex ?? 0)) continue;
      showNeighbourTable(found, out, view, now);
    }
  }
  out.end();
  return 0;
}

async function changeTable(args: Args, context: Context): Promise<number> {
  const draft = readLine<Draft>(CHANGE_GRAMMAR, { values: {}, parms: {} }, args, context);
  const { name, index, values, parms } = draft;
  if (name === undefined) throw missingArgument('NAME');
  const hasParameters = Object.keys(parms).length > 0;
  if (!hasParameters && Object.keys(values).length === 0) {
    throw new UsageError('Not enough information: changeable attributes required.', EXIT_USAGE);
  }
  const request = begin(RTM_SETNEIGHTBL, NLM_F_REPLACE, context);
  neighbourTable.encode(request, {
    name,
    ...values,
    parms: hasParameters ? { ifindex: index, ...parms } : undefined,
  });
  return context.changeOrEndBatch(() => context.change(request));
}
