/** How a route is laid out: one line for people (more with several next hops or of the cache), one object for programs. */
import {
  RT_SCOPE_UNIVERSE,
  RT_TABLE_MAIN,
  RTA_CACHEINFO,
  RTA_DST,
  RTA_ENCAP,
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
  RTN_UNICAST,
  RTPROT_BOOT,
} from '../../linux/rtnetlink.ts';
import { formatAddress, formatAddressAt } from '../../rtnetlink/family-address.ts';
import { ROUTE_TYPES } from '../../rtnetlink/route.ts';
import type { RouteReader } from '../../rtnetlink/route-reader.ts';
import type { Names } from '../../schema/names.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { type AttributeIndex, bitsOf } from '../../wire/attributes.ts';
import { showCache } from './cache.ts';
import { showMetrics } from './metrics.ts';
import {
  addressColour,
  hasAddresses,
  showFlags,
  showForwarding,
  showGateway,
  showNextHops,
  showRealms,
  wholeLength,
} from './way.ts';

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

const PREFERENCES: Readonly<Record<number, string>> = { 0: 'medium', 1: 'high', 3: 'low' };

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
  if (present & GATEWAYS) {
    const isShown = known.gatewayFamily !== family && hasAddresses(family);
    showGateway(attributes, family, out, names, isShown);
  }
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

function showOrigin({ protocol, scope }: RouteReader, out: Output, view: RouteView): void {
  const { names, known, details } = view;
  if ((protocol !== RTPROT_BOOT || details > 0) && !known.protocol)
    out.labelled('protocol', 'proto ', names.name('protocols', protocol));
  if ((scope !== RT_SCOPE_UNIVERSE || details > 0) && !known.scope)
    out.labelled('scope', 'scope ', names.name('scopes', scope));
}

function showPreference(attributes: AttributeIndex, out: Output): void {
  const preference = attributes.u8(RTA_PREF);
  if (preference === undefined) return;
  const name = PREFERENCES[preference];
  if (name === undefined) out.field('pref', preference, String(preference));
  else out.field('pref', name, `pref ${name}`);
}
