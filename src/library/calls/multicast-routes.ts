/** What the calls of `network.multicastRoutes` take. */
import {
  type MulticastHopArguments,
  type MulticastRouteArguments,
  type MulticastRouteFilter,
  type MulticastRouteId,
  MulticastRoutes,
} from '../collections/multicast-routes.ts';
import { device } from '../values/devices.ts';
import type { MulticastFamily, MulticastRoute } from '../values/multicast-route.ts';
import { integer, list, nameOrNumber, object, oneOf, type Shape, text } from '../values/shape.ts';
import { checkCalls, filter, optional, options, settings } from './call.ts';
import { given } from './given.ts';
import { listOptions } from './listing.ts';

const HOP: Shape<MulticastHopArguments> = { device, ttl: integer(1, 254) };
const ID: Shape<MulticastRouteId> = { source: text, group: text, table: nameOrNumber };
const ROUTE: Shape<MulticastRouteArguments> = {
  ...ID,
  device,
  hops: list(object<MulticastHopArguments>(HOP, ['device'])),
  protocol: nameOrNumber,
};
const FILTER: Shape<MulticastRouteFilter> = {
  family: oneOf<MulticastFamily>(['inet', 'inet6']),
  source: text,
  group: text,
  device,
  table: nameOrNumber,
};

checkCalls(MulticastRoutes, 'multicastRoutes', {
  list: [optional(filter(FILTER)), listOptions],
  all: [optional(filter(FILTER)), options()],
  flush: [filter(FILTER), options()],
  get: [settings('route', ID, ['group']), options()],
  replace: [given('route', ROUTE, { required: ['group', 'device'], argumentsOf }), options()],
  delete: [given('route', ID, { required: ['group'], argumentsOf: identityOf }), options()],
});

function identityOf({ source, group, table }: MulticastRoute): MulticastRouteId {
  return { source, group, table };
}

function argumentsOf(value: MulticastRoute): MulticastRouteArguments {
  return {
    ...identityOf(value),
    device: value.device_index ?? 0,
    hops: value.hops.map(({ device_index, ttl }) => ({ device: device_index, ttl })),
    protocol: value.protocol,
  };
}
