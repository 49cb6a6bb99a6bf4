/**
 * Listens to the kernel's notifications by blocking calls: for a program that does nothing else, and that needs to
 * know which namespace each message comes from, which an event-driven socket does not tell.
 */

import { EAGAIN, EINTR, ENOBUFS } from '../../linux/errno.ts';
import { NETLINK_ADD_MEMBERSHIP, NETLINK_LISTEN_ALL_NSID } from '../../linux/netlink.ts';
import { SO_RCVBUF, SOL_NETLINK, SOL_SOCKET } from '../../linux/sockets.ts';
import { check, SystemError } from '../system/errors.ts';
import { native } from '../system/native.ts';
import { createNetlinkSocket, RECEIVE_BUFFER } from './descriptor.ts';

const BUFFER_LENGTH = 65536;

export interface ListenOptions {
  /** RTNLGRP_*. */
  readonly groups: readonly number[];
  /** Hear the namespaces that have an id in this one, too. */
  readonly allNamespaces?: boolean;
  /** SO_RCVBUF in bytes. */
  readonly receiveBuffer?: number | undefined;
}

/** A datagram heard, or the news that some were lost. */
export type Heard =
  /** `nsid` is undefined for our own namespace. `bytes` is valid until the next one is asked for. */
  { readonly bytes: Buffer; readonly nsid: number | undefined } | { readonly lost: true };

/** Joins `groups` at once and yields what the kernel tells, for ever. Throws {@link SystemError}. */
export function listen(options: ListenOptions): Generator<Heard, never> {
  const { groups, receiveBuffer, allNamespaces } = options;
  const socket = check(createNetlinkSocket(), 'Cannot open netlink socket');
  native.setsockopt(socket, SOL_SOCKET, SO_RCVBUF, receiveBuffer ?? RECEIVE_BUFFER);
  check(native.netlinkBind(socket), 'Cannot bind netlink socket');
  for (const group of groups) native.setsockopt(socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  // Not everybody may; who may not is told so.
  if (allNamespaces) {
    check(native.setsockopt(socket, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1), 'NETLINK_LISTEN_ALL_NSID');
  }
  return hear(socket);
}

function* hear(socket: number): Generator<Heard, never> {
  const buffer = Buffer.allocUnsafe(BUFFER_LENGTH);
  const told = Buffer.alloc(8);
  while (true) {
    const length = native.receiveNotification(socket, buffer, told);
    if (length === -EINTR || length === -EAGAIN) continue;
    if (length === -ENOBUFS) {
      yield { lost: true };
      continue;
    }
    if (length < 0) throw new SystemError('netlink receive error', -length);
    const isFromKernel = told.readUInt32LE(0) === 0;
    const nsid = told.readInt32LE(4);
    if (isFromKernel) yield { bytes: buffer.subarray(0, length), nsid: nsid === -1 ? undefined : nsid };
  }
}
