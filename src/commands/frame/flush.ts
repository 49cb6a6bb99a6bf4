/**
 * Deleting what a dump lists, for the `flush` commands: each message is sent back as a deletion, many in one datagram,
 * without asking for more than the errors.
 */

import { RequestWindow } from '../../kernel/netlink/window.ts';
import type { KernelError } from '../../kernel/system/errors.ts';
import { HEADER_LENGTH, type Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from './context.ts';

/** Sends each message back with type `type`. Returns the refusals, in order. */
export function deleteAll(
  messages: readonly Message[],
  type: number,
  context: Context,
): readonly KernelError[] {
  const refusals: KernelError[] = [];
  const window = new RequestWindow();
  const send = () => {
    refusals.push(...context.requestUnacknowledged(window).values());
    window.clear();
  };
  for (const message of messages) {
    const deletion = new MessageWriter(type, 0, Buffer.allocUnsafe(message.end - message.start));
    deletion.raw(message.bytes.subarray(message.start + HEADER_LENGTH, message.end));
    if (window.add(deletion)) continue;
    send();
    window.add(deletion);
  }
  send();
  return refusals;
}
