/** How a neighbour is laid out: one line for people, one object for programs. */

import { USER_HZ } from '../linux/clocks.ts';
import { ARPHRD_ETHER } from '../linux/interfaces.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH } from '../linux/rtnetlink.ts';
import { addressOfFamily } from '../rtnetlink/family-address.ts';
import {
  NEIGHBOUR_EXTENDED_FLAGS,
  NEIGHBOUR_FLAGS,
  NEIGHBOUR_STATES,
  type Neighbour,
} from '../rtnetlink/neighbour.ts';
import type { Colour, Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';
import { padEndBytes } from '../wire/text.ts';
import { linkAddressText } from './link/address.ts';

/** Widths of the columns of `-br`. */
const DESTINATION_WIDTH = 39;
const DEVICE_WIDTH = 16;

/** Families whose addresses are known by their length: AF_INET, AF_BRIDGE and AF_INET6. */
const ADDRESS_FAMILIES: ReadonlySet<number> = new Set([2, 7, 10]);

export interface NeighbourLayout {
  /** The type of the message: a deletion, or of an address that nobody has answered for. */
  readonly messageType?: number;
  /** The device is not shown, because it was asked for. */
  readonly hidesDevice?: boolean;
  /** Type (ARPHRD_*) of a device: on some, link-layer addresses are IP addresses. */
  readonly deviceType?: (index: number) => number | undefined;
}

/** Prints one neighbour, in a separate object for programs. */
export function showNeighbour(
  neighbour: Neighbour,
  out: Output,
  view: View,
  layout: NeighbourLayout = {},
): void {
  const { header, dst, lladdr, protocol } = neighbour;
  out.open();
  if (layout.messageType === RTM_DELNEIGH) out.field('deleted', true, 'Deleted ');
  else if (layout.messageType === RTM_GETNEIGH) out.field('miss', null, 'miss ');
  if (dst !== undefined && !ADDRESS_FAMILIES.has(header.family)) out.field('dst', '???', '??? ');
  else if (dst !== undefined) {
    const address = addressOfFamily(dst, header.family);
    const host = view.names.host(address);
    const text = view.brief ? padEndBytes(host, DESTINATION_WIDTH) : host;
    out.field('dst', host, `${text} `, colourOf(address));
  }
  if (header.ifindex !== 0 && !layout.hidesDevice) {
    const name = view.names.device(header.ifindex);
    if (!view.brief) out.text('dev ');
    out.field('dev', name, `${view.brief ? padEndBytes(name, DEVICE_WIDTH) : name} `, 'ifname');
  }
  if (lladdr !== undefined) {
    const address = linkAddressText(lladdr, typeOf(lladdr, header.ifindex, layout));
    if (!view.brief) out.text('lladdr ');
    out.field('lladdr', address, view.brief ? address : `${address} `, 'mac');
  }
  if (!view.brief) {
    showFlags(neighbour, out);
    if (view.statistics > 0) showUse(neighbour, out);
    showState(header.state, out);
    if (protocol !== undefined && protocol !== 0) {
      const name = view.names.name('protocols', protocol);
      out.field('protocol', name, `proto ${name} `);
    }
  }
  out.text('\n');
  out.close();
}

function colourOf(address: string): Colour {
  return address.includes(':') ? 'inet6' : 'inet';
}

/** The type of the device matters only for addresses that have the length of IP addresses. */
function typeOf({ length }: Buffer, index: number, { deviceType }: NeighbourLayout): number {
  return length === 4 || length === 16 ? (deviceType?.(index) ?? ARPHRD_ETHER) : ARPHRD_ETHER;
}

function showFlags({ header: { flags }, flags_ext: extended = 0 }: Neighbour, out: Output): void {
  const show = (isSet: number, word: string) => isSet && out.field(word, null, `${word} `);
  show(flags & NEIGHBOUR_FLAGS.router, 'router');
  show(flags & NEIGHBOUR_FLAGS.proxy, 'proxy');
  show(extended & NEIGHBOUR_EXTENDED_FLAGS.managed, 'managed');
  show(flags & NEIGHBOUR_FLAGS.extern_learn, 'extern_learn');
  show(flags & NEIGHBOUR_FLAGS.offload, 'offload');
  show(extended & NEIGHBOUR_EXTENDED_FLAGS.extern_valid, 'extern_valid');
}

/** How often and how long ago the entry was used. Spaces stand where the original has them. */
function showUse({ cacheinfo, probes }: Neighbour, out: Output): void {
  if (cacheinfo !== undefined) {
    const seconds = (ticks: number) => Math.floor(ticks / USER_HZ);
    const { refcnt, used, confirmed, updated } = cacheinfo;
    if (refcnt !== 0) out.field('refcnt', refcnt, ` ref ${refcnt}`);
    out.field('used', seconds(used), ` used ${seconds(used)}`);
    out.field('confirmed', seconds(confirmed), `/${seconds(confirmed)}`);
    out.field('updated', seconds(updated), `/${seconds(updated)}`);
  }
  if (probes !== undefined) out.field('probes', probes, `probes ${probes} `);
}

function showState(state: number, out: Output): void {
  if (state === 0) return;
  out.list('state');
  for (const [name, bit] of Object.entries(NEIGHBOUR_STATES))
    if (state & bit) out.item(name.toUpperCase(), `${name.toUpperCase()} `);
  out.end();
}
