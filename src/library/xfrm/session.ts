/** The conversation of a network about IPsec: a session of NETLINK_XFRM inside its namespace, opened when it is needed. */
import type { Outcome } from '../../kernel/netlink/dump.ts';
import type { Expectation } from '../../kernel/netlink/exchange.ts';
import { NetlinkSession } from '../../kernel/netlink/session.ts';
import { KernelError, SystemError } from '../../kernel/system/errors.ts';
import { ECANCELED } from '../../linux/errno.ts';
import { NETLINK_XFRM } from '../../linux/netlink.ts';
import { XFRM_MSG_NEWSA, XFRM_MSG_UPDSA } from '../../linux/xfrm.ts';
import { HEADER_LENGTH, type Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { eraseKeys } from '../../xfrm/algorithm.ts';
import { stateInfo } from '../../xfrm/structs.ts';
import type { Connection } from '../connection.ts';

/** Requests about IPsec. */
export class XfrmSession {
  readonly connection: Connection;
  #session: NetlinkSession | undefined;
  #isClosed = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Sends a request and resolves with its answer. Rejects with {@link KernelError}, whose request has no keys. */
  async request(
    message: MessageWriter,
    expects: Expectation = 'ack',
    signal?: AbortSignal,
  ): Promise<readonly Message[]> {
    signal?.throwIfAborted();
    try {
      return await this.#open().request(message, expects);
    } catch (error) {
      throw withoutKeys(error);
    }
  }

  /** Sends a dump request and yields its messages, datagram by datagram. */
  async *dump(
    message: MessageWriter,
    outcome?: Outcome,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly Message[], void> {
    signal?.throwIfAborted();
    for await (const batch of this.#open().dump(message, outcome)) {
      signal?.throwIfAborted();
      yield batch;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#session?.close();
  }

  #open(): NetlinkSession {
    if (this.#isClosed) throw new SystemError('the network has been closed', ECANCELED);
    const { kernel, namespace } = this.connection;
    this.#session ??= new NetlinkSession(kernel.sockets.blocking, { protocol: NETLINK_XFRM, namespace });
    return this.#session;
  }
}

/** The same error; the request that it carries has lost its keys. */
function withoutKeys(error: unknown): unknown {
  if (error instanceof KernelError && error.request.length > HEADER_LENGTH) {
    const type = error.request.readUInt16LE(4);
    if (type === XFRM_MSG_NEWSA || type === XFRM_MSG_UPDSA)
      eraseKeys(error.request, HEADER_LENGTH + stateInfo.size);
  }
  return error;
}
