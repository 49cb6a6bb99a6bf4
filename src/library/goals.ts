/** What can be waited for in a network: devices, addresses, neighbours and routes in some state. */

import type { Addresses } from './collections/addresses.ts';
import type { Links } from './collections/links.ts';
import type { Neighbours } from './collections/neighbours.ts';
import type { RouteFilter, Routes } from './collections/routes.ts';
import type { Address } from './values/address.ts';
import { ArgumentError } from './values/argument.ts';
import type { DeviceReference } from './values/devices.ts';
import type { Link } from './values/link.ts';
import type { Neighbour } from './values/neighbour.ts';
import { readPrefix } from './values/prefix.ts';
import type { Route } from './values/route.ts';
import type { Goal, Verdict } from './wait.ts';

/**
 * A state of a device: it is there, it is switched on, it can carry traffic (it has a carrier, and what is below or at
 * the other end agrees), or it is gone.
 */
export type AwaitedLinkState = 'present' | 'up' | 'carrier' | 'absent';

const REACHED: Verdict = { isReached: true };
/** The states that can be waited for. */
export const LINK_STATES: readonly AwaitedLinkState[] = ['present', 'up', 'carrier', 'absent'];

/** A device in a state. Throws {@link ArgumentError}. */
export function linkGoal(
  links: Links,
  device: DeviceReference,
  state: AwaitedLinkState,
): Goal<'link', Link | undefined> {
  if (!LINK_STATES.includes(state))
    throw new ArgumentError('state', `"${state}" is not one of ${LINK_STATES.join(', ')}`);
  // A device that is renamed keeps its index, one that takes over a name has another.
  let index: number | undefined = typeof device === 'number' ? device : undefined;
  const isNamed = (link: Link) =>
    typeof device === 'number' || link.name === device || link.altnames.includes(device);
  return {
    group: 'link',
    words: `device "${device}" to be ${state === 'carrier' ? 'up with carrier' : state}`,
    async look() {
      const found = await links.get(device);
      index = found?.index ?? (typeof device === 'number' ? device : undefined);
      return found;
    },
    concerns: link => {
      if (isNamed(link)) index = link.index;
      return link.index === index;
    },
    judge(link) {
      const found = link !== undefined && isNamed(link) ? link : undefined;
      if (state === 'absent') return found === undefined ? REACHED : unreached(describeLink(found));
      if (found === undefined) return unreached('no such device');
      const isReached =
        state === 'present' ||
        (found.up && (state === 'up' || (found.carrier === true && found.flags.includes('running'))));
      return isReached ? REACHED : unreached(describeLink(found));
    },
    result: link => (state === 'absent' ? undefined : link),
  };
}

function describeLink({ name, up, carrier, operstate }: Link): string {
  const signal = carrier ? 'with carrier' : 'without carrier';
  return `${name} is ${up ? `up ${signal}` : 'down'}, operational state ${operstate ?? 'not reported'}`;
}

/** An address that can be used: its duplicate address detection, if there is any, is over. */
export function addressGoal(
  addresses: Addresses,
  address: string,
  device: DeviceReference | undefined,
  index: number | undefined,
): Goal<'address', Address> {
  const { address: text, length, hasLength } = readPrefix('address', address);
  const isSame = (found: Address) =>
    (index === undefined || found.device_index === index) &&
    (hasLength ? found.address === `${text}/${length}` : found.address.startsWith(`${text}/`));
  return {
    group: 'address',
    words: `address ${address}${device === undefined ? '' : ` on "${device}"`} to be usable`,
    look: () => addresses.get({ address, device: index }),
    concerns: isSame,
    judge(found) {
      if (found === undefined) return unreached('no such address');
      if (found.flags.includes('dadfailed'))
        return { isReached: false, seen: 'another host has the address', isHopeless: true };
      return found.flags.includes('tentative') && !found.flags.includes('optimistic')
        ? unreached('the address is tentative')
        : REACHED;
    },
    result: found => found!,
  };
}

/** A neighbour whose link-layer address is known and confirmed. */
export function neighbourGoal(
  neighbours: Neighbours,
  address: string,
  device: DeviceReference,
  index: number,
): Goal<'neighbour', Neighbour> {
  const { address: text } = readPrefix('address', address);
  return {
    group: 'neighbour',
    words: `neighbour ${address} on "${device}" to be reachable`,
    look: () => neighbours.get({ address: text, device: index }),
    concerns: found => found.address === text && found.device_index === index,
    judge(found) {
      if (found === undefined) return unreached('no such neighbour');
      const isReached = found.states.some(state => state === 'reachable' || state === 'permanent');
      return isReached
        ? REACHED
        : unreached(`the neighbour is ${found.states.join(', ') || 'without state'}`);
    },
    result: found => found!,
  };
}

/** A route that the filter lets through. */
export function routeGoal(
  routes: Routes,
  filter: RouteFilter,
  matches: (route: Route) => boolean,
): Goal<'route', Route> {
  return {
    group: 'route',
    words: `a route${filter.destination === undefined ? '' : ` to ${filter.destination}`}`,
    async look() {
      for await (const route of routes.list(filter)) return route;
      return undefined;
    },
    concerns: matches,
    judge: found => (found === undefined ? unreached('no such route') : REACHED),
    result: found => found!,
  };
}

function unreached(seen: string): Verdict {
  return { isReached: false, seen };
}
