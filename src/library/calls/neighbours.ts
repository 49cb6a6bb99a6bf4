/** What the calls of `network.neighbours` take. */
import { NEIGHBOUR_EXTENDED_FLAGS, NEIGHBOUR_FLAGS, NEIGHBOUR_STATES } from '../../rtnetlink/neighbour.ts';
import { type NeighbourArguments, type NeighbourFilter, Neighbours } from '../collections/neighbours.ts';
import { ArgumentError } from '../values/argument.ts';
import { device } from '../values/devices.ts';
import type { Neighbour, NeighbourFlag, NeighbourState } from '../values/neighbour.ts';
import { flag, list, nameOrNumber, oneOf, type Shape, text } from '../values/shape.ts';
import { addOptions, checkCalls, deleteOptions, filter, optional, options, settings } from './call.ts';
import { given } from './given.ts';
import { listOptions } from './listing.ts';

const STATES = list(oneOf(Object.keys(NEIGHBOUR_STATES) as NeighbourState[]));
/** Flags of a neighbour that may be asked for; the kernel passes over the others. */
const SETTABLE: readonly NeighbourFlag[] = (
  [...Object.keys(NEIGHBOUR_FLAGS), ...Object.keys(NEIGHBOUR_EXTENDED_FLAGS)] as NeighbourFlag[]
).filter(name => ['use', 'proxy', 'router', 'extern_learn', 'managed', 'ext_validated'].includes(name));

const NEIGHBOUR: Shape<NeighbourArguments> = {
  address: text,
  device,
  lladdr: text,
  states: STATES,
  flags: list(oneOf(SETTABLE)),
  protocol: nameOrNumber,
};
type Identity = Pick<NeighbourArguments, 'address' | 'device' | 'flags'>;
const IDENTITY: Shape<Identity> = { address: text, device, flags: list(oneOf<NeighbourFlag>(['proxy'])) };
const FILTER: Shape<NeighbourFilter> = {
  family: oneOf(['inet', 'inet6']),
  device,
  master: device,
  states: STATES,
  proxy: flag,
};

const required = ['address', 'device'] as const;
const neighbour = given('neighbour', NEIGHBOUR, { required, argumentsOf, verify });

checkCalls(Neighbours, 'neighbours', {
  list: [optional(filter(FILTER)), listOptions],
  all: [optional(filter(FILTER)), options()],
  flush: [filter(FILTER), options()],
  get: [
    settings<Pick<NeighbourArguments, 'address' | 'device'>>('neighbour', { address: text, device }, [
      ...required,
    ]),
    options(),
  ],
  add: [neighbour, addOptions],
  change: [neighbour, options()],
  replace: [neighbour, options()],
  delete: [given('neighbour', IDENTITY, { required, argumentsOf: identityOf }), deleteOptions],
});

/** A proxy is an address alone. */
function verify({ flags = [], lladdr, states }: Partial<NeighbourArguments>): void {
  if (!flags.includes('proxy')) return;
  if (lladdr !== undefined)
    throw new ArgumentError('lladdr', 'is not for proxies: they answer with that of their device');
  if (states !== undefined && states.length > 0) throw new ArgumentError('states', 'are not for proxies');
}

function identityOf({ address, device_index, flags }: Neighbour): Identity {
  return { address, device: device_index ?? 0, flags: flags.includes('proxy') ? ['proxy'] : [] };
}

function argumentsOf(value: Neighbour): NeighbourArguments {
  const isProxy = value.flags.includes('proxy');
  return {
    ...identityOf(value),
    lladdr: isProxy ? undefined : value.lladdr,
    states: isProxy ? [] : value.states,
    flags: value.flags.filter(name => SETTABLE.includes(name)),
    protocol: value.protocol,
  };
}
