/**
 * Netlink sockets driven by Node's event loop: RawNetlinkSocket of the `netlink` package. Options that it does not
 * know are set by the addon on the socket found by its port.
 */
import { RawNetlinkSocket } from 'netlink/dist/raw.js';
import { insideNamespace } from './namespace.ts';
import { native } from './native.ts';
import { RECEIVE_BUFFER, SEND_BUFFER, setSocketOptions } from './socket-options.ts';
import type { SocketOptions, Transport, TransportEvents } from './transport.ts';

/** The kernel fills at most 32 KiB of a dump's datagram unless one message is larger. */
const DATAGRAM = 65536;
const MAX_DESCRIPTOR = 65536;

/** Opens a netlink socket. Throws {@link SystemError}. */
export function openSocket(options: SocketOptions, events: TransportEvents): Transport {
  const create = () =>
    new RawNetlinkSocket(options.protocol ?? 0, {
      sendBufferSize: SEND_BUFFER,
      recvBufferSize: options.receiveBuffer ?? RECEIVE_BUFFER,
      ...(options.peek ? {} : { messagePeeking: false, msgBufferSize: DATAGRAM }),
    });
  const socket = options.namespace === undefined ? create() : insideNamespace(options.namespace, create);
  socket.on('message', (bytes, info) => events.message(bytes, info.port));
  socket.on('truncatedMessage', () => events.truncated());
  socket.on('error', error => events.error(Math.abs(error.errno)));
  const { port } = socket.address();
  const descriptor = descriptorOfPort(port);
  setSocketOptions(descriptor, options);
  return {
    port,
    send: (bytes, onSent) => socket.send(bytes, {}, error => onSent(error ? Math.abs(error.errno) : 0)),
    close: () => socket.close(),
    hold: isHeld => (isHeld ? socket.ref() : socket.unref()),
    join: group => socket.addMembership(group),
  };
}

/** The descriptor of our own netlink socket that is bound to `port`. */
function descriptorOfPort(port: number): number {
  for (let descriptor = 0; descriptor < MAX_DESCRIPTOR; descriptor++) {
    if (native.netlinkPort(descriptor) === port) return descriptor;
  }
  throw new Error(`no descriptor of netlink port ${port}`);
}
