/** How a route is laid out: one line for people (more with several next hops or of the cache), one object for programs. */
import { USER_HZ } from '../../linux/clocks.ts';
import { AF_INET, AF_INET6, AF_MPLS, AF_UNSPEC } from '../../linux/families.ts';
import {
  RT_SCOPE_UNIVERSE,
  RT_TABLE_MAIN,
  RTA_CACHEINFO,
  RTA_DST,
  RTA_ENCAP,
  RTA_ENCAP_TYPE,
  RTA_FLOW,
  RTA_GATEWAY,
  RTA_IIF,
  RTA_MARK,
  RTA_METRICS,
  RTA_MULTIPATH,
  RTA_NEWDST,
  RTA_NH_ID,
  RTA_OIF,
  RTA_PREF,
  RTA_PREFSRC,
  RTA_PRIORITY,
  RTA_SRC,
  RTA_TTL_PROPAGATE,
  RTA_UID,
  RTA_VIA,
  RTM_DELROUTE,
  RTM_F_CLONED,
  RTN_MULTICAST,
  RTN_UNICAST,
  RTPROT_BOOT,
} from '../../linux/rtnetlink.ts';
import { HOP_HEADER_LENGTH, ROUTE_TYPES, routeCacheInfo, walkNextHops } from '../../rtnetlink/route.ts';
import type { RouteReader } from '../../rtnetlink/route-reader.ts';
import { FAMILY_NAMES, formatAddress, formatAddressAt } from '../../rtnetlink/family-address.ts';
import type { Names } from '../../schema/names.ts';
import type { Colour, Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { AttributeIndex, bitsOf } from '../../wire/attributes.ts';
import { showEncap } from '../encap.ts';
import { showMetrics } from './metrics.ts';

/** Fields that need not be shown, because the filter fixes their value. */
export interface KnownFields {
  readonly table?: boolean;
  readonly protocol?: boolean;
  readonly scope?: boolean;
  readonly tos?: boolean;
  readonly device?: boolean;
  readonly inputDevice?: boolean;
  readonly metric?: boolean;
  readonly realm?: boolean;
  /** A gateway or preferred source of this family, which is the route's, is known whole. */
  readonly gatewayFamily?: number | undefined;
  readonly sourceFamily?: number | undefined;
}

/** What is printed of a route: the view, and what the command around it knows. */
export interface RouteView extends View {
  readonly known: KnownFields;
  /** Shows the next hop object `id` on a separate line; only asked for with details. */
  readonly showNextHopObject?: ((id: number, out: Output) => void) | undefined;
}

/** rtnh_flags and rtm_flags in the order in which they are shown. */
const FLAGS: readonly (readonly [number, string])[] = [
  [0x1, 'dead'],
  [0x4, 'onlink'],
  [0x2, 'pervasive'],
  [0x8, 'offload'],
  [0x40, 'trap'],
  [0x100, 'notify'],
  [0x10, 'linkdown'],
  [0x20, 'unresolved'],
  [0x4000, 'rt_offload'],
  [0x8000, 'rt_trap'],
  [0x20000000, 'rt_offload_failed'],
];
const SHOWN_FLAGS = FLAGS.reduce((all, [bit]) => all | bit, 0);

/** RTCF_*: the high half of rtm_flags of a cached route. */
const CACHE_FLAGS: readonly (readonly [number, string])[] = [
  [0x80000000, 'local'],
  [0x40000000, 'reject'],
  [0x20000000, 'mc'],
  [0x10000000, 'brd'],
  [0x08000000, 'dst-nat'],
  [0x00800000, 'src-nat'],
  [0x00400000, 'masq'],
  [0x00020000, 'dst-direct'],
  [0x04000000, 'src-direct'],
  [0x00040000, 'redirected'],
  [0x01000000, 'redirect'],
  [0x00200000, 'fastroute'],
  [0x00010000, 'notify'],
  [0x00080000, 'proxy'],
];

const PREFERENCES: Readonly<Record<number, string>> = { 0: 'medium', 1: 'high', 3: 'low' };

const hopAttributes = new AttributeIndex(RTA_NH_ID);

/** Attributes that few routes have, in groups that are printed together. */
const FORWARDING = bitsOf(RTA_ENCAP, RTA_NEWDST);
const GATEWAYS = bitsOf(RTA_GATEWAY, RTA_VIA);
const CONDITIONS = bitsOf(RTA_MARK, RTA_FLOW, RTA_UID);
const REST = bitsOf(RTA_CACHEINFO, RTA_METRICS, RTA_IIF, RTA_PREF, RTA_TTL_PROPAGATE);

/** Shows one route, in a separate object for programs. */
export function showRoute(route: RouteReader, out: Output, view: RouteView): void {
  const { attributes, type, flags } = route;
  const { present } = attributes;
  const { names, known } = view;
  out.open();
  if (route.messageType === RTM_DELROUTE) out.field('deleted', true, 'Deleted ');
  if (type !== RTN_UNICAST || view.details > 0) out.labelled('type', '', routeTypeName(type, view.numeric));
  showDestination(route, out, names);
  showSource(route, out, names);
  showWay(route, out, view);
  const metric = attributes.u32(RTA_PRIORITY);
  if (metric !== undefined && !known.metric) out.labelled('metric', 'metric ', metric);
  showFlags(flags, out);
  if (present & CONDITIONS) showConditions(attributes, out, view);
  if (flags & RTM_F_CLONED || present & REST) showRest(route, out, view);
  const nextHopId = attributes.u32(RTA_NH_ID);
  if (nextHopId !== undefined) view.showNextHopObject?.(nextHopId, out);
  if (attributes.has(RTA_MULTIPATH)) showNextHops(route, out, view);
  out.text('\n');
  out.close();
}

/** Where packets go, who made the route, and the address that packets of this host are sent from. */
function showWay(route: RouteReader, out: Output, view: RouteView): void {
  const { attributes, family, tos, table } = route;
  const { present } = attributes;
  const { names, known } = view;
  const nextHopId = attributes.u32(RTA_NH_ID);
  if (nextHopId !== undefined) out.labelled('nhid', 'nhid ', nextHopId);
  if (present & FORWARDING) showForwarding(attributes, family, out, view);
  if (tos !== 0 && !known.tos) out.labelled('tos', 'tos ', names.name('dsfield', tos));
  if (present & GATEWAYS) showGateway(attributes, family, out, names, known.gatewayFamily);
  const device = attributes.u32(RTA_OIF);
  if (device !== undefined && !known.device) out.labelled('dev', 'dev ', names.device(device), 'ifname');
  if ((table !== RT_TABLE_MAIN || view.details > 0) && !known.table && table !== 0)
    out.labelled('table', 'table ', names.name('tables', table));
  if (!(route.flags & RTM_F_CLONED)) showOrigin(route, out, view);
  if (attributes.has(RTA_PREFSRC) && known.sourceFamily !== family && hasAddresses(family)) {
    const source = formatAddress(attributes, RTA_PREFSRC, family);
    out.labelled('prefsrc', 'src ', source, addressColour(family));
  }
}

function showConditions(attributes: AttributeIndex, out: Output, view: RouteView): void {
  const mark = attributes.u32(RTA_MARK);
  if (mark !== undefined && mark !== 0)
    out.field('mark', mark, `mark ${mark >= 16 ? `0x${mark.toString(16)}` : mark} `);
  if (!view.known.realm) showRealms(attributes, out, view);
  const user = attributes.u32(RTA_UID);
  if (user !== undefined) out.labelled('uid', 'uid ', user);
}

function showRest(route: RouteReader, out: Output, view: RouteView): void {
  const { attributes } = route;
  showCache(route, out, view);
  if (attributes.has(RTA_METRICS)) showMetrics(attributes, RTA_METRICS, out);
  const inputDevice = attributes.u32(RTA_IIF);
  if (inputDevice !== undefined && !view.known.inputDevice)
    out.labelled('iif', 'iif ', view.names.device(inputDevice), 'ifname');
  showPreference(attributes, out);
  const propagates = attributes.u8(RTA_TTL_PROPAGATE);
  if (propagates !== undefined)
    out.field('ttl-propogate', propagates !== 0, `ttl-propogate ${propagates ? 'enabled' : 'disabled'}`);
}

/** Name of a route type; its number when it has none or `isNumeric`. */
export function routeTypeName(type: number, isNumeric: boolean): string {
  return isNumeric ? String(type) : (ROUTE_TYPES[type] ?? String(type));
}

/** The colour of addresses of a family. */
export function addressColour(family: number): Colour | undefined {
  return family === AF_INET ? 'inet' : family === AF_INET6 ? 'inet6' : undefined;
}

/** Bits of a whole address of `family`. */
export function wholeLength(family: number): number {
  return family === AF_INET ? 32 : family === AF_INET6 ? 128 : family === AF_MPLS ? 20 : 0;
}

function showDestination(route: RouteReader, out: Output, names: Names): void {
  const { attributes, dstLength } = route;
  if (attributes.has(RTA_DST))
    out.labelled('dst', '', prefixText(route, RTA_DST, dstLength, names), addressColour(route.addressFamily));
  else out.labelled('dst', '', dstLength === 0 ? 'default' : `0/${dstLength} `);
}

function showSource(route: RouteReader, out: Output, names: Names): void {
  const { attributes, srcLength } = route;
  if (attributes.has(RTA_SRC)) {
    const prefix = prefixText(route, RTA_SRC, srcLength, names);
    out.field('from', prefix, `from ${prefix} `, addressColour(route.addressFamily));
  } else if (srcLength !== 0) {
    out.field('src', `0/${srcLength}`, `from 0/${srcLength} `);
  }
}

/** The original has room for so many characters of a prefix: many labels are cut. */
const MAX_PREFIX_TEXT = 63;

/** One end of a route: a host, or a network with the length of its prefix. */
function prefixText(route: RouteReader, type: number, length: number, names: Names): string {
  const { attributes, family } = route;
  const { bytes } = attributes;
  const text = formatAddressAt(bytes, attributes.start(type), attributes.length(type), route.addressFamily);
  // The length of a whole address is that of the message's family, of which multicast routing tables have none.
  return length === wholeLength(family) ? names.host(text) : `${text}/${length}`.slice(0, MAX_PREFIX_TEXT);
}

/** Whether gateways and sources of `family` are shown. */
function hasAddresses(family: number): boolean {
  return wholeLength(family) !== 0;
}

/** Encapsulation and replaced labels, of a route or of one of its next hops. */
function showForwarding(attributes: AttributeIndex, family: number, out: Output, view: View): void {
  if (attributes.has(RTA_NEWDST)) {
    const text = view.names.host(formatAddress(attributes, RTA_NEWDST, family));
    out.labelled('to', 'as to ', text, addressColour(family));
  }
  const encapType = attributes.u16(RTA_ENCAP_TYPE);
  if (encapType !== undefined && attributes.has(RTA_ENCAP)) {
    const at = attributes.start(RTA_ENCAP);
    showEncap(encapType, attributes.bytes, at, at + attributes.length(RTA_ENCAP), out, view);
  }
}

function showGateway(
  attributes: AttributeIndex,
  family: number,
  out: Output,
  names: Names,
  knownFamily: number | undefined,
): void {
  if (attributes.has(RTA_GATEWAY) && knownFamily !== family && hasAddresses(family)) {
    const text = names.host(formatAddress(attributes, RTA_GATEWAY, family));
    out.labelled('gateway', 'via ', text, addressColour(family));
  }
  if (!attributes.has(RTA_VIA)) return;
  const at = attributes.start(RTA_VIA);
  const viaFamily = attributes.u16(RTA_VIA) ?? AF_UNSPEC;
  const name = FAMILY_NAMES[viaFamily] ?? '???';
  const host = names.host(
    formatAddressAt(attributes.bytes, at + 2, attributes.length(RTA_VIA) - 2, viaFamily),
  );
  out.open('via');
  out.labelled('family', 'via ', name);
  out.labelled('host', '', host, addressColour(viaFamily));
  out.close();
}

function showOrigin({ protocol, scope }: RouteReader, out: Output, view: RouteView): void {
  const { names, known, details } = view;
  if ((protocol !== RTPROT_BOOT || details > 0) && !known.protocol)
    out.labelled('protocol', 'proto ', names.name('protocols', protocol));
  if ((scope !== RT_SCOPE_UNIVERSE || details > 0) && !known.scope)
    out.labelled('scope', 'scope ', names.name('scopes', scope));
}

/** The flags of a route, a next hop, or a next hop object. */
export function showFlags(flags: number, out: Output): void {
  out.list('flags');
  if (flags & SHOWN_FLAGS) for (const [bit, name] of FLAGS) if (flags & bit) out.item(name, `${name} `);
  out.end();
}

function showRealms(attributes: AttributeIndex, out: Output, view: View): void {
  const realms = attributes.u32(RTA_FLOW);
  if (realms === undefined) return;
  const { names } = view;
  const from = realms >>> 16;
  out.open('flow');
  if (from !== 0) {
    const name = names.name('realms', from);
    out.field('from', name, `realms ${name}/`);
  }
  // After the other, whose look-up may read the file in which this one has another name.
  const to = names.name('realms', realms & 0xffff);
  out.field('to', to, from === 0 ? `realm ${to} ` : `${to} `);
  out.close();
}

/** The kernel's cache entry: for IPv4 a separate line with the flags, else only its times. */
function showCache(route: RouteReader, out: Output, view: View): void {
  const { attributes, family, flags } = route;
  const isIpv4Cache = family === AF_INET && (flags & RTM_F_CLONED) !== 0;
  if (isIpv4Cache) {
    out.newline();
    out.text('    cache ');
    showCacheFlags(flags, out);
  }
  const hasCache = family === AF_INET || family === AF_INET6;
  if (hasCache && attributes.has(RTA_CACHEINFO)) showCacheInfo(attributes, out, view);
}

function showCacheFlags(flags: number, out: Output): void {
  let rest = (flags & 0xffff0000) >>> 0;
  let separator = '<';
  out.list('cache');
  for (const [bit, name] of CACHE_FLAGS) {
    if (!(rest & bit)) continue;
    rest = (rest & ~bit) >>> 0;
    out.text(separator);
    out.item(name, rest === 0 ? `${name}> ` : name);
    separator = ',';
  }
  if (rest !== 0) out.field('flags', rest.toString(16), `${separator}${rest.toString(16)}>`);
  out.end();
}

function showCacheInfo(attributes: AttributeIndex, out: Output, view: View): void {
  const at = attributes.start(RTA_CACHEINFO);
  // A shorter attribute is read with the bytes behind it, as the original reads it.
  const info = routeCacheInfo.read(attributes.bytes, at, attributes.bytes.length - at);
  if (info === undefined) return;
  const seconds = (ticks: number) => Math.trunc(ticks / USER_HZ);
  if (info.expires !== 0) {
    const expires = seconds(info.expires);
    out.field('expires', expires, `expires ${expires}sec `);
  }
  if (info.error !== 0) out.field('error', info.error, `error ${info.error} `);
  if (view.statistics > 0) {
    if (info.users !== 0) out.field('users', info.users, `users ${info.users} `);
    if (info.used !== 0) out.field('used', info.used, `used ${info.used} `);
    if (info.last_use !== 0) {
      const age = seconds(info.last_use);
      out.field('age', age, `age ${age}sec `);
    }
  }
  if (info.id !== 0) {
    const id = info.id.toString(16);
    out.field('ipid', `0x${id}`, `ipid 0x${id.padStart(4, '0')} `);
  }
  if (info.timestamp !== 0 || info.timestamp_age !== 0) {
    const timestamp = `0x${info.timestamp.toString(16)}`;
    out.field('ts', timestamp, `ts ${timestamp}`);
    out.field('tsage', info.timestamp_age, `tsage ${info.timestamp_age}sec `);
  }
}

function showPreference(attributes: AttributeIndex, out: Output): void {
  const preference = attributes.u8(RTA_PREF);
  if (preference === undefined) return;
  const name = PREFERENCES[preference];
  if (name === undefined) out.field('pref', preference, String(preference));
  else out.field('pref', name, `pref ${name}`);
}

function showNextHops(route: RouteReader, out: Output, view: View): void {
  const { attributes, family, flags } = route;
  const { bytes } = attributes;
  const start = attributes.start(RTA_MULTIPATH);
  const isMulticastCache = (flags & RTM_F_CLONED) !== 0 && route.type === RTN_MULTICAST;
  out.list('nexthops');
  if (isMulticastCache) out.text('Oifs:');
  walkNextHops(bytes, start, start + attributes.length(RTA_MULTIPATH), (hop, end) => {
    hopAttributes.index(bytes, hop + HOP_HEADER_LENGTH, end);
    out.open();
    if (isMulticastCache) {
      out.text(' ');
    } else {
      out.newline();
      out.text('\tnexthop ');
    }
    showForwarding(hopAttributes, family, out, view);
    showGateway(hopAttributes, family, out, view.names, undefined);
    showRealms(hopAttributes, out, view);
    const device = view.names.device(bytes.readInt32LE(hop + 4));
    const hops = bytes[hop + 3]!;
    if (isMulticastCache) {
      out.field('dev', device, device);
      out.field('ttl', hops, `(ttl>${hops}) `);
    } else {
      out.field('dev', device, `dev ${device} `);
      if (family !== AF_MPLS) out.field('weight', hops + 1, `weight ${hops + 1} `);
    }
    showFlags(bytes[hop + 2]!, out);
    out.close();
  });
  out.end();
}
