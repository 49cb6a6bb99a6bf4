/**
 * One blocking question to the kernel, for what argument parsing must know in order: a request that is answered
 * at once with a single message, on a socket of its own in this thread's network namespace.
 */
import { closeSync } from 'node:fs';
import { type Message, NLMSG_ERROR, splitDatagram } from '../wire/message.ts';
import type { MessageWriter } from '../wire/writer.ts';
import { native } from './native.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_ROUTE = 0;
const BUFFER_LENGTH = 65536;

/** The answer, or undefined when the kernel refuses the request or cannot be asked. */
export function ask(request: MessageWriter): Message | undefined {
  const socket = native.socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  if (socket < 0) return undefined;
  try {
    if (native.send(socket, request.finish(1), 0) < 0) return undefined;
    const buffer = Buffer.allocUnsafe(BUFFER_LENGTH);
    const length = native.recv(socket, buffer, 0);
    if (length < 0) return undefined;
    const answer = splitDatagram(buffer.subarray(0, length)).messages[0];
    return answer === undefined || answer.type === NLMSG_ERROR ? undefined : answer;
  } finally {
    closeSync(socket);
  }
}
