/** `ip nexthop`: next hop objects, their groups, and the buckets of resilient groups. */

import { KernelError } from '../../kernel/system/errors.ts';
import { showBucket, showNextHop } from '../../layouts/nexthop.ts';
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import {
  RTM_DELNEXTHOP,
  RTM_DELNEXTHOPBUCKET,
  RTM_GETNEXTHOP,
  RTM_GETNEXTHOPBUCKET,
  RTM_NEWNEXTHOP,
  RTM_NEWNEXTHOPBUCKET,
} from '../../linux/rtnetlink.ts';
import {
  decodeNextHop,
  encodeNextHop,
  type NextHopObject,
  type NextHopValues,
  nextHopHeader,
  operationFlags,
} from '../../rtnetlink/nexthop.ts';
import {
  type Args,
  EXIT_FAILURE,
  EXIT_KERNEL,
  EXIT_USAGE,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Command } from '../frame/command.ts';
import type { Context, DumpOptions } from '../frame/context.ts';
import { CommandFailed, kernelErrorText } from '../frame/report.ts';
import { vrfDevice } from '../grammar/route-words.ts';
import { NEXTHOP_USAGE } from './usage.ts';

const U32 = 0xffffffff;

/** Runs `ip nexthop COMMAND ...`; without a command it shows. The words in the order of abbreviations. */
export const nexthop: Command = async (args, context) => {
  if (args.done) return list(args, context);
  if (args.acceptPrefix('add')) return change(args, context, RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_EXCL);
  if (args.acceptPrefix('replace'))
    return change(args, context, RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_REPLACE);
  if (args.acceptPrefix('delete')) return change(args, context, RTM_DELNEXTHOP, 0);
  if (args.acceptPrefix('list', 'show', 'lst')) return list(args, context);
  if (args.acceptPrefix('get')) return get(args, context);
  if (args.acceptPrefix('flush')) return flush(args, context);
  if (args.acceptPrefix('bucket')) return bucket(args, context);
  if (args.matches('help')) throw usage();
  throw unknownCommand(args);
};

async function change(args: Args, context: Context, type: number, flags: number): Promise<number> {
  return (await import('./change.ts')).changeNextHop(args, context, type, flags);
}

function bucket(args: Args, context: Context): Promise<number> {
  if (args.done || args.acceptPrefix('list', 'show', 'lst')) return listBuckets(args, context);
  if (args.acceptPrefix('get')) return getBucket(args, context);
  if (args.matches('help')) throw usage();
  throw unknownCommand(args);
}

function usage(): UsageRequest {
  return new UsageRequest(NEXTHOP_USAGE);
}

function unknownCommand(args: Args): UsageError {
  return new UsageError(`Command "${args.peek()}" is unknown, try "ip nexthop help".`, EXIT_USAGE);
}

/** The selectors of show and flush; `id` asks for one object and ends the line. */
interface Selectors {
  readonly values: NextHopValues;
  protocol?: number | undefined;
  id?: number;
}

function parseSelectors(args: Args, context: Context): Selectors {
  const selectors: Selectors = { values: {} };
  while (!args.done && selectors.id === undefined) {
    if (args.accept('id')) selectors.id = readId(args);
    else if (args.acceptPrefix('protocol'))
      selectors.protocol = read(args, readNumber, 'invalid protocol value') || undefined;
    else if (!parseCommonSelector(args, selectors.values, context)) parseOther(args, selectors.values);
  }
  return selectors;
}

function parseOther(args: Args, values: NextHopValues): void {
  if (args.acceptPrefix('groups')) values.groups = true;
  else if (args.acceptPrefix('fdb')) values.fdb = true;
  else if (args.matches('help')) throw usage();
  else throw wrongArgument(args.next(), '');
}

/** What next hops and buckets are both selected by. */
function parseCommonSelector(args: Args, values: NextHopValues, { names }: Context): boolean {
  const device = (word: string) => names.deviceIndex(word);
  if (args.acceptPrefix('dev')) values.oif = read(args, device, 'Device does not exist\n');
  else if (args.acceptPrefix('master')) values.master = read(args, device, 'Device does not exist\n');
  else if (args.acceptPrefix('vrf')) values.master = read(args, vrfDevice, 'Invalid VRF\n');
  else return false;
  return true;
}

function read<T>(args: Args, parse: (word: string) => T | undefined, complaint: string): T {
  const word = args.next();
  const value = parse(word);
  if (value === undefined) throw wrongArgument(word, complaint);
  return value;
}

const readNumber = (word: string) => parseUnsigned(word, U32);

function readId(args: Args): number {
  return read(args, readNumber, 'invalid id value');
}

function requestOf(type: number, context: Context, values: NextHopValues): MessageWriter {
  const request = new MessageWriter(type, 0);
  encodeNextHop(request, { ...nextHopHeader.zero(), family: context.family }, values);
  return request;
}

async function list(args: Args, context: Context): Promise<number> {
  const { id, protocol, values } = parseSelectors(args, context);
  if (id !== undefined) return showOne(id, context);
  const out = context.output();
  out.list();
  try {
    for await (const message of dump(values, context)) {
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

async function* dump(
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

async function get(args: Args, context: Context): Promise<number> {
  let id: number | undefined;
  while (!args.done) {
    if (!args.accept('id')) throw usage();
    id = readId(args);
  }
  if (!id) throw usage();
  return showOne(id, context);
}

async function showOne(id: number, context: Context): Promise<number> {
  const request = new MessageWriter(RTM_GETNEXTHOP, 0);
  encodeNextHop(request, nextHopHeader.zero(), { id, op_flags: operationFlags(context.view.statistics) });
  const [message] = await context.session.request(request, 'answer');
  const out = context.output();
  out.list();
  const hop = message === undefined ? undefined : decodeNextHop(message);
  if (message !== undefined && hop !== undefined) show(hop, message, out, context);
  out.end();
  return 0;
}

const FLUSH_FAILED = 'Dump terminated. Failed to flush nexthops';

/** Deletes one by one. Without selectors groups go first, so that their members can go without being missed. */
async function flush(args: Args, context: Context): Promise<number> {
  const isAll = args.done;
  const { id, protocol, values } = parseSelectors(args, context);
  if (id !== undefined) return deleteOne(id, context);
  let count = 0;
  try {
    for (const selection of isAll ? [{ ...values, groups: true as const }, values] : [values]) {
      for await (const message of dump(selection, context, { verdict: FLUSH_FAILED })) {
        const hop = decodeNextHop(message);
        if (hop?.attributes.id === undefined || (protocol !== undefined && protocol !== hop.protocol))
          continue;
        if (await remove(hop.attributes.id, context)) count++;
      }
    }
  } finally {
    context.sink.write(count === 0 ? 'Nothing to flush\n' : `Flushed ${count} nexthops\n`);
  }
  return 0;
}

async function deleteOne(id: number, context: Context): Promise<number> {
  return (await remove(id, context)) ? 0 : EXIT_FAILURE;
}

/** Deletes an object; tells a refusal and answers false. */
async function remove(id: number, context: Context): Promise<boolean> {
  const request = new MessageWriter(RTM_DELNEXTHOP, 0);
  encodeNextHop(request, nextHopHeader.zero(), { id });
  try {
    await context.session.request(request);
    return true;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    context.complain(kernelErrorText(error));
    return false;
  }
}

async function listBuckets(args: Args, context: Context): Promise<number> {
  const values: NextHopValues = {};
  while (!args.done) {
    if (args.accept('id')) values.id = readId(args) || undefined;
    else if (args.accept('nhid')) {
      const id = readId(args);
      values.res_bucket = id === 0 ? undefined : { nh_id: id };
    } else if (!parseCommonSelector(args, values, context)) {
      if (args.matches('help')) throw usage();
      throw wrongArgument(args.next(), '');
    }
  }
  const out = context.output();
  out.list();
  const request = requestOf(RTM_GETNEXTHOPBUCKET, context, values);
  try {
    for await (const messages of context.dump(request, { exitCode: EXIT_KERNEL })) {
      for (const message of messages) showBucketOf(message, out);
    }
  } catch (error) {
    if (error instanceof CommandFailed) out.end();
    throw error;
  }
  out.end();
  return 0;
}

function showBucketOf(message: Message, out: Output): void {
  if (message.type !== RTM_NEWNEXTHOPBUCKET && message.type !== RTM_DELNEXTHOPBUCKET) return;
  const found = decodeNextHop(message);
  if (found !== undefined) showBucket(found, message.type === RTM_DELNEXTHOPBUCKET, out);
}

async function getBucket(args: Args, context: Context): Promise<number> {
  let id: number | undefined;
  let index: number | undefined;
  while (!args.done) {
    if (args.accept('id')) id = readId(args);
    else if (args.accept('index'))
      index = read(args, word => parseUnsigned(word, 0xffff), 'invalid bucket index value');
    else throw usage();
  }
  if (!id || index === undefined) throw usage();
  const request = requestOf(RTM_GETNEXTHOPBUCKET, context, { id, res_bucket: { index } });
  const [message] = await context.session.request(request, 'answer');
  const out = context.output();
  out.list();
  if (message !== undefined) showBucketOf(message, out);
  out.end();
  return 0;
}
