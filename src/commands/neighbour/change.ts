/** `ip neighbour add`, `change`, `replace`, `delete` and `get`: one request made of arguments. */

import { showNeighbour } from '../../layouts/neighbour.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from '../../linux/rtnetlink.ts';
import {
  decodeNeighbour,
  NEIGHBOUR_EXTENDED_FLAGS,
  NEIGHBOUR_FLAGS,
  NEIGHBOUR_STATES,
  neighbour,
  neighbourHeader,
} from '../../rtnetlink/neighbour.ts';
import {
  type Args,
  duplicateArgument,
  duplicateOrGarbage,
  EXIT_FAILURE,
  EXIT_USAGE,
  invalidHardwareAddress,
  UsageError,
  UsageRequest,
} from '../../schema/args.ts';
import {
  anyWord,
  exact,
  flag,
  type Grammar,
  type Operand,
  reads,
  readWords,
  shortened,
} from '../../schema/keywords.ts';
import * as codec from '../../wire/codec.ts';

import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { notOfKind } from '../frame/first-answer.ts';

import { readLinkAddress } from '../grammar/link-address.ts';
import { type Address, parseAddress } from '../grammar/prefix.ts';
import { DEVICE_NAME, deviceIndex, named } from '../grammar/values.ts';
import { deviceType, STATE } from './states.ts';

/** Longest link-layer address that the original sends. */
const MAX_LINK_ADDRESS = 20;

const ADDRESS: Operand = { synopsis: 'ADDR', examples: ['10.0.0.1', 'fd00::1'] };
const LINK_ADDRESS = anyWord({ synopsis: 'LLADDR', examples: ['02:00:00:00:00:01', 'null'] });
const PROTOCOL = named('PROTO', 'protocols', '"protocol" value is invalid\n');

/** What the words of one command say. */
interface Draft {
  address?: Address;
  device?: string;
  linkAddress?: string;
  state: number;
  flags: number;
  extendedFlags: number;
  protocol?: number;
}

const ADD = NLM_F_CREATE | NLM_F_EXCL;
const CHANGE = NLM_F_REPLACE;
const REPLACE = NLM_F_CREATE | NLM_F_REPLACE;

export const addNeighbour = (args: Args, context: Context) => change(args, context, RTM_NEWNEIGH, ADD);
export const changeNeighbour = (args: Args, context: Context) => change(args, context, RTM_NEWNEIGH, CHANGE);
export const replaceNeighbour = (args: Args, context: Context) =>
  change(args, context, RTM_NEWNEIGH, REPLACE);
export const deleteNeighbour = (args: Args, context: Context) => change(args, context, RTM_DELNEIGH, 0);

async function change(args: Args, context: Context, type: number, flags: number): Promise<number> {
  const draft: Draft = { state: NEIGHBOUR_STATES.permanent, flags: 0, extendedFlags: 0 };
  readWords(CHANGE_GRAMMAR, draft, args, context);
  const address = completeAddress(draft);
  const isProxy = (draft.flags & NEIGHBOUR_FLAGS.proxy) !== 0;
  if (address === undefined || (draft.device === undefined && !isProxy)) {
    throw new UsageError('Device and destination are required arguments.', EXIT_USAGE);
  }
  const linkAddress = draft.linkAddress === undefined ? undefined : parseLinkAddress(draft.linkAddress);
  const request = new MessageWriter(type, flags);
  neighbourHeader.write(request, {
    family: context.family === AF_UNSPEC ? address.family : context.family,
    ifindex: draft.device === undefined ? 0 : deviceIndex(draft.device, context.names),
    state: draft.state,
    flags: draft.flags,
    type: 0,
  });
  neighbour.encode(request, { protocol: draft.protocol });
  request.attribute(neighbour.rows.dst.type, codec.bytes, Buffer.from(address.bytes));
  neighbour.encode(request, {
    lladdr: linkAddress?.length ? linkAddress : undefined,
    flags_ext: draft.extendedFlags === 0 ? undefined : draft.extendedFlags,
  });
  context.dropLeftoversOnce();
  return context.changeOrEndBatch(() => context.change(request));
}

/** The words of `add`, `change`, `replace` and `delete`. */
export const CHANGE_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    shortened(
      exact('lladdr', LINK_ADDRESS, 'linkAddress', {
        isGiven: ({ linkAddress }) => linkAddress !== undefined,
      }),
    ),
    exact('nud', STATE, 'state'),
    shortened(reads('proxy', [ADDRESS], readProxy)),
    flag('router', draft => {
      draft.flags |= NEIGHBOUR_FLAGS.router;
    }),
    flag('use', draft => {
      draft.flags |= NEIGHBOUR_FLAGS.use;
    }),
    flag('managed', draft => {
      draft.extendedFlags |= NEIGHBOUR_EXTENDED_FLAGS.managed;
      draft.state = 0;
    }),
    shortened(
      flag('extern_learn', draft => {
        draft.flags |= NEIGHBOUR_FLAGS.extern_learn;
      }),
    ),
    flag('extern_valid', draft => {
      draft.extendedFlags |= NEIGHBOUR_EXTENDED_FLAGS.extern_valid;
    }),
    exact('dev', DEVICE_NAME, 'device'),
    shortened(exact('protocol', PROTOCOL, 'protocol')),
    reads('to', [ADDRESS], readChangedDestination),
  ],
  operand: ADDRESS,
  readOperand: readChangedDestination,
};

function readChangedDestination(draft: Draft, args: Args, context: Context): void {
  args.acceptPrefix('help'); // Means nothing here, in the original as well.
  readDestination(draft, args, context);
}

function readProxy(draft: Draft, args: Args, { family }: Context): void {
  if (args.matches('help')) throw new UsageRequest();
  const word = args.next();
  if (draft.address !== undefined) throw duplicateArgument('address', word);
  draft.address = parseAddress(word, family);
  draft.flags |= NEIGHBOUR_FLAGS.proxy;
}

function readDestination(draft: Draft, args: Args, { family }: Context): void {
  const word = args.next();
  if (draft.address !== undefined) throw duplicateOrGarbage('to', word);
  draft.address = parseAddress(word, family);
}

/** Words like `any` leave nothing to ask for, unless -4 or -6 sets the family. */
function completeAddress({ address }: Draft): Address | undefined {
  return address?.family === AF_UNSPEC ? undefined : address;
}

function parseLinkAddress(word: string): Buffer {
  if (word === 'null') return Buffer.alloc(0);
  const bytes = readLinkAddress(word);
  if (bytes.length > MAX_LINK_ADDRESS) throw invalidHardwareAddress(word);
  return bytes;
}

/** The words of `get`. */
export const GET_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    exact('dev', DEVICE_NAME, 'device'),
    shortened(reads('proxy', [ADDRESS], readProxy)),
    reads('to', [ADDRESS], readAskedDestination),
  ],
  operand: ADDRESS,
  readOperand: readAskedDestination,
};

function readAskedDestination(draft: Draft, args: Args, context: Context): void {
  if (args.matches('help')) throw new UsageRequest();
  readDestination(draft, args, context);
}

/** `ip neighbour get`. */
export async function getNeighbour(args: Args, context: Context): Promise<number> {
  const draft: Draft = { state: 0, flags: 0, extendedFlags: 0 };
  readWords(GET_GRAMMAR, draft, args, context);
  const address = completeAddress(draft);
  const isProxy = (draft.flags & NEIGHBOUR_FLAGS.proxy) !== 0;
  if (address === undefined || (draft.device === undefined && !isProxy)) {
    throw new UsageError('Device and address are required arguments.', EXIT_FAILURE);
  }
  const request = new MessageWriter(RTM_GETNEIGH, 0);
  neighbourHeader.write(request, {
    ...neighbourHeader.zero(),
    family: context.family === AF_UNSPEC ? address.family : context.family,
    ifindex: draft.device === undefined ? 0 : deviceIndex(draft.device, context.names),
    flags: draft.flags,
  });
  request.attribute(neighbour.rows.dst.type, codec.bytes, Buffer.from(address.bytes));
  const answers = await context.request(request, 'answer');
  const out = context.output();
  out.list();
  for (const answer of answers) {
    if (answer.type !== RTM_NEWNEIGH) context.complain(notOfKind('Not RTM_NEWNEIGH', answer));
    const found = answer.type === RTM_NEWNEIGH ? decodeNeighbour(answer) : undefined;
    const layout = { deviceType: (index: number) => deviceType(index, context) };
    if (found !== undefined) showNeighbour(found, out, context.view, layout);
  }
  out.end();
  return 0;
}
