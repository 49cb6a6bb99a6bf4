/** `ip route flush`: deletes the selected routes as they are dumped, in rounds, until none is left. */

import { RequestWindow } from '../../kernel/netlink/window.ts';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { showRoute } from '../../layouts/route/route.ts';
import { AF_INET, AF_INET6 } from '../../linux/families.ts';
import { RTA_PRIORITY, RTM_DELROUTE, RTN_UNREACHABLE } from '../../linux/rtnetlink.ts';
import { RouteReader } from '../../rtnetlink/route-reader.ts';
import { type Args, EXIT_KERNEL, UsageError } from '../../schema/args.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';

import { isRouteMessage } from './answer.ts';
import { dumpRequest, familyOf, isSelected, knownFields, leaveFilter, type RouteFilter } from './filter.ts';
import { readSelectors } from './selectors.ts';
import { routeView } from './show.ts';

const CACHE_FLUSH = '/proc/sys/net/ipv4/route/flush';
const LOWEST_METRIC = 0xffffffff;

/** Deletes the selected routes. */
export async function flushRoutes(args: Args, context: Context): Promise<number> {
  if (args.done) throw new UsageError('"ip route flush" requires arguments.');
  const filter = readSelectors(args, context);
  leaveFilter(filter, context.state, true);
  const { sink, view } = context;
  if (filter.cloned && familyOf(filter) !== AF_INET6) {
    flushCache(context);
    if (view.statistics > 0) sink.write('*** IPv4 routing cache is flushed.\n');
    if (familyOf(filter) === AF_INET) return 0;
  }
  for (let round = 0; ; round++) {
    const count = await flushOnce(filter, context);
    if (count === 0) {
      if (view.statistics > 0) sink.write(finalWords(round));
      return 0;
    }
    if (view.statistics > 0) sink.write(`\n*** Round ${round + 1}, deleting ${count} entries ***\n`);
    sink.flush();
    if (context.options.dryRun) return 0;
  }
}

function finalWords(rounds: number): string {
  if (rounds === 0) return 'Nothing to flush.\n';
  return `*** Flush is complete after ${rounds} round${rounds === 1 ? '' : 's'} ***\n`;
}

function flushCache({ kernel }: Context): void {
  try {
    kernel.files.write(CACHE_FLUSH, '-1');
  } catch (error) {
    throw new UsageError(`Cannot open "${CACHE_FLUSH}": ${strerror(errnoOf(error))}`);
  }
}

/** One dump, each selected route deleted; answers their number. */
async function flushOnce(filter: RouteFilter, context: Context): Promise<number> {
  const view = routeView(context, knownFields(filter));
  const out = context.textOutput();
  const route = new RouteReader();
  const options = { exitCode: EXIT_KERNEL, verdict: 'Flush terminated' };
  const window = new RequestWindow();
  let count = 0;
  for await (const messages of context.dump(dumpRequest(filter), options)) {
    for (const message of messages) {
      if (!isRouteMessage(message) || !route.read(message) || !isSelected(route, filter)) continue;
      if (isKernelDefault(route)) continue;
      const deletion = deletionOf(message);
      if (!window.add(deletion)) {
        send(window, context);
        window.add(deletion);
      }
      count++;
      if (view.statistics > 1) showRoute(route, out, view);
    }
  }
  send(window, context);
  return count;
}

/** The kernel's own `unreachable default` of IPv6 comes back as soon as it is deleted. */
function isKernelDefault(route: RouteReader): boolean {
  return (
    route.family === AF_INET6 &&
    route.dstLength === 0 &&
    route.type === RTN_UNREACHABLE &&
    route.attributes.u32(RTA_PRIORITY) === LOWEST_METRIC
  );
}

function deletionOf(message: Message): MessageWriter {
  const request = new MessageWriter(RTM_DELROUTE, 0, Buffer.allocUnsafe(message.end - message.start));
  request.raw(message.bytes.subarray(message.payload, message.end));
  return request;
}

function send(window: RequestWindow, context: Context): void {
  const [failed] = context.requestUnacknowledged(window).values();
  window.clear();
  if (failed !== undefined)
    throw new UsageError(`Failed to send flush request: ${strerror(failed.errno)}`, EXIT_KERNEL);
}
