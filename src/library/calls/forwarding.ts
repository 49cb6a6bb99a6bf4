/** What the calls of `network.bridge.forwarding` take. */
import {
  Forwarding,
  type ForwardingArguments,
  type ForwardingFilter,
  type SettableForwardingFlag,
} from '../collections/forwarding.ts';
import { device } from '../values/devices.ts';
import type { ForwardingEntry, ForwardingState } from '../values/forwarding.ts';
import { type Check, integer, list, oneOf, type Shape, text } from '../values/shape.ts';
import { checkCalls, filter, optional, options } from './call.ts';
import { given } from './given.ts';
import { listOptions } from './listing.ts';

const FLAGS: readonly SettableForwardingFlag[] = [
  'self',
  'master',
  'extern_learn',
  'sticky',
  'router',
  'use',
];
const STATE = oneOf<ForwardingState>(['permanent', 'static', 'dynamic']);
const VLAN = integer(1, 4094);
const VNI = integer(0, 0xffffff);

const ENTRY: Shape<ForwardingArguments> = {
  lladdr: text,
  device,
  vlan: VLAN,
  destination: text,
  vni: VNI,
  port: integer(1, 0xffff),
  via: device,
  nexthop_id: integer(1, 0xffffffff),
  state: STATE,
  flags: list(oneOf(FLAGS)),
};
type Identity = Omit<ForwardingArguments, 'state'>;
const { state: _state, ...identity } = ENTRY;
const IDENTITY: Shape<Identity> = identity as Readonly<Record<keyof Identity, Check<unknown>>>;
const FILTER: Shape<ForwardingFilter> = { device, master: device, lladdr: text, vlan: VLAN, state: STATE };

const required = ['lladdr', 'device'] as const;
const entry = given('entry', ENTRY, { required, argumentsOf });

checkCalls(Forwarding, 'bridge.forwarding', {
  list: [optional(filter(FILTER)), listOptions],
  all: [optional(filter(FILTER)), options()],
  flush: [filter(FILTER), options()],
  get: [filter(FILTER), options()],
  add: [entry, options()],
  append: [entry, options()],
  replace: [entry, options()],
  delete: [given('entry', IDENTITY, { required, argumentsOf: identityOf }), options()],
});

function identityOf(value: ForwardingEntry): Identity {
  const { state: _own, ...rest } = argumentsOf(value);
  return rest;
}

function argumentsOf(value: ForwardingEntry): ForwardingArguments {
  const known = Object.keys(ENTRY) as (keyof ForwardingArguments)[];
  const members = known
    .filter(name => name in value && name !== 'flags')
    .map(name => [name, (value as unknown as Record<string, unknown>)[name]]);
  return {
    ...(Object.fromEntries(members) as Omit<ForwardingArguments, 'flags'>),
    flags: FLAGS.filter(name => (value.flags as readonly string[]).includes(name)),
  };
}
