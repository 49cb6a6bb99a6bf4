/** `ip netconf`: settings of the families on devices. */

import { KernelError, strerror } from '../kernel/system/errors.ts';
import { showNetconf } from '../layouts/netconf.ts';
import { EOPNOTSUPP } from '../linux/errno.ts';
import { AF_INET, AF_UNSPEC } from '../linux/families.ts';
import { RTM_GETNETCONF } from '../linux/rtnetlink.ts';
import { decodeNetconf, NETCONF_HEADER_LENGTH, netconf as netconfTable } from '../rtnetlink/netconf.ts';
import { type Args, UsageError } from '../schema/args.ts';
import { exact, type Grammar, readWords, value } from '../schema/keywords.ts';
import type { Output } from '../schema/output.ts';
import { synopsisItems, synopsisLines } from '../schema/synopsis.ts';
import type { View } from '../schema/view.ts';
import type { Message } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './frame/context.ts';
import type { Subcommands } from './frame/subcommands.ts';

const DEV = value<number, Context>(
  { synopsis: 'STRING', names: 'device' },
  (word, { names }) => names.deviceIndex(word),
  word => new UsageError(`Device "${word}" does not exist.`),
);

/** The words of `show`. Words other than `dev` are ignored, as in the original. */
const SHOW_GRAMMAR: Grammar<{ index?: number }, Context> = {
  keywords: [exact('dev', DEV, 'index')],
  readOperand: (_filter, args) => args.skip(),
};

export const NETCONF: Subcommands = {
  program: 'ip netconf',
  default: 'show',
  usage: async () => synopsisLines('Usage: ip netconf show', synopsisItems(SHOW_GRAMMAR)),
  commands: [
    { names: ['show', 'lst', 'list'], load: async () => showSettings, grammar: async () => SHOW_GRAMMAR },
  ],
};

async function showSettings(args: Args, context: Context): Promise<number> {
  const { family, view } = context;
  const filter: { index?: number } = {};
  readWords(SHOW_GRAMMAR, filter, args, context);
  const { index } = filter;
  if (index !== undefined && family !== AF_UNSPEC) {
    const request = requestOf(family);
    netconfTable.encode(request, { ifindex: index });
    // The original prints the answer to a single question as text, with -json too; a refusal leaves no JSON.
    const answers = await context.request(request);
    show(answers, { index, family }, context.textOutput(), view);
    return 0;
  }
  try {
    await list({ index, family }, context);
  } catch (error) {
    // Old kernels list no family but one.
    if (!(error instanceof KernelError)) throw error;
    await list({ index, family: AF_INET }, context);
  }
  return 0;
}

interface Filter {
  readonly index: number | undefined;
  readonly family: number;
}

/** Lists the settings of a family, or of all. A refusal ends the command, but that of all families is thrown. */
async function list(filter: Filter, context: Context): Promise<void> {
  const out = context.output();
  const isCaught = ({ errno }: KernelError) => errno === EOPNOTSUPP && filter.family === AF_UNSPEC;
  out.list();
  try {
    for await (const batch of context.dump(requestOf(filter.family), { verdict, isCaught }))
      show(batch, filter, out, context.view);
  } catch (error) {
    // The list of a family that is refused stays open.
    if (error instanceof KernelError) out.end();
    throw error;
  }
  out.end();
}

function requestOf(family: number): MessageWriter {
  const request = new MessageWriter(RTM_GETNETCONF, 0);
  const at = request.reserve(NETCONF_HEADER_LENGTH);
  request.bytes[at] = family;
  return request;
}

function show(messages: readonly Message[], { index, family }: Filter, out: Output, view: View): void {
  for (const message of messages) {
    const found = decodeNetconf(message);
    if (found === undefined || (index !== undefined && found.ifindex !== index)) continue;
    if (family !== AF_UNSPEC && found.family !== family) continue;
    showNetconf(found, false, out, view);
  }
}

/** An error at the end of a dump is reported twice, once in the words of the system. */
function verdict(refusal: KernelError | undefined): string {
  const words = refusal?.endsDump ? `RTNETLINK answers: ${strerror(refusal.errno)}\n` : '';
  return `${words}Dump terminated`;
}
