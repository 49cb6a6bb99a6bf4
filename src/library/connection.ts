/** What the collections of a network share: the session with the kernel inside one namespace. */

import { closeSync } from 'node:fs';
import { type Kernel, systemKernel } from '../kernel/kernel.ts';
import { Channel, type MessageRun } from '../kernel/netlink/channel.ts';
import { type Closable, type Outcome, readDump, readDumpAtOnce } from '../kernel/netlink/dump.ts';
import type { Expectation } from '../kernel/netlink/exchange.ts';
import { Pipeline } from '../kernel/netlink/pipeline.ts';
import { KernelError, SystemError } from '../kernel/system/errors.ts';
import { EAFNOSUPPORT, ECANCELED, ENOENT, EOPNOTSUPP } from '../linux/errno.ts';
import { NETLINK_ROUTE } from '../linux/netlink.ts';
import { attributePath, missingAttributePath } from '../rtnetlink/catalogue/attribute-path.ts';
import type { Message } from '../wire/message.ts';
import type { MessageWriter } from '../wire/writer.ts';
import { Devices } from './values/devices.ts';
import { Words } from './values/words.ts';

/** What every call takes. */
export interface CallOptions {
  /**
   * Rejects the call with the signal's reason. What the kernel has been asked by then is done all the same; a listing
   * ends.
   */
  readonly signal?: AbortSignal | undefined;
}

/** What calls take that make something. */
export interface AddOptions extends CallOptions {
  /** Leaves what is there as it is, instead of rejecting with EEXIST. */
  readonly ifAbsent?: boolean | undefined;
}

/** What calls take that delete something. */
export interface DeleteOptions extends CallOptions {
  /** Does nothing if it is not there, or its device is not, instead of rejecting. */
  readonly ifPresent?: boolean | undefined;
}

/** How often a table is read that changes while it is read. */
const MOST_READINGS = 100;

/** Sends requests inside one network namespace. */
export class Connection {
  readonly words = new Words();
  readonly kernel: Kernel;
  /** Descriptor of the namespace; closed with the connection. */
  readonly namespace: number;
  readonly devices: Devices;
  /** The namespace in words, for errors; undefined for the one of this thread. */
  place: string | undefined;
  readonly #channel: Channel;
  readonly #pipeline: Pipeline;
  /** Dumps that have been begun; those that nobody reads to their end are closed with the network. */
  readonly #dumps = new Set<Closable>();
  #isClosed = false;

  /**
   * Becomes the owner of the descriptor. Throws {@link SystemError} if there can be no socket; then the descriptor is
   * closed.
   */
  constructor(namespace: number, onWarning?: (reason: string) => void, kernel: Kernel = systemKernel) {
    this.namespace = namespace;
    this.kernel = kernel;
    try {
      this.#channel = new Channel(kernel.sockets.blocking, { namespace, strict: true });
    } catch (error) {
      closeSync(namespace);
      throw error;
    }
    // What the callback throws must not stop the reading of answers.
    const report = onWarning && ((reason: string) => process.nextTick(onWarning, reason));
    this.#pipeline = new Pipeline(this.#channel, report);
    this.devices = new Devices({
      ask: request => this.ask(request),
      ioctl: (request, argument) => kernel.calls.ioctlBytes(this.#channel.descriptor, request, argument),
    });
  }

  /**
   * Sends a request, together with others of this turn of the event loop; earlier ones need not be answered yet. Rejects
   * with {@link KernelError}.
   */
  request(
    message: MessageWriter,
    expects: Expectation = 'ack',
    signal?: AbortSignal,
  ): Promise<readonly Message[]> {
    return new Promise((resolve, reject) => {
      this.#checkOpen();
      const refuse = (error: Error) => reject(explained(error));
      if (signal === undefined) this.#pipeline.request(message, expects, resolve, refuse);
      else this.#requestUntil(signal, message, expects, resolve, refuse);
    });
  }

  /** Sends a request that changes something, as {@link request} does; resolves when the kernel has done it. */
  change(message: MessageWriter, signal?: AbortSignal): Promise<void> {
    if (signal !== undefined) return this.request(message, 'ack', signal).then(() => undefined);
    return new Promise((resolve, reject) => {
      this.#checkOpen();
      this.#pipeline.request(
        message,
        'ack',
        () => resolve(),
        error => reject(explained(error)),
      );
    });
  }

  /** {@link request} until a signal is aborted. */
  #requestUntil(
    signal: AbortSignal,
    message: MessageWriter,
    expects: Expectation,
    resolve: (answer: readonly Message[]) => void,
    reject: (error: Error) => void,
  ): void {
    signal.throwIfAborted();
    const abort = () => {
      this.#pipeline.takeBack(pending);
      reject(signal.reason);
    };
    const settled =
      <T>(settle: (value: T) => void) =>
      (value: T) => {
        signal.removeEventListener('abort', abort);
        settle(value);
      };
    const pending = this.#pipeline.request(message, expects, settled(resolve), settled(reject));
    signal.addEventListener('abort', abort, { once: true });
  }

  /** Sends a dump request and yields the answer datagram by datagram, read as it is consumed. */
  async *dump(
    message: MessageWriter,
    outcome?: Outcome,
    signal?: AbortSignal,
  ): AsyncGenerator<MessageRun, void> {
    this.#checkOpen();
    signal?.throwIfAborted();
    const { blocking } = this.kernel.sockets;
    try {
      for await (const run of readDump(blocking, this.namespace, message, outcome, this.#dumps)) {
        signal?.throwIfAborted();
        yield run;
      }
    } catch (error) {
      throw explained(error);
    }
  }

  /**
   * The same for requests of several families. A family that has no such table, or that the kernel was built without,
   * has no objects; another error of one is thrown when the others have been read.
   */
  async *dumpAll(
    messages: readonly MessageWriter[],
    outcome?: Outcome,
    signal?: AbortSignal,
  ): AsyncGenerator<MessageRun, void> {
    let failure: unknown;
    for (const message of messages) {
      try {
        yield* this.dump(message, outcome, signal);
      } catch (error) {
        if (!isAbsentFamily(error, messages.length > 1)) failure ??= error;
      }
      if (failure !== undefined && (this.#isClosed || signal?.aborted)) break;
    }
    if (failure !== undefined) throw failure;
  }

  /**
   * A whole table as it is at one moment: read without a pause, and again if it changes while it is read;
   * `outcome.interrupted` says whether it did at every attempt.
   */
  dumpWhole(messages: readonly MessageWriter[], outcome: Outcome): MessageRun[] {
    this.#checkOpen();
    return messages.flatMap(message => {
      for (let attempt = 1; ; attempt++) {
        const own: Outcome = { interrupted: false };
        const runs = this.#readAtOnce(message, own, messages.length > 1);
        if (!own.interrupted) return runs;
        if (attempt < MOST_READINGS) continue;
        outcome.interrupted = true;
        return runs;
      }
    });
  }

  #readAtOnce(message: MessageWriter, outcome: Outcome, isOneOfSeveral: boolean): MessageRun[] {
    try {
      return readDumpAtOnce(this.kernel.sockets.blocking, this.namespace, message, outcome);
    } catch (error) {
      if (isAbsentFamily(error, isOneOfSeveral)) return [];
      throw explained(error);
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Closes the socket; pending requests are refused with ECANCELED. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pipeline.close();
    for (const dump of [...this.#dumps]) dump.close();
    this.#channel.close();
    closeSync(this.namespace);
  }

  /** Asks for a message that is needed before this turn ends, after what was requested before. Throws {@link KernelError}. */
  ask(request: MessageWriter): Message | undefined {
    this.#checkOpen();
    try {
      return this.#pipeline.ask(request);
    } catch (error) {
      throw explained(error);
    }
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new SystemError('the network has been closed', ECANCELED);
  }
}

/** Whether a dump was refused because there is no such table, or, asked for with others, no such family. */
function isAbsentFamily(error: unknown, isOneOfSeveral: boolean): boolean {
  if (!(error instanceof KernelError)) return false;
  if (error.errno === ENOENT) return true;
  return isOneOfSeveral && (error.errno === EAFNOSUPPORT || error.errno === EOPNOTSUPP);
}

/** Adds to an error which attribute the kernel refused. */
export function explained(error: unknown): unknown {
  if (error instanceof KernelError) error.attribute ??= attributeOf(error);
  return error;
}

function attributeOf({ request, extendedAck, protocol }: KernelError): string | undefined {
  if (protocol !== NETLINK_ROUTE) return undefined;
  const { offset, missingType, missingNest } = extendedAck;
  if (offset !== undefined) return attributePath(request, offset);
  return missingType === undefined ? undefined : missingAttributePath(request, missingType, missingNest);
}
