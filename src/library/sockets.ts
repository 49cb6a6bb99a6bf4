/**
 * Sockets that are born in another network namespace: a socket belongs to the one that its thread was in when it was
 * made, wherever it is used. Source: network_namespaces(7).
 */

import { Server, Socket } from 'node:net';
import { types } from 'node:util';
import { check } from '../kernel/system/errors.ts';
import { insideNamespace } from '../kernel/system/namespace.ts';
import { native } from '../kernel/system/native.ts';
import { SO_REUSEADDR, SOCK_NONBLOCK, SOCK_STREAM, SOL_SOCKET } from '../linux/sockets.ts';
import { parseIpv4, parseIpv6 } from '../wire/address.ts';
import { ArgumentError } from './values/argument.ts';
import { FAMILY_NUMBERS, readAddress } from './values/prefix.ts';
import { integer, members, type Shape, text } from './values/shape.ts';

const MAX_PORT = 65535;
const SOCKADDR_IN_LENGTH = 16;
const SOCKADDR_IN6_LENGTH = 28;

/** Where a server listens. */
export interface ListenOptions {
  /** 0, or left out, for any free one. */
  readonly port?: number | undefined;
  /** An address, or a name in the hosts file of the namespace; all addresses, `::`, when left out. */
  readonly host?: string | undefined;
  /** How many connections may wait. */
  readonly backlog?: number | undefined;
}

/** Where to connect to. */
export interface ConnectOptions {
  readonly port: number;
  /** An address, or a name in the hosts file of the namespace. */
  readonly host: string;
}

const LISTEN: Shape<ListenOptions> = {
  port: integer(0, MAX_PORT),
  host: text,
  backlog: integer(0, 0x7fffffff),
};
const CONNECT: Shape<ConnectOptions> = { port: integer(1, MAX_PORT), host: text };

/** The address of a host, at once. Throws {@link ArgumentError}. */
export type AddressOf = (host: string) => string;

const readHost: AddressOf = host => readAddress('host', host).address;

/** Has a server listen in the namespace behind `fd`; resolves when it does. */
export async function listenInside(
  fd: number,
  server: Server,
  options: ListenOptions,
  resolve: AddressOf = readHost,
): Promise<void> {
  const { port = 0, host: given = '::', backlog } = members('options', options, LISTEN, { prefix: '' });
  if (!isServer(server)) throw new ArgumentError('server', 'is not a server of node:net or its like');
  const host = resolve(given);
  const address = socketAddress(host, port);
  const socket = makeSocket(fd, address.family);
  try {
    check(native.setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, 1), 'setsockopt');
    check(native.bind(socket, address.bytes), `Cannot listen on ${host} port ${port}`);
  } catch (error) {
    native.close(socket);
    throw error;
  }
  await new Promise<void>((resolve, reject) => {
    const onListening = () => {
      server.off('error', onError);
      resolve();
    };
    const onError = (error: Error) => {
      server.off('listening', onListening);
      reject(error);
    };
    server.once('listening', onListening);
    server.once('error', onError);
    server.listen({ fd: socket, ...(backlog === undefined ? {} : { backlog }) });
    // The server closes the descriptor.
    native.giveAway(socket);
  });
}

/** A socket of the namespace behind `fd` that connects; its events are those of net.connect. */
export function connectInside(fd: number, options: ConnectOptions, resolve: AddressOf = readHost): Socket {
  const { port, host: given } = members('options', options, CONNECT, {
    prefix: '',
    required: ['port', 'host'],
  });
  const host = resolve(given);
  const { family } = socketAddress(host, port);
  // Reading begins when it is connected: nothing can be read before.
  const descriptor = makeSocket(fd, family);
  const open = { fd: descriptor, readable: true, writable: true, manualStart: true };
  const socket = new Socket(open);
  native.giveAway(descriptor);
  return socket.connect({ port, host });
}

/** Proxies are none: Node looks at them in ways that they cannot answer. */
function isServer(value: unknown): boolean {
  return !types.isProxy(value) && value instanceof Server;
}

function makeSocket(fd: number, family: number): number {
  const make = () => native.socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
  return check(insideNamespace(native, fd, make), 'Cannot make a socket');
}

/** struct sockaddr_in or sockaddr_in6. */
function socketAddress(host: string, port: number): { family: number; bytes: Buffer } {
  const { family, address } = readAddress('host', host);
  const isIpv4 = family === FAMILY_NUMBERS.inet;
  const bytes = Buffer.alloc(isIpv4 ? SOCKADDR_IN_LENGTH : SOCKADDR_IN6_LENGTH);
  bytes.writeUInt16LE(family, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set((isIpv4 ? parseIpv4(address) : parseIpv6(address))!, isIpv4 ? 4 : 8);
  return { family, bytes };
}
