/** `ip neighbour show` and `flush`: the entries that a filter chooses. */

import { strerror } from '../../kernel/system/errors.ts';
import { type NeighbourLayout, showNeighbour } from '../../layouts/neighbour.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from '../../linux/rtnetlink.ts';
import {
  decodeNeighbour,
  NEIGHBOUR_FLAGS,
  NEIGHBOUR_STATES,
  type Neighbour,
  neighbour,
  neighbourHeader,
} from '../../rtnetlink/neighbour.ts';
import {
  type Args,
  duplicateArgument,
  EXIT_FAILURE,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import { packIp } from '../../wire/address.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { deleteAll } from '../frame/flush.ts';

import { CommandFailed } from '../frame/report.ts';
import { isVrf } from '../grammar/link-filter.ts';
import { isInside, type Prefix, parsePrefix } from '../grammar/prefix.ts';
import { deviceType, parseState } from './states.ts';
import { NEIGHBOUR_USAGE } from './usage.ts';

/** Stands in a set of states for entries that have none. */
const NO_STATE = 0x100;
const ALL_STATES = 0xffff;
const MAX_FLUSH_ROUNDS = 10;
/** NDA_MASTER of devices that belong to no other. */
const NO_MASTER = 0xffffffff;

/** Which entries are meant. */
interface Filter {
  family: number;
  prefix?: Prefix;
  device?: string;
  master?: number;
  states: number;
  protocol?: number;
  isUnused: boolean;
  isProxy: boolean;
}

function parseFilter(args: Args, context: Context, defaultStates: number): Filter {
  const { names } = context;
  const filter: Filter = { family: context.family, states: 0, isUnused: false, isProxy: false };
  let hasStates = false;
  while (!args.done) {
    if (args.accept('dev')) {
      const word = args.next();
      if (filter.device !== undefined) throw duplicateArgument('dev', word);
      filter.device = word;
    } else if (args.accept('master')) {
      const word = args.next();
      filter.master = names.deviceIndex(word) ?? refuse(word, 'Device does not exist\n');
    } else if (args.accept('vrf')) {
      const word = args.next();
      const index = names.deviceIndex(word);
      if (index === undefined || !isVrf(index)) throw wrongArgument(word, 'Not a valid VRF name\n');
      filter.master = index;
    } else if (args.accept('nomaster')) filter.master = NO_MASTER;
    else if (args.accept('unused')) filter.isUnused = true;
    else if (args.accept('nud')) {
      const word = args.next();
      filter.states |= word === 'all' ? ALL_STATES : parseState(word) || NO_STATE;
      hasStates = true;
    } else if (args.accept('proxy')) filter.isProxy = true;
    else if (args.acceptPrefix('protocol')) {
      const word = args.next();
      filter.protocol = names.number('protocols', word) ?? refuse(word, 'invalid "protocol"\n');
    } else {
      args.accept('to');
      if (args.matches('help')) throw new UsageRequest(NEIGHBOUR_USAGE);
      filter.prefix = parsePrefix(args.next(), filter.family);
      if (filter.family === AF_UNSPEC) filter.family = filter.prefix.family;
    }
  }
  if (!hasStates) filter.states = defaultStates;
  return filter;
}

function refuse(word: string, complaint: string): never {
  throw wrongArgument(word, complaint);
}

function deviceIndex({ device }: Filter, { names }: Context): number | undefined {
  if (device === undefined) return undefined;
  const index = names.deviceIndex(device);
  if (index === undefined) throw new UsageError(`Cannot find device "${device}"`);
  return index;
}

/** A dump request; without strict checking the kernel may answer with more. */
function dumpRequest(filter: Filter, index: number | undefined): MessageWriter {
  const request = new MessageWriter(RTM_GETNEIGH, 0);
  const flags = filter.isProxy ? NEIGHBOUR_FLAGS.proxy : 0;
  neighbourHeader.write(request, { ...neighbourHeader.zero(), family: filter.family, flags });
  neighbour.encode(request, { ifindex: index, master: filter.master });
  return request;
}

function isSelected(found: Neighbour, filter: Filter, index: number | undefined): boolean {
  const { header, dst, cacheinfo, protocol = 0 } = found;
  if (filter.family !== AF_UNSPEC && filter.family !== header.family) return false;
  if (index !== undefined && index !== header.ifindex) return false;
  if (!hasState(header.state, header.flags, filter)) return false;
  if (filter.protocol !== undefined && filter.protocol !== protocol) return false;
  if (filter.isUnused && cacheinfo !== undefined && cacheinfo.refcnt !== 0) return false;
  const { prefix } = filter;
  if (prefix === undefined || prefix.family === AF_UNSPEC) return true;
  return dst !== undefined && isInside(packIp(dst), 0, prefix);
}

/** Proxies have no state, and entries that another program looks after are shown whatever theirs is. */
function hasState(state: number, flags: number, { states }: Filter): boolean {
  if (flags & (NEIGHBOUR_FLAGS.proxy | NEIGHBOUR_FLAGS.extern_learn)) return true;
  return ((state === 0 ? NO_STATE : state) & states) !== 0;
}

function layoutOf(index: number | undefined, context: Context): NeighbourLayout {
  return { hidesDevice: index !== undefined, deviceType: device => deviceType(device, context) };
}

/** Shows the entries that the rest of the line selects. */
export async function showNeighbours(args: Args, context: Context): Promise<number> {
  const filter = parseFilter(args, context, 0xff & ~NEIGHBOUR_STATES.noarp);
  const index = deviceIndex(filter, context);
  const layout = layoutOf(index, context);
  const out = context.output();
  out.list();
  for await (const batch of context.dump(dumpRequest(filter, index))) {
    for (const message of batch) {
      const found = message.type === RTM_NEWNEIGH ? decodeNeighbour(message) : undefined;
      if (found !== undefined && isSelected(found, filter, index)) {
        showNeighbour(found, out, context.view, layout);
      }
    }
  }
  out.end();
  return 0;
}

/** Deletes the entries that the rest of the line selects, round by round until none is left. */
export async function flushNeighbours(args: Args, context: Context): Promise<number> {
  if (args.done) throw new UsageError('Flush requires arguments.');
  const kept = NEIGHBOUR_STATES.permanent | NEIGHBOUR_STATES.noarp;
  const filter = parseFilter(args, context, 0xff & ~kept);
  const index = deviceIndex(filter, context);
  const isChatty = context.view.statistics > 0;
  const say = (line: string) => isChatty && context.sink.write(`${line}\n`);
  for (let round = 0; round < MAX_FLUSH_ROUNDS; ) {
    const messages = await findNeighbours(filter, index, context);
    if (messages.length === 0) {
      const rounds = `${round} round${round > 1 ? 's' : ''}`;
      say(round === 0 ? 'Nothing to flush.' : `*** Flush is complete after ${rounds} ***`);
      return 0;
    }
    round++;
    const [refusal] = await deleteAll(messages, RTM_DELNEIGH, context);
    if (refusal !== undefined) {
      context.complain(`Failed to send flush request: ${strerror(refusal.errno)}`);
      throw new CommandFailed(EXIT_FAILURE);
    }
    say(`\n*** Round ${round}, deleting ${messages.length} entries ***`);
    if (context.options.dryRun) return 0;
  }
  context.sink.write(`*** Flush not complete bailing out after ${MAX_FLUSH_ROUNDS} rounds\n`);
  return EXIT_FAILURE;
}

async function findNeighbours(
  filter: Filter,
  index: number | undefined,
  context: Context,
): Promise<readonly Message[]> {
  const { view } = context;
  const layout = layoutOf(index, context);
  const out = context.textOutput();
  const messages: Message[] = [];
  for await (const batch of context.dump(dumpRequest(filter, index), { verdict: 'Flush terminated' })) {
    for (const message of batch) {
      const found = message.type === RTM_NEWNEIGH ? decodeNeighbour(message) : undefined;
      if (found === undefined || !isSelected(found, filter, index)) continue;
      messages.push(message);
      if (view.statistics > 1) showNeighbour(found, out, view, layout);
    }
  }
  return messages;
}
