/** What the collections of a network share: the session with the kernel inside one namespace. */

import { closeSync } from 'node:fs';
import { type Kernel, systemKernel } from '../kernel/kernel.ts';
import { type Batch, type Closable, type Outcome, readDump, readDumpAtOnce } from '../kernel/netlink/dump.ts';
import { Session } from '../kernel/netlink/event-session.ts';
import { KernelError, SystemError } from '../kernel/system/errors.ts';
import { EAFNOSUPPORT, ECANCELED, ENOENT, EOPNOTSUPP } from '../linux/errno.ts';
import { NETLINK_ROUTE } from '../linux/netlink.ts';
import { attributePath, missingAttributePath } from '../rtnetlink/catalogue/attribute-path.ts';
import type { Message } from '../wire/message.ts';
import type { MessageWriter } from '../wire/writer.ts';
import { Words } from './values/words.ts';

/** Further requests wait: their answers would not fit the socket's buffer if this thread were busy. */
const MOST_REQUESTS = 256;
/** How often a table is read that changes while it is read. */
const MOST_READINGS = 100;

/** Sends requests inside one network namespace. */
export class Connection {
  readonly words = new Words();
  readonly kernel: Kernel;
  /** Descriptor of the namespace; closed with the connection. */
  readonly namespace: number;
  readonly #session: Session;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
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
      this.#session = Session.open({
        namespace,
        strict: true,
        ...(onWarning ? { onWarning } : {}),
      });
    } catch (error) {
      closeSync(namespace);
      throw error;
    }
  }

  /** Sends one request; earlier ones need not be answered yet. Rejects with {@link KernelError}. */
  async request(message: MessageWriter, expects: 'ack' | 'answer' = 'ack'): Promise<readonly Message[]> {
    this.#checkOpen();
    if (this.#running >= MOST_REQUESTS) {
      await new Promise<void>(resolve => {
        this.#waiting.push(resolve);
      });
      this.#checkOpen();
    } else {
      this.#running++;
    }
    try {
      return await this.#session.request(message, expects);
    } catch (error) {
      throw explained(error);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  /** Sends a dump request and yields the answer datagram by datagram, read as it is consumed. */
  async *dump(message: MessageWriter, outcome?: Outcome): AsyncGenerator<Batch, void> {
    this.#checkOpen();
    try {
      yield* readDump(this.kernel.sockets.blocking, this.namespace, message, outcome, this.#dumps);
    } catch (error) {
      throw explained(error);
    }
  }

  /**
   * The same for requests of several families. A family that has no such table, or that the kernel was built without,
   * has no objects; another error of one is thrown when the others have been read.
   */
  async *dumpAll(messages: readonly MessageWriter[], outcome?: Outcome): AsyncGenerator<Batch, void> {
    let failure: unknown;
    for (const message of messages) {
      try {
        yield* this.dump(message, outcome);
      } catch (error) {
        if (!isAbsentFamily(error, messages.length > 1)) failure ??= error;
      }
      if (this.#isClosed && failure !== undefined) break;
    }
    if (failure !== undefined) throw failure;
  }

  /**
   * A whole table as it is at one moment: read without a pause, and again as long as it changes while it is read;
   * `outcome.interrupted` says whether it did at every attempt.
   */
  dumpWhole(messages: readonly MessageWriter[], outcome: Outcome): Batch[] {
    this.#checkOpen();
    return messages.flatMap(message => {
      for (let attempt = 1; ; attempt++) {
        const own: Outcome = { interrupted: false };
        const batches = this.#readAtOnce(message, own, messages.length > 1);
        if (!own.interrupted) return batches;
        if (attempt < MOST_READINGS) continue;
        outcome.interrupted = true;
        return batches;
      }
    });
  }

  #readAtOnce(message: MessageWriter, outcome: Outcome, isOneOfSeveral: boolean): Batch[] {
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
    this.#session.close();
    for (const dump of [...this.#dumps]) dump.close();
    closeSync(this.namespace);
    for (const resume of this.#waiting.splice(0)) resume();
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
