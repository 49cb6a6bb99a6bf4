/** Dumps: a request whose answer is a whole table, datagram by datagram. */

import { NLM_F_DUMP, NLM_F_DUMP_INTR, NLMSG_DONE } from '../../linux/netlink.ts';
import { type Message, messageAt } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { KernelError, type SystemError } from '../system/errors.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { Channel, type Exchange, type MessageRun } from './channel.ts';
import { type OnWarning, requestBytes } from './exchange.ts';
import type { Connect } from './transport.ts';

/** Messages of one datagram that answer a dump. */
export type Batch = readonly Message[];

/** What is known of a dump at its end. */
export interface Outcome {
  /** NLM_F_DUMP_INTR: the table changed while it was read. */
  interrupted: boolean;
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

/** What ends a dump, however its messages are taken. */
class DumpEnd {
  readonly count = 1;
  protected readonly receiver: Pick<BatchReceiver, 'end'>;
  readonly #protocol: number;
  readonly #request: MessageWriter;
  readonly #outcome: Outcome | undefined;
  readonly #onWarning: OnWarning | undefined;

  constructor(
    protocol: number,
    request: MessageWriter,
    receiver: Pick<BatchReceiver, 'end'>,
    outcome: Outcome | undefined,
    onWarning?: OnWarning,
  ) {
    this.#protocol = protocol;
    this.receiver = receiver;
    this.#request = request;
    this.#outcome = outcome;
    this.#onWarning = onWarning;
  }

  onEnd({ errno, extendedAck }: Acknowledgement, message: Message): boolean {
    this.noteInterruption(message.flags);
    if (errno !== 0) {
      const endsDump = message.type === NLMSG_DONE;
      const protocol = this.#protocol;
      this.receiver.end(
        new KernelError(errno, requestBytes(this.#request), extendedAck, { endsDump, protocol }),
      );
    } else {
      if (extendedAck.reason !== undefined) this.#onWarning?.(extendedAck.reason);
      this.receiver.end();
    }
    return true;
  }

  onFailure(error: SystemError): void {
    this.receiver.end(error);
  }

  protected noteInterruption(flags: number): void {
    if (flags & NLM_F_DUMP_INTR && this.#outcome) this.#outcome.interrupted = true;
  }
}

class DumpExchange extends DumpEnd implements Exchange {
  readonly #batches: BatchReceiver;
  #batch: Message[] = [];

  constructor(
    protocol: number,
    request: MessageWriter,
    receiver: BatchReceiver,
    outcome: Outcome | undefined,
    onWarning: OnWarning | undefined,
  ) {
    super(protocol, request, receiver, outcome, onWarning);
    this.#batches = receiver;
  }

  onMessage(message: Message): boolean {
    this.noteInterruption(message.flags);
    this.#batch.push(message);
    return false;
  }

  onDatagramEnd(): void {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#batches.put(batch);
  }

  override onEnd(end: Acknowledgement, message: Message): boolean {
    this.onDatagramEnd();
    return super.onEnd(end, message);
  }

  override onFailure(error: SystemError): void {
    this.onDatagramEnd();
    super.onFailure(error);
  }
}

class RunExchange extends DumpEnd implements Exchange {
  readonly #put: (run: MessageRun) => void;

  constructor(
    protocol: number,
    request: MessageWriter,
    put: (run: MessageRun) => void,
    end: (error?: Error) => void,
    outcome: Outcome | undefined,
  ) {
    super(protocol, request, { end }, outcome);
    this.#put = put;
  }

  onRun(run: MessageRun, flags: number): void {
    this.noteInterruption(flags);
    this.#put(run);
  }

  onMessage(): boolean {
    return false;
  }
}

/** What can be closed: a dump that nobody reads to its end. */
export interface Closable {
  close(): void;
}

/** A dump on a separate socket, as far as it has been read. */
class SeparateDump implements Closable {
  readonly #channel: Channel;
  #runs: MessageRun[] = [];
  #end: { readonly error: Error | undefined } | undefined;

  constructor(connect: Connect, namespace: number, request: MessageWriter, outcome: Outcome | undefined) {
    // Strict: the kernel filters as the request says. Older kernels do not know that and send everything.
    this.#channel = new Channel(connect, { namespace, strict: true });
    const exchange = new RunExchange(
      this.#channel.protocol,
      request,
      run => this.#runs.push(run),
      error => {
        this.#end = { error };
      },
      outcome,
    );
    request.flags |= NLM_F_DUMP;
    this.#channel.start(exchange, first => request.finish(first));
  }

  /** Whether nothing more will come. Throws the error that it ended with. */
  get isOver(): boolean {
    if (this.#end?.error !== undefined && this.#runs.length === 0) throw this.#end.error;
    return this.#end !== undefined;
  }

  /** What one datagram has; nothing if none is there. */
  read(mayWait: boolean): readonly MessageRun[] {
    if (this.#end === undefined) this.#channel.receive(mayWait);
    const runs = this.#runs;
    this.#runs = [];
    return runs;
  }

  close(): void {
    this.#channel.close();
  }
}

/**
 * Dumps a table in the namespace behind the descriptor `namespace`, on a separate socket of the blocking kind, so that
 * several dumps may run at once. Yields the messages of a datagram as bytes, without an object for each. The kernel makes
 * the next datagram of a dump when the one before is read, so reading only when the consumer asks keeps memory constant
 * however long the table is. Other work gets its turn between datagrams. The dump is in `open` as long as its socket is.
 * Throws {@link KernelError} when the kernel refuses or breaks off the dump, {@link SystemError} when it cannot be asked.
 */
export async function* readDump(
  connect: Connect,
  namespace: number,
  request: MessageWriter,
  outcome?: Outcome,
  open?: Set<Closable>,
): AsyncGenerator<MessageRun, void> {
  const dump = new SeparateDump(connect, namespace, request, outcome);
  open?.add(dump);
  try {
    do {
      yield* dump.read(false);
      if (!dump.isOver) await nextTurn();
    } while (!dump.isOver);
  } finally {
    open?.delete(dump);
    dump.close();
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
): MessageRun[] {
  const dump = new SeparateDump(connect, namespace, request, outcome);
  try {
    const runs: MessageRun[] = [];
    do runs.push(...dump.read(true));
    while (!dump.isOver);
    return runs;
  } finally {
    dump.close();
  }
}

/** The messages of a run, one by one. */
export function* messagesIn({ bytes, start, end }: MessageRun): Generator<Message, void> {
  for (let at = start; at < end; ) {
    const message = messageAt(bytes, at);
    yield message;
    at += (message.end - message.start + 3) & ~3;
  }
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}
