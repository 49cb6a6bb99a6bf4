/**
 * The library: sessions with the kernel, the messages of rtnetlink, named namespaces. No process-wide side effects.
 *
 *     import { decodeLink, linkRequest, Session } from 'tsip';
 *
 *     const session = Session.open();
 *     for await (const batch of session.dump(linkRequest()))
 *       for (const message of batch) console.log(decodeLink(message)?.ifname);
 *     session.close();
 */
export type { Batch, Notification, Outcome, Tap } from './kernel/conversation.ts';
export { type ExtendedAck, errorCode, KernelError, SystemError, strerror } from './kernel/errors.ts';
export { Session, type SessionOptions } from './kernel/session.ts';
export type { SocketOptions } from './kernel/transport.ts';
export type { ContainerId } from './namespaces/container-id.ts';
export { listNames, pathOfNamespace, RUN_DIRECTORY } from './namespaces/named.ts';
export type { OddPlace } from './namespaces/places.ts';
export type { NamespaceProcess } from './namespaces/process-scan.ts';
export {
  containersIn,
  type NamespaceEntry,
  type NamespaceOwner,
  type NamespaceRegistry,
  openNamespace,
  readRegistry,
} from './namespaces/registry.ts';
export { type Device, type NamespaceContents, type Peer, readTopology } from './namespaces/topology.ts';
export {
  type Address,
  type AddressAttributes,
  type AddressHeader,
  decodeAddress,
  RTM_DELADDR,
  RTM_GETADDR,
  RTM_NEWADDR,
} from './rtnetlink/address.ts';
export {
  decodeLink,
  type Link,
  type LinkAttributes,
  type LinkHeader,
  RTM_DELLINK,
  RTM_GETLINK,
  RTM_NEWLINK,
} from './rtnetlink/link.ts';
export { decodeNsid, type NsidValues, nsidRequest } from './rtnetlink/nsid.ts';
export { addressRequest, linkRequest, type RequestKind, routeRequest } from './rtnetlink/request.ts';
export {
  decodeRoute,
  type Route,
  type RouteHeader,
  type RouteValues,
  RTM_DELROUTE,
  RTM_GETROUTE,
  RTM_NEWROUTE,
} from './rtnetlink/route.ts';
export {
  FLAG_APPEND,
  FLAG_CREATE,
  FLAG_ECHO,
  FLAG_EXCLUSIVE,
  FLAG_REPLACE,
  type Message,
} from './wire/message.ts';
export { MessageWriter } from './wire/writer.ts';
