/**
 * Netlink sockets driven by Node's event loop: RawNetlinkSocket of the `netlink` package. Options that it does not
 * know are set by the addon on the socket found by its port.
 *
 * The package calls back from C++ and ends the process by abort() where that goes wrong: when the socket's buffer
 * overflows, and when anything that follows a callback at once throws, be it a promise of the caller's that nobody
 * handles. So news are told from the event loop itself, and the kernel does not report overflows as errors: it counts
 * what it drops (SO_MEMINFO), and the count is looked at.
 */

import { RawNetlinkSocket } from 'netlink/dist/raw.js';
import { EADDRINUSE, ENOBUFS } from '../../linux/errno.ts';
import { NETLINK_NO_ENOBUFS } from '../../linux/netlink.ts';
import { SO_MEMINFO, SOL_NETLINK, SOL_SOCKET } from '../../linux/sockets.ts';
import { errnoOf } from '../system/errors.ts';
import { insideNamespace } from '../system/namespace.ts';
import { native } from '../system/native.ts';
import { RECEIVE_BUFFER, SEND_BUFFER, setSocketOptions } from './descriptor.ts';
import type { SocketOptions, Transport, TransportEvents } from './transport.ts';

/** The kernel fills at most 32 KiB of a dump's datagram unless one message is larger. */
const DATAGRAM = 65536;
const MAX_DESCRIPTOR = 65536;
/** Nine numbers of 32 bits, of which the last counts what was dropped (linux/sock_diag.h SK_MEMINFO_DROPS). */
const MEMINFO_LENGTH = 36;
const DROPS = 32;
const MAX_PORT = 0x7fffffff;
const MAX_PORT_ATTEMPTS = 100;

/** Opens a netlink socket. Throws {@link SystemError}. */
export function openSocket(options: SocketOptions, events: TransportEvents): Transport {
  const create = (localPort?: number) =>
    new RawNetlinkSocket(options.protocol ?? 0, {
      ...(localPort === undefined ? {} : { localPort }),
      sendBufferSize: SEND_BUFFER,
      recvBufferSize: options.receiveBuffer ?? RECEIVE_BUFFER,
      ...(options.peek ? {} : { messagePeeking: false, msgBufferSize: DATAGRAM }),
    });
  const socket = options.namespace === undefined ? create() : createInside(options.namespace, create);
  const { port } = socket.address();
  const descriptor = descriptorOfPort(port);
  setSocketOptions(descriptor, options);
  native.setsockopt(descriptor, SOL_NETLINK, NETLINK_NO_ENOBUFS, 1);
  let isClosed = false;
  let drops = 0;
  const later = afterCallbacks(() => {
    // What was dropped came after what has been told: the buffer was full.
    const count = isClosed ? drops : dropsOf(descriptor);
    if (count === drops) return;
    drops = count;
    events.error(ENOBUFS);
  });
  const tell = (event: () => void) => later(() => isClosed || event());
  socket.on('message', (bytes, info) => tell(() => events.message(bytes, info.port)));
  socket.on('truncatedMessage', () => tell(() => events.truncated()));
  socket.on('error', error => tell(() => events.error(Math.abs(error.errno))));
  return {
    port,
    send: (bytes, onSent) =>
      socket.send(bytes, {}, error => error && tell(() => onSent(Math.abs(error.errno)))),
    close() {
      isClosed = true;
      socket.close();
    },
    hold: isHeld => (isHeld ? socket.ref() : socket.unref()),
    join: group => socket.addMembership(group),
  };
}

/** Puts off what it is given to a turn of the event loop of its own; `then` follows each time. */
function afterCallbacks(then: () => void): (act: () => void) => void {
  const news: (() => void)[] = [];
  const run = () => {
    const all = news.splice(0);
    try {
      for (let next = all.shift(); next !== undefined; next = all.shift()) next();
      then();
    } finally {
      // After an error that somebody catches, the rest is still news.
      if (all.length > 0) {
        news.unshift(...all);
        setImmediate(run);
      }
    }
  };
  return act => {
    if (news.push(act) === 1) setImmediate(run);
  };
}

/** How many datagrams the kernel has dropped because they did not fit the buffer; 0 where it does not tell. */
function dropsOf(descriptor: number): number {
  const info = Buffer.alloc(MEMINFO_LENGTH);
  const length = native.getsockoptBytes(descriptor, SOL_SOCKET, SO_MEMINFO, info);
  return length === MEMINFO_LENGTH ? info.readUInt32LE(DROPS) : 0;
}

/**
 * Creates a socket in another namespace with a port of our choice: the package counts its ports, so that sockets in
 * different namespaces, made by different threads, may have the same, and {@link descriptorOfPort} find the wrong one.
 */
function createInside<T>(namespace: number, create: (localPort: number) => T): T {
  return insideNamespace(namespace, () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return create(guessPort());
      } catch (error) {
        if (errnoOf(error) !== EADDRINUSE || attempt === MAX_PORT_ATTEMPTS) throw error;
      }
    }
  });
}

/** Nanoseconds of a clock: other than Math.random(), which the launcher has begin alike, they differ among processes. */
function guessPort(): number {
  return 1 + Number(process.hrtime.bigint() % BigInt(MAX_PORT));
}

/** The descriptor of our own netlink socket that is bound to `port`. */
function descriptorOfPort(port: number): number {
  for (let descriptor = 0; descriptor < MAX_DESCRIPTOR; descriptor++) {
    if (native.netlinkPort(descriptor) === port) return descriptor;
  }
  throw new Error(`no descriptor of netlink port ${port}`);
}
