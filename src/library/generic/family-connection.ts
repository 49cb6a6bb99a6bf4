/**
 * Requests to a family of generic netlink inside the namespace of a network. The kernel answers them before it returns
 * from sending, so each has a socket that blocks and is closed again.
 */
import { familyRequest, type RegisteredFamily, readFamily } from '../../genetlink/controller.ts';
import { type GenericFamily, genericRequest } from '../../genetlink/family.ts';
import { Channel } from '../../kernel/netlink/channel.ts';
import { sendDump } from '../../kernel/netlink/dump.ts';
import { type Expectation, type Reply, requestBytes, sendRequest } from '../../kernel/netlink/exchange.ts';
import { KernelError, SystemError } from '../../kernel/system/errors.ts';
import { ECANCELED, ENOENT } from '../../linux/errno.ts';
import { NETLINK_GENERIC } from '../../linux/netlink.ts';
import type { Rows } from '../../schema/row.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { CallOptions, Connection } from '../connection.ts';

/** A family as the network at hand reaches it. */
export class FamilyConnection<C extends string> {
  readonly connection: Connection;
  readonly #family: GenericFamily<Rows, C>;
  #registered: RegisteredFamily | undefined;

  constructor(connection: Connection, family: GenericFamily<Rows, C>) {
    this.connection = connection;
    this.#family = family;
  }

  /**
   * Sends a command, whose attributes `encode` writes, and resolves with its answer. Rejects with {@link KernelError}: of
   * ENOENT too if the kernel lacks the family.
   */
  async request(
    command: C,
    encode: (request: MessageWriter) => void = () => undefined,
    expects: Expectation = 'ack',
    { signal }: CallOptions = {},
  ): Promise<readonly Message[]> {
    signal?.throwIfAborted();
    return this.#with(channel => {
      const request = this.#begin(channel, command);
      encode(request);
      return ask(channel, request, expects);
    });
  }

  /** The messages with which the kernel answers a dump. Rejects with {@link KernelError}. */
  async dump(command: C, { signal }: CallOptions = {}): Promise<readonly Message[]> {
    signal?.throwIfAborted();
    return this.#with(channel => {
      const messages: Message[] = [];
      let end: { readonly error: Error | undefined } | undefined;
      sendDump(channel, this.#begin(channel, command), {
        put: batch => messages.push(...batch),
        end: error => {
          end = { error };
        },
      });
      while (end === undefined) channel.receive();
      if (end.error !== undefined) throw end.error;
      return messages;
    });
  }

  /** The id of a multicast group. Throws {@link KernelError} if the kernel lacks the family or the group. */
  group(name: string): number {
    const group = this.#with(channel => this.#find(channel).groups.get(name));
    if (group === undefined) throw absent(this.#family.name, familyRequest(this.#family.name));
    return group;
  }

  #begin(channel: Channel, command: C): MessageWriter {
    return genericRequest(this.#family, this.#find(channel).id, command);
  }

  #find(channel: Channel): RegisteredFamily {
    if (this.#registered !== undefined) return this.#registered;
    const request = familyRequest(this.#family.name);
    let answer: Message | undefined;
    try {
      [answer] = ask(channel, request, 'answer');
    } catch (error) {
      if (!(error instanceof KernelError) || error.errno !== ENOENT) throw error;
    }
    const found = answer && readFamily(answer);
    if (found === undefined) throw absent(this.#family.name, request);
    this.#registered = found;
    return found;
  }

  #with<T>(use: (channel: Channel) => T): T {
    const { isClosed, kernel, namespace } = this.connection;
    if (isClosed) throw new SystemError('the network has been closed', ECANCELED);
    const channel = new Channel(kernel.sockets.blocking, { namespace, protocol: NETLINK_GENERIC });
    try {
      return use(channel);
    } finally {
      channel.close();
    }
  }
}

function ask(channel: Channel, request: MessageWriter, expects: Expectation): readonly Message[] {
  let reply: Reply | undefined;
  sendRequest(channel, request, expects, given => {
    reply = given;
  });
  if (reply instanceof Error) throw reply;
  return reply ?? [];
}

function absent(name: string, request: MessageWriter): KernelError {
  const reason = `the kernel has no family "${name}" of generic netlink`;
  return new KernelError(ENOENT, requestBytes(request), { reason }, { protocol: NETLINK_GENERIC });
}
