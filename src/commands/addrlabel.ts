/** `ip addrlabel`: the labels by which IPv6 source addresses are chosen. */

import { KernelError } from '../kernel/system/errors.ts';
import { showAddressLabel } from '../layouts/address-label.ts';
import { AF_INET6, AF_UNSPEC } from '../linux/families.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from '../linux/netlink.ts';
import { RTM_DELADDRLABEL, RTM_GETADDRLABEL, RTM_NEWADDRLABEL } from '../linux/rtnetlink.ts';
import { addressLabel, addressLabelHeader, decodeAddressLabel } from '../rtnetlink/address-label.ts';
import {
  type Args,
  EXIT_FAILURE,
  EXIT_USAGE,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../schema/args.ts';
import { parseUnsigned } from '../schema/number.ts';
import * as codec from '../wire/codec.ts';
import type { Message } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './frame/context.ts';

import { CommandFailed, kernelErrorText } from './frame/report.ts';
import { type Prefix, parsePrefix } from './grammar/prefix.ts';

const USAGE = `Usage: ip addrlabel [ list | show ]
       ip addrlabel { add | delete } prefix PREFIX [ dev DEVICE ] label LABEL
       ip addrlabel flush
LABEL is a number; addresses and destinations with equal labels belong together.`;

/** Stands for no label. */
const NO_LABEL = 0xffffffff;

/** Runs `ip addrlabel`. */
export async function addrlabel(args: Args, context: Context): Promise<number> {
  if (args.done || args.acceptPrefix('list', 'lst', 'show')) return showLabels(args, context);
  if (args.acceptPrefix('add')) return change(args, context, RTM_NEWADDRLABEL, NLM_F_CREATE | NLM_F_EXCL);
  if (args.acceptPrefix('delete')) return change(args, context, RTM_DELADDRLABEL, 0);
  if (args.acceptPrefix('flush')) return flushLabels(args, context);
  if (args.acceptPrefix('help')) throw new UsageRequest(USAGE);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip addrlabel help".`, EXIT_USAGE);
}

function familyOf({ family }: Context): number {
  return family === AF_UNSPEC ? AF_INET6 : family;
}

function dumpRequest(context: Context): MessageWriter {
  const request = new MessageWriter(RTM_GETADDRLABEL, 0);
  addressLabelHeader.write(request, { ...addressLabelHeader.zero(), family: familyOf(context) });
  return request;
}

async function showLabels(args: Args, context: Context): Promise<number> {
  if (!args.done) throw new UsageError('"ip addrlabel show" does not take any arguments.');
  const out = context.output();
  out.list();
  try {
    for await (const batch of context.dump(dumpRequest(context), { exitCode: EXIT_USAGE })) {
      for (const message of batch) {
        const found = decodeAddressLabel(message);
        if (found !== undefined) showAddressLabel(found, false, out, context.view);
      }
    }
  } finally {
    out.end();
  }
  return 0;
}

/** Adds or deletes a label. Words that are none of the keywords mean nothing, as in the original. */
async function change(args: Args, context: Context, type: number, flags: number): Promise<number> {
  let prefix: Prefix | undefined;
  let index = 0;
  let label = NO_LABEL;
  while (!args.done) {
    if (args.accept('prefix')) {
      prefix = parsePrefix(args.next(), context.family);
    } else if (args.accept('dev')) {
      const word = args.next();
      index = context.names.deviceIndex(word) ?? refuse(word, 'dev is invalid\n');
    } else if (args.accept('label')) {
      const word = args.next();
      label = parseUnsigned(word, NO_LABEL - 1) ?? refuse(word, 'label is invalid\n');
    } else {
      args.skip();
    }
  }
  if (prefix === undefined) throw missing('prefix');
  if (label === NO_LABEL) throw missing('label');
  const request = new MessageWriter(type, flags);
  const header = { ...addressLabelHeader.zero(), prefixlen: prefix.length, index };
  addressLabelHeader.write(request, { ...header, family: familyOf(context) });
  addressLabel.encode(request, { label });
  request.attribute(addressLabel.rows.address.type, codec.bytes, Buffer.from(prefix.bytes));
  await context.change(request);
  return 0;
}

function refuse(word: string, complaint: string): never {
  throw wrongArgument(word, complaint);
}

function missing(keyword: string): UsageError {
  return new UsageError(`Not enough information: "${keyword}" argument is required.`);
}

async function flushLabels(args: Args, context: Context): Promise<number> {
  if (!args.done) throw new UsageError('"ip addrlabel flush" does not allow extra arguments');
  const messages: Message[] = [];
  for await (const batch of context.dump(dumpRequest(context), { verdict: 'Flush terminated' })) {
    messages.push(...batch);
  }
  try {
    for (const { bytes, payload, end } of messages) {
      const request = new MessageWriter(RTM_DELADDRLABEL, 0);
      request.raw(bytes.subarray(payload, end));
      await context.request(request);
    }
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    context.complain(kernelErrorText(error));
    context.complain('Flush terminated');
    throw new CommandFailed(EXIT_FAILURE);
  }
  return 0;
}
