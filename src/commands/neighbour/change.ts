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
  wrongArgument,
} from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import * as codec from '../../wire/codec.ts';

import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';

import { type Address, parseAddress } from '../grammar/prefix.ts';
import { readLinkAddress } from '../link/arguments.ts';
import { deviceType, parseState } from './states.ts';
import { NEIGHBOUR_USAGE } from './usage.ts';

/** Longest link-layer address that the original sends. */
const MAX_LINK_ADDRESS = 20;

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
  while (!args.done) parseOption(args, draft, context);
  const address = completeAddress(draft);
  const isProxy = (draft.flags & NEIGHBOUR_FLAGS.proxy) !== 0;
  if (address === undefined || (draft.device === undefined && !isProxy)) {
    throw new UsageError('Device and destination are required arguments.', EXIT_USAGE);
  }
  const linkAddress = draft.linkAddress === undefined ? undefined : parseLinkAddress(draft.linkAddress);
  const request = new MessageWriter(type, flags);
  neighbourHeader.write(request, {
    family: context.family === AF_UNSPEC ? address.family : context.family,
    ifindex: deviceIndex(draft.device, context.names),
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
  return context.changeOrEndBatch(() => context.change(request));
}

function parseOption(args: Args, draft: Draft, context: Context): void {
  const { names } = context;
  if (args.acceptPrefix('lladdr')) {
    const word = args.next();
    if (draft.linkAddress !== undefined) throw duplicateArgument('lladdr', word);
    draft.linkAddress = word;
  } else if (args.accept('nud')) {
    draft.state = parseState(args.next());
  } else if (args.acceptPrefix('proxy')) {
    readProxy(args, draft, context);
  } else if (args.accept('router')) {
    draft.flags |= NEIGHBOUR_FLAGS.router;
  } else if (args.accept('use')) {
    draft.flags |= NEIGHBOUR_FLAGS.use;
  } else if (args.accept('managed')) {
    draft.extendedFlags |= NEIGHBOUR_EXTENDED_FLAGS.managed;
    draft.state = 0;
  } else if (args.acceptPrefix('extern_learn')) {
    draft.flags |= NEIGHBOUR_FLAGS.extern_learn;
  } else if (args.accept('extern_valid')) {
    draft.extendedFlags |= NEIGHBOUR_EXTENDED_FLAGS.extern_valid;
  } else if (args.accept('dev')) {
    draft.device = args.next();
  } else if (args.acceptPrefix('protocol')) {
    const word = args.next();
    const protocol = names.number('protocols', word);
    if (protocol === undefined) throw wrongArgument(word, '"protocol" value is invalid\n');
    draft.protocol = protocol;
  } else {
    args.accept('to');
    args.acceptPrefix('help'); // Means nothing here, in the original as well.
    readDestination(args, draft, context);
  }
}

function readProxy(args: Args, draft: Draft, { family }: Context): void {
  if (args.matches('help')) throw new UsageRequest(NEIGHBOUR_USAGE);
  const word = args.next();
  if (draft.address !== undefined) throw duplicateArgument('address', word);
  draft.address = parseAddress(word, family);
  draft.flags |= NEIGHBOUR_FLAGS.proxy;
}

function readDestination(args: Args, draft: Draft, { family }: Context): void {
  const word = args.next();
  if (draft.address !== undefined) throw duplicateOrGarbage('to', word);
  draft.address = parseAddress(word, family);
}

/** Words like `any` leave nothing to ask for, unless -4 or -6 tells the family. */
function completeAddress({ address }: Draft): Address | undefined {
  return address?.family === AF_UNSPEC ? undefined : address;
}

function parseLinkAddress(word: string): Buffer {
  if (word === 'null') return Buffer.alloc(0);
  const bytes = readLinkAddress(word);
  if (bytes.length > MAX_LINK_ADDRESS) throw invalidHardwareAddress(word);
  return bytes;
}

function deviceIndex(name: string | undefined, names: Names): number {
  if (name === undefined) return 0;
  const index = names.deviceIndex(name);
  if (index === undefined) throw new UsageError(`Cannot find device "${name}"`);
  return index;
}

/** `ip neighbour get`. */
export async function getNeighbour(args: Args, context: Context): Promise<number> {
  const draft: Draft = { state: 0, flags: 0, extendedFlags: 0 };
  while (!args.done) {
    if (args.accept('dev')) draft.device = args.next();
    else if (args.acceptPrefix('proxy')) readProxy(args, draft, context);
    else {
      args.accept('to');
      if (args.matches('help')) throw new UsageRequest(NEIGHBOUR_USAGE);
      readDestination(args, draft, context);
    }
  }
  const address = completeAddress(draft);
  const isProxy = (draft.flags & NEIGHBOUR_FLAGS.proxy) !== 0;
  if (address === undefined || (draft.device === undefined && !isProxy)) {
    throw new UsageError('Device and address are required arguments.', EXIT_FAILURE);
  }
  const request = new MessageWriter(RTM_GETNEIGH, 0);
  neighbourHeader.write(request, {
    ...neighbourHeader.zero(),
    family: context.family === AF_UNSPEC ? address.family : context.family,
    ifindex: deviceIndex(draft.device, context.names),
    flags: draft.flags,
  });
  request.attribute(neighbour.rows.dst.type, codec.bytes, Buffer.from(address.bytes));
  const answers = await context.session.request(request, 'answer');
  const out = context.output();
  out.list();
  for (const answer of answers) {
    const found = decodeNeighbour(answer);
    const layout = { deviceType: (index: number) => deviceType(index, context) };
    if (found !== undefined) showNeighbour(found, out, context.view, layout);
  }
  out.end();
  return 0;
}
