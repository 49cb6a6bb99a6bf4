/** What the calls of `network.routes` take. */
import { USER_HZ } from '../../linux/clocks.ts';
import { RTNH_F_ONLINK } from '../../linux/rtnetlink.ts';
import {
  mplsRouteAttributes,
  ROUTE_TYPES,
  type RouteMetrics,
  type RouteValues,
  routeAttributes,
  routeMetrics,
} from '../../rtnetlink/route.ts';
import type { RouteArguments, RouteHopArguments } from '../collections/route-draft.ts';
import { type RouteFilter, type RouteQuery, Routes } from '../collections/routes.ts';
import { ArgumentError } from '../values/argument.ts';
import { device } from '../values/devices.ts';
import { FAMILY_NUMBERS, type Family } from '../values/prefix.ts';
import { PREFERENCES, type Route, type RoutePreference } from '../values/route.ts';
import { rowValues } from '../values/rows.ts';
import {
  type Check,
  flag,
  integer,
  list,
  nameOrNumber,
  object,
  oneOf,
  type Shape,
  text,
  unsigned,
} from '../values/shape.ts';
import {
  addOptions,
  checkCalls,
  deleteOptions,
  filter,
  optional,
  options,
  parameter,
  settings,
} from './call.ts';
import { given } from './given.ts';
import { listOptions } from './listing.ts';

const FAMILY = oneOf(Object.keys(FAMILY_NUMBERS) as Family[]);
const TYPE = oneOf(ROUTE_TYPES);

const HOP: Shape<RouteHopArguments> = { device, gateway: text, weight: integer(1, 256), onlink: flag };

/** Those of MPLS have stacks of labels where others have addresses. */
const attributes: Check<RouteValues> = (argument, value) => {
  try {
    return rowValues<RouteValues>(routeAttributes)(argument, value);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    try {
      return rowValues<RouteValues>(mplsRouteAttributes)(argument, value);
    } catch {
      throw error;
    }
  }
};

const ROUTE: Shape<RouteArguments> = {
  ...HOP,
  destination: text,
  family: FAMILY,
  type: TYPE,
  from: text,
  tos: integer(0, 0xff),
  source: text,
  metric: unsigned,
  table: nameOrNumber,
  protocol: nameOrNumber,
  scope: nameOrNumber,
  preference: oneOf(Object.keys(PREFERENCES) as RoutePreference[]),
  expires: unsigned,
  hops: list(object<RouteHopArguments>(HOP)),
  nexthop_id: integer(1, 0xffffffff),
  metrics: rowValues<RouteMetrics>(routeMetrics),
  attributes,
};
/** Which routes are meant. */
export const ROUTE_FILTER: Shape<RouteFilter> = {
  family: FAMILY,
  table: nameOrNumber,
  device,
  protocol: nameOrNumber,
  type: TYPE,
  destination: text,
  cached: flag,
};
const QUERY: Shape<RouteQuery> = { from: text, input_device: device, device, mark: unsigned };

const route = given('route', ROUTE, { required: ['destination'], argumentsOf, verify });
const deleted = given('route', ROUTE, {
  required: ['destination'],
  argumentsOf: identityOf,
  verify: verifyDeleted,
});

checkCalls(Routes, 'routes', {
  list: [optional(filter(ROUTE_FILTER)), listOptions],
  all: [optional(filter(ROUTE_FILTER)), options()],
  flush: [filter(ROUTE_FILTER), options()],
  get: [parameter('destination', text), optional(settings('query', QUERY)), options()],
  add: [route, addOptions],
  append: [route, options()],
  change: [route, options()],
  replace: [route, options()],
  delete: [deleted, deleteOptions],
});

/** By what is said of addresses. */
function isIpv6({ family, destination = '', gateway, source, hops }: Partial<RouteArguments>): boolean {
  if (family !== undefined) return family === 'inet6';
  if (destination !== 'default') return destination.includes(':');
  return [source, gateway, ...(hops ?? []).map(hop => hop.gateway)].some(address => address?.includes(':'));
}

/** Settings that the kernel passes over without a word in routes of one family. */
const NOT_OF_IPV4 = ['preference', 'expires', 'from'] as const;
const NOT_OF_IPV6 = ['scope', 'tos'] as const;
/** Those of an IPv6 route that a deletion does not look at. */
const NOT_COMPARED = ['type', 'source', 'preference', 'expires', 'metrics'] as const;

function verify(route: Partial<RouteArguments>): void {
  if (route.destination === undefined) return; // Of a copy: the original had passed.
  const isWide = isIpv6(route);
  const wrong = (isWide ? NOT_OF_IPV6 : NOT_OF_IPV4).find(name => route[name] !== undefined);
  if (wrong !== undefined && route.family !== 'mpls')
    throw new ArgumentError(wrong, `is for IPv${isWide ? 4 : 6} only`);
  if (route.weight !== undefined)
    throw new ArgumentError('weight', 'is for hops: a route of one way has no weights');
  if (route.onlink === true && route.gateway === undefined)
    throw new ArgumentError('onlink', 'needs a gateway');
}

function verifyDeleted(route: Partial<RouteArguments>): void {
  verify(route);
  if (route.onlink !== undefined)
    throw new ArgumentError('onlink', 'is not compared when a route is deleted: leave it out');
  if (route.destination === undefined || !isIpv6(route)) return;
  const wrong = NOT_COMPARED.find(name => route[name] !== undefined);
  if (wrong !== undefined)
    throw new ArgumentError(
      wrong,
      'is not compared when an IPv6 route is deleted: leave it out, or give the listed route',
    );
}

/** What has no member, and what the kernel reports but does not take. */
function rest({ raw }: Route): RouteValues {
  const { encap, encap_type, newdst, ttl_propagate, flow, multipath } = raw.attributes;
  const hops = multipath?.map(hop => ({ ...hop, flags: hop.flags & RTNH_F_ONLINK }));
  return Object.fromEntries(
    Object.entries({ encap, encap_type, newdst, ttl_propagate, flow, multipath: hops }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

/** What is compared when it is deleted. With a next hop object, its gateway and device are not the route's. */
function identityOf(value: Route): RouteArguments {
  const hasObject = value.nexthop_id !== undefined;
  const { multipath, ...others } = rest(value);
  return {
    family: value.family,
    destination: value.destination,
    type: value.family === 'mpls' ? undefined : value.type,
    from: value.from,
    tos: value.tos,
    metric: value.metric,
    table: value.raw.attributes.table ?? value.raw.table,
    protocol: value.protocol,
    scope: value.family === 'inet' ? value.raw.scope : undefined,
    nexthop_id: value.nexthop_id,
    gateway: hasObject ? undefined : value.gateway,
    device: hasObject ? undefined : value.device_index,
    attributes: hasObject ? others : { ...others, ...(multipath === undefined ? {} : { multipath }) },
  };
}

function argumentsOf(value: Route): RouteArguments {
  const { cacheinfo } = value.raw.attributes;
  const ticks = cacheinfo?.expires ?? 0;
  return {
    ...identityOf(value),
    source: value.source,
    preference: value.preference,
    metrics: value.metrics,
    expires: ticks > 0 ? Math.ceil(ticks / USER_HZ) : undefined,
    onlink: value.gateway !== undefined && value.flags.includes('onlink') ? true : undefined,
  };
}
