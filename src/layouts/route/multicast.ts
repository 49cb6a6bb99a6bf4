/** How a route of a multicast routing table is laid out. Source: linux/rtnetlink.h RTA_*, struct rta_mfc_stats. */
import {
  RT_TABLE_MAIN,
  RTA_DST,
  RTA_EXPIRES,
  RTA_IIF,
  RTA_MFC_STATS,
  RTA_MULTIPATH,
  RTA_SRC,
  RTM_DELROUTE,
  RTNH_F_OFFLOAD,
  RTNH_F_UNRESOLVED,
} from '../../linux/rtnetlink.ts';
import { formatAddress } from '../../rtnetlink/family-address.ts';
import { walkNextHops } from '../../rtnetlink/route.ts';
import type { RouteReader } from '../../rtnetlink/route-reader.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';

const STATS_LENGTH = 24;
const ADDRESSES_WIDTH = 32;
const DEVICE_WIDTH = 10;
/** `expires` counts hundredths of seconds. */
const TICKS = 100;
/** Digits that a program reads of `expires`. */
const SIGNIFICANT = 6;

/** Prints a route, on a separate line and with -s on a second one; not its table where that is known. */
export function showMulticastRoute(route: RouteReader, out: Output, view: View, isTableKnown = false): void {
  const { attributes, addressFamily } = route;
  const address = (type: number) =>
    attributes.has(type) ? formatAddress(attributes, type, addressFamily) : 'unknown';
  const [source, group] = [address(RTA_SRC), address(RTA_DST)];
  out.open();
  if (route.messageType === RTM_DELROUTE) out.field('deleted', true, 'Deleted ');
  out.data('src', source);
  out.field('dst', group, `${`(${source},${group})`.padEnd(ADDRESSES_WIDTH)} Iif: `);
  const input = attributes.u32(RTA_IIF);
  if (input === undefined) {
    out.text('unresolved ');
  } else {
    const name = view.names.device(input);
    out.field('iif', name, `${name.padEnd(DEVICE_WIDTH)} `, 'ifname');
  }
  if (attributes.has(RTA_MULTIPATH)) showHops(route, out, view);
  const state = route.flags & RTNH_F_UNRESOLVED ? 'unresolved' : 'resolved';
  out.field('state', state, ` State: ${state}`);
  if (route.flags & RTNH_F_OFFLOAD) out.field('offload', true, ' offload');
  if (view.statistics > 0) showCounters(route, out);
  if (!isTableKnown && (route.table !== RT_TABLE_MAIN || view.details > 0)) {
    const table = view.names.name('tables', route.table);
    out.field('table', table, ` Table: ${table}`);
  }
  out.text('\n');
  out.close();
}

function showHops({ attributes }: RouteReader, out: Output, view: View): void {
  const { bytes } = attributes;
  const start = attributes.start(RTA_MULTIPATH);
  const end = start + attributes.length(RTA_MULTIPATH);
  const hops: number[] = [];
  walkNextHops(bytes, start, end, at => hops.push(at));
  out.list('multipath', hops.length === 0 ? '' : 'Oifs: ');
  for (const at of hops) {
    const [ttl, name] = [bytes[at + 3]!, view.names.device(bytes.readInt32LE(at + 4))];
    out.open();
    out.field('oif', name, name, 'ifname');
    if (ttl > 1) out.field('ttl', ttl, `(ttl ${ttl}) `);
    else out.text(' ');
    out.close();
  }
  out.end();
}

function showCounters({ attributes }: RouteReader, out: Output): void {
  if (attributes.has(RTA_MFC_STATS) && attributes.length(RTA_MFC_STATS) >= STATS_LENGTH) {
    const at = attributes.start(RTA_MFC_STATS);
    const [packets, octets, wrong] = [0, 8, 16].map(offset => attributes.bytes.readBigUInt64LE(at + offset));
    out.newline();
    out.field('packets', packets!, `  ${packets} packets`);
    out.field('bytes', octets!, `, ${octets} bytes`);
    if (wrong !== 0n) out.field('wrong_if', wrong!, `, ${wrong} arrived on wrong iif.`);
  }
  if (attributes.has(RTA_EXPIRES) && attributes.length(RTA_EXPIRES) >= 8) {
    const age = Number(attributes.bytes.readBigUInt64LE(attributes.start(RTA_EXPIRES))) / TICKS;
    const spelling = age.toFixed(2);
    out.field('expires', Number(age.toPrecision(SIGNIFICANT)), `, Age ${spelling}`);
  }
}
