/** Routes as values. Sources: linux/rtnetlink.h struct rtmsg, RTA_*, RTNH_F_*; ip-route(8). */

import { AF_INET } from '../../linux/families.ts';
import {
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
  RTA_TABLE,
  RTA_VIA,
  RTNH_F_OFFLOAD,
  RTNH_F_ONLINK,
  RTNH_F_UNRESOLVED,
} from '../../linux/rtnetlink.ts';
import { addressCodec } from '../../rtnetlink/family-address.ts';
import {
  decodeRoute,
  type NextHop as RawHop,
  type Route as RawRoute,
  ROUTE_HEADER_LENGTH,
  ROUTE_TYPES,
  type RouteMetrics,
} from '../../rtnetlink/route.ts';
import { HEADER_LENGTH, HOST_ORDER_TYPE } from '../../wire/message.ts';
import { compact, wordsOf } from './argument.ts';
import { Ipv4Spelling, LatestName } from './latest.ts';
import { type Family, familyName, formatPrefix } from './prefix.ts';
import type { Reading } from './reading.ts';
import { FlagLists, sourceOf, Value } from './value.ts';

/** What becomes of packets that a route is for (rtm_type). */
export type RouteType = (typeof ROUTE_TYPES)[number];

/** RTNH_F_* of a route or of one of its next hops. */
const HOP_FLAGS = {
  dead: 0x1,
  pervasive: 0x2,
  onlink: RTNH_F_ONLINK,
  offload: RTNH_F_OFFLOAD,
  linkdown: 0x10,
  unresolved: RTNH_F_UNRESOLVED,
  trap: 0x40,
} as const;

/** A flag of a route or of one of its next hops (RTNH_F_*). */
export type RouteFlag = keyof typeof HOP_FLAGS;

/** ICMPV6_ROUTER_PREF_* by name. */
export const PREFERENCES = { medium: 0, high: 1, low: 3 } as const;

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

const FLAG_LISTS = new FlagLists(HOP_FLAGS);
const PREFERENCE_NAMES: readonly (RoutePreference | undefined)[] = ['medium', 'high', undefined, 'low'];

/** The names and spellings that the routes of one dump share. */
interface RouteNames {
  readonly table: LatestName;
  readonly protocol: LatestName;
  readonly scope: LatestName;
  readonly device: LatestName;
  readonly destination: Ipv4Spelling;
  readonly gateway: Ipv4Spelling;
}

/**
 * A route, read in one pass over its attributes; what few routes have is decoded from their rows, and what is seldom
 * wanted when it is asked for. The first attribute of each number that is long enough counts, as in the rows.
 */
class RouteValue extends Value {
  declare readonly family: Family;
  declare readonly type: RouteType;
  declare readonly destination: string;
  declare readonly from: string | undefined;
  declare readonly tos: number | undefined;
  declare readonly gateway: string | undefined;
  declare readonly device: string | undefined;
  declare readonly device_index: number | undefined;
  declare readonly source: string | undefined;
  declare readonly metric: number | undefined;
  declare readonly table: string;
  declare readonly protocol: string;
  declare readonly scope: string;
  declare readonly flags: readonly RouteFlag[];
  declare readonly preference: RoutePreference | undefined;
  declare readonly hops: readonly RouteHop[] | undefined;
  declare readonly nexthop_id: number | undefined;
  declare readonly metrics: RouteMetrics | undefined;

  constructor(bytes: Buffer, start: number, words: Int32Array, names: RouteNames) {
    super(bytes, start);
    const end = start + words[start >> 2]!;
    const header = start + HEADER_LENGTH;
    const first = words[header >> 2]!;
    const second = words[(header >> 2) + 1]!;
    const family = first & 0xff;
    let hasRare = false;
    let destination: string | undefined;
    let gateway: string | undefined;
    let source: string | undefined;
    let device: number | undefined;
    let metric: number | undefined;
    let table: number | undefined;
    let preference: number | undefined;
    let nexthop: number | undefined;
    for (let at = header + ROUTE_HEADER_LENGTH; at + 4 <= end; ) {
      const word = at >> 2;
      const length = words[word]! & 0xffff;
      if (length < 4 || length > end - at) break;
      const isWord = length >= 8;
      switch ((words[word]! >> 16) & HOST_ORDER_TYPE) {
        case RTA_TABLE:
          if (isWord) table ??= words[word + 1]! >>> 0;
          break;
        case RTA_DST:
          destination ??=
            family === AF_INET && length === 8
              ? names.destination.spell(words[word + 1]!)
              : addressCodec(family).read(bytes, at + 4, length - 4);
          break;
        case RTA_OIF:
          if (isWord) device ??= words[word + 1]! >>> 0;
          break;
        case RTA_GATEWAY:
          gateway ??=
            family === AF_INET && length === 8
              ? names.gateway.spell(words[word + 1]!)
              : addressCodec(family).read(bytes, at + 4, length - 4);
          break;
        case RTA_PRIORITY:
          if (isWord) metric ??= words[word + 1]! >>> 0;
          break;
        case RTA_PREFSRC:
          source ??= addressCodec(family).read(bytes, at + 4, length - 4);
          break;
        case RTA_PREF:
          if (length >= 5) preference ??= bytes[at + 4];
          break;
        case RTA_NH_ID:
          if (isWord) nexthop ??= words[word + 1]! >>> 0;
          break;
        case RTA_SRC:
        case RTA_VIA:
        case RTA_MULTIPATH:
        case RTA_METRICS:
          hasRare = true;
          break;
      }
      at += (length + 3) & ~3;
    }
    const rare = hasRare
      ? decodeRoute({ bytes, payload: start + HEADER_LENGTH, end })?.attributes
      : undefined;
    const prefixLength = (first >> 8) & 0xff;
    const type = second >>> 24;
    const tos = first >>> 24;
    this.family = familyName(family);
    this.type = ROUTE_TYPES[type] ?? (String(type) as RouteType);
    this.destination =
      destination === undefined || prefixLength === 0
        ? 'default'
        : formatPrefix(destination, prefixLength, family, true);
    this.from =
      rare?.src === undefined ? undefined : formatPrefix(rare.src, (first >> 16) & 0xff, family, true);
    this.tos = tos === 0 ? undefined : tos;
    this.gateway = gateway ?? rare?.via?.address;
    this.device = device === undefined ? undefined : names.device.of(device);
    this.device_index = device;
    this.source = source;
    this.metric = metric;
    this.table = names.table.of(table ?? second & 0xff);
    this.protocol = names.protocol.of((second >> 8) & 0xff);
    this.scope = names.scope.of((second >> 16) & 0xff);
    this.flags = FLAG_LISTS.of(words[(header >> 2) + 2]!);
    this.preference = preference === undefined ? undefined : PREFERENCE_NAMES[preference];
    this.hops = rare?.multipath?.map(hop => toHop(hop, names));
    this.nexthop_id = nexthop;
    this.metrics = rare?.metrics;
  }

  get raw(): RawRoute {
    return decodeRoute(sourceOf(this))!;
  }
}

function toHop(hop: RawHop, { device }: RouteNames): RouteHop {
  return compact<RouteHop>({
    device: hop.ifindex === 0 ? undefined : device.of(hop.ifindex),
    device_index: hop.ifindex === 0 ? undefined : hop.ifindex,
    gateway: hop.gateway ?? hop.via?.address,
    weight: hop.hops + 1,
    flags: wordsOf(HOP_FLAGS, hop.flags),
  });
}

/** How route messages become values. */
export const routeReading: Reading<Route> = ({ words }, directory) => {
  const names: RouteNames = {
    table: new LatestName(number => words.name('tables', number)),
    protocol: new LatestName(number => words.name('protocols', number)),
    scope: new LatestName(number => words.name('scopes', number)),
    device: new LatestName(index => directory.name(index)),
    destination: new Ipv4Spelling(),
    gateway: new Ipv4Spelling(),
  };
  return (bytes, start, words) =>
    words[start >> 2]! < HEADER_LENGTH + ROUTE_HEADER_LENGTH
      ? undefined
      : (new RouteValue(bytes, start, words, names) as Route);
};
