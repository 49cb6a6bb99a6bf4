/** How the settings of a family on a device are laid out: one line for people, one object for programs. */

import { FAMILY_NAMES } from '../rtnetlink/family-address.ts';
import { ALL_DEVICES, DEFAULT_DEVICE, type Netconf } from '../rtnetlink/netconf.ts';
import type { Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';

const REVERSE_PATH = ['off', 'strict', 'loose'];

/** Prints settings, for programs as a separate object. */
export function showNetconf(shown: Netconf, isDeleted: boolean, out: Output, view: View): void {
  out.open();
  if (isDeleted) out.field('deleted', true, 'Deleted ');
  const family = FAMILY_NAMES[shown.family] ?? '???';
  out.field('family', family, `${family} `);
  if (shown.ifindex !== undefined) {
    const name = deviceName(shown.ifindex, view);
    out.field('interface', name, `${name} `, 'ifname');
  }
  showSwitch('forwarding', shown, out);
  if (shown.rp_filter !== undefined) {
    const mode = REVERSE_PATH[shown.rp_filter] ?? String(shown.rp_filter);
    out.field('rp_filter', mode, `rp_filter ${mode} `);
  }
  showSwitch('mc_forwarding', shown, out);
  showSwitch('proxy_neigh', shown, out);
  showSwitch('ignore_routes_with_linkdown', shown, out);
  showSwitch('input', shown, out);
  out.text('\n');
  out.close();
}

function deviceName(index: number, { names }: View): string {
  if (index === ALL_DEVICES) return 'all';
  return index === DEFAULT_DEVICE ? 'default' : names.device(index);
}

type Switch = 'forwarding' | 'mc_forwarding' | 'proxy_neigh' | 'ignore_routes_with_linkdown' | 'input';

function showSwitch(name: Switch, shown: Netconf, out: Output): void {
  const value = shown[name];
  if (value !== undefined) out.field(name, value !== 0, `${name} ${value === 0 ? 'off' : 'on'} `);
}
