/** What the calls of `network.rules` take. */
import { type RuleAttributes, rule } from '../../rtnetlink/rule.ts';
import { type RuleArguments, type RuleFilter, Rules } from '../collections/rules.ts';
import { ArgumentError } from '../values/argument.ts';
import { deviceName } from '../values/devices.ts';
import { rowValues } from '../values/rows.ts';
import type { NumberRange, Rule, RuleAction } from '../values/rule.ts';
import {
  type Check,
  flag,
  integer,
  nameOrNumber,
  object,
  oneOf,
  type Shape,
  text,
  unsigned,
  unsigned64,
} from '../values/shape.ts';
import { addOptions, checkCalls, deleteOptions, filter, optional, options } from './call.ts';
import { given } from './given.ts';
import { listOptions } from './listing.ts';

const ACTIONS: readonly RuleAction[] = ['lookup', 'goto', 'nop', 'blackhole', 'unreachable', 'prohibit'];

/** From one number to another that is not lower. */
function range(most: number): Check<NumberRange> {
  const ends = object<NumberRange>({ start: integer(0, most), end: integer(0, most) }, ['start', 'end']);
  return (argument, value) => {
    const found = ends(argument, value);
    if (found.start > found.end) throw new ArgumentError(`${argument}.end`, 'is lower than the start');
    return found;
  };
}

const PORTS = range(0xffff);

const RULE: Shape<RuleArguments> = {
  family: oneOf(['inet', 'inet6', 'mpls']),
  priority: unsigned,
  from: text,
  to: text,
  input_device: deviceName,
  output_device: deviceName,
  tos: integer(0, 0xff),
  mark: unsigned,
  mark_mask: unsigned,
  users: range(0xffffffff),
  ip_protocol: integer(1, 0xff),
  source_ports: PORTS,
  destination_ports: PORTS,
  tunnel: unsigned64,
  inverted: flag,
  l3mdev: flag,
  suppress_prefix_length: integer(0, 128),
  goto: unsigned,
  action: oneOf(ACTIONS),
  table: nameOrNumber,
  protocol: nameOrNumber,
  attributes: rowValues<RuleAttributes>(rule),
};
const FILTER: Shape<RuleFilter> = {
  family: oneOf(['inet', 'inet6']),
  priority: unsigned,
  table: nameOrNumber,
  protocol: nameOrNumber,
  from: text,
  to: text,
};

const ruleArguments = given('rule', RULE, { argumentsOf });
const deleted = given('rule', RULE, { argumentsOf, verify: verifyDeleted });

checkCalls(Rules, 'rules', {
  list: [optional(filter(FILTER)), listOptions],
  all: [optional(filter(FILTER)), options()],
  flush: [filter(FILTER), options()],
  get: [filter(FILTER), options()],
  add: [ruleArguments, addOptions],
  change: [filter(FILTER), ruleArguments, options()],
  replace: [ruleArguments, options()],
  delete: [deleted, deleteOptions],
});

/** Attributes that members of a rule say. */
const SAID: ReadonlySet<string> = new Set<keyof RuleAttributes>([
  'src',
  'dst',
  'priority',
  'iifname',
  'oifname',
  'fwmark',
  'fwmask',
  'uid_range',
  'ip_proto',
  'sport_range',
  'dport_range',
  'tun_id',
  'l3mdev',
  'suppress_prefixlen',
  'suppress_ifgroup',
  'goto',
  'table',
  'protocol',
]);

function verifyDeleted({ inverted }: Partial<RuleArguments>): void {
  if (inverted !== undefined)
    throw new ArgumentError(
      'inverted',
      'is not compared when a rule is deleted: leave it out, or give the listed rule',
    );
}

function argumentsOf(value: Rule): RuleArguments {
  const { attributes } = value;
  const others = Object.fromEntries(
    Object.entries(attributes).filter(([name, member]) => !SAID.has(name) && member !== undefined),
  );
  const { suppress_ifgroup } = attributes;
  const isSuppressing =
    suppress_ifgroup !== undefined && suppress_ifgroup !== 0xffffffff && suppress_ifgroup !== -1;
  return { ...value, attributes: { ...others, ...(isSuppressing ? { suppress_ifgroup } : {}) } };
}
