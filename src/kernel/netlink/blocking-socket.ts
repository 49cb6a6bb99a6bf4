/**
 * Netlink sockets that block, by the addon, for what cannot run on the `netlink` package or runs too slowly there:
 *
 * - questions while arguments are parsed in order: the parser is synchronous;
 * - batches: their lines wait for each other, and a forced one sends from another thread and awaits answers in between;
 * - monitors: the package does not report which namespace a notification comes from;
 * - dumps of the library: the package reads ahead without a limit, these are read when the consumer asks;
 * - dumps of the programs: on the package 100,000 routes take 164 ms instead of 121, as JSON 209 instead of 155, and 4,000
 *   links 99 instead of 92 (medians of 10 paired runs).
 */

import { closeSync, write } from 'node:fs';
import { EAGAIN, EINTR } from '../../linux/errno.ts';
import { NETLINK_ADD_MEMBERSHIP } from '../../linux/netlink.ts';
import {
  MSG_DONTWAIT,
  MSG_PEEK,
  MSG_TRUNC,
  SO_RCVBUF,
  SO_SNDBUF,
  SOL_NETLINK,
  SOL_SOCKET,
} from '../../linux/sockets.ts';
import { load32, loadSigned32 } from '../../wire/integers.ts';
import { check, errnoOf } from '../system/errors.ts';
import { native } from '../system/native.ts';
import { createNetlinkSocket, RECEIVE_BUFFER, SEND_BUFFER, setSocketOptions } from './descriptor.ts';
import type { SocketOptions, Transport, TransportEvents } from './transport.ts';

/** What a datagram must leave free of the send buffer. */
const SEND_BUFFER_RESERVE = 32;
/**
 * The kernel fills datagrams of a dump as far as it has seen buffers to reach, up to 32 KiB, and beyond only for a
 * message that is larger.
 */
const BUFFER_LENGTH = 65536;
/** Empty, to ask for the length of a datagram. */
const NOTHING = Buffer.alloc(0);
/** The sender's port and the id of its namespace, as the addon reports them. */
const ORIGIN_LENGTH = 8;
const OWN_NAMESPACE = -1;

/** Opens a netlink socket. Throws {@link SystemError}. */
export function openBlockingSocket(options: SocketOptions, events: TransportEvents): Transport {
  const socket = check(createNetlinkSocket(options), 'Cannot open netlink socket');
  try {
    setSocketOptions(socket, options);
    native.setsockopt(socket, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
    native.setsockopt(socket, SOL_SOCKET, SO_RCVBUF, options.receiveBuffer ?? RECEIVE_BUFFER);
    check(native.netlinkBind(socket), 'Cannot bind netlink socket');
    // From then on the kernel delivers unicast messages of nobody but itself.
    check(native.netlinkConnect(socket), 'Cannot connect netlink socket');
  } catch (error) {
    closeSync(socket);
    throw error;
  }
  return new BlockingSocket(socket, events);
}

class BlockingSocket implements Transport {
  readonly port: number;
  readonly #socket: number;
  readonly #events: TransportEvents;
  readonly #origin = Buffer.alloc(ORIGIN_LENGTH);
  #buffer = Buffer.allocUnsafe(BUFFER_LENGTH);

  constructor(socket: number, events: TransportEvents) {
    this.#socket = socket;
    this.#events = events;
    this.port = native.netlinkPort(socket);
  }

  send = (bytes: Buffer, onSent: (errno: number) => void): void => {
    onSent(
      Math.min(
        uninterrupted(() => native.send(this.#socket, bytes, 0)),
        0,
      ) * -1,
    );
  };

  /** What the socket would not take is sent by this thread, so that a caller who waits for answers learns it at once. */
  sendInBackground = (bytes: Buffer, onSent: (errno: number) => void): void => {
    if (bytes.length > native.getsockopt(this.#socket, SOL_SOCKET, SO_SNDBUF) - SEND_BUFFER_RESERVE)
      this.send(bytes, onSent);
    else write(this.#socket, bytes, error => onSent(error === null ? 0 : errnoOf(error)));
  };

  receive = (mayWait: boolean): boolean => {
    const socket = this.#socket;
    const flags = MSG_PEEK | MSG_TRUNC | (mayWait ? 0 : MSG_DONTWAIT);
    const length = uninterrupted(() => native.recv(socket, NOTHING, flags));
    if (length === -EAGAIN && !mayWait) return false;
    if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(length);
    const received =
      length < 0
        ? length
        : uninterrupted(() => native.receiveNotification(socket, this.#buffer, this.#origin));
    if (received < 0) this.#events.error(-received);
    else this.#report(copyOf(this.#buffer, received));
    return true;
  };

  close = (): void => closeSync(this.#socket);

  hold = (): void => undefined;

  join = (group: number): void => {
    native.setsockopt(this.#socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  };

  #report(datagram: Buffer): void {
    const nsid = loadSigned32(this.#origin, 4);
    this.#events.message(datagram, load32(this.#origin, 0), nsid === OWN_NAMESPACE ? undefined : nsid);
  }
}

/** Repeats a system call that a signal interrupts. */
function uninterrupted(call: () => number): number {
  while (true) {
    const result = call();
    if (result !== -EINTR) return result;
  }
}

function copyOf(bytes: Buffer, length: number): Buffer {
  const copy = Buffer.allocUnsafe(length);
  bytes.copy(copy, 0, 0, length);
  return copy;
}
