/** What the calls of `network.nexthops` take. */
import { RTNH_F_ONLINK } from '../../linux/rtnetlink.ts';
import { GROUP_TYPES, type NextHopValues, nextHopAttributes } from '../../rtnetlink/nexthop.ts';
import { type NextHopArguments, type NextHopFilter, NextHops } from '../collections/nexthops.ts';
import { ArgumentError } from '../values/argument.ts';
import { device } from '../values/devices.ts';
import type { NextHop } from '../values/nexthop.ts';
import { rowValues } from '../values/rows.ts';
import { flag, integer, list, nameOrNumber, object, oneOf, type Shape, text } from '../values/shape.ts';
import { addOptions, checkCalls, deleteOptions, filter, optional, options, parameter } from './call.ts';
import { given, originOf } from './given.ts';
import { listOptions } from './listing.ts';

const MAX_WEIGHT = 65536;
const ID = integer(1, 0xffffffff);

const NEXT_HOP: Shape<NextHopArguments> = {
  id: ID,
  family: oneOf(['inet', 'inet6']),
  gateway: text,
  device,
  blackhole: flag,
  fdb: flag,
  onlink: flag,
  group: list(object<{ id: number; weight?: number }>({ id: ID, weight: integer(1, MAX_WEIGHT) }, ['id'])),
  group_type: oneOf(GROUP_TYPES),
  protocol: nameOrNumber,
  attributes: rowValues<NextHopValues>(nextHopAttributes),
};
const FILTER: Shape<NextHopFilter> = {
  family: oneOf(['inet', 'inet6']),
  device,
  master: device,
  groups: flag,
  fdb: flag,
};

const nexthop = given('nexthop', NEXT_HOP, { argumentsOf, verify });
const existing = given('nexthop', NEXT_HOP, { required: ['id'], argumentsOf, verify });
/** By its id, or a next hop object of a listing. */
const id = parameter('id', (argument, value) => {
  const origin = originOf(argument, value);
  return ID(argument, origin === undefined ? value : (origin as NextHop).id);
});

checkCalls(NextHops, 'nexthops', {
  list: [optional(filter(FILTER)), listOptions],
  all: [optional(filter(FILTER)), options()],
  flush: [filter(FILTER), options()],
  get: [id, options()],
  add: [nexthop, addOptions],
  change: [existing, options()],
  replace: [nexthop, options()],
  delete: [id, deleteOptions],
});

/** What the kernel passes over without a word. */
function verify({ group, group_type, onlink, gateway }: Partial<NextHopArguments>): void {
  if (group_type !== undefined && group === undefined) throw new ArgumentError('group_type', 'needs a group');
  if (onlink === true && gateway === undefined) throw new ArgumentError('onlink', 'needs a gateway');
}

function argumentsOf(value: NextHop): NextHopArguments {
  const { attributes, flags } = value.raw;
  const { gateway, oif, blackhole, fdb, group, encap, encap_type } = attributes;
  return {
    id: value.id,
    family: value.family === 'mpls' ? undefined : value.family,
    gateway,
    device: oif,
    blackhole,
    fdb,
    onlink: gateway !== undefined && (flags & RTNH_F_ONLINK) !== 0 ? true : undefined,
    group,
    group_type: value.group_type,
    protocol: value.protocol,
    attributes: encap === undefined ? undefined : { encap, encap_type },
  };
}
