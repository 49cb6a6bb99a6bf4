/**
 * Which routes `ip route show`, `save` and `flush` are about: what of the selectors the kernel filters under strict
 * checking, and what is left for us to filter.
 */

import type { KnownFields } from '../../layouts/route/route.ts';
import { AF_INET, AF_INET6, AF_UNSPEC } from '../../linux/families.ts';
import {
  RT_TABLE_LOCAL,
  RT_TABLE_MAIN,
  RTA_DST,
  RTA_FLOW,
  RTA_GATEWAY,
  RTA_IIF,
  RTA_MARK,
  RTA_MULTIPATH,
  RTA_OIF,
  RTA_PREFSRC,
  RTA_PRIORITY,
  RTA_SRC,
  RTA_TABLE,
  RTA_VIA,
  RTM_F_CLONED,
  RTM_GETROUTE,
  RTN_BROADCAST,
  RTN_LOCAL,
} from '../../linux/rtnetlink.ts';
import { routeHeader, walkNextHops } from '../../rtnetlink/route.ts';
import type { RouteReader } from '../../rtnetlink/route-reader.ts';
import * as codec from '../../wire/codec.ts';
import { MessageWriter } from '../../wire/writer.ts';

import type { CallState } from '../frame/call-state.ts';
import { addressBits, isInside, type Prefix } from '../grammar/prefix.ts';

const U32 = 0xffffffff;
/** Where rtnh_ifindex stands in struct rtnexthop. */
const HOP_DEVICE = 4;

/** The selectors; undefined ones select everything. */
export interface RouteFilter {
  /** AF_UNSPEC: all families. */
  family: number;
  /** 0: all tables. */
  table: number;
  cloned: boolean;
  /** The table is that of a VRF: its local and broadcast routes are left out. */
  isVrf?: boolean;
  /** A route of another IPv6 table than the main one has been seen. */
  hasIpv6Tables?: boolean;
  protocol?: number;
  scope?: number;
  type?: number;
  tos?: number;
  device?: number;
  inputDevice?: number;
  mark?: number;
  metric?: number;
  realms?: Masked;
  gateway?: Prefix;
  source?: Prefix;
  /** Destinations inside this prefix, and destinations that this prefix is inside of. */
  rootDestination?: Prefix;
  matchDestination?: Prefix;
  rootSource?: Prefix;
  matchSource?: Prefix;
}

/** A value of which some bits count. */
export interface Masked {
  readonly value: number;
  readonly mask: number;
}

/** Every route of the main table, before any selector is read. */
export function emptyFilter(family: number): RouteFilter {
  return { family, table: RT_TABLE_MAIN, cloned: false };
}

/** Without -4 or -6, a table is one of IPv4; all tables are those of every family. */
export function familyOf(filter: RouteFilter): number {
  return filter.family === AF_UNSPEC && filter.table !== 0 ? AF_INET : filter.family;
}

/** The dump request, with what the kernel can filter itself. */
export function dumpRequest(filter: RouteFilter): MessageWriter {
  const request = new MessageWriter(RTM_GETROUTE, 0);
  routeHeader.write(request, {
    ...routeHeader.zero(),
    family: familyOf(filter),
    protocol: filter.protocol ?? 0,
    flags: filter.cloned ? RTM_F_CLONED : 0,
  });
  if (filter.table !== 0) request.attribute(RTA_TABLE, codec.u32, filter.table);
  if (filter.device !== undefined) request.attribute(RTA_OIF, codec.u32, filter.device);
  return request;
}

/** The fields that the selectors fix, which need not be shown for each route. */
export function knownFields(filter: RouteFilter): KnownFields {
  const wholeFamily = (prefix: Prefix | undefined) =>
    prefix !== undefined && prefix.family !== AF_UNSPEC && prefix.length === addressBits(prefix.family)
      ? prefix.family
      : undefined;
  return {
    table: filter.table !== 0,
    protocol: filter.protocol !== undefined,
    scope: filter.scope !== undefined,
    tos: filter.tos !== undefined,
    device: filter.device !== undefined,
    inputDevice: filter.inputDevice !== undefined,
    metric: filter.metric !== undefined,
    realm: filter.realms?.mask === U32,
    gatewayFamily: wholeFamily(filter.gateway),
    sourceFamily: wholeFamily(filter.source),
  };
}

/** Leaves the filter of a line to those after it. */
export function leaveFilter(filter: RouteFilter, state: CallState, isOfFlush = false): void {
  const selects = (route: RouteReader) => isSelected(route, filter);
  state.routeFilter = { selects, known: knownFields(filter), isOfFlush };
}

/** Whether a route is selected. The kernel may have filtered already; older ones and caches have not. */
export function isSelected(route: RouteReader, filter: RouteFilter): boolean {
  return (
    (filter.family === AF_UNSPEC || filter.family === route.family) &&
    filter.cloned === ((route.flags & RTM_F_CLONED) !== 0) &&
    isInTable(route, filter) &&
    (filter.protocol === undefined || filter.protocol === route.protocol) &&
    (filter.scope === undefined || filter.scope === route.scope) &&
    (filter.type === undefined || filter.type === route.type) &&
    !(filter.isVrf && (route.type === RTN_LOCAL || route.type === RTN_BROADCAST)) &&
    (filter.tos === undefined || filter.tos === route.tos) &&
    hasEnds(route, filter) &&
    hasGateway(route, filter.gateway) &&
    hasSource(route, filter.source) &&
    hasAttributes(route, filter)
  );
}

/** Until a kernel shows that it has several IPv6 tables, its one table is split by type. */
function isInTable(route: RouteReader, filter: RouteFilter): boolean {
  if (filter.table === 0) return true;
  if (route.family === AF_INET6 && route.table !== RT_TABLE_MAIN) filter.hasIpv6Tables = true;
  if (route.family !== AF_INET6 || filter.hasIpv6Tables) return filter.table === route.table;
  if (filter.table === RT_TABLE_LOCAL) return route.type === RTN_LOCAL;
  return filter.table === RT_TABLE_MAIN && route.type !== RTN_LOCAL;
}

function hasEnds(route: RouteReader, filter: RouteFilter): boolean {
  const { rootDestination, matchDestination, rootSource, matchSource } = filter;
  return (
    (rootDestination === undefined || isUnder(route, RTA_DST, route.dstLength, rootDestination)) &&
    (matchDestination === undefined || isOver(route, RTA_DST, route.dstLength, matchDestination)) &&
    (rootSource === undefined || isUnder(route, RTA_SRC, route.srcLength, rootSource)) &&
    (matchSource === undefined || isOver(route, RTA_SRC, route.srcLength, matchSource))
  );
}

/** Whether the end of a route lies inside `prefix`. */
function isUnder(route: RouteReader, type: number, length: number, prefix: Prefix): boolean {
  if (prefix.family === AF_UNSPEC) return true;
  if (prefix.family !== route.family || prefix.length > length) return false;
  return hasBits(route, type, prefix, prefix.length);
}

/** Whether `prefix` lies inside the end of a route. */
function isOver(route: RouteReader, type: number, length: number, prefix: Prefix): boolean {
  if (prefix.family === AF_UNSPEC) return !prefix.isLengthGiven || prefix.length >= length;
  if (prefix.family !== route.family || prefix.length < length) return false;
  return hasBits(route, type, prefix, length);
}

const ZEROS = new Uint8Array(16);

/** Whether `bits` first bits are those of `prefix`; an absent address is all zeros. */
function hasBits(route: RouteReader, type: number, prefix: Prefix, bits: number): boolean {
  const { attributes } = route;
  const at = attributes.start(type);
  return at === 0 ? isInside(ZEROS, 0, prefix, bits) : isInside(attributes.bytes, at, prefix, bits);
}

function hasGateway(route: RouteReader, gateway: Prefix | undefined): boolean {
  if (gateway === undefined || gateway.family === AF_UNSPEC) return true;
  const { attributes } = route;
  const via = attributes.start(RTA_VIA);
  if (via !== 0)
    return gateway.family === attributes.u16(RTA_VIA) && isInside(attributes.bytes, via + 2, gateway);
  return gateway.family === route.family && hasBits(route, RTA_GATEWAY, gateway, gateway.length);
}

function hasSource(route: RouteReader, source: Prefix | undefined): boolean {
  if (source === undefined || source.family === AF_UNSPEC) return true;
  return source.family === route.family && hasBits(route, RTA_PREFSRC, source, source.length);
}

function hasAttributes(route: RouteReader, filter: RouteFilter): boolean {
  const { attributes } = route;
  const { realms, inputDevice, device, mark, metric } = filter;
  return (
    (realms === undefined || (((attributes.u32(RTA_FLOW) ?? 0) ^ realms.value) & realms.mask) === 0) &&
    (inputDevice === undefined || inputDevice === (attributes.u32(RTA_IIF) ?? 0)) &&
    (device === undefined || hasDevice(route, device)) &&
    (mark === undefined || mark === (attributes.u32(RTA_MARK) ?? 0)) &&
    (metric === undefined || metric === (attributes.u32(RTA_PRIORITY) ?? 0))
  );
}

/** Whether a route goes out of a device, with any of its next hops; one that names none is not left out. */
export function hasDevice({ attributes }: RouteReader, device: number): boolean {
  const own = attributes.u32(RTA_OIF);
  if (own !== undefined) return own === device;
  const at = attributes.start(RTA_MULTIPATH);
  if (at === 0) return true;
  let isFound = false;
  walkNextHops(attributes.bytes, at, at + attributes.length(RTA_MULTIPATH), hop => {
    isFound ||= attributes.bytes.readInt32LE(hop + HOP_DEVICE) === device;
  });
  return isFound;
}
