/** How commands of xfrm talk to the kernel and end. In a batch every failure of theirs ends it, as every list does. */

import { NETLINK_XFRM } from '../../linux/netlink.ts';
import { EXIT_FAILURE, EXIT_USAGE, UsageError, wrongArgument } from '../../schema/args.ts';
import { type Message, walkAttributes } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { BatchEnded, CommandFailed } from '../frame/report.ts';

/** A failure that the original ends with exit(1). */
export function failed(text: string): UsageError {
  return new UsageError(text, EXIT_FAILURE, true);
}

/** A word that nothing takes. */
export function unknownWord(word: string): UsageError {
  return wrongArgument(word, 'unknown');
}

/** A complaint that does not name the word. */
export function plainComplaint(text: string): UsageError {
  return new UsageError(text, EXIT_USAGE);
}

/** Sends a change and waits for its acknowledgement. Returns 0. */
export function change(request: MessageWriter, context: Context): Promise<number> {
  return context.changeOrEndBatch(async () => {
    await context.protocolSession(NETLINK_XFRM).request(request);
    return 0;
  });
}

/** Sends a question and has its answer shown. Returns 0. */
export function ask(
  request: MessageWriter,
  context: Context,
  show: (answer: Message) => void,
): Promise<number> {
  return context.changeOrEndBatch(async () => {
    const [answer] = await context.protocolSession(NETLINK_XFRM).request(request, 'answer');
    if (answer !== undefined) show(answer);
    return 0;
  });
}

/**
 * Calls `visit` with each message of a list. The list ends with `verdict` where the kernel refuses it, or where a message
 * is shorter than `size`, the bytes of its struct.
 */
export async function visitAll(
  request: MessageWriter,
  size: number,
  verdict: string,
  context: Context,
  visit: (message: Message) => void,
): Promise<void> {
  const session = context.protocolSession(NETLINK_XFRM);
  try {
    for await (const batch of context.dump(request, { session, verdict }))
      for (const message of batch) {
        if (isLongEnough(message, size, context)) visit(message);
        else {
          context.complain(verdict);
          throw new CommandFailed();
        }
      }
  } catch (error) {
    if (context.isBatch && error instanceof CommandFailed) throw new BatchEnded(error.exitCode, error.cause);
    throw error;
  }
}

/** Whether a message has its struct of so many bytes; says so where it has not. */
export function isLongEnough({ payload, end }: Message, size: number, context: Context): boolean {
  const rest = end - payload - ((size + 3) & ~3);
  if (rest < 0) context.complain(`BUG: wrong nlmsg len ${rest}`);
  return rest >= 0;
}

/** Says that the attributes of a message do not end where it does. */
export function complainOfTrailingBytes(
  { bytes, payload, end }: Message,
  size: number,
  context: Context,
): void {
  let next = payload + ((size + 3) & ~3);
  walkAttributes(bytes, next, end, (_type, at, length) => {
    next = at + ((length + 3) & ~3);
  });
  if (next >= end) return;
  const length = (bytes[next] ?? 0) | ((bytes[next + 1] ?? 0) << 8);
  context.complain(`!!!Deficit ${end - next}, rta_len=${length}`);
}

/** What a list returns; the original exits after it, which ends a batch. */
export function endOfList(context: Context): number {
  if (context.isBatch) throw new BatchEnded(0);
  return 0;
}
