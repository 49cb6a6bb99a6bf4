/** `ip ntable`: parameters of the tables of neighbours. */

import { showNeighbourTable } from '../layouts/neighbour-table.ts';
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
  UsageRequest,
  wrongArgument,
} from '../schema/args.ts';
import { parseUnsigned, parseUnsigned64 } from '../schema/number.ts';

import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './frame/context.ts';

const USAGE = `Usage: ip ntable [ show | list ] [ name TABLE ] [ dev DEVICE | dev none ]
       ip ntable change name TABLE [ thresh1 N ] [ thresh2 N ] [ thresh3 N ] [ gc_int MS ]
       ip ntable change name TABLE [ dev DEVICE ] PARAMETER...
TABLE:     arp_cache or ndisc_cache
PARAMETER: base_reachable MS, retrans MS, gc_stale MS, delay_probe MS, queue N, app_probes N,
           ucast_probes N, mcast_probes N, mcast_reprobes N, anycast_delay MS, proxy_delay MS,
           proxy_queue N, locktime MS`;

const MAX_U32 = 0xffffffff;

/** Runs `ip ntable`. */
export async function ntable(args: Args, context: Context): Promise<number> {
  if (args.done || args.acceptPrefix('show', 'lst', 'list')) return showTables(args, context);
  if (args.acceptPrefix('change', 'chg')) return changeTable(args, context);
  if (args.acceptPrefix('help')) throw new UsageRequest(USAGE);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip ntable help".`, EXIT_USAGE);
}

function begin(type: number, flags: number, { family }: Context): MessageWriter {
  const request = new MessageWriter(type, flags);
  const at = request.reserve(NEIGHBOUR_TABLE_HEADER_LENGTH);
  request.bytes[at] = family;
  return request;
}

async function showTables(args: Args, context: Context): Promise<number> {
  const { names, view } = context;
  let name: string | undefined;
  /** 0 are the parameters that are of no device. */
  let index: number | undefined;
  while (!args.done) {
    if (args.accept('dev')) {
      const word = args.next();
      index = word === 'none' ? 0 : (names.deviceIndex(word) ?? refuse(word, '"DEV" is invalid'));
    } else if (args.accept('name')) {
      name = args.next();
    } else {
      throw wrongArgument(args.next(), 'unknown');
    }
  }
  const now = Date.now();
  const out = context.output();
  out.list();
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

function refuse(word: string, complaint: string): never {
  throw wrongArgument(word, complaint);
}

/** Keywords of numbers, with the attributes that they set. */
const NUMBERS: Readonly<Record<string, keyof NeighbourParameters>> = {
  queue: 'queue_len',
  app_probes: 'app_probes',
  ucast_probes: 'ucast_probes',
  mcast_probes: 'mcast_probes',
  mcast_reprobes: 'mcast_reprobes',
  proxy_queue: 'proxy_qlen',
};
/** Keywords of times. */
const TIMES: Readonly<Record<string, keyof NeighbourParameters>> = {
  base_reachable: 'base_reachable_time',
  retrans: 'retrans_time',
  gc_stale: 'gc_staletime',
  delay_probe: 'delay_probe_time',
  anycast_delay: 'anycast_delay',
  proxy_delay: 'proxy_delay',
  locktime: 'locktime',
};

async function changeTable(args: Args, context: Context): Promise<number> {
  let name: string | undefined;
  let index: number | undefined;
  const values: NeighbourTableAttributes = {};
  const parms: Record<string, number | bigint> = {};
  const number = (word: string, keyword: string) =>
    parseUnsigned(word, MAX_U32) ?? refuse(word, `"${keyword}" value is invalid`);
  const time = (word: string, keyword: string) =>
    parseUnsigned64(word) ?? refuse(word, `"${keyword}" value is invalid`);
  while (!args.done) {
    const keyword = args.next();
    if (keyword === 'name') {
      const word = args.next();
      if (name !== undefined) throw duplicateArgument('NAME', word);
      name = word;
    } else if (keyword === 'thresh1' || keyword === 'thresh2' || keyword === 'thresh3') {
      values[keyword] = number(args.next(), keyword);
    } else if (keyword === 'gc_int') {
      values.gc_interval = time(args.next(), keyword);
    } else if (keyword === 'dev') {
      const word = args.next();
      index = context.names.deviceIndex(word);
      if (index === undefined) throw new UsageError(`Cannot find device "${word}"`);
    } else if (Object.hasOwn(NUMBERS, keyword)) {
      parms[NUMBERS[keyword]!] = number(args.next(), keyword);
    } else if (Object.hasOwn(TIMES, keyword)) {
      parms[TIMES[keyword]!] = time(args.next(), keyword);
    } else {
      throw wrongArgument(keyword, 'unknown');
    }
  }
  if (name === undefined) throw missingArgument('NAME');
  const hasParameters = Object.keys(parms).length > 0;
  if (!hasParameters && Object.keys(values).length === 0) {
    throw new UsageError('Not enough information: changeable attributes required.', EXIT_USAGE);
  }
  const request = begin(RTM_SETNEIGHTBL, NLM_F_REPLACE, context);
  neighbourTable.encode(request, {
    name,
    ...values,
    parms: hasParameters ? ({ ifindex: index, ...parms } as NeighbourParameters) : undefined,
  });
  return context.changeOrEndBatch(() => context.change(request));
}
