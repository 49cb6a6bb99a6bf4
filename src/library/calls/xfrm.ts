/** What the calls of `network.xfrm` take. No error shows what stands where a key is expected. */
import {
  ACTIONS,
  DIRECTIONS,
  EXTRA_FLAGS,
  MODES,
  POLICY_FLAGS,
  POLICY_TYPES,
  STATE_FLAGS,
  TRANSFORM_PROTOCOLS,
} from '../../xfrm/names.ts';
import { ArgumentError } from '../values/argument.ts';
import { device } from '../values/devices.ts';
import {
  anyText,
  type Check,
  entriesOf,
  flag,
  integer,
  list,
  members,
  object,
  oneOf,
  passed,
  reading,
  type Shape,
  text,
  unsigned,
  unsigned64,
} from '../values/shape.ts';
import type { XfrmIcvAlgorithmArguments, XfrmSelectorArguments } from '../xfrm/arguments.ts';
import {
  XfrmPolicies,
  type XfrmPolicyArguments,
  type XfrmPolicyFilter,
  type XfrmPolicyId,
  type XfrmTemplateArguments,
} from '../xfrm/policies.ts';
import {
  type XfrmSpiArguments,
  type XfrmStateArguments,
  type XfrmStateFilter,
  type XfrmStateId,
  XfrmStates,
} from '../xfrm/states.ts';
import type { XfrmLimits, XfrmMark, XfrmPolicy, XfrmSelector, XfrmState } from '../xfrm/values.ts';
import { checkCalls, filter, optional, options, settings } from './call.ts';
import { listOptions } from './listing.ts';

/** Bytes of the longest key. */
const MAX_KEY = 512;
const MAX_NAME = 63;

function wordOf<W extends string>(words: Readonly<Record<W, number>>): Check<W> {
  return oneOf(Object.keys(words) as W[]);
}

const PORT = integer(0, 0xffff);
const PROTOCOL = wordOf(TRANSFORM_PROTOCOLS);
const MODE = wordOf(MODES);

/** A selector of a listing has the index of its device. */
const selector: Check<XfrmSelectorArguments> = (argument, value) => {
  const { device_index, ...given } = members(argument, value, SELECTOR);
  return device_index === undefined ? given : { device: device_index, ...given };
};
const SELECTOR: Shape<XfrmSelectorArguments & Pick<XfrmSelector, 'device_index'>> = {
  source: text,
  destination: text,
  protocol: integer(0, 0xff),
  source_port: PORT,
  destination_port: PORT,
  device,
  device_index: integer(1, 0x7fffffff),
};

const limit: Check<number | bigint> = (argument, value) =>
  typeof value === 'bigint'
    ? unsigned64(argument, value)
    : integer(0, Number.MAX_SAFE_INTEGER)(argument, value);
const LIMITS: Shape<XfrmLimits> = {
  soft_bytes: limit,
  hard_bytes: limit,
  soft_packets: limit,
  hard_packets: limit,
  soft_add_seconds: limit,
  hard_add_seconds: limit,
  soft_use_seconds: limit,
  hard_use_seconds: limit,
};
const limits = object(LIMITS);
const MARK: Shape<XfrmMark> = { value: unsigned, mask: unsigned };
const mark = object(MARK);

const algorithmName: Check<string> = (argument, value) => {
  const name = anyText(argument, value);
  if (Buffer.byteLength(name) > MAX_NAME)
    throw new ArgumentError(argument, `is not a text of ${MAX_NAME} bytes`);
  return name;
};

/** The members of an algorithm; its key is not enumerable in a listing. */
function algorithmMembers(argument: string, value: unknown): Omit<XfrmIcvAlgorithmArguments, 'key'> {
  if (typeof value !== 'object' || value === null) throw new ArgumentError(argument, 'is not an object');
  const { key: _hidden, ...others } = Object.fromEntries(entriesOf(argument, value));
  const shape = { name: algorithmName, icv_bits: unsigned, key_bits: passed };
  return members<Omit<XfrmIcvAlgorithmArguments, 'key'> & { key_bits?: number }>(argument, others, shape, {
    required: ['name'],
  });
}

const algorithm: Check<XfrmIcvAlgorithmArguments> = (argument, value) => {
  const others = algorithmMembers(argument, value);
  const key = reading(argument, () => (value as { readonly key?: unknown }).key);
  if (!(key instanceof Uint8Array) || key.length > MAX_KEY)
    throw new ArgumentError(`${argument}.key`, `is not a Uint8Array of up to ${MAX_KEY} bytes`);
  return { ...others, key };
};

const aead: Check<XfrmIcvAlgorithmArguments> = (argument, value) => {
  const found = algorithm(argument, value);
  if (found.icv_bits === undefined) throw new ArgumentError(`${argument}.icv_bits`, 'is needed');
  return found;
};

const compression: Check<object> = (argument, value) => ({ name: algorithmMembers(argument, value).name });

const ID: Shape<XfrmStateId> = { source: text, destination: text, protocol: PROTOCOL, spi: unsigned, mark };
const OTHERS: Shape<Omit<XfrmStateArguments, keyof XfrmStateId>> = {
  mode: MODE,
  reqid: unsigned,
  seq: unsigned,
  replay_window: unsigned,
  flags: list(wordOf(STATE_FLAGS)),
  extra_flags: list(wordOf(EXTRA_FLAGS)),
  encryption: algorithm,
  authentication: algorithm,
  aead,
  compression,
  selector,
  limits,
  if_id: unsigned,
  output_mark: mark,
  direction: oneOf(['in', 'out']),
};
/** What a listed state has besides. */
const OF_STATES = { family: passed, use: passed, attributes: passed };
const STATE: Shape<XfrmStateArguments & XfrmState> = { ...ID, ...OTHERS, ...OF_STATES };
/** A listed state names itself. */
const STATE_REFERENCE: Shape<XfrmStateId & XfrmState> = {
  ...(Object.fromEntries(Object.keys(OTHERS).map(name => [name, passed])) as Record<
    keyof typeof OTHERS,
    Check<unknown>
  >),
  ...OF_STATES,
  ...ID,
};
const SPI: Shape<XfrmSpiArguments> = {
  source: text,
  destination: text,
  protocol: PROTOCOL,
  mode: MODE,
  reqid: unsigned,
  seq: unsigned,
  mark,
  min: unsigned,
  max: unsigned,
};
const STATE_FILTER: Shape<XfrmStateFilter> = {
  source: text,
  destination: text,
  protocol: PROTOCOL,
  spi: unsigned,
  reqid: unsigned,
  mode: MODE,
};

const named = ['destination', 'protocol', 'spi'] as const;
const state = settings('state', STATE, ['source', ...named]);
const stateId = settings('id', STATE_REFERENCE, named);

checkCalls(XfrmStates, 'xfrm.states', {
  list: [optional(filter(STATE_FILTER)), listOptions],
  all: [optional(filter(STATE_FILTER)), options()],
  flush: [filter(STATE_FILTER), options()],
  get: [stateId, options()],
  add: [state, options()],
  change: [state, options()],
  allocate: [settings('state', SPI, ['source', 'destination', 'protocol']), options()],
  delete: [stateId, options()],
});

const DIRECTION = wordOf(DIRECTIONS);
const TYPE = wordOf(POLICY_TYPES);
const ACTION = wordOf(ACTIONS);

const TEMPLATE: Shape<XfrmTemplateArguments> = {
  source: text,
  destination: text,
  protocol: PROTOCOL,
  spi: unsigned,
  reqid: unsigned,
  mode: MODE,
  optional: flag,
};
const POLICY_ID: Shape<XfrmPolicyId> = {
  direction: DIRECTION,
  index: unsigned,
  selector,
  type: TYPE,
  mark,
  if_id: unsigned,
};
/** What a listed policy has besides. */
const OF_POLICIES = { of_socket: passed, use: passed, attributes: passed };
const POLICY: Shape<XfrmPolicyArguments & XfrmPolicy> = {
  ...POLICY_ID,
  action: ACTION,
  priority: unsigned,
  flags: list(wordOf(POLICY_FLAGS)),
  templates: list(object(TEMPLATE, ['protocol'])),
  limits,
  ...OF_POLICIES,
};
/** A listed policy names itself. */
const POLICY_REFERENCE: Shape<XfrmPolicyId & XfrmPolicy> = {
  action: passed,
  priority: passed,
  flags: passed,
  templates: passed,
  limits: passed,
  ...OF_POLICIES,
  ...POLICY_ID,
};
const POLICY_FILTER: Shape<XfrmPolicyFilter> = {
  direction: DIRECTION,
  action: ACTION,
  priority: unsigned,
  type: TYPE,
  if_id: unsigned,
  of_socket: flag,
};

const policy = settings('policy', POLICY, ['direction']);
const policyId = settings('id', POLICY_REFERENCE, ['direction']);

checkCalls(XfrmPolicies, 'xfrm.policies', {
  list: [optional(filter(POLICY_FILTER)), listOptions],
  all: [optional(filter(POLICY_FILTER)), options()],
  flush: [filter(POLICY_FILTER), options()],
  get: [policyId, options()],
  add: [policy, options()],
  replace: [policy, options()],
  delete: [policyId, options()],
});
