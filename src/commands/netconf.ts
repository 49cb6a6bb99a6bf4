/** `ip netconf`: settings of the families on devices. */

import { type KernelError, strerror } from '../kernel/system/errors.ts';
import { showNetconf } from '../layouts/netconf.ts';
import { AF_UNSPEC } from '../linux/families.ts';
import { RTM_GETNETCONF } from '../linux/rtnetlink.ts';
import { decodeNetconf, NETCONF_HEADER_LENGTH, netconf as netconfTable } from '../rtnetlink/netconf.ts';
import { type Args, UsageError } from '../schema/args.ts';
import { exact, type Grammar, readWords, value } from '../schema/keywords.ts';
import { synopsisItems, synopsisLines } from '../schema/synopsis.ts';
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
  const request = new MessageWriter(RTM_GETNETCONF, 0);
  const at = request.reserve(NETCONF_HEADER_LENGTH);
  request.bytes[at] = family;
  const isSingle = index !== undefined && family !== AF_UNSPEC;
  if (isSingle) netconfTable.encode(request, { ifindex: index });
  // A refusal of a single question leaves no JSON, one of a dump its beginning.
  const answers = isSingle ? await context.request(request) : undefined;
  // The original prints the answer to a single question as text, with -json too.
  const out = isSingle ? context.textOutput() : context.output();
  const show = (messages: readonly Message[]) => {
    for (const message of messages) {
      const found = decodeNetconf(message);
      if (found === undefined || (index !== undefined && found.ifindex !== index)) continue;
      if (family !== AF_UNSPEC && found.family !== family) continue;
      showNetconf(found, false, out, view);
    }
  };
  out.list();
  if (answers !== undefined) show(answers);
  else for await (const batch of context.dump(request, { verdict })) show(batch);
  out.end();
  return 0;
}

/** An error at the end of a dump is reported twice, once in the words of the system. */
function verdict(refusal: KernelError | undefined): string {
  const words = refusal?.endsDump ? `RTNETLINK answers: ${strerror(refusal.errno)}\n` : '';
  return `${words}Dump terminated`;
}
