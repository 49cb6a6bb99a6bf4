/** Requests that make, change or delete routes. Source: ip-route(8) for what is meant where nothing is said. */

import { AF_INET, AF_MPLS } from '../../linux/families.ts';
import {
  RT_SCOPE_NOWHERE,
  RT_SCOPE_UNIVERSE,
  RTM_DELROUTE,
  RTN_UNICAST,
  RTNH_F_ONLINK,
  RTPROT_BOOT,
} from '../../linux/rtnetlink.ts';
import {
  encodeRoute,
  type NextHop as RawHop,
  ROUTE_TYPES,
  type RouteHeader,
  type RouteMetrics,
  type RouteValues,
} from '../../rtnetlink/route.ts';
import { defaultScope, defaultTable } from '../../rtnetlink/route-defaults.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Connection } from '../connection.ts';
import { ArgumentError, check32, checkInteger } from '../values/argument.ts';
import type { DeviceReference } from '../values/devices.ts';
import {
  type Family,
  familyNumber,
  type Prefix,
  readAddress,
  readLabels,
  readPrefix,
} from '../values/prefix.ts';
import { PREFERENCES, type RoutePreference, type RouteType } from '../values/route.ts';

/** One of several ways that a route's packets shall go. */
export interface RouteHopArguments {
  readonly device?: DeviceReference | undefined;
  readonly gateway?: string | undefined;
  /** 1 to 256. */
  readonly weight?: number | undefined;
  /** The gateway is reached on the device, though no address of the device says so. */
  readonly onlink?: boolean | undefined;
}

/** A route to be made, changed or deleted. */
export interface RouteArguments extends RouteHopArguments {
  /** `default`, or a prefix; without length a single host. For MPLS a label. */
  readonly destination: string;
  /** Needed for a default route that names no address, and for MPLS. */
  readonly family?: Family | undefined;
  /** `unicast` when left out. */
  readonly type?: RouteType | undefined;
  readonly from?: string | undefined;
  readonly tos?: number | undefined;
  /** Address that packets of this host are sent from. */
  readonly source?: string | undefined;
  readonly metric?: number | undefined;
  /** `main` when left out, but `local` for routes of local types. */
  readonly table?: string | number | undefined;
  /** `boot` when left out. */
  readonly protocol?: string | number | undefined;
  readonly scope?: string | number | undefined;
  readonly preference?: RoutePreference | undefined;
  /** Seconds. IPv6 only. */
  readonly expires?: number | undefined;
  readonly hops?: readonly RouteHopArguments[] | undefined;
  readonly nexthop_id?: number | undefined;
  /** Metrics in the kernel's units, by their RTAX_* names. */
  readonly metrics?: RouteMetrics | undefined;
  /** Attributes that have no member here, by their RTA_* names; they replace those that members make. */
  readonly attributes?: RouteValues | undefined;
}

/**
 * The request of `type` that makes, changes or deletes a route. Throws {@link ArgumentError} for what cannot be meant,
 * {@link KernelError} for devices that do not exist.
 */
export function draftRoute(
  connection: Connection,
  type: number,
  flags: number,
  route: RouteArguments,
): MessageWriter {
  const isDelete = type === RTM_DELROUTE;
  const { words } = connection;
  const { from, table, protocol, scope, preference } = route;
  const destination = readDestination(route);
  const sender = from === undefined ? undefined : readPrefix('from', from);
  const family = settleFamily(route, destination, sender);
  const values: RouteValues = {
    dst: destination?.address,
    src: sender?.address,
    oif: route.device === undefined ? undefined : connection.devices.index('device', route.device),
    prefsrc: route.source === undefined ? undefined : readAddress('source', route.source).address,
    priority: check32('metric', route.metric),
    expires: check32('expires', route.expires),
    nh_id: check32('nexthop_id', route.nexthop_id),
    pref: preference === undefined ? undefined : PREFERENCES[preference],
    metrics: route.metrics,
    multipath: hopsOf(connection, route.hops, family),
    ...gatewayOf('gateway', route.gateway, family),
  };
  const numbers = {
    type: route.type === undefined ? (isDelete ? 0 : RTN_UNICAST) : typeNumber('type', route.type),
    scope: isDelete ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE,
  };
  const number = table === undefined ? defaultTable(numbers.type) : words.number('table', 'tables', table);
  if (number > 0xff) values.table = number;
  const usualScope = family === AF_INET ? defaultScope(numbers, values, isDelete) : RT_SCOPE_UNIVERSE;
  const usualProtocol = isDelete ? 0 : RTPROT_BOOT;
  const header: RouteHeader = {
    family,
    dst_len: destination?.length ?? 0,
    src_len: sender?.length ?? 0,
    tos: route.tos === undefined ? 0 : checkInteger('tos', route.tos, 0, 0xff),
    table: number > 0xff ? 0 : number,
    type: family === AF_MPLS ? RTN_UNICAST : numbers.type,
    protocol: protocol === undefined ? usualProtocol : words.number('protocol', 'protocols', protocol),
    scope: scope === undefined ? usualScope : words.number('scope', 'scopes', scope),
    flags: route.onlink === true ? RTNH_F_ONLINK : 0,
  };
  const request = new MessageWriter(type, flags);
  encodeRoute(request, header, route.attributes === undefined ? values : { ...values, ...route.attributes });
  return request;
}

function hopsOf(
  connection: Connection,
  hops: readonly RouteHopArguments[] | undefined,
  family: number,
): RawHop[] | undefined {
  return hops?.map((hop, at) => ({
    flags: hop.onlink === true ? RTNH_F_ONLINK : 0,
    hops: hop.weight === undefined ? 0 : checkInteger(`hops.${at}.weight`, hop.weight, 1, 256) - 1,
    ifindex: hop.device === undefined ? 0 : connection.devices.index(`hops.${at}.device`, hop.device),
    ...gatewayOf(`hops.${at}.gateway`, hop.gateway, family),
  }));
}

/** The number of a type of routes. Throws {@link ArgumentError}. */
export function typeNumber(argument: string, type: RouteType): number {
  const number = ROUTE_TYPES.indexOf(type);
  if (number < 0) throw new ArgumentError(argument, `"${String(type)}" is no type of routes`);
  return number;
}

/** Undefined for the default route. */
function readDestination({ destination, family }: RouteArguments): Prefix | undefined {
  if (destination === 'default') return undefined;
  if (family !== 'mpls') return readPrefix('destination', destination);
  return { family: AF_MPLS, address: readLabels('destination', destination), length: 20, hasLength: false };
}

/** The family is given, or that of the first address. */
function settleFamily(
  { family, gateway, source, hops }: RouteArguments,
  ...prefixes: readonly (Prefix | undefined)[]
): number {
  if (family !== undefined) return familyNumber('family', family);
  const found = prefixes.find(prefix => prefix !== undefined)?.family;
  if (found !== undefined) return found;
  const text = source ?? gateway ?? hops?.find(hop => hop.gateway !== undefined)?.gateway;
  return text === undefined ? AF_INET : readAddress('gateway', text).family;
}

/** A gateway of another family than the route's has another attribute. */
function gatewayOf(
  argument: string,
  text: string | undefined,
  family: number,
): Pick<RouteValues, 'gateway' | 'via'> {
  if (text === undefined) return {};
  const gateway = readAddress(argument, text);
  return gateway.family === family ? { gateway: gateway.address } : { via: gateway };
}
