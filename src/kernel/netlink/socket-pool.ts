/**
 * Netlink sockets of one network namespace that stay open when they are closed, for the next that is to be opened: setting
 * one up takes eight system calls.
 */
import { type BlockingSocket, openBlockingSocket } from './blocking-socket.ts';
import type { Connect, SocketOptions } from './transport.ts';

/** A call has one socket for what it does, and one for questions. */
const MOST_IDLE = 2;

export class SocketPool {
  readonly #strict: BlockingSocket[] = [];
  readonly #lenient: BlockingSocket[] = [];

  /** As {@link openBlockingSocket}. */
  readonly connect: Connect = (options, events) => {
    if (!isPlain(options)) return openBlockingSocket(options, events);
    const idle = options.strict ? this.#strict : this.#lenient;
    const socket = idle.pop() ?? openBlockingSocket(options, events);
    socket.reportTo(events);
    return { ...socket, close: () => keep(socket, idle) };
  };
}

/** Whether a socket differs from others in nothing but its strictness. */
function isPlain({ namespace, protocol, allNamespaces, receiveBuffer }: SocketOptions): boolean {
  return (
    namespace === undefined && protocol === undefined && receiveBuffer === undefined && allNamespaces !== true
  );
}

/** Keeps a socket, unless something is left in it. */
function keep(socket: BlockingSocket, idle: BlockingSocket[]): void {
  if (idle.length < MOST_IDLE && socket.isIdle) idle.push(socket);
  else socket.close();
}
