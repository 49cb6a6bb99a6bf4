/** `ip netconf`: settings of the families on devices. */

import { type KernelError, strerror } from '../kernel/system/errors.ts';
import { showNetconf } from '../layouts/netconf.ts';
import { AF_UNSPEC } from '../linux/families.ts';
import { RTM_GETNETCONF } from '../linux/rtnetlink.ts';
import { decodeNetconf, NETCONF_HEADER_LENGTH, netconf as netconfTable } from '../rtnetlink/netconf.ts';
import { type Args, EXIT_USAGE, UsageError, UsageRequest } from '../schema/args.ts';
import type { Message } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './frame/context.ts';

const USAGE = `Usage: ip netconf [ show | list ] [ dev DEVICE ]`;

/** Runs `ip netconf`. */
export async function netconf(args: Args, context: Context): Promise<number> {
  if (args.done || args.acceptPrefix('show', 'lst', 'list')) return showSettings(args, context);
  if (args.acceptPrefix('help')) throw new UsageRequest(USAGE);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip netconf help".`, EXIT_USAGE);
}

async function showSettings(args: Args, context: Context): Promise<number> {
  const { family, view } = context;
  const index = readDevice(args, context);
  const request = new MessageWriter(RTM_GETNETCONF, 0);
  const at = request.reserve(NETCONF_HEADER_LENGTH);
  request.bytes[at] = family;
  const isSingle = index !== undefined && family !== AF_UNSPEC;
  if (isSingle) netconfTable.encode(request, { ifindex: index });
  // A refusal of a single question leaves no JSON, one of a dump its beginning.
  const answers = isSingle ? await context.request(request) : undefined;
  const out = context.output();
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

/** What a dump ends with is told twice, once in the words of the system. */
function verdict(refusal: KernelError | undefined): string {
  const words = refusal?.endsDump ? `RTNETLINK answers: ${strerror(refusal.errno)}\n` : '';
  return `${words}Dump terminated`;
}

/** Reads `dev NAME`; other words mean nothing, as in the original. */
function readDevice(args: Args, { names }: Context): number | undefined {
  let index: number | undefined;
  while (!args.done) {
    if (!args.accept('dev')) {
      args.skip();
      continue;
    }
    const name = args.next();
    index = names.deviceIndex(name);
    if (index === undefined) throw new UsageError(`Device "${name}" does not exist.`);
  }
  return index;
}
