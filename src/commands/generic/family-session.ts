/** The conversation of a command with a family of generic netlink, whose id the controller is asked for first. */

import { familyRequest, type RegisteredFamily, readFamily } from '../../genetlink/controller.ts';
import { type GenericFamily, genericRequest } from '../../genetlink/family.ts';
import type { Expectation } from '../../kernel/netlink/exchange.ts';
import type { NetlinkSession } from '../../kernel/netlink/session.ts';
import { RequestWindow } from '../../kernel/netlink/window.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { NETLINK_GENERIC } from '../../linux/netlink.ts';
import { EXIT_FAILURE, EXIT_KERNEL } from '../../schema/args.ts';
import type { Rows } from '../../schema/row.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import type { DumpOptions } from '../frame/dump.ts';
import { BatchEnded, CommandFailed, kernelErrorText } from '../frame/report.ts';

/** A family that the kernel has, and requests to it. */
export class FamilySession<C extends string> {
  readonly #family: GenericFamily<Rows, C>;
  readonly #registered: RegisteredFamily;
  readonly #context: Context;

  constructor(family: GenericFamily<Rows, C>, registered: RegisteredFamily, context: Context) {
    this.#family = family;
    this.#registered = registered;
    this.#context = context;
  }

  /** Opens a session to listen to a multicast group, driven by the event loop; undefined if there is no such group. */
  async listening(
    name: string,
  ): Promise<{ readonly session: NetlinkSession; readonly group: number } | undefined> {
    const group = this.#registered.groups.get(name);
    return group === undefined
      ? undefined
      : { session: await this.#context.eventSession(NETLINK_GENERIC), group };
  }

  /** Begins a request; `flags` are NLM_F_*. */
  begin(command: C, flags = 0): MessageWriter {
    return genericRequest(this.#family, this.#registered.id, command, flags);
  }

  /** Sends a request and resolves with its answer; see {@link NetlinkSession.request}. */
  request(request: MessageWriter, expects?: Expectation): Promise<readonly Message[]> {
    return this.#session.request(request, expects);
  }

  /**
   * Sends a change and waits for its acknowledgement. Returns 0. A refusal ends the command with `refusalCode` if it is not
   * that of most commands.
   */
  async change(request: MessageWriter, refusalCode = EXIT_KERNEL): Promise<0> {
    try {
      await this.request(request);
      return 0;
    } catch (error) {
      if (refusalCode === EXIT_KERNEL || !(error instanceof KernelError)) throw error;
      this.#context.complain(kernelErrorText(error));
      throw new CommandFailed(refusalCode, error);
    }
  }

  /** Sends deletions, many in one datagram, without asking for more than the errors. Throws the first of these. */
  deleteAll(deletions: readonly MessageWriter[]): void {
    const window = new RequestWindow();
    const send = () => {
      for (const refusal of this.#session.requestUnacknowledged(window).values()) throw refusal;
      window.clear();
    };
    for (const deletion of deletions) {
      if (window.add(deletion)) continue;
      send();
      window.add(deletion);
    }
    send();
  }

  /** Yields the messages of a dump; see {@link Context.dump}. */
  dump(request: MessageWriter, options: DumpOptions = {}): AsyncGenerator<readonly Message[], void> {
    return this.#context.dump(request, { ...options, session: this.#session });
  }

  get #session(): NetlinkSession {
    return this.#context.protocolSession(NETLINK_GENERIC);
  }
}

/** Asks for a family, once for all lines of a batch. Without it the call ends here, as the original's does. */
export async function openFamily<C extends string>(
  family: GenericFamily<Rows, C>,
  context: Context,
): Promise<FamilySession<C>> {
  const { families } = context.state.place;
  let registered = families.get(family.name);
  if (registered === undefined) {
    registered = await findFamily(family.name, context);
    families.set(family.name, registered);
  }
  return new FamilySession(family, registered, context);
}

/** Asks for a family before a command is chosen: what an object does that needs it for all of its commands. */
export function withFamily(load: () => Promise<GenericFamily>): (context: Context) => Promise<void> {
  return async context => {
    await openFamily(await load(), context);
  };
}

async function findFamily(name: string, context: Context): Promise<RegisteredFamily> {
  const session = context.protocolSession(NETLINK_GENERIC);
  try {
    const [answer] = await session.request(familyRequest(name), 'answer');
    const found = answer && readFamily(answer);
    if (found !== undefined) return found;
    context.complain('Missing controller family id TLV');
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    context.complain(kernelErrorText(error));
  }
  context.complain('Error talking to the kernel');
  throw new BatchEnded(EXIT_FAILURE);
}
