/** `ip addrlabel`: the labels by which IPv6 source addresses are chosen. */

import { KernelError } from '../kernel/system/errors.ts';
import { showAddressLabel } from '../layouts/address-label.ts';
import { AF_INET6, AF_UNSPEC } from '../linux/families.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from '../linux/netlink.ts';
import { RTM_DELADDRLABEL, RTM_GETADDRLABEL, RTM_NEWADDRLABEL } from '../linux/rtnetlink.ts';
import { addressLabel, addressLabelHeader, decodeAddressLabel } from '../rtnetlink/address-label.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../schema/args.ts';
import { exact, type Grammar, type Operand, reads, readWords, value } from '../schema/keywords.ts';
import { synopsisItems, synopsisLines } from '../schema/synopsis.ts';
import * as codec from '../wire/codec.ts';
import type { Message } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './frame/context.ts';

import { CommandFailed, kernelErrorText } from './frame/report.ts';
import type { Subcommands } from './frame/subcommands.ts';
import { type Prefix, parsePrefix } from './grammar/prefix.ts';
import { number } from './grammar/values.ts';

/** IFAL_LABEL of a line without a label. */
const NO_LABEL = 0xffffffff;

/** What the words of `add` and `delete` say. */
interface Draft {
  prefix?: Prefix;
  index: number;
  label: number;
}

const PREFIX: Operand = { synopsis: 'PREFIX', examples: ['fd00::/8', '::/0'] };

const DEV = value<number, Context>(
  { synopsis: 'DEV', names: 'device' },
  (word, { names }) => names.deviceIndex(word),
  'dev is invalid\n',
);

/** The words of `add` and `delete`. Other words are ignored, as in the original. */
const CHANGE_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    reads('prefix', [PREFIX], (draft, args, { family }) => {
      draft.prefix = parsePrefix(args.next(), family);
    }),
    exact('dev', DEV, 'index'),
    exact('label', number('LABEL', 'label is invalid\n', NO_LABEL - 1), 'label'),
  ],
  readOperand: (_draft, args) => args.skip(),
};

const changeGrammar = async () => CHANGE_GRAMMAR;

export const ADDRLABEL: Subcommands = {
  program: 'ip addrlabel',
  default: 'list',
  usage: async () => `\
${synopsisLines('Usage: ip addrlabel { add | del }', synopsisItems(CHANGE_GRAMMAR)).replace('[ prefix PREFIX ]', 'prefix PREFIX')}
       ip addrlabel [ list | flush | help ]

LABEL is a number; a source address is preferred if it has the label of the destination.`,
  commands: [
    { names: ['list', 'lst', 'show'], load: async () => showLabels },
    {
      names: ['add'],
      load: async () => (args, context) => change(args, context, RTM_NEWADDRLABEL, NLM_F_CREATE | NLM_F_EXCL),
      grammar: changeGrammar,
    },
    {
      names: ['delete'],
      load: async () => (args, context) => change(args, context, RTM_DELADDRLABEL, 0),
      grammar: changeGrammar,
    },
    { names: ['flush'], load: async () => flushLabels },
  ],
};

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

async function change(args: Args, context: Context, type: number, flags: number): Promise<number> {
  const draft: Draft = { index: 0, label: NO_LABEL };
  readWords(CHANGE_GRAMMAR, draft, args, context);
  const { prefix, index, label } = draft;
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
