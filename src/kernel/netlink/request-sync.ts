/**
 * One request that is answered before anything else happens, for what argument parsing must know in order: on a
 * separate socket that blocks, in this thread's network namespace.
 */

import { NETLINK_ROUTE } from '../../linux/netlink.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { KernelError } from '../system/errors.ts';
import { Channel } from './channel.ts';
import { type Reply, sendRequest } from './exchange.ts';
import type { Connect } from './transport.ts';

/**
 * Asks the kernel for one message. Returns it, or the kernel's refusal; undefined if there is no answer, or the kernel
 * cannot be asked.
 */
export type Ask = (request: MessageWriter) => Message | KernelError | undefined;

/** Asks over sockets of a protocol (NETLINK_*) that `connect` opens; they must be of the blocking kind. */
export function asker(connect: Connect, protocol = NETLINK_ROUTE): Ask {
  return request => {
    let channel: Channel;
    try {
      channel = new Channel(connect, { protocol });
    } catch {
      return undefined;
    }
    try {
      let reply: Reply | undefined;
      sendRequest(channel, request, 'answer', given => {
        reply = given;
      });
      return answerOf(reply);
    } finally {
      channel.close();
    }
  };
}

function answerOf(reply: Reply | undefined): Message | KernelError | undefined {
  if (reply instanceof KernelError) return reply;
  return reply === undefined || reply instanceof Error ? undefined : reply[0];
}

/** The answer; undefined also where the kernel refuses the request. */
export function answerTo(ask: Ask, request: MessageWriter): Message | undefined {
  const answer = ask(request);
  return answer instanceof KernelError ? undefined : answer;
}
