/** Dumps: a request whose answer is a whole table, datagram by datagram. */

import { NLM_F_DUMP, NLM_F_DUMP_INTR, NLMSG_DONE } from '../../linux/netlink.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { KernelError, type SystemError } from '../system/errors.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { Channel, type Exchange } from './channel.ts';
import { type OnWarning, requestBytes } from './exchange.ts';
import type { Connect } from './transport.ts';

/** Messages of one datagram that answer a dump. */
export type Batch = readonly Message[];

/** What is known of a dump at its end. */
export interface Outcome {
  /** NLM_F_DUMP_INTR: the table changed while it was read. */
  interrupted: boolean;
}

/** What can be closed: a dump that nobody reads to its end. */
export interface Closable {
  close(): void;
}

/** Takes what a dump yields; `end` is called once, last. */
export interface BatchReceiver {
  put(batch: Batch): void;
  end(error?: Error): void;
}

/** Sends a dump request whose answer goes to `receiver`. */
export function sendDump(
  channel: Channel,
  request: MessageWriter,
  receiver: BatchReceiver,
  outcome?: Outcome,
  onWarning?: OnWarning,
): void {
  request.flags |= NLM_F_DUMP;
  channel.start(new DumpExchange(channel.protocol, request, receiver, outcome, onWarning), first =>
    request.finish(first),
  );
}

class DumpExchange implements Exchange {
  readonly count = 1;
  readonly #protocol: number;
  readonly #request: MessageWriter;
  readonly #receiver: BatchReceiver;
  readonly #outcome: Outcome | undefined;
  readonly #onWarning: OnWarning | undefined;
  #batch: Message[] = [];

  constructor(
    protocol: number,
    request: MessageWriter,
    receiver: BatchReceiver,
    outcome: Outcome | undefined,
    onWarning: OnWarning | undefined,
  ) {
    this.#protocol = protocol;
    this.#request = request;
    this.#receiver = receiver;
    this.#outcome = outcome;
    this.#onWarning = onWarning;
  }

  onMessage(message: Message): boolean {
    this.#noteInterruption(message);
    this.#batch.push(message);
    return false;
  }

  onDatagramEnd(): void {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#receiver.put(batch);
  }

  onEnd({ errno, extendedAck }: Acknowledgement, message: Message): boolean {
    this.#noteInterruption(message);
    this.onDatagramEnd();
    if (errno !== 0) {
      const endsDump = message.type === NLMSG_DONE;
      const protocol = this.#protocol;
      this.#receiver.end(
        new KernelError(errno, requestBytes(this.#request), extendedAck, { endsDump, protocol }),
      );
    } else {
      if (extendedAck.reason !== undefined) this.#onWarning?.(extendedAck.reason);
      this.#receiver.end();
    }
    return true;
  }

  onFailure(error: SystemError): void {
    this.onDatagramEnd();
    this.#receiver.end(error);
  }

  #noteInterruption({ flags }: Message): void {
    if (flags & NLM_F_DUMP_INTR && this.#outcome) this.#outcome.interrupted = true;
  }
}

/**
 * Dumps a table in the namespace behind the descriptor `namespace`, on a separate socket of the blocking kind, so that
 * several dumps may run at once. The kernel makes the next datagram of a dump when the one before is read, so reading
 * only when the consumer asks keeps memory constant however long the table is. Other work gets its turn between
 * datagrams. The socket is in `open` as long as it is. Throws {@link KernelError} when the kernel refuses or breaks off
 * the dump, {@link SystemError} when it cannot be asked.
 */
export async function* readDump(
  connect: Connect,
  namespace: number,
  request: MessageWriter,
  outcome?: Outcome,
  open?: Set<Closable>,
): AsyncGenerator<Batch, void> {
  let batches: Batch[] = [];
  let end: { readonly error: Error | undefined } | undefined;
  const receiver: BatchReceiver = {
    put: batch => batches.push(batch),
    end: error => {
      end = { error };
    },
  };
  // Strict: the kernel filters as the request says. Older kernels do not know that and send everything.
  const channel = new Channel(connect, { namespace, strict: true });
  open?.add(channel);
  try {
    sendDump(channel, request, receiver, outcome);
    while (end === undefined || batches.length > 0) {
      if (end === undefined) channel.receive(false);
      yield* batches;
      batches = [];
      if (end === undefined) await nextTurn();
    }
    if (end.error !== undefined) throw end.error;
  } finally {
    open?.delete(channel);
    channel.close();
  }
}

/**
 * The same without turns of other work between the datagrams, so that a table that changes often is seldom changed while
 * it is read.
 */
export function readDumpAtOnce(
  connect: Connect,
  namespace: number,
  request: MessageWriter,
  outcome: Outcome,
): Batch[] {
  const batches: Batch[] = [];
  let end: { readonly error: Error | undefined } | undefined;
  const receiver: BatchReceiver = {
    put: batch => batches.push(batch),
    end: error => {
      end = { error };
    },
  };
  const channel = new Channel(connect, { namespace, strict: true });
  try {
    sendDump(channel, request, receiver, outcome);
    while (end === undefined) channel.receive(true);
    if (end.error !== undefined) throw end.error;
    return batches;
  } finally {
    channel.close();
  }
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
