/** What the calls of `network.addresses` take. */
import {
  type AddressArguments,
  Addresses,
  type AddressFilter,
  type SettableAddressFlag,
} from '../collections/addresses.ts';
import type { Address } from '../values/address.ts';
import { ArgumentError } from '../values/argument.ts';
import { device } from '../values/devices.ts';
import { list, nameOrNumber, oneOf, type Shape, seconds, text, unsigned } from '../values/shape.ts';
import { addOptions, checkCalls, deleteOptions, filter, optional, options } from './call.ts';
import { given } from './given.ts';
import { listOptions } from './listing.ts';

const SETTABLE: readonly SettableAddressFlag[] = [
  'home',
  'nodad',
  'optimistic',
  'mngtmpaddr',
  'noprefixroute',
  'autojoin',
];
/** Settings that the kernel passes over for the other family. */
const OF_IPV6: readonly SettableAddressFlag[] = ['home', 'nodad', 'optimistic', 'mngtmpaddr'];

const ADDRESS: Shape<AddressArguments> = {
  device,
  address: text,
  peer: text,
  broadcast: text,
  label: text,
  scope: nameOrNumber,
  flags: list(oneOf(SETTABLE)),
  valid_lifetime: seconds(1),
  preferred_lifetime: seconds(0),
  metric: unsigned,
  protocol: nameOrNumber,
};
type Identity = Pick<AddressArguments, 'device' | 'address' | 'peer'>;
const IDENTITY: Shape<Identity> = { device, address: text, peer: text };
const FILTER: Shape<AddressFilter> = {
  device,
  family: oneOf(['inet', 'inet6']),
  scope: nameOrNumber,
  address: text,
};

const required = ['device', 'address'] as const;
const address = given('address', ADDRESS, { required, argumentsOf, verify });
const identity = given('address', IDENTITY, { required, argumentsOf: identityOf });

checkCalls(Addresses, 'addresses', {
  list: [optional(filter(FILTER)), listOptions],
  all: [optional(filter(FILTER)), options()],
  flush: [filter(FILTER), options()],
  get: [filter(FILTER), options()],
  add: [address, addOptions],
  change: [address, options()],
  replace: [address, options()],
  delete: [identity, deleteOptions],
});

function isIpv6(address: string | undefined): boolean {
  return address?.includes(':') ?? false;
}

/** What the kernel passes over without a word. */
function verify({ address, label, scope, flags = [] }: Partial<AddressArguments>): void {
  if (address === undefined) return;
  if (isIpv6(address)) {
    if (label !== undefined) throw new ArgumentError('label', 'is for IPv4 only');
    if (scope !== undefined)
      throw new ArgumentError('scope', 'is for IPv4 only: that of IPv6 follows from the address');
    return;
  }
  const wrong = flags.find(flag => OF_IPV6.includes(flag));
  if (wrong !== undefined) throw new ArgumentError('flags', `"${wrong}" is for IPv6 only`);
}

function identityOf({ device_index, address, peer }: Address): Identity {
  return { device: device_index, address, peer };
}

function argumentsOf(value: Address): AddressArguments {
  const isWide = value.family === 'inet6';
  const settable = SETTABLE.filter(flag => value.flags.includes(flag));
  return {
    ...identityOf(value),
    broadcast: value.broadcast,
    label: isWide ? undefined : value.label,
    scope: isWide ? undefined : value.scope,
    flags: isWide ? settable : settable.filter(flag => !OF_IPV6.includes(flag)),
    valid_lifetime: value.valid_lifetime === 0 ? 1 : value.valid_lifetime,
    preferred_lifetime: value.preferred_lifetime,
    metric: value.metric,
    protocol: value.protocol,
  };
}
