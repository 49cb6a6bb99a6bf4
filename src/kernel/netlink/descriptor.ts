/** Netlink sockets as descriptors, with their options. Source: netlink(7), linux/netlink.h NETLINK_*. */
import { AF_NETLINK } from '../../linux/families.ts';
import {
  NETLINK_EXT_ACK,
  NETLINK_GET_STRICT_CHK,
  NETLINK_LISTEN_ALL_NSID,
  NETLINK_ROUTE,
} from '../../linux/netlink.ts';
import { SOCK_RAW, SOL_NETLINK } from '../../linux/sockets.ts';
import { insideNamespace } from '../system/namespace.ts';
import { native } from '../system/native.ts';
import type { SocketOptions } from './transport.ts';

/** iproute2's sizes: a dump of many links must not overrun the socket. */
export const SEND_BUFFER = 32768;
export const RECEIVE_BUFFER = 1024 * 1024;

/** Asks for extended acknowledgements, and for what `options` tell. Kernels that do not know an option go without. */
export function setSocketOptions(descriptor: number, { strict, allNamespaces }: SocketOptions): void {
  native.setsockopt(descriptor, SOL_NETLINK, NETLINK_EXT_ACK, 1);
  if (strict) native.setsockopt(descriptor, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
  if (allNamespaces) native.setsockopt(descriptor, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1);
}

/** Opens a socket with these options; answers its descriptor, or a negative error number. */
export function createNetlinkSocket(options: SocketOptions = {}): number {
  const { namespace, protocol = NETLINK_ROUTE } = options;
  const create = () => native.socket(AF_NETLINK, SOCK_RAW, protocol);
  const socket = namespace === undefined ? create() : insideNamespace(namespace, create);
  if (socket >= 0) setSocketOptions(socket, options);
  return socket;
}
