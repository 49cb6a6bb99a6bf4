/** `ip nexthop add`, `replace` and `delete`: one next hop object read and sent. */

import { showNextHop } from '../../layouts/route/nexthop.ts';
import { USER_HZ } from '../../linux/clocks.ts';
import { EINVAL } from '../../linux/errno.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RTM_DELNEXTHOP, RTM_NEWNEXTHOP, RTNH_F_ONLINK } from '../../linux/rtnetlink.ts';
import {
  decodeNextHop,
  encodeNextHop,
  GROUP_RESILIENT,
  GROUP_TYPES,
  type GroupMember,
  type NextHopValues,
  nextHopHeader,
} from '../../rtnetlink/nexthop.ts';
import { type Args, UsageError, UsageRequest, wrongArgument } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  type Operand,
  reads,
  readWords,
  shortened,
  type Value,
  value,
} from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { notOfKind } from '../frame/first-answer.ts';
import { ENCAP } from '../grammar/encap/value.ts';
import { addressText, parseAddress } from '../grammar/prefix.ts';
import { ADDRESS, FAMILY, readFamily } from '../grammar/route-words.ts';
import { called, DEVICE, named, number, oneOf } from '../grammar/values.ts';
import { ID } from './selectors.ts';

const U32 = 0xffffffff;
const MAX_WEIGHT = 65536;

/** An object as the command line describes it: attributes, and what goes into the header. */
interface Draft extends NextHopValues {
  family: number;
  flags: number;
  protocol: number;
}

const ADD = NLM_F_CREATE | NLM_F_EXCL;
const REPLACE = NLM_F_CREATE | NLM_F_REPLACE;

export const addNextHop = (args: Args, context: Context) => change(args, context, RTM_NEWNEXTHOP, ADD);
export const replaceNextHop = (args: Args, context: Context) =>
  change(args, context, RTM_NEWNEXTHOP, REPLACE);
export const deleteNextHop = (args: Args, context: Context) => change(args, context, RTM_DELNEXTHOP, 0);

async function change(args: Args, context: Context, type: number, flags: number): Promise<number> {
  const draft: Draft = { family: context.family, flags: 0, protocol: 0 };
  readWords(CHANGE_GRAMMAR, draft, args, context);
  const request = new MessageWriter(type, flags);
  const { family, flags: hopFlags, protocol } = draft;
  encodeNextHop(request, { ...nextHopHeader.zero(), family, flags: hopFlags, protocol }, draft);
  if (context.options.echo) await changeAndShow(request, context);
  else await context.change(request);
  return 0;
}

/** Shows what the kernel reports; JSON has the object inside another one, as from the original. */
async function changeAndShow(request: MessageWriter, context: Context): Promise<void> {
  request.flags |= NLM_F_ECHO;
  const [answer] = await context.request(request);
  const out = context.output();
  out.list();
  out.open();
  const isDeleted = answer?.type === RTM_DELNEXTHOP;
  const isNextHop = isDeleted || answer?.type === RTM_NEWNEXTHOP;
  if (answer !== undefined && !isNextHop) context.complain(notOfKind('Not a nexthop', answer));
  const hop = isNextHop ? decodeNextHop(answer) : undefined;
  if (hop !== undefined) showNextHop(hop, isDeleted, out, context.view);
  out.close();
  out.end();
}

/** A device or a blackhole is one of IPv4 if no word says otherwise. */
function setFamily(draft: Draft): void {
  if (draft.family === AF_UNSPEC) draft.family = AF_INET;
}

function readGateway(draft: Draft, args: Args): void {
  const family = readFamily(args);
  const word = args.next();
  const address = parseAddress(word, family ?? draft.family);
  if (draft.family === AF_UNSPEC) draft.family = address.family;
  else if (draft.family !== address.family) throw wrongArgument(word, 'address family mismatch\n');
  draft.gateway = addressText(address);
}

/** `ID[,WEIGHT]/...`. The original has cut the word at its first separator when it complains of an id. */
const GROUP: Value<GroupMember[]> = {
  synopsis: 'GROUP',
  examples: ['1', '1,5/2,3'],
  read(args) {
    const list = args.next();
    return list.split('/').map(member => readMember(member, list));
  },
};

function readMember(member: string, list: string): GroupMember {
  const [idWord = '', ...rest] = member.split(',');
  const id = parseUnsigned(idWord, U32);
  if (id === undefined) throw wrongArgument(list.split(/[/,]/)[0] ?? '', '"group" value is invalid\n');
  if (rest.length === 0) return { id, weight: 1 };
  const weightWord = rest.join(',');
  const weight = parseUnsigned(weightWord, MAX_WEIGHT);
  if (!weight) throw wrongArgument(weightWord, '"weight" is invalid\n');
  return { id, weight };
}

type ResilientGroup = NonNullable<NextHopValues['res_group']>;

/** Seconds as ticks, as long as they fit. */
function seconds(synopsis: string, complaint: string): Value<number> {
  const parse = (word: string) => {
    const found = parseUnsigned(word, Math.floor(U32 / USER_HZ) - 1);
    return found === undefined ? undefined : found * USER_HZ;
  };
  return value({ synopsis, examples: ['0', '60'] }, parse, complaint);
}

/** The words after `type resilient`. */
export const RESILIENT_GRAMMAR: Grammar<ResilientGroup, Context> = {
  keywords: [
    exact('buckets', number('BUCKETS', 'invalid buckets value', 0xffff), 'buckets'),
    exact('idle_timer', seconds('IDLE', 'invalid idle timer value'), 'idle_timer'),
    exact('unbalanced_timer', seconds('UNBALANCED', 'invalid unbalanced timer value'), 'unbalanced_timer'),
  ],
};

const TYPE: Operand = { synopsis: 'TYPE', words: GROUP_TYPES };
const TYPE_ARGUMENTS: Operand = { synopsis: '[ TYPE_ARGS ]', grammar: () => RESILIENT_GRAMMAR as Grammar };

function readType(draft: Draft, args: Args, context: Context): void {
  const word = args.next();
  const type = (GROUP_TYPES as readonly string[]).indexOf(word);
  if (type < 0) throw wrongArgument(word, '"type" value is invalid\n');
  // Any further word makes the nest, even if it is not about the group.
  if (type === GROUP_RESILIENT && !args.done) {
    draft.res_group = {};
    readWords(RESILIENT_GRAMMAR, draft.res_group, args, context);
  }
  draft.group_type = type;
}

const OFF_OR_ON = oneOf(
  { off: 0, on: 1 },
  (word, keyword) =>
    new UsageError(`Error: argument of "${keyword}" must be one of "off", "on", not "${word}"`, EINVAL),
  '{off|on}',
);

/** The words of `add`, `replace` and `delete`. */
export const CHANGE_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    exact('id', ID, 'id'),
    exact('dev', called('DEV', DEVICE), (draft, index) => {
      draft.oif = index;
      setFamily(draft);
    }),
    reads('via', [called('', FAMILY), ADDRESS], readGateway),
    exact('encap', ENCAP, (draft, { type, payload }) => {
      draft.encap = payload;
      draft.encap_type = type;
    }),
    flag('blackhole', draft => {
      draft.blackhole = true;
      setFamily(draft);
    }),
    flag('onlink', draft => {
      draft.flags |= RTNH_F_ONLINK;
    }),
    exact('group', GROUP, 'group'),
    reads('type', [TYPE, TYPE_ARGUMENTS], readType),
    shortened(exact('protocol', named('ID', 'protocols', '"protocol" value is invalid\n'), 'protocol')),
    flag('fdb', draft => {
      draft.fdb = true;
    }),
    exact('hw_stats', OFF_OR_ON, 'hw_stats_enable'),
    exact('dst_port', number('PORT', '"dst_port" value is invalid\n', 0xffff), 'dst_port'),
  ],
  readOperand: (_draft, args) => {
    if (args.is('help')) throw new UsageRequest();
    throw wrongArgument(args.next(), '');
  },
};
