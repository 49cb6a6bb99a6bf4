/** The way of a packet, which a route, each of its next hops and next hop objects have: gateway, labels, realms, flags. */
import { AF_INET, AF_INET6, AF_MPLS, AF_UNSPEC } from '../../linux/families.ts';
import {
  RTA_ENCAP,
  RTA_ENCAP_TYPE,
  RTA_FLOW,
  RTA_GATEWAY,
  RTA_MULTIPATH,
  RTA_NEWDST,
  RTA_NH_ID,
  RTA_VIA,
  RTM_F_CLONED,
  RTN_MULTICAST,
} from '../../linux/rtnetlink.ts';
import { FAMILY_NAMES, formatAddress, formatAddressAt } from '../../rtnetlink/family-address.ts';
import { HOP_HEADER_LENGTH, walkNextHops } from '../../rtnetlink/route.ts';
import type { RouteReader } from '../../rtnetlink/route-reader.ts';
import type { Names } from '../../schema/names.ts';
import type { Colour, Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { AttributeIndex } from '../../wire/attributes.ts';
import { showEncap } from '../encap.ts';

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

const hopAttributes = new AttributeIndex(RTA_NH_ID);

/** The colour of addresses of a family. */
export function addressColour(family: number): Colour | undefined {
  return family === AF_INET ? 'inet' : family === AF_INET6 ? 'inet6' : undefined;
}

/** Bits of a whole address of `family`. */
export function wholeLength(family: number): number {
  return family === AF_INET ? 32 : family === AF_INET6 ? 128 : family === AF_MPLS ? 20 : 0;
}

/** Whether gateways and sources of `family` are shown. */
export function hasAddresses(family: number): boolean {
  return wholeLength(family) !== 0;
}

/** Encapsulation and replaced labels, of a route or of one of its next hops. */
export function showForwarding(attributes: AttributeIndex, family: number, out: Output, view: View): void {
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

export function showGateway(
  attributes: AttributeIndex,
  family: number,
  out: Output,
  names: Names,
  isShown: boolean,
): void {
  if (isShown && attributes.has(RTA_GATEWAY)) {
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

/** What most routes have: one list, so that a writer knows it again. */
const NO_FLAGS: readonly string[] = [];

/** The flags of a route, a next hop, or a next hop object. */
export function showFlags(flags: number, out: Output): void {
  if ((flags & SHOWN_FLAGS) === 0) {
    out.words('flags', NO_FLAGS, '');
    return;
  }
  const names = FLAGS.filter(([bit]) => flags & bit).map(([, name]) => name);
  out.words('flags', names, `${names.join(' ')} `);
}

export function showRealms(attributes: AttributeIndex, out: Output, view: View): void {
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

export function showNextHops(route: RouteReader, out: Output, view: View): void {
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
    // Of any family, unlike that of the route itself.
    showGateway(hopAttributes, family, out, view.names, true);
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
