/** `ip mptcp monitor`: what happens to connections of multipath TCP, until a signal ends it. */
import { commandOf, decodeGeneric } from '../../genetlink/family.ts';
import { MPTCP_EVENT_GROUP, mptcp, mptcpEvents } from '../../genetlink/mptcp.ts';
import { showEvent } from '../../layouts/generic/mptcp.ts';
import { type Args, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { timestamp } from '../frame/timestamp.ts';
import { openFamily } from '../generic/family-session.ts';
import { monitorFamily } from '../generic/monitor.ts';

/** exit(-2). */
const EXIT_LOST = 254;
const NO_EVENTS = "can't subscribe to mptcp events: No such file or directory";

/** Prints events; SIGINT and SIGTERM end the list, and the call with success. */
export async function monitorMptcp(args: Args, context: Context): Promise<number> {
  const word = args.peek();
  if (word !== undefined)
    throw new UsageError(`Command "${word}" is unknown, try "ip mptcp help".`, EXIT_USAGE);
  const session = await openFamily(mptcp, context);
  const listening = await session.listening(MPTCP_EVENT_GROUP);
  if (listening === undefined) throw new UsageError(NO_EVENTS);
  const { timestamp: format } = context.options;
  return monitorFamily(listening, context, {
    output: context.output(),
    isEndedBySignals: true,
    exitCode: EXIT_LOST,
    show(message, out) {
      const [number, event] = [commandOf(message), decodeGeneric(mptcpEvents, message)];
      if (number === undefined || event === undefined) return false;
      const time = format === 'none' ? '' : timestamp(new Date(), format === 'short');
      showEvent(number, event, time, out, context.view);
      return true;
    },
  });
}
