/**
 * What the library is built on: sessions that talk rtnetlink, requests that {@link linkRequest} and its like make,
 * messages that {@link decodeLink} and its like read, and the types of what values and arguments are made of.
 *
 * @packageDocumentation
 */

export type { Batch, Outcome } from './kernel/netlink/dump.ts';
export { Session, type SessionOptions } from './kernel/netlink/event-session.ts';
export { type ConversationOptions, NetlinkSession } from './kernel/netlink/session.ts';
export type { Notification } from './kernel/netlink/subscription.ts';
export type { Connect, SocketOptions, Transport, TransportEvents } from './kernel/netlink/transport.ts';
export { type ExtendedAck, errorCode, KernelError, SystemError, strerror } from './kernel/system/errors.ts';
export { Bridges } from './library/bridges.ts';
export type { FetchDispatcher } from './library/clients.ts';
export type { SettableAddressFlag } from './library/collections/addresses.ts';
export { Collection } from './library/collections/collection.ts';
export type { ForwardingIdentity, SettableForwardingFlag } from './library/collections/forwarding.ts';
export type { LinkDetails } from './library/collections/links.ts';
export {
  type MulticastHopArguments,
  type MulticastRouteArguments,
  type MulticastRouteFilter,
  type MulticastRouteId,
  MulticastRoutes,
} from './library/collections/multicast-routes.ts';
export type { RouteHopArguments } from './library/collections/route-draft.ts';
export type { AddOptions, DeleteOptions } from './library/connection.ts';
export type { DatagramOptions } from './library/datagrams.ts';
export {
  Mptcp,
  type MptcpEndpoint,
  type MptcpEndpointArguments,
  type MptcpEndpointFlag,
  type MptcpEndpointReference,
  MptcpEndpoints,
  type MptcpEvent,
  MptcpLimitSettings,
  type MptcpLimits,
  type MptcpLossEvent,
} from './library/generic/mptcp.ts';
export {
  TcpMetricsEntries,
  type TcpMetricsEntry,
  type TcpMetricsFilter,
} from './library/generic/tcp-metrics.ts';
export type { AwaitedLinkState } from './library/goals.ts';
export type { LiveKey } from './library/live-keys.ts';
export type { HostAddress, IpVersion } from './library/names-inside.ts';
export type { NamespaceCreateOptions, NamespaceDeleteOptions } from './library/namespace.ts';
export type { IdMapping, IdMaps, PassedSpawnOptions } from './library/spawn.ts';
export type { AddressFlag } from './library/values/address.ts';
export type { ForwardingState } from './library/values/forwarding.ts';
export type { ParameterOf, PortKindName, RequiredParameter } from './library/values/kind.ts';
export type {
  LinkFacts,
  LinkFlag,
  LinkKindData,
  LinkSettings,
  OperationalState,
  PeerSettings,
  PortData,
  PortSettings,
} from './library/values/link.ts';
export type { MulticastFamily, MulticastHop, MulticastRoute } from './library/values/multicast-route.ts';
export type { NeighbourFlag, NeighbourState } from './library/values/neighbour.ts';
export type { NextHopGroupType } from './library/values/nexthop.ts';
export type { Family } from './library/values/prefix.ts';
export type { OpenNamespace } from './library/values/reference.ts';
export type { RouteFlag, RouteHop, RoutePreference, RouteType } from './library/values/route.ts';
export type { NumberRange, RuleAction, RuleSelectors } from './library/values/rule.ts';
export type { ResyncEvent, SynchronizedEvent } from './library/watch.ts';
export type { Watchable } from './library/watch-groups.ts';
export type {
  XfrmAlgorithmArguments,
  XfrmIcvAlgorithmArguments,
  XfrmSelectorArguments,
} from './library/xfrm/arguments.ts';
export type {
  XfrmAcquireEvent,
  XfrmChangeEvent,
  XfrmEvent,
  XfrmExpireEvent,
  XfrmFlushEvent,
  XfrmLossEvent,
} from './library/xfrm/events.ts';
export {
  XfrmPolicies,
  type XfrmPolicyArguments,
  type XfrmPolicyFilter,
  type XfrmPolicyId,
  type XfrmTemplateArguments,
} from './library/xfrm/policies.ts';
export {
  type XfrmSpiArguments,
  type XfrmStateArguments,
  type XfrmStateFilter,
  type XfrmStateId,
  XfrmStates,
} from './library/xfrm/states.ts';
export type {
  XfrmAction,
  XfrmAlgorithm,
  XfrmDirection,
  XfrmExtraFlag,
  XfrmLimits,
  XfrmMark,
  XfrmMode,
  XfrmPolicy,
  XfrmPolicyFlag,
  XfrmPolicyType,
  XfrmProtocol,
  XfrmSelector,
  XfrmState,
  XfrmStateFlag,
  XfrmTemplate,
  XfrmUse,
} from './library/xfrm/values.ts';
export { Xfrm, type XfrmWatchOptions } from './library/xfrm/xfrm.ts';
export { NLM_F_APPEND, NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL, NLM_F_REPLACE } from './linux/netlink.ts';
export {
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_DELROUTE,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_GETROUTE,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWROUTE,
} from './linux/rtnetlink.ts';
export type { ContainerId } from './namespaces/inventory/containers.ts';
export type { UnusableMount } from './namespaces/inventory/mounts.ts';
export type { NamespaceProcess } from './namespaces/inventory/processes.ts';
export {
  containersIn,
  type NamespaceOwner,
  type NamespaceRegistry,
  openNamespace,
} from './namespaces/inventory/registry.ts';
export type { Peer } from './namespaces/inventory/topology.ts';
export { listNames, pathOfNamespace, RUN_DIRECTORY } from './namespaces/named.ts';
export type { Propagation } from './namespaces/plans/unshare.ts';
export {
  type Address as RawAddress,
  type AddressAttributes,
  type AddressHeader,
  decodeAddress,
} from './rtnetlink/address.ts';
export type { LinkStatistics } from './rtnetlink/link.ts';
export {
  decodeLink,
  type Link as RawLink,
  type LinkAttributes,
  type LinkFamilies,
  type LinkHeader,
} from './rtnetlink/link.ts';
export type { MulticastCounters } from './rtnetlink/multicast-route.ts';
export type { NeighbourAttributes } from './rtnetlink/neighbour.ts';
export type {
  GroupMember,
  NextHopHeader,
  NextHopObject as RawNextHop,
  NextHopValues,
} from './rtnetlink/nexthop.ts';
export { decodeNsid, type NsidValues, nsidRequest } from './rtnetlink/nsid.ts';
export { addressRequest, linkRequest, type RequestKind, routeRequest } from './rtnetlink/request.ts';
export {
  decodeRoute,
  type Route as RawRoute,
  type RouteHeader,
  type RouteMetrics,
  type RouteValues,
} from './rtnetlink/route.ts';
export type { RuleAttributes } from './rtnetlink/rule.ts';
export type { Message } from './wire/message.ts';
export { MessageWriter } from './wire/writer.ts';
export type { XfrmAttributes } from './xfrm/attributes.ts';
