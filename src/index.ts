/**
 * Linux network namespaces for Node: networks and what is in them, namespaces, programs and sockets inside.
 *
 * {@link Network}, {@link Namespace} and {@link spawn} are what most programs need. Below them, {@link Session} talks
 * rtnetlink itself: requests that {@link linkRequest} and its like make, messages that {@link decodeLink} and its like
 * read.
 *
 * Nothing here has side effects on the process, and everything may be used in worker threads.
 *
 * @packageDocumentation
 */
export type { Batch, Outcome } from './kernel/netlink/dump.ts';
export { Session, type SessionOptions } from './kernel/netlink/event-session.ts';
export { type ConversationOptions, NetlinkSession } from './kernel/netlink/session.ts';
export type { Notification } from './kernel/netlink/subscription.ts';
export type { Connect, SocketOptions, Transport, TransportEvents } from './kernel/netlink/transport.ts';
export { type ExtendedAck, errorCode, KernelError, SystemError, strerror } from './kernel/system/errors.ts';
export {
  type Command as LabCommand,
  type Duration as LabDuration,
  defineLab,
  type Impairment as LabImpairment,
  type LabCable,
  type LabCheck,
  type LabDevice,
  type LabEnd,
  type LabFile,
  type LabNetwork,
  type LabNode,
  type LabService,
  type Readiness as LabReadiness,
  type Texts as LabTexts,
} from './lab/format/shape.ts';
export { Bridges } from './library/bridges.ts';
export {
  type AddressArguments,
  Addresses,
  type AddressFilter,
  type SettableAddressFlag,
} from './library/collections/addresses.ts';
export { Collection, type ListOptions } from './library/collections/collection.ts';
export {
  Forwarding,
  type ForwardingArguments,
  type ForwardingFilter,
  type SettableForwardingFlag,
} from './library/collections/forwarding.ts';
export { type LinkDetails, type LinkFilter, Links } from './library/collections/links.ts';
export {
  type NeighbourArguments,
  type NeighbourFilter,
  Neighbours,
} from './library/collections/neighbours.ts';
export { type NextHopArguments, type NextHopFilter, NextHops } from './library/collections/nexthops.ts';
export type { RouteArguments, RouteHopArguments } from './library/collections/route-draft.ts';
export { type RouteFilter, type RouteQuery, Routes } from './library/collections/routes.ts';
export { type RuleArguments, type RuleFilter, Rules } from './library/collections/rules.ts';
export type { CallOptions } from './library/connection.ts';
export { ExecError, type ExecOptions, type ExecResult } from './library/exec.ts';
export type { AwaitedLinkState } from './library/goals.ts';
export { type LiveChange, LiveMap, type LiveOptions } from './library/live.ts';
export type { LiveKey } from './library/live-keys.ts';
export { Namespace, type NamespaceSpawnOptions } from './library/namespace.ts';
export { Network, type NetworkOptions } from './library/network.ts';
export type { ConnectOptions, ListenOptions } from './library/sockets.ts';
export {
  type IdMapping,
  type IdMaps,
  type NamespaceKind,
  type PassedSpawnOptions,
  type SpawnOptions,
  spawn,
} from './library/spawn.ts';
export type { Address, AddressFlag } from './library/values/address.ts';
export { ArgumentError } from './library/values/argument.ts';
export type { DeviceReference } from './library/values/devices.ts';
export type { ForwardingEntry, ForwardingState } from './library/values/forwarding.ts';
export type {
  KindData,
  KindName,
  KindParameters,
  ParameterOf,
  PortKindName,
  RequiredParameter,
} from './library/values/kind.ts';
export type {
  Link,
  LinkArguments,
  LinkChanges,
  LinkFacts,
  LinkFlag,
  LinkKindData,
  LinkSettings,
  OperationalState,
  PeerSettings,
  PortData,
  PortSettings,
} from './library/values/link.ts';
export type { Neighbour, NeighbourFlag, NeighbourState } from './library/values/neighbour.ts';
export type { NextHop, NextHopGroupType } from './library/values/nexthop.ts';
export type { Family } from './library/values/prefix.ts';
export type { NamespaceReference, OpenNamespace } from './library/values/reference.ts';
export type { Route, RouteFlag, RouteHop, RoutePreference, RouteType } from './library/values/route.ts';
export type { NumberRange, Rule, RuleAction, RuleSelectors } from './library/values/rule.ts';
export { WaitError, type WaitOptions } from './library/wait.ts';
export {
  type ChangeEvent,
  type ResyncEvent,
  type SynchronizedEvent,
  type WatchEvent,
  Watcher,
  type WatchOptions,
} from './library/watch.ts';
export type { Watchable, WatchGroup } from './library/watch-groups.ts';
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
  type NamespaceEntry,
  type NamespaceOwner,
  type NamespaceRegistry,
  openNamespace,
  readRegistry,
} from './namespaces/inventory/registry.ts';
export {
  type Device,
  type NamespaceContents,
  type Peer,
  readTopology,
} from './namespaces/inventory/topology.ts';
export { listNames, pathOfNamespace, RUN_DIRECTORY } from './namespaces/named.ts';
export type { Propagation } from './namespaces/plans/unshare.ts';
export {
  type Address as RawAddress,
  type AddressAttributes,
  type AddressHeader,
  decodeAddress,
} from './rtnetlink/address.ts';
export {
  decodeLink,
  type Link as RawLink,
  type LinkAttributes,
  type LinkFamilies,
  type LinkHeader,
  type LinkStatistics,
} from './rtnetlink/link.ts';
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
