/** Netlink sockets as descriptors, with their options. Source: netlink(7), linux/netlink.h NETLINK_*. */
import { AF_NETLINK } from '../../linux/families.ts';
import {
  NETLINK_EXT_ACK,
  NETLINK_GET_STRICT_CHK,
  NETLINK_LISTEN_ALL_NSID,
  NETLINK_ROUTE,
} from '../../linux/netlink.ts';
import { SOCK_RAW, SOL_NETLINK } from '../../linux/sockets.ts';
import { check } from '../system/errors.ts';
import { insideNamespace } from '../system/namespace.ts';
import { native } from '../system/native.ts';
import type { SocketOptions } from './transport.ts';

/** iproute2's sizes: a dump of many links must not overflow the socket. */
export const SEND_BUFFER = 32768;
export const RECEIVE_BUFFER = 1024 * 1024;

/**
 * Asks for extended acknowledgements and sets `options`. Kernels that do not know an option work without it, but
 * listening to all namespaces is a privilege: throws {@link SystemError} where it is refused.
 */
export function setSocketOptions(descriptor: number, { strict, allNamespaces }: SocketOptions): void {
  native.setsockopt(descriptor, SOL_NETLINK, NETLINK_EXT_ACK, 1);
  if (strict) native.setsockopt(descriptor, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
  if (allNamespaces)
    check(native.setsockopt(descriptor, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1), 'NETLINK_LISTEN_ALL_NSID');
}

/** Creates a socket; returns its descriptor, or a negative error number. */
export function createNetlinkSocket({ namespace, protocol = NETLINK_ROUTE }: SocketOptions): number {
  const create = () => native.socket(AF_NETLINK, SOCK_RAW, protocol);
  return namespace === undefined ? create() : insideNamespace(native, namespace, create);
}
