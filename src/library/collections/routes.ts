/** The routes of a network. Sources: linux/rtnetlink.h, ip-route(8) for what is meant where nothing is said. */

import { AF_INET, AF_INET6, AF_MPLS, AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import {
  RT_SCOPE_NOWHERE,
  RT_SCOPE_UNIVERSE,
  RT_TABLE_MAIN,
  RTA_DST,
  RTA_GATEWAY,
  RTA_METRICS,
  RTA_MULTIPATH,
  RTA_NH_ID,
  RTA_OIF,
  RTA_PREF,
  RTA_PREFSRC,
  RTA_PRIORITY,
  RTA_SRC,
  RTA_VIA,
  RTM_DELROUTE,
  RTM_F_CLONED,
  RTM_NEWROUTE,
  RTN_UNICAST,
  RTNH_F_ONLINK,
  RTPROT_BOOT,
} from '../../linux/rtnetlink.ts';
import { routeRequest } from '../../rtnetlink/request.ts';
import {
  addressCodec,
  decodeRoute,
  type NextHop as RawHop,
  type Route as RawRoute,
  ROUTE_TYPES,
  type RouteHeader,
  type RouteMetrics,
  RouteReader,
  type RouteValues,
  routeHeader,
} from '../../rtnetlink/route.ts';
import { defaultScope, defaultTable } from '../../rtnetlink/route-defaults.ts';
import { bitsOf } from '../../wire/attributes.ts';

import type { MessageWriter } from '../../wire/writer.ts';
import type { Connection } from '../connection.ts';
import { ArgumentError, check32, checkInteger, compact, wordsOf } from '../values/argument.ts';
import { type DeviceDirectory, type DeviceReference, indexOfDevice } from '../values/devices.ts';
import {
  type Family,
  familyName,
  familyNumber,
  formatPrefix,
  type Prefix,
  readAddress,
  readLabels,
  readPrefix,
} from '../values/prefix.ts';
import { FlagLists, Value } from '../values/value.ts';
import { Collection, type Reading, type Resolved } from './collection.ts';

/** What becomes of packets that a route is for (rtm_type). */
export type RouteType = (typeof ROUTE_TYPES)[number];

/** RTNH_F_* of a route or of one of its next hops. */
const HOP_FLAGS = {
  dead: 0x1,
  pervasive: 0x2,
  onlink: RTNH_F_ONLINK,
  offload: 0x8,
  linkdown: 0x10,
  unresolved: 0x20,
  trap: 0x40,
} as const;

/** A flag of a route or of one of its next hops (RTNH_F_*). */
export type RouteFlag = keyof typeof HOP_FLAGS;

/** ICMPV6_ROUTER_PREF_* by name. */
const PREFERENCES = { medium: 0, high: 1, low: 3 } as const;

/** How much a router that announces itself wants to be used. */
export type RoutePreference = keyof typeof PREFERENCES;

/** One of several ways that a route's packets go. */
export interface RouteHop {
  readonly device?: string;
  readonly device_index?: number;
  readonly gateway?: string;
  /** 1 to 256: how much of the traffic goes this way. */
  readonly weight: number;
  readonly flags: readonly RouteFlag[];
}

/** A route. */
export interface Route {
  readonly family: Family;
  readonly type: RouteType;
  /** `default`, or a prefix; a whole address has no length. For MPLS the label. */
  readonly destination: string;
  /** Senders that it is for, as a prefix. */
  readonly from?: string;
  /** Type of service of the packets that it is for. */
  readonly tos?: number;
  readonly gateway?: string;
  readonly device?: string;
  readonly device_index?: number;
  /** Address that packets of this host are sent from. */
  readonly source?: string;
  readonly metric?: number;
  /** `main`, `local`, or as /etc/iproute2/rt_tables names it. */
  readonly table: string;
  /** Who made it: `kernel`, `boot`, `static`, or as /etc/iproute2/rt_protos names it. */
  readonly protocol: string;
  readonly scope: string;
  readonly flags: readonly RouteFlag[];
  readonly preference?: RoutePreference;
  /** Several ways that packets go. */
  readonly hops?: readonly RouteHop[];
  /** Id of the next hop object that says where packets go. */
  readonly nexthop_id?: number;
  readonly metrics?: RouteMetrics;
  /** Attributes and header with their RTA_* names, decoded each time that they are asked for. */
  readonly raw: RawRoute;
}

/** One of several ways that a route's packets shall go. */
export interface RouteHopArguments {
  readonly device?: DeviceReference | undefined;
  readonly gateway?: string | undefined;
  /** 1 to 256. */
  readonly weight?: number | undefined;
  /** The gateway is reached on the device, though no address of the device says so. */
  readonly onlink?: boolean | undefined;
}

/** A route to be made, changed or deleted. */
export interface RouteArguments extends RouteHopArguments {
  /** `default`, or a prefix; without length a single host. For MPLS a label. */
  readonly destination: string;
  /** Needed for a default route that names no address, and for MPLS. */
  readonly family?: Family | undefined;
  /** `unicast` when left out. */
  readonly type?: RouteType | undefined;
  readonly from?: string | undefined;
  readonly tos?: number | undefined;
  /** Address that packets of this host are sent from. */
  readonly source?: string | undefined;
  readonly metric?: number | undefined;
  /** `main` when left out, but `local` for routes of local types. */
  readonly table?: string | number | undefined;
  /** `boot` when left out. */
  readonly protocol?: string | number | undefined;
  readonly scope?: string | number | undefined;
  readonly preference?: RoutePreference | undefined;
  /** Seconds. IPv6 only. */
  readonly expires?: number | undefined;
  readonly hops?: readonly RouteHopArguments[] | undefined;
  readonly nexthop_id?: number | undefined;
  /** Metrics in the kernel's units, by their RTAX_* names. */
  readonly metrics?: RouteMetrics | undefined;
  /** Attributes that have no member here, by their RTA_* names; they replace those that members make. */
  readonly attributes?: RouteValues | undefined;
}

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
  /** DeviceReference that it comes in by; it is one of this host when left out. */
  readonly input_device?: DeviceReference | undefined;
  /** DeviceReference that it is to go out by. */
  readonly device?: DeviceReference | undefined;
  readonly mark?: number | undefined;
}

const FLAG_LISTS = new FlagLists(HOP_FLAGS);

/** A route, with what is seldom wanted of it decoded from its message. */
class RouteValue extends Value {
  readonly family: Family;
  readonly type: RouteType;
  readonly destination: string;
  readonly from: string | undefined;
  readonly tos: number | undefined;
  readonly gateway: string | undefined;
  readonly device: string | undefined;
  readonly device_index: number | undefined;
  readonly source: string | undefined;
  readonly metric: number | undefined;
  readonly table: string;
  readonly protocol: string;
  readonly scope: string;
  readonly flags: readonly RouteFlag[];
  readonly preference: RoutePreference | undefined;
  readonly hops: readonly RouteHop[] | undefined;
  readonly nexthop_id: number | undefined;
  readonly metrics: RouteMetrics | undefined;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;

  constructor(reader: RouteReader, directory: DeviceDirectory, { words }: Connection) {
    super();
    const { attributes, family } = reader;
    // What few routes have is decoded from their rows.
    const rare = attributes.present & RARE ? decodeReader(reader).attributes : undefined;
    const device = attributes.u32(RTA_OIF);
    this.family = familyName(family);
    this.type = ROUTE_TYPES[reader.type] ?? (String(reader.type) as RouteType);
    this.destination = endOf(reader, RTA_DST, reader.dstLength) ?? 'default';
    this.from = rare?.src === undefined ? undefined : formatPrefix(rare.src, reader.srcLength, family, true);
    this.tos = reader.tos === 0 ? undefined : reader.tos;
    this.gateway = addressIn(reader, RTA_GATEWAY) ?? rare?.via?.address;
    this.device = device === undefined ? undefined : directory.name(device);
    this.device_index = device;
    this.source = addressIn(reader, RTA_PREFSRC);
    this.metric = attributes.u32(RTA_PRIORITY);
    this.table = words.name('tables', reader.table);
    this.protocol = words.name('protocols', reader.protocol);
    this.scope = words.name('scopes', reader.scope);
    this.flags = FLAG_LISTS.of(reader.flags);
    this.preference = preferenceOf(attributes.u8(RTA_PREF));
    this.hops = rare?.multipath?.map(hop => toHop(hop, directory));
    this.nexthop_id = attributes.u32(RTA_NH_ID);
    this.metrics = rare?.metrics;
    this.#bytes = reader.bytes;
    this.#start = reader.start;
    this.#end = reader.end;
  }

  get raw(): RawRoute {
    return decodeRoute({ bytes: this.#bytes, payload: this.#start, end: this.#end })!;
  }
}

const RARE = bitsOf(RTA_SRC, RTA_VIA, RTA_MULTIPATH, RTA_METRICS);

function decodeReader({ bytes, start, end }: RouteReader): RawRoute {
  return decodeRoute({ bytes, payload: start, end })!;
}

/** The address in an attribute; undefined if it is absent, or not an address. */
function addressIn({ attributes, family }: RouteReader, type: number): string | undefined {
  return attributes.has(type) ? attributes.read(type, addressCodec(family).read) : undefined;
}

/** One end of a route as a prefix; undefined if it is every address. */
function endOf(reader: RouteReader, type: number, length: number): string | undefined {
  const text = length === 0 ? undefined : addressIn(reader, type);
  return text === undefined ? undefined : formatPrefix(text, length, reader.family, true);
}

/** How route messages become values. */
export const routeReading: Reading<RouteReader, Route> = {
  decoder() {
    const reader = new RouteReader();
    return message => (reader.read(message) ? reader : undefined);
  },
  devices(reader) {
    const { attributes } = reader;
    const device = attributes.u32(RTA_OIF);
    const hops = attributes.has(RTA_MULTIPATH) ? decodeReader(reader).attributes.multipath : undefined;
    return [...(device === undefined ? [] : [device]), ...(hops ?? []).map(({ ifindex }) => ifindex)];
  },
  convert: (reader, directory, connection) => new RouteValue(reader, directory, connection) as Route,
};

function preferenceOf(number: number | undefined): RoutePreference | undefined {
  if (number === undefined) return undefined;
  const found = Object.entries(PREFERENCES).find(([, known]) => known === number);
  return found?.[0] as RoutePreference | undefined;
}

function toHop(hop: RawHop, directory: DeviceDirectory): RouteHop {
  return compact<RouteHop>({
    device: hop.ifindex === 0 ? undefined : directory.name(hop.ifindex),
    device_index: hop.ifindex === 0 ? undefined : hop.ifindex,
    gateway: hop.gateway ?? hop.via?.address,
    weight: hop.hops + 1,
    flags: wordsOf(HOP_FLAGS, hop.flags),
  });
}

/** The routes of a network. */
export class Routes extends Collection<Route, RouteFilter, RouteReader> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, routeReading);
  }

  /**
   * The way that a packet to `destination` would take, as the kernel looks it up. Rejects with {@link KernelError}:
   * ENETUNREACH if there is none.
   */
  async get(destination: string, query: RouteQuery = {}): Promise<Route> {
    const { family, address, length } = readPrefix('destination', destination);
    const source = query.from === undefined ? undefined : readAddress('from', query.from);
    const attributes: RouteValues = {
      dst: address,
      src: source?.address,
      mark: check32('mark', query.mark),
      oif: await this.#index('device', query.device),
      iif: await this.#index('input_device', query.input_device),
    };
    const header = { family, dst_len: length, src_len: source === undefined ? 0 : length };
    const [answer] = await this.connection.request(routeRequest({}, header, attributes), 'answer');
    return (await this.convertAnswer(answer))!;
  }

  /** Makes a route. Rejects with {@link KernelError}: EEXIST if there is one to the same destination and metric. */
  async add(route: RouteArguments): Promise<void> {
    await this.#send(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route);
  }

  /** Makes a route after those to the same destination. Rejects with {@link KernelError}. */
  async append(route: RouteArguments): Promise<void> {
    await this.#send(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND, route);
  }

  /** Changes the route to the same destination. Rejects with {@link KernelError}: ENOENT if there is none. */
  async change(route: RouteArguments): Promise<void> {
    await this.#send(RTM_NEWROUTE, NLM_F_REPLACE, route);
  }

  /** Makes a route, or changes the one to the same destination. Rejects with {@link KernelError}. */
  async replace(route: RouteArguments): Promise<void> {
    await this.#send(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, route);
  }

  /** Deletes the first route of which all that is said is true. Rejects with {@link KernelError}: ESRCH if there is none. */
  async delete(route: RouteArguments): Promise<void> {
    await this.#send(RTM_DELROUTE, 0, route);
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
  protected matches(found: Route, filter: Resolved<RouteFilter>, reader: RouteReader): boolean {
    const { device, protocol, type, table = RT_TABLE_MAIN, destination, cached } = filter;
    const { words } = this.connection;
    if (device !== undefined && !leadsTo(found, device)) return false;
    if (protocol !== undefined && reader.protocol !== words.number('filter.protocol', 'protocols', protocol))
      return false;
    if (type !== undefined && found.type !== type) return false;
    if (table !== 'all') {
      const number = typeof table === 'number' ? table : words.number('filter.table', 'tables', table);
      if (number !== 0 && number !== reader.table) return false;
    }
    if (((reader.flags & RTM_F_CLONED) !== 0) !== (cached === true)) return false;
    return destination === undefined || found.destination === spellDestination(destination);
  }

  /** @internal */
  protected deleteRequest(reader: RouteReader): MessageWriter {
    const { attributes, ...header } = decodeReader(reader);
    const { dst, src, oif, gateway, priority, table, via, newdst, nh_id, multipath } = attributes;
    const kept = { dst, src, oif, gateway, priority, table, via, newdst, nh_id, multipath };
    return routeRequest({ type: RTM_DELROUTE }, { ...header, flags: 0 }, kept);
  }

  async #send(type: number, flags: number, route: RouteArguments): Promise<void> {
    const { header, values } = await this.#draft(route, type === RTM_DELROUTE);
    await this.connection.request(routeRequest({ type, flags }, header, values));
  }

  async #draft(
    route: RouteArguments,
    isDelete: boolean,
  ): Promise<{ header: RouteHeader; values: RouteValues }> {
    const { words } = this.connection;
    const { from, table, protocol, scope, preference } = route;
    const destination = readDestination(route);
    const sender = from === undefined ? undefined : readPrefix('from', from);
    const family = settleFamily(route, destination, sender);
    const values: RouteValues = {
      dst: destination?.address,
      src: sender?.address,
      oif: await this.#index('device', route.device),
      prefsrc: route.source === undefined ? undefined : readAddress('source', route.source).address,
      priority: check32('metric', route.metric),
      expires: check32('expires', route.expires),
      nh_id: check32('nexthop_id', route.nexthop_id),
      pref: preference === undefined ? undefined : PREFERENCES[preference],
      metrics: route.metrics,
      multipath: await this.#hops(route.hops, family),
      ...gatewayOf('gateway', route.gateway, family),
    };
    const numbers = {
      type: route.type === undefined ? (isDelete ? 0 : RTN_UNICAST) : typeNumber('type', route.type),
      scope: isDelete ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE,
    };
    const number = table === undefined ? defaultTable(numbers.type) : words.number('table', 'tables', table);
    if (number > 0xff) values.table = number;
    const usualScope = family === AF_INET ? defaultScope(numbers, values, isDelete) : RT_SCOPE_UNIVERSE;
    const header: RouteHeader = {
      ...routeHeader.zero(),
      family,
      dst_len: destination?.length ?? 0,
      src_len: sender?.length ?? 0,
      tos: route.tos === undefined ? 0 : checkInteger('tos', route.tos, 0, 0xff),
      table: number > 0xff ? 0 : number,
      type: family === AF_MPLS ? RTN_UNICAST : numbers.type,
      protocol:
        protocol === undefined
          ? isDelete
            ? 0
            : RTPROT_BOOT
          : words.number('protocol', 'protocols', protocol),
      scope: scope === undefined ? usualScope : words.number('scope', 'scopes', scope),
      flags: route.onlink === true ? RTNH_F_ONLINK : 0,
    };
    return { header, values: { ...values, ...route.attributes } };
  }

  async #hops(hops: readonly RouteHopArguments[] | undefined, family: number): Promise<RawHop[] | undefined> {
    if (hops === undefined) return undefined;
    return Promise.all(
      hops.map(async (hop, at) => ({
        flags: hop.onlink === true ? RTNH_F_ONLINK : 0,
        hops: hop.weight === undefined ? 0 : checkInteger(`hops.${at}.weight`, hop.weight, 1, 256) - 1,
        ifindex: (await this.#index(`hops.${at}.device`, hop.device)) ?? 0,
        ...gatewayOf(`hops.${at}.gateway`, hop.gateway, family),
      })),
    );
  }

  async #index(argument: string, device: DeviceReference | undefined): Promise<number | undefined> {
    return device === undefined ? undefined : indexOfDevice(this.connection, argument, device);
  }
}

function leadsTo({ device_index, hops = [] }: Route, device: number): boolean {
  return device_index === device || hops.some(hop => hop.device_index === device);
}

function typeNumber(argument: string, type: RouteType): number {
  const number = ROUTE_TYPES.indexOf(type);
  if (number < 0) throw new ArgumentError(argument, `"${String(type)}" is no type of routes`);
  return number;
}

function spellDestination(text: string): string {
  if (text === 'default' || text === '0.0.0.0/0' || text === '::/0') return 'default';
  if (/^\d+$/.test(text)) return text;
  const { address, length, family } = readPrefix('filter.destination', text);
  return formatPrefix(address, length, family, true);
}

/** Undefined for the default route. */
function readDestination({ destination, family }: RouteArguments): Prefix | undefined {
  if (destination === 'default') return undefined;
  if (family !== 'mpls') return readPrefix('destination', destination);
  return { family: AF_MPLS, address: readLabels('destination', destination), length: 20, hasLength: false };
}

/** The family is given, or that of the first address. */
function settleFamily(
  { family, gateway, source, hops }: RouteArguments,
  ...prefixes: readonly (Prefix | undefined)[]
): number {
  if (family !== undefined) return familyNumber('family', family);
  const found = prefixes.find(prefix => prefix !== undefined)?.family;
  if (found !== undefined) return found;
  const text = source ?? gateway ?? hops?.find(hop => hop.gateway !== undefined)?.gateway;
  return text === undefined ? AF_INET : readAddress('gateway', text).family;
}

/** A gateway of another family than the route's has another attribute. */
function gatewayOf(
  argument: string,
  text: string | undefined,
  family: number,
): Pick<RouteValues, 'gateway' | 'via'> {
  if (text === undefined) return {};
  const gateway = readAddress(argument, text);
  return gateway.family === family ? { gateway: gateway.address } : { via: gateway };
}
