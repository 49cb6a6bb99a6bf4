/**
 * Deleting what a dump tells, for the `flush` commands: each message is sent back as a deletion, many in one
 * datagram, without asking for more than the errors.
 */
import type { KernelError } from '../kernel/errors.ts';
import { HEADER_LENGTH, type Message } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './context.ts';

/** A datagram may not exceed the socket's send buffer; each message takes more of it than its length. */
const MAX_DELETIONS = 256;
const MAX_BYTES = 16384;

/** Sends each message back with type `type`. Answers the refusals, in order. */
export async function deleteAll(
  messages: readonly Message[],
  type: number,
  context: Context,
): Promise<readonly KernelError[]> {
  const refusals: KernelError[] = [];
  let window: MessageWriter[] = [];
  let bytes = 0;
  const send = async () => {
    for (const refusal of await context.session.requestWindow(window)) {
      if (refusal !== undefined) refusals.push(refusal);
    }
    window = [];
    bytes = 0;
  };
  for (const message of messages) {
    const deletion = new MessageWriter(type, 0, Buffer.allocUnsafe(message.end - message.start));
    deletion.raw(message.bytes.subarray(message.start + HEADER_LENGTH, message.end));
    window.push(deletion);
    bytes += deletion.length;
    if (window.length >= MAX_DELETIONS || bytes >= MAX_BYTES) await send();
  }
  await send();
  return refusals;
}
