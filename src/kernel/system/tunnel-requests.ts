/**
 * The ioctls by which tunnels are made, changed and read, older than rtnetlink. Source: linux/if_tunnel.h SIOC*TUNNEL,
 * SIOC*PRL, SIOC*6RD.
 */

import { SOCK_DGRAM } from '../../linux/sockets.ts';
import { encodeText } from '../../wire/text.ts';
import { check } from './errors.ts';
import { type Native, native } from './native.ts';

/** Requests by name; each reads or fills a separate struct. */
export const TUNNEL_REQUESTS = {
  getTunnel: 0x89f0,
  addTunnel: 0x89f1,
  deleteTunnel: 0x89f2,
  changeTunnel: 0x89f3,
  getRouters: 0x89f4,
  addRouter: 0x89f5,
  deleteRouter: 0x89f6,
  get6rd: 0x89f8,
  add6rd: 0x89f9,
  delete6rd: 0x89fa,
} as const;

export type TunnelRequest = keyof typeof TUNNEL_REQUESTS;

/**
 * Sends a request about `device` on a socket of `family`; `data` is the request's struct, at full length. Throws
 * {@link SystemError} with `phrase`.
 */
export function requestTunnel(
  calls: Pick<Native, 'ioctlInterface'>,
  request: TunnelRequest,
  family: number,
  device: string,
  data: Buffer,
  phrase: string,
): void {
  const socket = check(native.socket(family, SOCK_DGRAM, 0), 'create socket failed');
  try {
    check(calls.ioctlInterface(socket, TUNNEL_REQUESTS[request], encodeText(device), data), phrase);
  } finally {
    native.close(socket);
  }
}
