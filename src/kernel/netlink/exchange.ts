/** One request and its answer. */

import { NLM_F_ACK, NLM_F_MULTI } from '../../linux/netlink.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { KernelError, type SystemError } from '../system/errors.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import type { Channel, Exchange } from './channel.ts';

/** What ends the answer: an acknowledgement, or a single message. */
export type Expectation = 'ack' | 'answer';

/** How an exchange ended: the messages before its acknowledgement, or why there are none. */
export type Reply = readonly Message[] | KernelError | SystemError;

/** Called with the kernel's words that come with success. */
export type OnWarning = (reason: string) => void;

/**
 * Sends one request. `onReply` is called once, at the end of the exchange: on sockets that block before this function
 * returns.
 */
export function sendRequest(
  channel: Channel,
  message: MessageWriter,
  expects: Expectation,
  onReply: (reply: Reply) => void,
  onWarning?: OnWarning,
): void {
  if (expects === 'ack') message.flags |= NLM_F_ACK;
  const exchange = new RequestExchange(channel.protocol, message, expects, onReply, onWarning);
  channel.wait(channel.start(exchange, first => message.finish(first)));
}

class RequestExchange implements Exchange {
  readonly count = 1;
  readonly #protocol: number;
  readonly #request: MessageWriter;
  readonly #expects: Expectation;
  readonly #onReply: (reply: Reply) => void;
  readonly #onWarning: OnWarning | undefined;
  readonly #answers: Message[] = [];

  constructor(
    protocol: number,
    request: MessageWriter,
    expects: Expectation,
    onReply: (reply: Reply) => void,
    onWarning: OnWarning | undefined,
  ) {
    this.#protocol = protocol;
    this.#request = request;
    this.#expects = expects;
    this.#onReply = onReply;
    this.#onWarning = onWarning;
  }

  onMessage(message: Message): boolean {
    this.#answers.push(message);
    if (this.#expects !== 'answer' || message.flags & NLM_F_MULTI) return false;
    this.#onReply(this.#answers);
    return true;
  }

  onEnd({ errno, extendedAck }: Acknowledgement): boolean {
    if (errno !== 0) {
      const protocol = this.#protocol;
      this.#onReply(new KernelError(errno, requestBytes(this.#request), extendedAck, { protocol }));
    } else {
      if (extendedAck.reason !== undefined) this.#onWarning?.(extendedAck.reason);
      this.#onReply(this.#answers);
    }
    return true;
  }

  onFailure(error: SystemError): void {
    this.#onReply(error);
  }
}

/** How the first answer is taken. */
export interface FirstAnswer {
  /** Whether a message is wanted; else it is reported to `onUnexpected`, and passed over. */
  readonly wantsMessage: boolean;
  readonly onUnexpected: () => void;
  readonly onWarning?: OnWarning | undefined;
}

/**
 * Sends one request and takes the first thing that the kernel says, be it the acknowledgement, and leaves the rest in the
 * socket, where the next request that is sent so finds it. `onReply` is called once, with at most one message.
 */
export function sendForFirst(
  channel: Channel,
  message: MessageWriter,
  { wantsMessage, onUnexpected, onWarning }: FirstAnswer,
  onReply: (reply: Reply) => void,
): void {
  const exchange: Exchange = {
    count: 1,
    takesLeftovers: true,
    onMessage(answer) {
      if (wantsMessage) onReply([answer]);
      else onUnexpected();
      return wantsMessage;
    },
    onEnd({ errno, extendedAck }, acknowledgement) {
      const { protocol } = channel;
      if (errno === 0 && extendedAck.reason !== undefined) onWarning?.(extendedAck.reason);
      onReply(
        errno === 0
          ? [acknowledgement]
          : new KernelError(errno, requestBytes(message), extendedAck, { protocol }),
      );
      return true;
    },
    onFailure: onReply,
  };
  channel.wait(channel.start(exchange, first => message.finish(first)));
}

/** The bytes of a request that was sent. */
export function requestBytes(request: MessageWriter): Buffer {
  return request.bytes.subarray(0, request.length);
}
