/** `ip nexthop flush`: deletes next hop objects one by one. */
import { KernelError } from '../../kernel/system/errors.ts';
import { RTM_DELNEXTHOP } from '../../linux/rtnetlink.ts';
import { decodeNextHop, encodeNextHop, nextHopHeader } from '../../rtnetlink/nexthop.ts';
import { type Args, EXIT_FAILURE } from '../../schema/args.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { kernelErrorText } from '../frame/report.ts';
import { readSelectors } from './selectors.ts';
import { dumpNextHops } from './show.ts';

const FLUSH_FAILED = 'Dump terminated. Failed to flush nexthops';

/** Deletes one by one. Without selectors groups go first, so that the kernel does not miss their members. */
export async function flushNextHops(args: Args, context: Context): Promise<number> {
  const isAll = args.done;
  const { protocol, ...values } = readSelectors(args, context);
  if (values.id !== undefined) return (await deleteObject(values.id, context)) ? 0 : EXIT_FAILURE;
  let count = 0;
  try {
    for (const selection of isAll ? [{ ...values, groups: true as const }, values] : [values]) {
      for await (const message of dumpNextHops(selection, context, { verdict: FLUSH_FAILED })) {
        const hop = decodeNextHop(message);
        if (hop?.attributes.id === undefined || (protocol !== undefined && protocol !== hop.protocol))
          continue;
        if (await deleteObject(hop.attributes.id, context)) count++;
      }
    }
  } finally {
    context.sink.write(count === 0 ? 'Nothing to flush\n' : `Flushed ${count} nexthops\n`);
  }
  return 0;
}

/** Deletes an object; reports a refusal and returns false. */
async function deleteObject(id: number, context: Context): Promise<boolean> {
  const request = new MessageWriter(RTM_DELNEXTHOP, 0);
  encodeNextHop(request, nextHopHeader.zero(), { id });
  try {
    await context.request(request);
    return true;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    context.complain(kernelErrorText(error));
    return false;
  }
}
