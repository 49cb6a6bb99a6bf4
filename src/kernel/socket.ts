/**
 * Netlink sockets: datagrams of bytes in and out, the seam at which tests replace the kernel.
 * The transport is RawNetlinkSocket of the `netlink` package; options that it does not know are set by the addon
 * on the socket found by its port.
 */
import { closeSync, openSync } from 'node:fs';
import { RawNetlinkSocket } from 'netlink/dist/raw.js';
import { check } from './errors.ts';
import { native } from './native.ts';

const SOL_NETLINK = 270;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;
const NETLINK_LISTEN_ALL_NSID = 8;
const CLONE_NEWNET = 0x40000000;

/** iproute2's sizes: a dump of many links must not overrun the socket. */
const SEND_BUFFER = 32768;
const RECEIVE_BUFFER = 1024 * 1024;
/** The kernel fills at most 32 KiB of a dump's datagram unless one message is larger. */
const DATAGRAM = 65536;
const MAX_DESCRIPTOR = 65536;

/** What a {@link Transport} tells. */
export interface TransportEvents {
  message(bytes: Buffer, senderPort: number): void;
  /** A datagram was larger than the buffer; its bytes are lost. */
  truncated(): void;
  /** Receiving failed; ENOBUFS means that messages were lost. */
  error(errno: number): void;
}

/** A way to send datagrams to the kernel and to hear from it. */
export interface Transport {
  /** Our own address (nl_pid); answers carry it. */
  readonly port: number;
  send(bytes: Buffer, onSent: (errno: number) => void): void;
  close(): void;
  /** Whether the open socket keeps the process alive. */
  hold(isHeld: boolean): void;
  join(group: number): void;
}

export interface SocketOptions {
  /** Netlink protocol; NETLINK_ROUTE (0) when left out. */
  readonly protocol?: number;
  /** An open descriptor of a network namespace: the socket is created inside it. */
  readonly namespace?: number;
  /** NETLINK_GET_STRICT_CHK: the kernel checks and obeys the filters of dump requests. */
  readonly strict?: boolean;
  /** Receive notifications of all namespaces that have an id in this one. */
  readonly allNamespaces?: boolean;
  /** SO_RCVBUF in bytes. */
  readonly receiveBuffer?: number;
  /** Learn the size of each datagram before reading it: slower, never truncated. */
  readonly peek?: boolean;
}

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
  const set = (option: number, isOn: boolean | undefined) =>
    isOn && native.setsockopt(descriptor, SOL_NETLINK, option, 1);
  set(NETLINK_EXT_ACK, true);
  set(NETLINK_GET_STRICT_CHK, options.strict);
  set(NETLINK_LISTEN_ALL_NSID, options.allNamespaces);
  return {
    port,
    send: (bytes, onSent) => socket.send(bytes, {}, error => onSent(error ? Math.abs(error.errno) : 0)),
    close: () => socket.close(),
    hold: isHeld => (isHeld ? socket.ref() : socket.unref()),
    join: group => socket.addMembership(group),
  };
}

/**
 * Runs `create` with this thread in another network namespace and comes back before anything else can run.
 * The only place on the main thread that calls setns.
 */
export function insideNamespace<T>(namespace: number, create: () => T): T {
  const own = openSync('/proc/thread-self/ns/net', 'r');
  try {
    // Somebody who is root only in a new user namespace could enter one that belongs to it, but not come back.
    check(native.setns(own, CLONE_NEWNET), 'setns');
    check(native.setns(namespace, CLONE_NEWNET), 'setns');
    try {
      return create();
    } finally {
      check(native.setns(own, CLONE_NEWNET), 'setns');
    }
  } finally {
    closeSync(own);
  }
}

/** The descriptor of our own netlink socket that is bound to `port`. */
function descriptorOfPort(port: number): number {
  for (let descriptor = 0; descriptor < MAX_DESCRIPTOR; descriptor++) {
    if (native.netlinkPort(descriptor) === port) return descriptor;
  }
  throw new Error(`no descriptor of netlink port ${port}`);
}
