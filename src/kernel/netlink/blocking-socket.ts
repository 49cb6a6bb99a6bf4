/**
 * Netlink sockets that block: for a program that has nothing to do but wait for the kernel. Answers come without a
 * turn of the event loop, and without the cost of loading what drives it.
 */

import { closeSync, write } from 'node:fs';
import { EINTR } from '../../linux/errno.ts';
import { NETLINK_ADD_MEMBERSHIP } from '../../linux/netlink.ts';
import { MSG_PEEK, MSG_TRUNC, SO_RCVBUF, SO_SNDBUF, SOL_NETLINK, SOL_SOCKET } from '../../linux/sockets.ts';
import { load32 } from '../../wire/integers.ts';
import { check, errnoOf } from '../system/errors.ts';
import { native } from '../system/native.ts';
import { createNetlinkSocket, RECEIVE_BUFFER, SEND_BUFFER } from './descriptor.ts';
import type { ReceiveBuffer } from './rooms.ts';
import type { SocketOptions, Transport, TransportEvents } from './transport.ts';

/** What a datagram must leave of the send buffer. */
const SEND_BUFFER_RESERVE = 32;

/** Opens a netlink socket. Throws {@link SystemError}. */
export function openBlockingSocket(options: SocketOptions, events: TransportEvents): Transport {
  const socket = check(createNetlinkSocket(options), 'Cannot open netlink socket');
  native.setsockopt(socket, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
  native.setsockopt(socket, SOL_SOCKET, SO_RCVBUF, options.receiveBuffer ?? RECEIVE_BUFFER);
  check(native.netlinkBind(socket), 'Cannot bind netlink socket');
  // From then on the kernel lets nobody but itself send to this socket.
  check(native.netlinkConnect(socket), 'Cannot connect netlink socket');
  return {
    port: native.netlinkPort(socket),
    send: (bytes, onSent) => send(socket, bytes, onSent),
    sendInBackground: (bytes, onSent) => sendAside(socket, bytes, onSent),
    close: () => closeSync(socket),
    hold: () => undefined,
    join: group => native.setsockopt(socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group),
    receive: () => receive(socket, events),
    receiveInBackground: (room, onReceived) => receiveAside(socket, events, room, onReceived),
  };
}

function send(socket: number, bytes: Buffer, onSent: (errno: number) => void): void {
  onSent(Math.min(native.send(socket, bytes, 0), 0) * -1);
}

/** What the socket would not take is sent from here: who waits for answers learns at once that there will be none. */
function sendAside(socket: number, bytes: Buffer, onSent: (errno: number) => void): void {
  if (bytes.length > native.getsockopt(socket, SOL_SOCKET, SO_SNDBUF) - SEND_BUFFER_RESERVE)
    send(socket, bytes, onSent);
  else write(socket, bytes, error => onSent(error === null ? 0 : errnoOf(error)));
}

/** Empty, to ask for the length of a datagram; and where the addon tells of the sender. */
const PEEKED = Buffer.alloc(0);
const told = Buffer.alloc(8);

/**
 * Where datagrams are received, to be copied from: the kernel fills datagrams of a dump as far as it has seen buffers
 * to reach, up to 32 KiB, and beyond only for a message that is larger.
 */
let scratch: Buffer | undefined;
const SCRATCH_LENGTH = 65536;

function receive(socket: number, events: TransportEvents): void {
  const length = native.recv(socket, PEEKED, MSG_PEEK | MSG_TRUNC);
  if (scratch === undefined || scratch.length < length)
    scratch = Buffer.allocUnsafe(Math.max(SCRATCH_LENGTH, length));
  const received = length < 0 ? length : native.receiveNotification(socket, scratch, told);
  if (received >= 0) events.message(copyOf(scratch, received), load32(told, 0));
  else if (received !== -EINTR) events.error(-received);
}

function receiveAside(
  socket: number,
  events: TransportEvents,
  room: ReceiveBuffer,
  onReceived: (datagrams: readonly Buffer[]) => void,
): void {
  native.receiveMany(socket, room.bytes, room.part, room.lengths, count => {
    if (count < 0) events.error(-count);
    const datagrams = room.datagrams(count);
    if (datagrams.length < count) events.truncated();
    onReceived(datagrams);
  });
}

function copyOf(bytes: Buffer, length: number): Buffer {
  const copy = Buffer.allocUnsafe(length);
  bytes.copy(copy, 0, 0, length);
  return copy;
}
