/** Multipath TCP in a network: endpoints, limits, and what happens to connections. Source: linux/mptcp_pm.h. */
import { commandOf, decodeGeneric } from '../../genetlink/family.ts';
import {
  decodeEndpoint,
  ENDPOINT_FLAGS,
  type EndpointAttributes,
  EVENT_FLAGS,
  MPTCP_EVENT_GROUP,
  mptcp,
  mptcpEvents,
} from '../../genetlink/mptcp.ts';
import { Session } from '../../kernel/netlink/event-session.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { AF_INET } from '../../linux/families.ts';
import { NETLINK_GENERIC } from '../../linux/netlink.ts';
import { formatIp, packIp } from '../../wire/address.ts';
import type { Message } from '../../wire/message.ts';
import { isNotFound } from '../collections/collection.ts';
import type { CallOptions, Connection } from '../connection.ts';
import { ArgumentError, compact, flagsOf, wordsOf } from '../values/argument.ts';
import type { DeviceReference } from '../values/devices.ts';
import { readAddress } from '../values/prefix.ts';
import { signal as anySignal, members } from '../values/shape.ts';
import { FamilyConnection } from './family-connection.ts';

/** What an endpoint is for; the kernel makes `implicit` ones itself. */
export type MptcpEndpointFlag = 'signal' | 'subflow' | 'backup' | 'fullmesh' | 'implicit' | 'laminar';

/** An address that connections of multipath TCP may use. */
export interface MptcpEndpoint {
  readonly id: number;
  readonly address: string;
  readonly port?: number;
  readonly flags: readonly MptcpEndpointFlag[];
  /** The device that it is bound to. */
  readonly device?: string;
  readonly device_index?: number;
}

/** An endpoint to be made. */
export interface MptcpEndpointArguments {
  readonly address: string;
  /** 1 to 255; the kernel chooses one when left out. */
  readonly id?: number | undefined;
  /** Only with the flag `signal`. */
  readonly port?: number | undefined;
  readonly device?: DeviceReference | undefined;
  readonly flags?: readonly Exclude<MptcpEndpointFlag, 'implicit'>[] | undefined;
}

/** An endpoint by its number, or by its address and port. */
export type MptcpEndpointReference =
  | { readonly id: number }
  | { readonly address: string; readonly port?: number | undefined };

/** How many subflows a connection may have besides its first, and how many addresses of its peer it takes. */
export interface MptcpLimits {
  readonly subflows: number;
  readonly add_addr_accepted: number;
}

/** What has happened to a connection, a subflow or a listener. */
export interface MptcpEvent {
  readonly event: keyof typeof mptcpEvents.commands;
  /** Of the connection on this side. */
  readonly token?: number;
  readonly local_id?: number;
  readonly remote_id?: number;
  readonly local_address?: string;
  readonly remote_address?: string;
  readonly local_port?: number;
  readonly remote_port?: number;
  readonly backup?: boolean;
  /** Error number by which a subflow was closed. */
  readonly error?: number;
  readonly device_index?: number;
  /** MP_TCPRST of RFC 8684. */
  readonly reset_reason?: number;
  readonly reset_flags?: number;
  readonly server_side: boolean;
  /** The peer wants no subflows to the address of the first. */
  readonly deny_join_id0: boolean;
}

/** Events were lost: this thread was busy for too long. */
export interface MptcpLossEvent {
  readonly event: 'lost';
}

type Family = FamilyConnection<keyof typeof mptcp.commands>;

/** The endpoints of a network. */
export class MptcpEndpoints {
  /** @internal */
  readonly connection: Connection;
  readonly #family: Family;

  /** @internal */
  constructor(family: Family) {
    this.connection = family.connection;
    this.#family = family;
  }

  /** Yields the endpoints. Throws {@link KernelError}: ENOENT if the kernel lacks multipath TCP. */
  async *list(options: CallOptions = {}): AsyncGenerator<MptcpEndpoint, void> {
    yield* await this.all(options);
  }

  /** All endpoints. Rejects with {@link KernelError}. */
  async all(options: CallOptions = {}): Promise<MptcpEndpoint[]> {
    const messages = await this.#family.dump('get_addr', options);
    return messages.flatMap(message => this.#read(message) ?? []);
  }

  /** The endpoint of a number; undefined if there is none. Rejects with {@link KernelError}. */
  async get(id: number, options: CallOptions = {}): Promise<MptcpEndpoint | undefined> {
    try {
      const [answer] = await this.#send('get_addr', { id }, options, 'answer');
      return answer && this.#read(answer);
    } catch (error) {
      // The kernel calls it EINVAL, as its words say.
      if (isNotFound(error) || isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** Makes an endpoint. Rejects with {@link KernelError}: EEXIST if there is one of that address or number. */
  async add(given: MptcpEndpointArguments, options: CallOptions = {}): Promise<void> {
    const { id, device, flags } = given;
    const { devices } = this.#family.connection;
    const addr = {
      id,
      flags: flagsOf('flags', ENDPOINT_FLAGS, flags) || undefined,
      if_idx: device === undefined ? undefined : devices.index('device', device),
      ...addressAttributes(given),
    };
    await this.#send('add_addr', addr, options);
  }

  /** Sets or clears `backup` and `fullmesh`: both together are what the endpoint has of them then. */
  async change(
    endpoint: MptcpEndpointReference,
    flags: readonly ('backup' | 'fullmesh')[],
    options: CallOptions = {},
  ): Promise<void> {
    const bits = flagsOf(
      'flags',
      { backup: ENDPOINT_FLAGS.backup, fullmesh: ENDPOINT_FLAGS.fullmesh },
      flags,
    );
    await this.#send('set_flags', { ...referenceAttributes(endpoint), flags: bits || undefined }, options);
  }

  /**
   * Deletes the endpoint of a number; of 0, which the kernel gives the addresses of first subflows, with the address.
   * Rejects with {@link KernelError}.
   */
  async delete(
    { id, address }: { readonly id: number; readonly address?: string | undefined },
    options: CallOptions = {},
  ): Promise<void> {
    const isFirst = id === 0;
    if (isFirst && address === undefined) throw new ArgumentError('address', 'is needed for the id 0');
    const addr = { id, ...(isFirst && address !== undefined ? addressAttributes({ address }) : {}) };
    await this.#send('del_addr', addr, options);
  }

  /** Deletes all endpoints. Rejects with {@link KernelError}. */
  async flush(options: CallOptions = {}): Promise<void> {
    await this.#family.request('flush_addrs', undefined, 'ack', options);
  }

  #send(
    command: keyof typeof mptcp.commands,
    addr: EndpointAttributes,
    options: CallOptions,
    expects: 'ack' | 'answer' = 'ack',
  ): Promise<readonly Message[]> {
    return this.#family.request(
      command,
      request => mptcp.attributes.encode(request, { addr }),
      expects,
      options,
    );
  }

  #read(message: Message): MptcpEndpoint | undefined {
    const { id, family, addr4, addr6, port, flags = 0, if_idx } = decodeEndpoint(message) ?? {};
    const bytes = family === AF_INET ? addr4 : addr6;
    const address = bytes && formatIp(bytes, 0, bytes.length);
    if (id === undefined || address === undefined) return undefined;
    return compact<MptcpEndpoint>({
      id,
      address,
      port: port || undefined,
      flags: wordsOf(ENDPOINT_FLAGS, flags),
      device: if_idx ? this.#family.connection.devices.name(if_idx) : undefined,
      device_index: if_idx || undefined,
    });
  }
}

/** Refused with words that say that there is no such address. */
function isAbsent(error: unknown): boolean {
  return error instanceof KernelError && error.reason === 'address not found';
}

function addressAttributes({
  address,
  port,
}: {
  readonly address: string;
  readonly port?: number | undefined;
}): EndpointAttributes {
  const { family, address: text } = readAddress('address', address);
  const bytes = Buffer.from(packIp(text));
  return {
    port,
    family,
    ...(family === AF_INET ? { addr4: bytes } : { addr6: bytes }),
  };
}

function referenceAttributes(endpoint: MptcpEndpointReference): EndpointAttributes {
  return 'id' in endpoint ? { id: endpoint.id } : addressAttributes(endpoint);
}

/** Multipath TCP in a network. */
export class Mptcp {
  readonly endpoints: MptcpEndpoints;
  readonly limits: MptcpLimitSettings;
  readonly #family: Family;
  readonly #watchers: Set<Disposable>;

  /** @internal */
  constructor(connection: Connection, watchers: Set<Disposable>) {
    this.#family = new FamilyConnection(connection, mptcp);
    this.#watchers = watchers;
    this.endpoints = new MptcpEndpoints(this.#family);
    this.limits = new MptcpLimitSettings(this.#family);
  }

  /**
   * Listens from now on to what happens to connections, until the loop is left, the signal is aborted or the network is
   * closed. Throws {@link KernelError}, {@link SystemError}.
   *
   *     for await (const event of network.mptcp.watch()) console.log(event);
   */
  watch(options: CallOptions = {}): AsyncIterable<MptcpEvent | MptcpLossEvent> & Disposable {
    const { signal } = members<CallOptions>('options', options, { signal: anySignal });
    signal?.throwIfAborted();
    const group = this.#family.group(MPTCP_EVENT_GROUP);
    const { namespace } = this.#family.connection;
    const session = Session.open({ namespace, protocol: NETLINK_GENERIC });
    const notifications = session.subscribe([group]);
    const watchers = this.#watchers;
    const watcher = {
      [Symbol.dispose]() {
        watchers.delete(watcher);
        signal?.removeEventListener('abort', end);
        session.close();
      },
      async *[Symbol.asyncIterator]() {
        try {
          for await (const notification of notifications) {
            if (notification.kind === 'overrun') yield { event: 'lost' } as const;
            else for (const message of notification.messages) yield* readEvent(message);
          }
        } finally {
          watcher[Symbol.dispose]();
        }
      },
    };
    const end = () => watcher[Symbol.dispose]();
    watchers.add(watcher);
    signal?.addEventListener('abort', end, { once: true });
    return watcher;
  }
}

/** How far connections of a network may go. */
export class MptcpLimitSettings {
  /** @internal */
  readonly connection: Connection;
  readonly #family: Family;

  /** @internal */
  constructor(family: Family) {
    this.connection = family.connection;
    this.#family = family;
  }

  /** The limits. Rejects with {@link KernelError}: ENOENT if the kernel lacks multipath TCP. */
  async get(options: CallOptions = {}): Promise<MptcpLimits> {
    const [answer] = await this.#family.request('get_limits', undefined, 'answer', options);
    const { subflows = 0, rcv_add_addrs = 0 } = (answer && decodeGeneric(mptcp, answer)) ?? {};
    return { subflows, add_addr_accepted: rcv_add_addrs };
  }

  /** Sets the limits that are given. Rejects with {@link KernelError}: EINVAL for more than the kernel allows. */
  async set(
    limits: { readonly [M in keyof MptcpLimits]?: number | undefined },
    options: CallOptions = {},
  ): Promise<void> {
    const attributes = { subflows: limits.subflows, rcv_add_addrs: limits.add_addr_accepted };
    const encode = (request: Parameters<typeof mptcp.attributes.encode>[0]) =>
      mptcp.attributes.encode(request, attributes);
    await this.#family.request('set_limits', encode, 'ack', options);
  }
}

/** The event in a message; none if it is of a kind that is not known. */
function* readEvent(message: Message): Generator<MptcpEvent, void> {
  const number = commandOf(message);
  const found = decodeGeneric(mptcpEvents, message);
  const names = Object.keys(mptcpEvents.commands) as MptcpEvent['event'][];
  const event = names.find(name => mptcpEvents.commands[name][0] === number);
  if (event === undefined || found === undefined) return;
  const { flags = 0, backup, server_side } = found;
  yield compact<MptcpEvent>({
    event,
    token: found.token,
    local_id: found.loc_id,
    remote_id: found.rem_id,
    local_address: found.saddr4 ?? found.saddr6,
    remote_address: found.daddr4 ?? found.daddr6,
    local_port: found.sport,
    remote_port: found.dport,
    backup: backup === undefined ? undefined : backup !== 0,
    error: found.error,
    device_index: found.if_idx || undefined,
    reset_reason: found.reset_reason,
    reset_flags: found.reset_flags,
    server_side: Boolean(server_side) || (flags & EVENT_FLAGS.server_side) !== 0,
    deny_join_id0: (flags & EVENT_FLAGS.deny_join_id0) !== 0,
  });
}
