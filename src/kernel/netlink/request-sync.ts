/**
 * One blocking question to the kernel, for what argument parsing must know in order: a request that is answered
 * at once with a single message, on a socket of its own in this thread's network namespace.
 */

import { closeSync } from 'node:fs';
import { NLMSG_ERROR } from '../../linux/netlink.ts';
import { type Message, splitDatagram } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { KernelError } from '../system/errors.ts';
import { native } from '../system/native.ts';
import { readAcknowledgement } from './acknowledgement.ts';
import { createNetlinkSocket } from './descriptor.ts';

const BUFFER_LENGTH = 65536;

/** Where changes are not made at once, `prepare` makes those on which an answer may depend. */
export const syncRequests = { beforeSend: (): void => undefined };

/** The answer, or undefined when the kernel refuses the request or cannot be asked. */
export function requestSync(request: MessageWriter): Message | undefined {
  const answer = requestSyncOrError(request);
  return answer instanceof KernelError ? undefined : answer;
}

/** The answer, or the kernel's refusal; undefined when the kernel cannot be asked. */
export function requestSyncOrError(request: MessageWriter): Message | KernelError | undefined {
  syncRequests.beforeSend();
  const socket = createNetlinkSocket();
  if (socket < 0) return undefined;
  try {
    const bytes = request.finish(1);
    if (native.send(socket, bytes, 0) < 0) return undefined;
    const buffer = Buffer.allocUnsafe(BUFFER_LENGTH);
    const length = native.recv(socket, buffer, 0);
    if (length < 0) return undefined;
    const answer = splitDatagram(buffer.subarray(0, length)).messages[0];
    if (answer?.type !== NLMSG_ERROR) return answer;
    const { errno, extendedAck } = readAcknowledgement(answer);
    return new KernelError(errno, bytes, extendedAck);
  } finally {
    closeSync(socket);
  }
}
