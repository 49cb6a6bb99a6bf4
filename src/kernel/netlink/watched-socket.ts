/**
 * Netlink sockets driven by the event loop, by the addon alone: for runtimes that cannot load the binding of the `netlink`
 * package. Bun has neither the C++ library nor the functions of libuv that it needs.
 */
import { SystemError } from '../system/errors.ts';
import { native, READABLE } from '../system/native.ts';
import { openBlockingSocket } from './blocking-socket.ts';
import type { SocketOptions, Transport, TransportEvents } from './transport.ts';

/** How many datagrams are reported before the event loop does something else. */
const MAX_DATAGRAMS = 64;

/** Opens a netlink socket; `note` says why it is one of these. Throws {@link SystemError}. */
export function openWatchedSocket(options: SocketOptions, events: TransportEvents, note: string): Transport {
  const socket = openBlockingSocket(options, events);
  let isClosed = false;
  const watch = native.watch(socket.descriptor, READABLE, () => {
    for (let count = 0; count < MAX_DATAGRAMS && !isClosed && socket.receive(false); count++);
  });
  if (typeof watch === 'number') {
    socket.close();
    throw new SystemError('Cannot watch netlink socket', -watch);
  }
  return {
    note,
    port: socket.port,
    send: socket.send,
    join: socket.join,
    hold: isHeld => native.holdWatch(watch, isHeld),
    close() {
      isClosed = true;
      native.unwatch(watch);
      socket.close();
    },
  };
}
