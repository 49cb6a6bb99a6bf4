/** `ip neighbour show` and `flush`: the entries that a filter chooses. */

import { strerror } from '../../kernel/system/errors.ts';
import { type NeighbourLayout, showNeighbour } from '../../layouts/neighbour.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_DUMP_FILTERED } from '../../linux/netlink.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from '../../linux/rtnetlink.ts';
import {
  decodeNeighbour,
  NEIGHBOUR_FLAGS,
  NEIGHBOUR_STATES,
  type Neighbour,
  neighbour,
  neighbourHeader,
} from '../../rtnetlink/neighbour.ts';
import { type Args, EXIT_FAILURE, UsageError, UsageRequest } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  type Operand,
  reads,
  readWords,
  shortened,
} from '../../schema/keywords.ts';
import { packIp } from '../../wire/address.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { deleteAll } from '../frame/flush.ts';

import { CommandFailed } from '../frame/report.ts';
import { isInside, type Prefix, parsePrefix } from '../grammar/prefix.ts';
import { DEVICE, DEVICE_NAME, deviceIndex, namedOrAll, VRF } from '../grammar/values.ts';
import { deviceType, SHOWN_STATES } from './states.ts';

/** Stands in a set of states for entries that have none. */
const NO_STATE = 0x100;
const ALL_STATES = 0xffff;
const MAX_FLUSH_ROUNDS = 10;
/** What the original prints once of a kernel that does not filter by the master of devices. */
const UNFILTERED = '\nWARNING: Kernel does not support filtering by master device\n\n';
/** NDA_MASTER of devices that belong to no other. */
const NO_MASTER = 0xffffffff;

/** Which entries are meant. */
interface Filter {
  family: number;
  prefix?: Prefix;
  device?: string;
  master?: number;
  states?: number;
  protocol?: number | undefined;
  isUnused: boolean;
  isProxy: boolean;
}

/** The same with the device looked up. */
interface Selection extends Filter {
  readonly index: number | undefined;
  readonly states: number;
}

const PREFIX: Operand = { synopsis: 'PREFIX', examples: ['10.0.0.0/8', 'fd00::/8'] };

/** The words of `show` and `flush`. */
export const FILTER_GRAMMAR: Grammar<Filter, Context> = {
  keywords: [
    exact('dev', DEVICE_NAME, 'device', { isGiven: ({ device }) => device !== undefined }),
    exact('master', DEVICE, 'master'),
    exact('vrf', VRF, 'master'),
    flag('nomaster', filter => {
      filter.master = NO_MASTER;
    }),
    flag('unused', filter => {
      filter.isUnused = true;
    }),
    {
      ...exact('nud', SHOWN_STATES, (filter, state) => {
        filter.states = (filter.states ?? 0) | (state === 'all' ? ALL_STATES : state || NO_STATE);
      }),
      repeats: true,
    },
    flag('proxy', filter => {
      filter.isProxy = true;
    }),
    shortened(
      exact('protocol', namedOrAll('PROTO', 'protocols', 'invalid "protocol"\n'), (filter, protocol) => {
        filter.protocol = protocol === 'all' ? undefined : protocol || undefined;
      }),
    ),
    reads('to', [PREFIX], readPrefix),
  ],
  operand: PREFIX,
  readOperand: readPrefix,
};

function readPrefix(filter: Filter, args: Args): void {
  if (args.matches('help')) throw new UsageRequest();
  filter.prefix = parsePrefix(args.next(), filter.family);
  if (filter.family === AF_UNSPEC) filter.family = filter.prefix.family;
}

function readFilter(args: Args, context: Context, defaultStates: number): Selection {
  const filter: Filter = { family: context.family, isUnused: false, isProxy: false };
  readWords(FILTER_GRAMMAR, filter, args, context);
  const index = filter.device === undefined ? undefined : deviceIndex(filter.device, context.names);
  return { ...filter, index, states: filter.states ?? defaultStates };
}

/** A dump request; without strict checking the kernel may answer with more. */
function dumpRequest(filter: Selection): MessageWriter {
  const request = new MessageWriter(RTM_GETNEIGH, 0);
  const flags = filter.isProxy ? NEIGHBOUR_FLAGS.proxy : 0;
  neighbourHeader.write(request, { ...neighbourHeader.zero(), family: filter.family, flags });
  neighbour.encode(request, { ifindex: filter.index, master: filter.master });
  return request;
}

function isSelected(found: Neighbour, filter: Selection): boolean {
  const { header, dst, cacheinfo, protocol = 0 } = found;
  if (filter.family !== AF_UNSPEC && filter.family !== header.family) return false;
  if (filter.index !== undefined && filter.index !== header.ifindex) return false;
  if (!hasState(header.state, header.flags, filter)) return false;
  if (filter.protocol !== undefined && filter.protocol !== protocol) return false;
  if (filter.isUnused && cacheinfo !== undefined && cacheinfo.refcnt !== 0) return false;
  const { prefix } = filter;
  if (prefix === undefined || prefix.family === AF_UNSPEC) return true;
  return dst !== undefined && isInside(packIp(dst), 0, prefix);
}

/** Proxies have no state, and entries that another program looks after are shown whatever theirs is. */
function hasState(state: number, flags: number, { states }: Selection): boolean {
  if (flags & (NEIGHBOUR_FLAGS.proxy | NEIGHBOUR_FLAGS.extern_learn)) return true;
  return ((state === 0 ? NO_STATE : state) & states) !== 0;
}

function layoutOf({ index }: Selection, context: Context): NeighbourLayout {
  return { hidesDevice: index !== undefined, deviceType: device => deviceType(device, context) };
}

/** Shows the entries that the rest of the line selects. */
export async function showNeighbours(args: Args, context: Context): Promise<number> {
  const filter = readFilter(args, context, 0xff & ~NEIGHBOUR_STATES.noarp);
  const layout = layoutOf(filter, context);
  const out = context.output();
  out.list();
  let isWarned = false;
  for await (const batch of context.dump(dumpRequest(filter), { readsAhead: true })) {
    for (const message of batch) {
      const found = message.type === RTM_NEWNEIGH ? decodeNeighbour(message) : undefined;
      if (found === undefined || !isSelected(found, filter)) continue;
      if (filter.master !== undefined && !isWarned && !(message.flags & NLM_F_DUMP_FILTERED)) {
        context.sink.write(UNFILTERED);
        isWarned = true;
      }
      showNeighbour(found, out, context.view, layout);
    }
  }
  out.end();
  return 0;
}

/** Deletes the entries that the rest of the line selects, round by round until none is left. */
export async function flushNeighbours(args: Args, context: Context): Promise<number> {
  if (args.done) throw new UsageError('Flush requires arguments.');
  const kept = NEIGHBOUR_STATES.permanent | NEIGHBOUR_STATES.noarp;
  const filter = readFilter(args, context, 0xff & ~kept);
  const isChatty = context.view.statistics > 0;
  const say = (line: string) => isChatty && context.sink.write(`${line}\n`);
  for (let round = 0; round < MAX_FLUSH_ROUNDS; ) {
    const messages = await findNeighbours(filter, context);
    if (messages.length === 0) {
      const rounds = `${round} round${round > 1 ? 's' : ''}`;
      say(round === 0 ? 'Nothing to flush.' : `*** Flush is complete after ${rounds} ***`);
      return 0;
    }
    round++;
    const [refusal] = deleteAll(messages, RTM_DELNEIGH, context);
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

async function findNeighbours(filter: Selection, context: Context): Promise<readonly Message[]> {
  const { view } = context;
  const layout = layoutOf(filter, context);
  const out = context.textOutput();
  const messages: Message[] = [];
  for await (const batch of context.dump(dumpRequest(filter), { verdict: 'Flush terminated' })) {
    for (const message of batch) {
      const found = message.type === RTM_NEWNEIGH ? decodeNeighbour(message) : undefined;
      if (found === undefined || !isSelected(found, filter)) continue;
      messages.push(message);
      if (view.statistics > 1) showNeighbour(found, out, view, layout);
    }
  }
  return messages;
}
