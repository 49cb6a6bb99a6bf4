/** What the calls of `network.bridge.forwarding` take. */
import {
  Forwarding,
  type ForwardingArguments,
  type ForwardingFilter,
  type ForwardingIdentity,
  type SettableForwardingFlag,
  tableOf,
} from '../collections/forwarding.ts';
import { ArgumentError } from '../values/argument.ts';
import { device } from '../values/devices.ts';
import type { ForwardingEntry, ForwardingState } from '../values/forwarding.ts';
import { integer, list, oneOf, type Shape, text } from '../values/shape.ts';
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
const { state: _state, ...named } = ENTRY;
const IDENTITY: Shape<ForwardingIdentity> = { ...named, flags: list(oneOf(['self', 'master'])) };
const FILTER: Shape<ForwardingFilter> = { device, master: device, lladdr: text, vlan: VLAN, state: STATE };

const required = ['lladdr', 'device'] as const;
const entry = given<ForwardingArguments, ForwardingEntry>('entry', ENTRY, { required, argumentsOf, verify });
const identity = given<ForwardingIdentity, ForwardingEntry>('entry', IDENTITY, {
  required,
  argumentsOf: identityOf,
  verify,
});

checkCalls(Forwarding, 'bridge.forwarding', {
  list: [optional(filter(FILTER)), listOptions],
  all: [optional(filter(FILTER)), options()],
  flush: [filter(FILTER), options()],
  get: [filter(FILTER), options()],
  add: [entry, options()],
  append: [entry, options()],
  replace: [entry, options()],
  delete: [identity, options()],
});

/** What the kernel passes over without a word in the table of a bridge. */
const NOT_OF_BRIDGES = ['destination', 'vni', 'port', 'via', 'nexthop_id'] as const;

function verify(entry: Partial<ForwardingArguments>): void {
  const { flags = [] } = entry;
  if (!flags.includes('master') || flags.includes('self')) return;
  const wrong = NOT_OF_BRIDGES.find(name => entry[name] !== undefined);
  if (wrong !== undefined) throw new ArgumentError(wrong, 'is not for the table of a bridge');
}

function identityOf(value: ForwardingEntry): ForwardingIdentity {
  const { state: _own, ...rest } = argumentsOf(value);
  return { ...rest, flags: [tableOf(value)] };
}

function argumentsOf(value: ForwardingEntry): ForwardingArguments {
  const table = tableOf(value);
  const known = Object.keys(ENTRY) as (keyof ForwardingArguments)[];
  const members = known
    .filter(name => name in value && name !== 'flags')
    .map(name => [name, (value as unknown as Record<string, unknown>)[name]]);
  return {
    ...(Object.fromEntries(members) as Omit<ForwardingArguments, 'flags'>),
    flags: FLAGS.filter(name => name === table || (value.flags as readonly string[]).includes(name)),
  };
}
