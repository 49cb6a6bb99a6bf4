/** The routes of a network. Source: linux/rtnetlink.h RTM_NEWROUTE and its like. */

import { KernelError } from '../../kernel/system/errors.ts';
import { ESRCH } from '../../linux/errno.ts';
import { AF_INET, AF_INET6, AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RT_TABLE_MAIN, RTM_DELROUTE, RTM_F_CLONED, RTM_NEWROUTE } from '../../linux/rtnetlink.ts';
import { routeRequest } from '../../rtnetlink/request.ts';
import { decodeRoute, type RouteValues } from '../../rtnetlink/route.ts';
import { load32 } from '../../wire/integers.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { AddOptions, CallOptions, Connection, DeleteOptions } from '../connection.ts';
import { check32 } from '../values/argument.ts';
import { changedIn } from '../values/changes.ts';
import type { DeviceReference } from '../values/devices.ts';
import { type Family, familyNumber, formatPrefix, readAddress, readPrefix } from '../values/prefix.ts';
import { type Route, type RouteType, routeReading } from '../values/route.ts';
import { sourceOf } from '../values/value.ts';
import type { Words } from '../values/words.ts';
import { Collection, checked, type Resolved } from './collection.ts';
import { draftRoute, type RouteArguments, typeNumber } from './route-draft.ts';

/** Offset of rtm_flags in struct rtmsg. */
const ROUTE_FLAGS = 8;

/** Which routes are meant; all conditions must hold. */
export interface RouteFilter {
  readonly family?: Family | undefined;
  /** `main` when left out; `all` for those of every table. */
  readonly table?: string | number | undefined;
  readonly device?: DeviceReference | undefined;
  readonly protocol?: string | number | undefined;
  readonly type?: RouteType | undefined;
  /** To exactly this destination. */
  readonly destination?: string | undefined;
  /** Copies that the kernel made for single destinations, instead of routes. */
  readonly cached?: boolean | undefined;
}

/** What a lookup assumes of a packet. */
export interface RouteQuery {
  /** Address that the packet comes from. */
  readonly from?: string | undefined;
  /** Device that it comes in by; it is one of this host when left out. */
  readonly input_device?: DeviceReference | undefined;
  /** Device that it is to go out by. */
  readonly device?: DeviceReference | undefined;
  readonly mark?: number | undefined;
}

/** The routes of a network. */
export class Routes extends Collection<Route, RouteFilter> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, routeReading);
  }

  /**
   * The way that a packet to `destination` would take, as the kernel looks it up. Rejects with {@link KernelError}:
   * ENETUNREACH if there is none.
   */
  async get(destination: string, query: RouteQuery = {}, options: CallOptions = {}): Promise<Route> {
    const { devices } = this.connection;
    const { family, address, length } = readPrefix('destination', destination);
    const { from, device, input_device } = query;
    const source = from === undefined ? undefined : readAddress('from', from);
    const attributes: RouteValues = {
      dst: address,
      src: source?.address,
      mark: check32('mark', query.mark),
      oif: device === undefined ? undefined : devices.index('device', device),
      iif: input_device === undefined ? undefined : devices.index('input_device', input_device),
    };
    const header = { family, dst_len: length, src_len: source === undefined ? 0 : length };
    const request = routeRequest({}, header, attributes);
    const [answer] = await this.connection.request(request, 'answer', options.signal);
    return this.valueOf(answer)!;
  }

  /** Makes a route. Rejects with {@link KernelError}: EEXIST if there is one to the same destination and metric. */
  add(route: RouteArguments | Route, options: AddOptions = {}): Promise<void> {
    return this.#send(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, checked<RouteArguments>(route), options);
  }

  /** Makes a route after those to the same destination. Rejects with {@link KernelError}. */
  append(route: RouteArguments | Route, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND, checked<RouteArguments>(route), options);
  }

  /** Changes the route to the same destination. Rejects with {@link KernelError}: ENOENT if there is none. */
  change(route: RouteArguments | Route, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_NEWROUTE, NLM_F_REPLACE, checked<RouteArguments>(route), options);
  }

  /** Makes a route, or changes the one to the same destination. Rejects with {@link KernelError}. */
  replace(route: RouteArguments | Route, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, checked<RouteArguments>(route), options);
  }

  /** Deletes the first route of which all that is said is true. Rejects with {@link KernelError}: ESRCH if there is none. */
  delete(route: RouteArguments | Route, options: DeleteOptions = {}): Promise<void> {
    return this.#send(RTM_DELROUTE, 0, checked<RouteArguments>(route), options);
  }

  /** @internal */
  protected dumpRequests(filter: Resolved<RouteFilter>): MessageWriter[] {
    const { words } = this.connection;
    const { table, protocol, type } = filter;
    const number = table === 'all' ? 0 : words.number('filter.table', 'tables', table ?? RT_TABLE_MAIN);
    const header = {
      protocol: protocol === undefined ? 0 : words.number('filter.protocol', 'protocols', protocol),
      type: type === undefined ? 0 : typeNumber('filter.type', type),
      flags: filter.cached === true ? RTM_F_CLONED : 0,
    };
    const attributes: RouteValues = {
      oif: filter.device,
      table: number === 0 ? undefined : number,
    };
    const family = familyNumber('filter.family', filter.family);
    // A table that does not exist is an error to one family alone, and the kernel dumps MPLS apart.
    const families = family === AF_UNSPEC ? [AF_INET, AF_INET6] : [family];
    return families.map(own => routeRequest({}, { ...header, family: own }, attributes));
  }

  /** @internal */
  protected override matcher(filter: Resolved<RouteFilter>): (found: Route) => boolean {
    const { device, protocol, type, table = RT_TABLE_MAIN, destination, cached = false } = filter;
    const { words } = this.connection;
    const tableName = table === 'all' ? undefined : nameOf(words, 'table', 'tables', table);
    const protocolName =
      protocol === undefined ? undefined : nameOf(words, 'protocol', 'protocols', protocol);
    const wanted = destination === undefined ? undefined : spellDestination(destination);
    return found =>
      (device === undefined || leadsTo(found, device)) &&
      (protocolName === undefined || found.protocol === protocolName) &&
      (type === undefined || found.type === type) &&
      (tableName === undefined || found.table === tableName) &&
      (!cached || isCached(found)) &&
      (wanted === undefined || found.destination === wanted);
  }

  /** @internal */
  protected deleteRequest(route: Route): MessageWriter {
    const { attributes, ...header } = decodeRoute(sourceOf(route))!;
    const { dst, src, oif, gateway, priority, table, via, newdst, nh_id, multipath } = attributes;
    const kept = { dst, src, oif, gateway, priority, table, via, newdst, nh_id, multipath };
    return routeRequest({ type: RTM_DELROUTE }, { ...header, flags: 0 }, kept);
  }

  #send(type: number, flags: number, route: RouteArguments, { signal }: CallOptions): Promise<void> {
    const { connection } = this;
    const request = draftRoute(connection, type, flags, route);
    if (type !== RTM_DELROUTE || route.from === undefined || changedIn(route).from === undefined)
      return connection.change(request, signal);
    const found = this.#findFrom(route as RouteArguments & { from: string });
    return found.then(() => connection.change(request, signal));
  }

  /** Kernels without subtrees have no routes with a source, and do not compare it. Throws {@link KernelError}. */
  async #findFrom({ from, destination, table }: RouteArguments & { from: string }): Promise<void> {
    const found = await this.all({ family: 'inet6', destination, table: table ?? 'all' });
    const { address, length, family } = readPrefix('from', from);
    const wanted = formatPrefix(address, length, family, true);
    if (!found.some(one => one.from === wanted)) throw new KernelError(ESRCH, Buffer.alloc(0));
  }
}

/** The name that values have for a number, or for a name that is another spelling of it; table 0 is all tables. */
function nameOf(
  words: Words,
  argument: string,
  table: 'tables' | 'protocols',
  word: string | number,
): string | undefined {
  const number = words.number(`filter.${argument}`, table, word);
  return table === 'tables' && number === 0 ? undefined : words.name(table, number);
}

/** RTM_F_CLONED. */
function isCached(route: Route): boolean {
  const { bytes, payload } = sourceOf(route);
  return (load32(bytes, payload + ROUTE_FLAGS) & RTM_F_CLONED) !== 0;
}

function leadsTo({ device_index, hops = [] }: Route, device: number): boolean {
  return device_index === device || hops.some(hop => hop.device_index === device);
}

function spellDestination(text: string): string {
  if (text === 'default' || text === '0.0.0.0/0' || text === '::/0') return 'default';
  if (/^\d+$/.test(text)) return text;
  const { address, length, family } = readPrefix('filter.destination', text);
  return formatPrefix(address, length, family, true);
}
