/**
 * Linux network namespaces for Node: networks and what is in them, namespaces, programs and sockets inside.
 *
 * {@link Network}, {@link Namespace} and {@link spawn} are what most programs need. What they are built on, sessions,
 * messages, tables and the types of their members, is in `tsip/rtnetlink`.
 *
 * Nothing here has side effects on the process but {@link rootless}, and everything else may be used in worker threads.
 *
 * @packageDocumentation
 */
export { KernelError, SystemError } from './kernel/system/errors.ts';
export { defineLab, type LabFile } from './lab/format/shape.ts';
export { type AddressArguments, Addresses, type AddressFilter } from './library/collections/addresses.ts';
export type { ListOptions } from './library/collections/collection.ts';
export {
  Forwarding,
  type ForwardingArguments,
  type ForwardingFilter,
} from './library/collections/forwarding.ts';
export { type LinkFilter, Links } from './library/collections/links.ts';
export {
  type NeighbourArguments,
  type NeighbourFilter,
  Neighbours,
} from './library/collections/neighbours.ts';
export { type NextHopArguments, type NextHopFilter, NextHops } from './library/collections/nexthops.ts';
export type { RouteArguments } from './library/collections/route-draft.ts';
export { type RouteFilter, type RouteQuery, Routes } from './library/collections/routes.ts';
export { type RuleArguments, type RuleFilter, Rules } from './library/collections/rules.ts';
export type { CallOptions } from './library/connection.ts';
export { ExecError, type ExecOptions, type ExecResult } from './library/exec.ts';
export { type LiveChange, LiveMap, type LiveOptions } from './library/live.ts';
export {
  Namespace,
  type NamespaceSpawnOptions,
} from './library/namespace.ts';
export { Network, type NetworkOptions } from './library/network.ts';
export { rootless } from './library/rootless.ts';
export type { ConnectOptions, ListenOptions } from './library/sockets.ts';
export { type NamespaceKind, type SpawnOptions, spawn } from './library/spawn.ts';
export { readTopology } from './library/topology.ts';
export type { Address } from './library/values/address.ts';
export { ArgumentError } from './library/values/argument.ts';
export type { DeviceReference } from './library/values/devices.ts';
export type { ForwardingEntry } from './library/values/forwarding.ts';
export type { KindData, KindName, KindParameters } from './library/values/kind.ts';
export type { Link, LinkArguments, LinkChanges } from './library/values/link.ts';
export type { Neighbour } from './library/values/neighbour.ts';
export type { NextHop } from './library/values/nexthop.ts';
export type { NamespaceReference } from './library/values/reference.ts';
export type { Route } from './library/values/route.ts';
export type { Rule } from './library/values/rule.ts';
export { WaitError, type WaitOptions } from './library/wait.ts';
export { type ChangeEvent, type WatchEvent, Watcher, type WatchOptions } from './library/watch.ts';
export type { WatchGroup } from './library/watch-groups.ts';
export { type NamespaceEntry, readRegistry } from './namespaces/inventory/registry.ts';
export type { Device, NamespaceContents } from './namespaces/inventory/topology.ts';
