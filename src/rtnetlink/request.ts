/**
 * Requests as values: header members that matter, attributes by name. Types are RTM_* of linux/rtnetlink.h, flags
 * NLM_F_* of linux/netlink.h; NLM_F_REQUEST, NLM_F_ACK and NLM_F_DUMP are added by the sender.
 */
import { RTM_GETADDR, RTM_GETLINK, RTM_GETROUTE } from '../linux/rtnetlink.ts';
import { MessageWriter } from '../wire/writer.ts';
import { type AddressAttributes, type AddressHeader, address, addressHeader } from './address.ts';
import { type LinkAttributes, type LinkHeader, link, linkHeader } from './link.ts';
import { encodeRoute, type RouteHeader, type RouteValues, routeHeader } from './route.ts';

/** What a request says besides its body. */
export interface RequestKind {
  readonly type?: number;
  readonly flags?: number;
}

/** A link request; without arguments the one whose dump lists all devices. */
export function linkRequest(
  { type = RTM_GETLINK, flags = 0 }: RequestKind = {},
  header: Partial<LinkHeader> = {},
  attributes: LinkAttributes = {},
): MessageWriter {
  const request = new MessageWriter(type, flags);
  linkHeader.write(request, { ...linkHeader.zero(), ...header });
  link.encode(request, attributes);
  return request;
}

/** An address request; without arguments the one whose dump lists all addresses. */
export function addressRequest(
  { type = RTM_GETADDR, flags = 0 }: RequestKind = {},
  header: Partial<AddressHeader> = {},
  attributes: AddressAttributes = {},
): MessageWriter {
  const request = new MessageWriter(type, flags);
  addressHeader.write(request, { ...addressHeader.zero(), ...header });
  address.encode(request, attributes);
  return request;
}

/** A route request; without arguments the one whose dump lists all routes. */
export function routeRequest(
  { type = RTM_GETROUTE, flags = 0 }: RequestKind = {},
  header: Partial<RouteHeader> = {},
  attributes: RouteValues = {},
): MessageWriter {
  const request = new MessageWriter(type, flags);
  encodeRoute(request, { ...routeHeader.zero(), ...header }, attributes);
  return request;
}
