/** Virtual functions of a device, a line each, with their counters below. */

import { ETH_P_8021AD, ETH_P_8021Q } from '../../linux/families.ts';
import { ARPHRD_ETHER, IFF_POINTOPOINT } from '../../linux/interfaces.ts';
import type { Link } from '../../rtnetlink/link.ts';
import type { VfInfo, vfStatistics } from '../../rtnetlink/link-vf.ts';
import type { Output } from '../../schema/output.ts';
import type { ValuesOf } from '../../schema/row.ts';
import type { View } from '../../schema/view.ts';
import { linkAddressText } from './address.ts';
import { linkTypeName } from './device-types.ts';
import { scaled } from './statistics.ts';

const ETHERNET_LENGTH = 6;
const INFINIBAND_LENGTH = 20;
/** The driver does not report it. */
const UNKNOWN = 0xffffffff;

/** The device that has the functions: its ARPHRD_* and IFF_*. */
type Device = Pick<Link['header'], 'type' | 'flags'>;

/** Prints all functions; one without even an address is empty. */
export function showVfs(vfs: readonly VfInfo[], device: Device, out: Output, view: View): void {
  out.list('vfinfo_list');
  for (const vf of vfs) {
    out.open();
    if (vf.mac !== undefined) showVf(vf, vf.mac, device, out, view);
    out.close();
  }
  out.end();
}

function showVf(
  vf: VfInfo,
  mac: NonNullable<VfInfo['mac']>,
  { type, flags }: Device,
  out: Output,
  view: View,
): void {
  const address = (bytes: Buffer) =>
    linkAddressText(bytes.subarray(0, type === ARPHRD_ETHER ? ETHERNET_LENGTH : INFINIBAND_LENGTH), type);

  out.newline();
  out.field('vf', mac.vf, `    vf ${mac.vf} `);
  const typeName = linkTypeName(type, view.numeric);
  out.field('link_type', typeName, `    link/${typeName} `);
  const own = address(mac.address);
  out.field('address', own, own, 'mac');
  if (vf.broadcast !== undefined) {
    const text = address(vf.broadcast);
    if (flags & IFF_POINTOPOINT) out.field('link_pointtopoint', true, ' peer ');
    else out.text(' brd ');
    out.field('broadcast', text, text, 'mac');
  }
  if (vf.vlan_list !== undefined) {
    out.list('vlan_list');
    for (const { vlan, qos, protocol } of vf.vlan_list) {
      out.open();
      showVlan(vlan, qos, out);
      if (protocol !== 0 && protocol !== ETH_P_8021Q) {
        const name = protocol === ETH_P_8021AD && !view.numeric ? '802.1ad' : `[${protocol}]`;
        out.field('protocol', name, `, vlan protocol ${name}`);
      }
      out.close();
    }
    out.end();
  } else if (vf.vlan !== undefined) {
    showVlan(vf.vlan.vlan, vf.vlan.qos, out);
  }
  if (vf.tx_rate?.setting) {
    out.field('tx_rate', vf.tx_rate.setting, `, tx rate ${vf.tx_rate.setting} (Mbps)`);
  }
  if (vf.rate !== undefined) {
    const { max_tx_rate: max, min_tx_rate: min } = vf.rate;
    out.open('rate');
    out.field('max_tx', max, max === 0 ? '' : `, max_tx_rate ${max}Mbps`);
    out.field('min_tx', min, min === 0 ? '' : `, min_tx_rate ${min}Mbps`);
    out.close();
  }
  showSwitch('spoofchk', ', spoof checking', vf.spoofchk?.setting, out);
  showGuid('node guid', 'NODE_GUID', vf.ib_node_guid?.guid, out);
  showGuid('port guid', 'PORT_GUID', vf.ib_port_guid?.guid, out);
  if (vf.link_state !== undefined) {
    const state = ['auto', 'enable'][vf.link_state.setting] ?? 'disable';
    out.field('link_state', state, `, link-state ${state}`);
  }
  showSwitch('trust', ', trust', vf.trust?.setting, out);
  showSwitch('query_rss_en', ', query_rss', vf.rss_query_en?.setting, out);
  if (view.statistics > 0 && vf.stats !== undefined) showVfStatistics(vf.stats, out, view);
}

function showVlan(vlan: number, qos: number, out: Output): void {
  if (vlan !== 0) out.field('vlan', vlan, `, vlan ${vlan}`);
  if (qos !== 0) out.field('qos', qos, `, qos ${qos}`);
}

function showSwitch(key: string, label: string, setting: number | undefined, out: Output): void {
  if (setting === undefined || setting === UNKNOWN) return;
  out.field(key, setting !== 0, `${label} ${setting === 0 ? 'off' : 'on'}`);
}

function showGuid(key: string, label: string, guid: bigint | undefined, out: Output): void {
  if (guid === undefined) return;
  const digits = guid.toString(16).padStart(16, '0');
  const text = (digits.match(/../g) as string[]).join(':');
  out.field(key, text, `, ${label} ${text}`);
}

type Counters = ValuesOf<typeof vfStatistics.rows>;

function showVfStatistics(counters: Counters, out: Output, view: View): void {
  const cell = (value: bigint | undefined, width: number) =>
    `${scaled(value ?? 0n, view.scale).padStart(width)} `;

  const { rx_bytes, rx_packets, multicast, broadcast, rx_dropped } = counters;
  const { tx_bytes, tx_packets, tx_dropped } = counters;
  out.open('stats');
  out.open('rx');
  out.newline();
  out.text(`    RX: bytes  packets  mcast   bcast ${rx_dropped === undefined ? '' : '  dropped '}`);
  out.newline();
  out.text('    ');
  out.field('bytes', rx_bytes ?? 0n, cell(rx_bytes, 10));
  out.field('packets', rx_packets ?? 0n, cell(rx_packets, 8));
  out.field('multicast', multicast ?? 0n, cell(multicast, 7));
  out.field('broadcast', broadcast ?? 0n, cell(broadcast, 7));
  if (rx_dropped !== undefined) out.field('dropped', rx_dropped, cell(rx_dropped, 8));
  out.close();
  out.open('tx');
  out.newline();
  out.text(`    TX: bytes  packets ${tx_dropped === undefined ? '' : '  dropped '}`);
  out.newline();
  out.text('    ');
  out.field('tx_bytes', tx_bytes ?? 0n, cell(tx_bytes, 10));
  out.field('tx_packets', tx_packets ?? 0n, cell(tx_packets, 8));
  if (tx_dropped !== undefined) out.field('dropped', tx_dropped, cell(tx_dropped, 8));
  out.close();
  out.close();
}
