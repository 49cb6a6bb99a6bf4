/** `ip nexthop show` and `get`: next hop objects and their groups. */
import { showNextHop } from '../../layouts/route/nexthop.ts';
import { RTM_DELNEXTHOP, RTM_GETNEXTHOP, RTM_NEWNEXTHOP } from '../../linux/rtnetlink.ts';
import {
  decodeNextHop,
  encodeNextHop,
  type NextHopObject,
  type NextHopValues,
  nextHopHeader,
  operationFlags,
} from '../../rtnetlink/nexthop.ts';
import { type Args, EXIT_KERNEL, UsageRequest } from '../../schema/args.ts';
import { exact, type Grammar, readWords } from '../../schema/keywords.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import type { DumpOptions } from '../frame/dump.ts';
import { notOfKind } from '../frame/first-answer.ts';
import { CommandFailed } from '../frame/report.ts';
import { ID, readSelectors } from './selectors.ts';

/** A request of `type` for what `values` select. */
export function requestOf(type: number, context: Context, values: NextHopValues): MessageWriter {
  const request = new MessageWriter(type, 0);
  encodeNextHop(request, { ...nextHopHeader.zero(), family: context.family }, values);
  return request;
}

/** `ip nexthop show`. */
export async function listNextHops(args: Args, context: Context): Promise<number> {
  const { protocol, ...values } = readSelectors(args, context);
  if (values.id !== undefined) return showOne(values.id, context);
  const out = context.output();
  out.list();
  try {
    for await (const message of dumpNextHops(values, context)) {
      const hop = decodeNextHop(message);
      if (hop === undefined || (protocol !== undefined && protocol !== hop.protocol)) continue;
      show(hop, message, out, context);
    }
  } catch (error) {
    if (error instanceof CommandFailed) out.end();
    throw error;
  }
  out.end();
  return 0;
}

/** The messages of a dump of what `values` select. */
export async function* dumpNextHops(
  values: NextHopValues,
  context: Context,
  options: DumpOptions = {},
): AsyncGenerator<Message, void> {
  const flags = operationFlags(context.view.statistics);
  const request = requestOf(RTM_GETNEXTHOP, context, flags === 0 ? values : { ...values, op_flags: flags });
  for await (const messages of context.dump(request, { exitCode: EXIT_KERNEL, ...options })) {
    for (const message of messages) {
      if (message.type === RTM_NEWNEXTHOP || message.type === RTM_DELNEXTHOP) yield message;
    }
  }
}

function show(hop: NextHopObject, message: Message, out: Output, context: Context): void {
  showNextHop(hop, message.type === RTM_DELNEXTHOP, out, context.view);
}

interface Draft {
  id?: number;
}

/** The words of `get`. */
export const GET_GRAMMAR: Grammar<Draft, Context> = { keywords: [exact('id', ID, 'id')] };

/** `ip nexthop get`. */
export async function getNextHop(args: Args, context: Context): Promise<number> {
  const draft: Draft = {};
  readWords(GET_GRAMMAR, draft, args, context);
  if (!args.done || !draft.id) throw new UsageRequest();
  return showOne(draft.id, context);
}

async function showOne(id: number, context: Context): Promise<number> {
  const request = new MessageWriter(RTM_GETNEXTHOP, 0);
  encodeNextHop(request, nextHopHeader.zero(), { id, op_flags: operationFlags(context.view.statistics) });
  const [message] = await context.request(request, 'answer');
  const out = context.output();
  out.list();
  const isNextHop = message?.type === RTM_NEWNEXTHOP || message?.type === RTM_DELNEXTHOP;
  if (message !== undefined && !isNextHop) context.complain(notOfKind('Not a nexthop', message));
  const hop = isNextHop ? decodeNextHop(message) : undefined;
  if (message !== undefined && hop !== undefined) show(hop, message, out, context);
  out.end();
  if (!isNextHop) throw new CommandFailed();
  return 0;
}
