/**
 * Requests that are sent in one datagram. At most the last one has to ask for an acknowledgement: the kernel reports
 * errors without being asked.
 */

import { NLM_F_ACK } from '../../linux/netlink.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { KernelError, type SystemError } from '../system/errors.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import type { Channel, Exchange } from './channel.ts';

/** What a socket's send buffer takes and, if all are refused, its receive buffer. */
const MAX_REQUESTS = 256;
const MAX_BYTES = 32768;

/** Requests, copied as they are added. */
export class RequestWindow {
  #bytes = Buffer.allocUnsafe(MAX_BYTES);
  /** Where each request begins. */
  readonly #starts: number[] = [];
  #length = 0;

  get count(): number {
    return this.#starts.length;
  }

  /**
   * Adds a request unless the window is full; an empty one takes any. With `isAcknowledged` the request asks for an
   * acknowledgement, which may carry a warning.
   */
  add(message: MessageWriter, isAcknowledged = false): boolean {
    const { length } = message;
    if (this.count > 0 && (this.count === MAX_REQUESTS || this.#length + length > MAX_BYTES)) return false;
    if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(length);
    message.flags = isAcknowledged ? message.flags | NLM_F_ACK : message.flags & ~NLM_F_ACK;
    message.copyTo(this.#bytes, this.#length);
    this.#starts.push(this.#length);
    this.#length += length;
    return true;
  }

  clear(): void {
    this.#starts.length = 0;
    this.#length = 0;
  }

  /** The datagram, its requests numbered from `first`; the last asks for an acknowledgement if the end is to be known. */
  finish(first: number, isLastAcknowledged = true): Buffer {
    const bytes = this.#bytes;
    for (const [index, start] of this.#starts.entries()) {
      if (isLastAcknowledged && index === this.count - 1)
        bytes.writeUInt16LE(bytes.readUInt16LE(start + 6) | NLM_F_ACK, start + 6);
      bytes.writeUInt32LE(first + index, start + 8);
    }
    return bytes.subarray(0, this.#length);
  }

  /** A copy of one request. */
  request(index: number): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#starts[index], this.#starts[index + 1] ?? this.#length));
  }
}

/** The kernel's answers to the requests of a window, by place in it. */
export interface WindowAnswers {
  readonly refusals: ReadonlyMap<number, KernelError>;
  /** Its words that come with success; it has them only for requests that ask for an acknowledgement. */
  readonly warnings: ReadonlyMap<number, string>;
}

/** A window that was sent over a socket that blocks. */
export interface StartedWindow {
  /** When the kernel has taken all of it: before that, waiting for answers would block this thread for longer. */
  readonly taken: Promise<void>;
  /** Waits for the answers. Throws {@link SystemError} if there are none. */
  answers(): WindowAnswers;
}

/** Sends a window; `onAnswers` is called once, at its end. Returns the number that it can be waited for by. */
export function sendWindow(
  channel: Channel,
  window: RequestWindow,
  onAnswers: (answers: WindowAnswers | SystemError) => void,
): number {
  return channel.start(new WindowExchange(channel.protocol, window, onAnswers), first =>
    window.finish(first),
  );
}

/** Sends a window over a socket that blocks, with `inBackground` from another thread while this one goes on. */
export function startWindow(channel: Channel, window: RequestWindow, inBackground: boolean): StartedWindow {
  let outcome: WindowAnswers | SystemError | undefined;
  const exchange = new WindowExchange(channel.protocol, window, answers => {
    outcome = answers;
  });
  const { promise: taken, resolve } = withResolver();
  const number = channel.start(exchange, first => window.finish(first), inBackground, resolve);
  return {
    taken,
    answers() {
      channel.wait(number);
      if (outcome instanceof Error) throw outcome;
      if (outcome === undefined) throw new Error('a window is waited for on a socket that does not block');
      return outcome;
    },
  };
}

/**
 * Sends a window over a socket that blocks without asking for acknowledgements: the kernel has reported all that it refuses
 * when it has taken the datagram. Returns the refusals by place. Throws {@link SystemError}.
 */
export function sendUnacknowledged(
  channel: Channel,
  window: RequestWindow,
): ReadonlyMap<number, KernelError> {
  let failure: SystemError | undefined;
  const exchange = new WindowExchange(channel.protocol, window, answers => {
    if (answers instanceof Error) failure = answers;
  });
  channel.settle(channel.start(exchange, first => window.finish(first, false)));
  if (failure !== undefined) throw failure;
  return exchange.refusals;
}

class WindowExchange implements Exchange, WindowAnswers {
  readonly count: number;
  readonly refusals = new Map<number, KernelError>();
  readonly warnings = new Map<number, string>();
  readonly #protocol: number;
  readonly #window: RequestWindow;
  readonly #onAnswers: (answers: WindowAnswers | SystemError) => void;

  constructor(
    protocol: number,
    window: RequestWindow,
    onAnswers: (answers: WindowAnswers | SystemError) => void,
  ) {
    this.#protocol = protocol;
    this.#window = window;
    this.count = window.count;
    this.#onAnswers = onAnswers;
  }

  onMessage(): boolean {
    return false;
  }

  onEnd({ errno, extendedAck }: Acknowledgement, _message: unknown, place: number): boolean {
    if (errno !== 0) {
      const request = this.#window.request(place);
      this.refusals.set(place, new KernelError(errno, request, extendedAck, { protocol: this.#protocol }));
    } else if (extendedAck.reason !== undefined) this.warnings.set(place, extendedAck.reason);
    if (place < this.count - 1) return false;
    this.#onAnswers(this);
    return true;
  }

  onFailure(error: SystemError): void {
    this.#onAnswers(error);
  }
}

function withResolver(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>(settle => {
    resolve = settle;
  });
  return { promise, resolve };
}
