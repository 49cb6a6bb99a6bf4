/** What a family reports to a multicast group, message by message. */
import type { NetlinkSession } from '../../kernel/netlink/session.ts';
import { SystemError, strerror } from '../../kernel/system/errors.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import type { Context } from '../frame/context.ts';
import { CommandFailed } from '../frame/report.ts';

const LOST = 'netlink receive error No buffer space available (105)';

/** How a monitor prints. */
export interface FamilyMonitor {
  /** SIGINT and SIGTERM end the list, and the call with success; else they end the process. */
  readonly isEndedBySignals: boolean;
  /** Where it prints. */
  readonly output: Output;
  /** If the socket fails. */
  readonly exitCode: number;
  /** Prints a message; returns false if there is nothing to print. */
  show(message: Message, out: Output): boolean;
}

/** Prints what a session receives from `group`, until a signal comes or the socket fails. */
export async function monitorFamily(
  { session, group }: { readonly session: NetlinkSession; readonly group: number },
  context: Context,
  { isEndedBySignals, output: out, exitCode, show }: FamilyMonitor,
): Promise<number> {
  const { strict } = context;
  if (strict !== undefined) strict.isEndless = true;
  const notifications = session.subscribe([group]);
  const end = () => session.close();
  const signals = isEndedBySignals ? (['SIGINT', 'SIGTERM'] as const) : [];
  for (const signal of signals) process.once(signal, end);
  if (strict === undefined) out.list();
  let failure: CommandFailed | undefined;
  try {
    for await (const notification of notifications) {
      if (notification.kind === 'overrun') {
        context.complain(LOST);
        strict?.printWarnings();
        continue;
      }
      for (const message of notification.messages) {
        if (strict === undefined) {
          show(message, out);
          continue;
        }
        let isShown = false;
        const showLine = (line: Output) => {
          isShown = show(message, line);
        };
        strict.printLine(showLine, () => isShown);
      }
      context.sink.flush();
    }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    context.complain(`netlink receive error ${strerror(error.errno)} (${error.errno})`);
    failure = new CommandFailed(exitCode, error);
  } finally {
    for (const signal of signals) process.off(signal, end);
    session.close();
  }
  if (strict === undefined) out.end();
  if (failure !== undefined) throw failure;
  return 0;
}
