/** The routes of multicast packets. Sources: linux/rtnetlink.h with RTNL_FAMILY_IPMR, linux/mroute.h. */

import { AF_INET, RTNL_FAMILY_IP6MR, RTNL_FAMILY_IPMR } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_REPLACE } from '../../linux/netlink.ts';
import {
  RT_TABLE_DEFAULT,
  RTM_DELROUTE,
  RTM_NEWROUTE,
  RTN_MULTICAST,
  RTPROT_STATIC,
} from '../../linux/rtnetlink.ts';
import { decodeMulticastTable } from '../../rtnetlink/multicast-route.ts';
import { linkRequest, routeRequest } from '../../rtnetlink/request.ts';
import type { NextHop, RouteValues } from '../../rtnetlink/route.ts';
import { decodeRoute } from '../../rtnetlink/route.ts';
import { messageAt } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { CallOptions, Connection } from '../connection.ts';
import { ArgumentError } from '../values/argument.ts';
import type { DeviceReference } from '../values/devices.ts';
import {
  MULTICAST_FAMILIES,
  type MulticastFamily,
  type MulticastRoute,
  multicastRouteReading,
} from '../values/multicast-route.ts';
import { bitsOf, readAddress } from '../values/prefix.ts';
import { sourceOf } from '../values/value.ts';
import { Collection, checked, type Resolved } from './collection.ts';

/** A device that packets are to go out by. */
export interface MulticastHopArguments {
  readonly device: DeviceReference;
  /** What a packet's TTL must be larger than to go this way, 1 to 254; 1 when left out. */
  readonly ttl?: number | undefined;
}

/** Which route is meant. */
export interface MulticastRouteId {
  /** Address of the sender; any when left out. */
  readonly source?: string | undefined;
  readonly group: string;
  /** `default` when left out. */
  readonly table?: string | number | undefined;
}

/** A multicast route to be made. All its devices must be those of a multicast router that runs. */
export interface MulticastRouteArguments extends MulticastRouteId {
  /** The device that packets must come in by. */
  readonly device: DeviceReference;
  /** Where they go out; nowhere when left out. */
  readonly hops?: readonly MulticastHopArguments[] | undefined;
  /** `mrouted` (17): the route goes when the routing daemon ends; `static`, as when left out: it stays. */
  readonly protocol?: string | number | undefined;
}

/** Which routes are meant; all conditions must hold. */
export interface MulticastRouteFilter {
  readonly family?: MulticastFamily | undefined;
  readonly source?: string | undefined;
  readonly group?: string | undefined;
  /** The device that packets come in by. */
  readonly device?: DeviceReference | undefined;
  /** Those of every table when left out. */
  readonly table?: string | number | undefined;
}

/** The multicast routes of a network, which a routing daemon makes. */
export class MulticastRoutes extends Collection<MulticastRoute, MulticastRouteFilter> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, multicastRouteReading);
  }

  /** A route; undefined if there is none. Rejects with {@link KernelError}. */
  async get(
    { source, group, table = RT_TABLE_DEFAULT }: MulticastRouteId,
    options: CallOptions = {},
  ): Promise<MulticastRoute | undefined> {
    const { family } = readAddress('group', group);
    const any = family === AF_INET ? '0.0.0.0' : '::';
    // IPv6 has its routes in `main`, and older kernels do not look up one of them.
    const own = family === AF_INET ? { table } : {};
    for await (const route of this.list({ source: source ?? any, group, ...own }, options)) return route;
    return undefined;
  }

  /**
   * Makes a route of IPv4, or changes the one that there is; the kernel has no call that refuses the latter. Rejects with
   * {@link ArgumentError} for a device that the multicast router does not have, with {@link KernelError}: EOPNOTSUPP for
   * IPv6, whose routes only the daemon's own socket can make.
   */
  async replace(
    route: MulticastRouteArguments | MulticastRoute,
    { signal }: CallOptions = {},
  ): Promise<void> {
    signal?.throwIfAborted();
    const { device, hops = [], protocol, ...id } = checked<MulticastRouteArguments>(route);
    const { words, devices } = this.connection;
    const iif = devices.index('device', device);
    const message = this.#request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, id, {
      protocol: protocol === undefined ? RTPROT_STATIC : words.number('protocol', 'protocols', protocol),
      attributes: { iif, multipath: id.group.includes(':') ? undefined : this.#hops(id, iif, hops) },
    });
    await this.connection.request(message, 'ack', signal);
  }

  /** Deletes a route of IPv4. Rejects with {@link KernelError}: ENOENT if there is none, EOPNOTSUPP for IPv6. */
  async delete(route: MulticastRouteId | MulticastRoute, { signal }: CallOptions = {}): Promise<void> {
    const request = this.#request(RTM_DELROUTE, 0, checked<MulticastRouteId>(route));
    await this.connection.request(request, 'ack', signal);
  }

  /** @internal */
  protected dumpRequests({ family, table }: Resolved<MulticastRouteFilter>): MessageWriter[] {
    const number = this.#table('filter.table', table);
    const families = family === undefined ? Object.values(MULTICAST_FAMILIES) : [MULTICAST_FAMILIES[family]];
    return families.map(own => routeRequest({}, { family: own }, { table: number }));
  }

  /** @internal */
  protected override matcher(filter: Resolved<MulticastRouteFilter>): (found: MulticastRoute) => boolean {
    const { family, device, table } = filter;
    const number = this.#table('filter.table', table);
    const name = number === undefined ? undefined : this.connection.words.name('tables', number);
    const [source, group] = (['source', 'group'] as const).map(argument => {
      const text = filter[argument];
      return text === undefined ? undefined : readAddress(`filter.${argument}`, text).address;
    });
    return found =>
      (family === undefined || found.family === family) &&
      (device === undefined || found.device_index === device) &&
      (name === undefined || found.table === name) &&
      (source === undefined || found.source === source) &&
      (group === undefined || found.group === group);
  }

  /** @internal */
  protected deleteRequest(route: MulticastRoute): MessageWriter {
    const { attributes, family, dst_len, src_len, table } = decodeRoute(sourceOf(route))!;
    const { src, dst, table: number } = attributes;
    const header = { family, dst_len, src_len, table, protocol: RTPROT_STATIC, type: RTN_MULTICAST };
    return routeRequest({ type: RTM_DELROUTE }, header, { dst, src, table: number });
  }

  #request(
    type: number,
    flags: number,
    { source, group, table }: MulticastRouteId,
    rest: { readonly protocol?: number; readonly attributes?: RouteValues } = {},
  ): MessageWriter {
    const { family, address: dst } = readAddress('group', group);
    const isWide = family !== AF_INET;
    const { family: other, address: src } = readAddress('source', source ?? (isWide ? '::' : '0.0.0.0'));
    if (other !== family) throw new ArgumentError('source', 'is not of the family of the group');
    const length = bitsOf(family);
    const header = {
      family: isWide ? RTNL_FAMILY_IP6MR : RTNL_FAMILY_IPMR,
      dst_len: length,
      src_len: length,
      protocol: rest.protocol ?? RTPROT_STATIC,
      type: RTN_MULTICAST,
    };
    const number = this.#table('table', table ?? RT_TABLE_DEFAULT);
    return routeRequest({ type, flags }, header, { dst, src, ...rest.attributes, table: number });
  }

  /** The kernel numbers the devices of a router, and takes the hops in the order of these numbers. */
  #hops(
    { table }: MulticastRouteId,
    input: number,
    hops: readonly MulticastHopArguments[],
  ): NextHop[] | undefined {
    const numbers = this.#interfaces(this.#table('table', table ?? RT_TABLE_DEFAULT)!);
    const numberOf = (argument: string, ifindex: number) => {
      const number = numbers.get(ifindex);
      if (number !== undefined) return number;
      throw new ArgumentError(argument, 'is none of the devices that a multicast router has');
    };
    numberOf('device', input);
    const slots: NextHop[] = [];
    for (const [at, { device, ttl = 1 }] of hops.entries()) {
      const argument = `hops.${at}.device`;
      const ifindex = this.connection.devices.index(argument, device);
      slots[numberOf(argument, ifindex)] = { flags: 0, hops: ttl, ifindex };
    }
    if (hops.length === 0) return undefined;
    return Array.from(slots, hop => hop ?? { flags: 0, hops: 0, ifindex: 0 });
  }

  #interfaces(id: number): ReadonlyMap<number, number> {
    const request = linkRequest({}, { family: RTNL_FAMILY_IPMR });
    for (const { bytes, words, start, end } of this.connection.dumpWhole([request], { interrupted: false })) {
      for (let at = start; at < end; at += (words[at >> 2]! + 3) & ~3) {
        const found = decodeMulticastTable(messageAt(bytes, at));
        if (found?.id === id) return found.interfaces;
      }
    }
    return new Map();
  }

  #table(argument: string, table: string | number | undefined): number | undefined {
    return table === undefined ? undefined : this.connection.words.number(argument, 'tables', table);
  }
}
