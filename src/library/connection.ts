/** What the collections of a network share: the session with the kernel inside one namespace. */

import { closeSync } from 'node:fs';
import { type Kernel, systemKernel } from '../kernel/kernel.ts';
import { type Batch, type Outcome, readDump } from '../kernel/netlink/dump.ts';
import { Session } from '../kernel/netlink/event-session.ts';
import { KernelError, SystemError } from '../kernel/system/errors.ts';
import { ECANCELED } from '../linux/errno.ts';
import { NETLINK_ROUTE } from '../linux/netlink.ts';
import { attributePath, missingAttributePath } from '../rtnetlink/catalogue/attribute-path.ts';
import type { Message } from '../wire/message.ts';
import type { MessageWriter } from '../wire/writer.ts';
import { Words } from './values/words.ts';

/** Further requests wait: their answers would not fit the socket's buffer if this thread were busy. */
const MOST_REQUESTS = 256;

/** Sends requests inside one network namespace. */
export class Connection {
  readonly words = new Words();
  readonly kernel: Kernel;
  /** Descriptor of the namespace; closed with the connection. */
  readonly namespace: number;
  readonly #session: Session;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
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
      yield* readDump(this.kernel.sockets.blocking, this.namespace, message, outcome);
    } catch (error) {
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
    closeSync(this.namespace);
    for (const resume of this.#waiting.splice(0)) resume();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new SystemError('the network has been closed', ECANCELED);
  }
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
