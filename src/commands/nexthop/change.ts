/** `ip nexthop add`, `replace` and `delete`: one next hop object read and sent. */

import { showNextHop } from '../../layouts/nexthop.ts';
import { USER_HZ } from '../../linux/clocks.ts';
import { EINVAL } from '../../linux/errno.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_ECHO } from '../../linux/netlink.ts';
import { RTM_DELNEXTHOP, RTNH_F_ONLINK } from '../../linux/rtnetlink.ts';
import {
  decodeNextHop,
  encodeNextHop,
  GROUP_RESILIENT,
  GROUP_TYPES,
  type GroupMember,
  type NextHopHeader,
  type NextHopValues,
  nextHopHeader,
} from '../../rtnetlink/nexthop.ts';

import { type Args, UsageError, UsageRequest, wrongArgument } from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned } from '../../schema/number.ts';

import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';

import { parseEncap } from '../grammar/encap.ts';
import { addressText, parseAddress } from '../grammar/prefix.ts';
import { readFamily } from '../grammar/route-words.ts';
import { NEXTHOP_USAGE } from './usage.ts';

const U32 = 0xffffffff;
const MAX_WEIGHT = 65536;

/** Reads the rest of the line and sends it as a message of `type` with `flags`. */
export async function changeNextHop(
  args: Args,
  context: Context,
  type: number,
  flags: number,
): Promise<number> {
  const header: NextHopHeader = { ...nextHopHeader.zero(), family: context.family };
  const values: NextHopValues = {};
  while (!args.done) parseWord(args, header, values, context.names);
  const request = new MessageWriter(type, flags);
  encodeNextHop(request, header, values);
  if (context.options.echo) await changeAndShow(request, context);
  else await context.change(request);
  return 0;
}

/** Shows what the kernel reports; programs get the object inside another one, as from the original. */
async function changeAndShow(request: MessageWriter, context: Context): Promise<void> {
  request.flags |= NLM_F_ECHO;
  const [answer] = await context.session.request(request);
  const out = context.output();
  out.list();
  out.open();
  const hop = answer === undefined ? undefined : decodeNextHop(answer);
  if (hop !== undefined) showNextHop(hop, answer?.type === RTM_DELNEXTHOP, out, context.view);
  out.close();
  out.end();
}

function parseWord(args: Args, header: NextHopHeader, values: NextHopValues, names: Names): void {
  if (args.accept('id')) {
    values.id = read(args, word => parseUnsigned(word, U32), 'invalid id value');
  } else if (args.accept('dev')) {
    values.oif = read(args, word => names.deviceIndex(word), 'Device does not exist\n');
    settleFamily(header);
  } else if (args.accept('via')) {
    parseGateway(args, header, values);
  } else if (args.accept('encap')) {
    const { type, payload } = parseEncap(args, names);
    values.encap = payload;
    values.encap_type = type;
  } else if (args.accept('blackhole')) {
    values.blackhole = true;
    settleFamily(header);
  } else if (args.accept('onlink')) {
    header.flags |= RTNH_F_ONLINK;
  } else if (args.accept('group')) {
    values.group = parseGroup(args.next());
  } else {
    parseGroupWord(args, header, values, names);
  }
}

function parseGroupWord(args: Args, header: NextHopHeader, values: NextHopValues, names: Names): void {
  if (args.accept('type')) parseType(args, values);
  else if (args.acceptPrefix('protocol'))
    header.protocol = read(args, word => names.number('protocols', word), '"protocol" value is invalid\n');
  else if (args.accept('fdb')) values.fdb = true;
  else if (args.accept('hw_stats')) values.hw_stats_enable = readOffOn(args.next());
  else if (args.accept('dst_port'))
    values.dst_port = read(args, word => parseUnsigned(word, 0xffff), '"dst_port" value is invalid\n');
  else if (args.is('help')) throw new UsageRequest(NEXTHOP_USAGE);
  else throw wrongArgument(args.next(), '');
}

/** A device or a blackhole is one of IPv4 when nothing says otherwise. */
function settleFamily(header: NextHopHeader): void {
  if (header.family === AF_UNSPEC) header.family = AF_INET;
}

function parseGateway(args: Args, header: NextHopHeader, values: NextHopValues): void {
  const family = readFamily(args.next());
  if (family === undefined) args.back();
  const word = args.next();
  const address = parseAddress(word, family ?? header.family);
  if (header.family === AF_UNSPEC) header.family = address.family;
  else if (header.family !== address.family) throw wrongArgument(word, 'address family mismatch\n');
  values.gateway = addressText(address);
}

function parseType(args: Args, values: NextHopValues): void {
  const word = args.next();
  const type = (GROUP_TYPES as readonly string[]).indexOf(word);
  if (type < 0) throw wrongArgument(word, '"type" value is invalid\n');
  if (type === GROUP_RESILIENT) parseResilientWords(args, values);
  values.group_type = type;
}

function parseResilientWords(args: Args, values: NextHopValues): void {
  const group: NonNullable<NextHopValues['res_group']> = {};
  while (!args.done) {
    if (args.accept('buckets'))
      group.buckets = read(args, word => parseUnsigned(word, 0xffff), 'invalid buckets value');
    else if (args.accept('idle_timer'))
      group.idle_timer = read(args, readSeconds, 'invalid idle timer value');
    else if (args.accept('unbalanced_timer'))
      group.unbalanced_timer = read(args, readSeconds, 'invalid unbalanced timer value');
    else break;
  }
  if (Object.keys(group).length > 0) values.res_group = group;
}

/** Seconds as ticks, as long as they fit. */
function readSeconds(word: string): number | undefined {
  const limit = Math.floor(U32 / USER_HZ);
  const seconds = parseUnsigned(word, limit - 1);
  return seconds === undefined ? undefined : seconds * USER_HZ;
}

/** `ID[,WEIGHT]/...`. The original has cut the word at its first separator by the time it complains of an id. */
function parseGroup(list: string): GroupMember[] {
  return list.split('/').map(member => {
    const [idWord = '', ...rest] = member.split(',');
    const id = parseUnsigned(idWord, U32);
    if (id === undefined) throw wrongArgument(list.split(/[/,]/)[0] ?? '', '"group" value is invalid\n');
    if (rest.length === 0) return { id, weight: 1 };
    const weightWord = rest.join(',');
    const weight = parseUnsigned(weightWord, MAX_WEIGHT);
    if (!weight) throw wrongArgument(weightWord, '"weight" is invalid\n');
    return { id, weight };
  });
}

function readOffOn(word: string): number {
  const value = ['off', 'on'].indexOf(word);
  if (value >= 0) return value;
  throw new UsageError(`Error: argument of "hw_stats" must be one of "off", "on", not "${word}"`, EINVAL);
}

function read<T>(args: Args, parse: (word: string) => T | undefined, complaint: string): T {
  const word = args.next();
  const value = parse(word);
  if (value === undefined) throw wrongArgument(word, complaint);
  return value;
}
