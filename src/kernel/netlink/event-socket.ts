/**
 * Netlink sockets driven by Node's event loop: RawNetlinkSocket of the `netlink` package. Socket options that it does
 * not know are set by the addon on the descriptor found by its port.
 *
 * The package calls back from C++ and ends the process by abort() if the callback fails: when the socket's buffer
 * overflows, and when anything that runs directly after a callback throws, such as an unhandled rejection of the
 * caller's. So events are reported in a later turn of the event loop, and the kernel does not report overflows as errors:
 * it counts the datagrams that it drops (SO_MEMINFO), and the count is read.
 *
 * The package takes 64 KiB of new memory for each datagram. Notifications come by the thousand, so it reads the first one
 * only; the addon reads those that are there by then, and they are reported together.
 */

import { RawNetlinkSocket } from 'netlink/dist/raw.js';
import { EADDRINUSE, ENOBUFS } from '../../linux/errno.ts';
import { NETLINK_NO_ENOBUFS } from '../../linux/netlink.ts';
import { MSG_DONTWAIT, SO_MEMINFO, SOL_NETLINK, SOL_SOCKET } from '../../linux/sockets.ts';
import { load32, loadSigned32 } from '../../wire/integers.ts';
import { errnoOf, SystemError } from '../system/errors.ts';
import { insideNamespace } from '../system/namespace.ts';
import { native } from '../system/native.ts';
import { RECEIVE_BUFFER, SEND_BUFFER, setSocketOptions } from './descriptor.ts';
import { RECORD_LENGTH } from './pending-datagrams.ts';
import type { SocketOptions, Transport, TransportEvents } from './transport.ts';
import { openWatchedSocket } from './watched-socket.ts';

/** The kernel fills at most 32 KiB of a dump's datagram unless one message is larger. */
const DATAGRAM = 65536;
const MAX_DESCRIPTOR = 65536;
/** What is read at once besides, and how often before what was read is reported. */
const ROOM_LENGTH = 262_144;
const ROOM_RECORDS = 2048;
const MAX_ROUNDS = 8;
/** Nine numbers of 32 bits; the last is the count of dropped datagrams (linux/sock_diag.h SK_MEMINFO_DROPS). */
const MEMINFO_LENGTH = 36;
const DROPS = 32;
const MAX_PORT = 0x7fffffff;
const MAX_PORT_ATTEMPTS = 100;

/** Opens a netlink socket, one of the package's where it can be loaded. Throws {@link SystemError}. */
export function openSocket(options: SocketOptions, events: TransportEvents): Transport {
  try {
    return openPackageSocket(options, events);
  } catch (error) {
    const { code, errno, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_DLOPEN_FAILED') {
      if (error instanceof SystemError || errno === undefined) throw error;
      throw new SystemError('Cannot open netlink socket', Math.abs(errno));
    }
    const note = `the netlink package cannot be loaded, tsip's own sockets stand in for it: ${message}`;
    return openWatchedSocket(options, events, note);
  }
}

function openPackageSocket(options: SocketOptions, events: TransportEvents): Transport {
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
    // The dropped datagrams came after those that have been reported: the buffer was full.
    const count = isClosed ? drops : dropsOf(descriptor);
    if (count === drops) return;
    drops = count;
    events.error(ENOBUFS);
  });
  const report = (event: () => void) => later(() => isClosed || event());
  socket.on('message', (bytes, info) => {
    const rest = isClosed ? [] : readWaiting(descriptor);
    report(() => {
      events.message(bytes, info.port);
      for (const one of rest) if (!isClosed) events.message(one.bytes, one.port);
    });
  });
  socket.on('truncatedMessage', () => report(() => events.truncated()));
  socket.on('error', error => report(() => events.error(Math.abs(error.errno))));
  return {
    port,
    send: (bytes, onSent) =>
      socket.send(bytes, {}, error => error && report(() => onSent(Math.abs(error.errno)))),
    close() {
      isClosed = true;
      socket.close();
    },
    hold: isHeld => (isHeld ? socket.ref() : socket.unref()),
    join: group => socket.addMembership(group),
  };
}

/** Datagrams that were read together. */
interface Received {
  readonly bytes: Buffer;
  readonly port: number;
}

/** What all sockets of this thread read into, before it is copied. */
let room: { readonly bytes: Buffer; readonly records: Buffer } | undefined;

/** Reads what waits at a socket; at most as much as keeps this thread busy for some milliseconds. */
function readWaiting(descriptor: number): Received[] {
  room ??= {
    bytes: Buffer.allocUnsafe(ROOM_LENGTH),
    records: Buffer.allocUnsafe(RECORD_LENGTH * ROOM_RECORDS),
  };
  const { bytes, records } = room;
  const found: Received[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // What is longer than the room is left to the package, as are errors.
    const count = native.receiveDatagrams(descriptor, bytes, records, MSG_DONTWAIT);
    if (count <= 0) break;
    takeReceived(bytes, records, count, found);
  }
  return found;
}

/**
 * Copies datagrams that lie behind each other: those that one sender sent, in whole words, as one, because messages are
 * read one after the other either way.
 */
function takeReceived(bytes: Buffer, records: Buffer, count: number, found: Received[]): void {
  let start = 0;
  let end = 0;
  let port = 0;
  const flush = () => {
    if (end > start) found.push({ bytes: Buffer.from(bytes.subarray(start, end)), port });
    start = end;
  };
  for (let record = 0; record < count * RECORD_LENGTH; record += RECORD_LENGTH) {
    const length = loadSigned32(records, record);
    if (length < 0) break;
    const sender = load32(records, record + 4);
    if (sender !== port || (end - start) % 4 !== 0) flush();
    port = sender;
    end += length;
  }
  flush();
}

/** Defers what it is given to a later turn of the event loop; `then` is called after each such turn. */
function afterCallbacks(then: () => void): (act: () => void) => void {
  const deferred: (() => void)[] = [];
  const run = () => {
    const all = deferred.splice(0);
    try {
      for (let next = all.shift(); next !== undefined; next = all.shift()) next();
      then();
    } finally {
      // After an error that is caught elsewhere, the rest is still to be reported.
      if (all.length > 0) {
        deferred.unshift(...all);
        setImmediate(run);
      }
    }
  };
  return act => {
    if (deferred.push(act) === 1) setImmediate(run);
  };
}

/** How many datagrams the kernel has dropped because they did not fit the buffer; 0 if it does not report it. */
function dropsOf(descriptor: number): number {
  const info = Buffer.alloc(MEMINFO_LENGTH);
  const length = native.getsockoptBytes(descriptor, SOL_SOCKET, SO_MEMINFO, info);
  return length === MEMINFO_LENGTH ? info.readUInt32LE(DROPS) : 0;
}

/**
 * Creates a socket in another namespace with a port of our choice: the package counts its ports, so that sockets that
 * different threads create in different namespaces may have the same port, and {@link descriptorOfPort} would find the
 * wrong one.
 */
function createInside<T>(namespace: number, create: (localPort: number) => T): T {
  return insideNamespace(native, namespace, () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return create(guessPort());
      } catch (error) {
        if (errnoOf(error) !== EADDRINUSE || attempt === MAX_PORT_ATTEMPTS) throw error;
      }
    }
  });
}

/** By the nanoseconds of a clock: Math.random() is the same in all processes that the launcher starts (--random-seed). */
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
