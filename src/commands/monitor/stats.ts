/** Counters of devices in a monitor: whether hardware counts for a device, which the kernel reports unasked. */
import {
  IFLA_OFFLOAD_XSTATS_HW_S_INFO,
  IFLA_OFFLOAD_XSTATS_L3_STATS,
  IFLA_STATS_LINK_OFFLOAD_XSTATS,
} from '../../linux/interfaces.ts';
import { RTM_NEWSTATS } from '../../linux/rtnetlink.ts';
import { statisticsHeader } from '../../rtnetlink/link-statistics.ts';
import type { Output } from '../../schema/output.ts';
import { walkAttributes } from '../../wire/message.ts';
import type { Context } from '../frame/context.ts';
import type { Printer } from './printer.ts';

/** IFLA_OFFLOAD_XSTATS_HW_S_INFO_*. */
const REQUEST = 1;
const USED = 2;

/** Prints counter messages, whatever device is named, as the original does. */
export function statisticsPrinter({ view }: Context): Printer['print'] {
  return (message, out, begin) => {
    const { bytes, payload, end, type } = message;
    if (type !== RTM_NEWSTATS || end - payload < statisticsHeader.size) return;
    const index = bytes.readUInt32LE(payload + 4);
    begin();
    const name = view.names.device(index);
    out.open();
    out.field('ifindex', index, `${index}:`);
    out.field('ifname', name, ` ${name}:`, 'ifname');
    walkAttributes(bytes, payload + statisticsHeader.size, end, (attribute, at, length) => {
      if (attribute === IFLA_STATS_LINK_OFFLOAD_XSTATS) showOffload(bytes, at, at + length, out);
    });
    out.newline();
    out.close();
  };
}

function showOffload(bytes: Buffer, start: number, end: number, out: Output): void {
  walkAttributes(bytes, start, end, (attribute, at, length) => {
    if (attribute !== IFLA_OFFLOAD_XSTATS_HW_S_INFO) return;
    out.newline();
    walkAttributes(bytes, at, at + length, (kind, from, size) => {
      if (kind === IFLA_OFFLOAD_XSTATS_L3_STATS) showHardware(bytes, from, from + size, out);
    });
  });
}

function showHardware(bytes: Buffer, start: number, end: number, out: Output): void {
  const switches: { [attribute: number]: boolean } = {};
  walkAttributes(bytes, start, end, (attribute, at, length) => {
    if (length > 0) switches[attribute] = bytes[at] !== 0;
  });
  const show = (key: string, label: string, isOn: boolean | undefined) => {
    if (isOn !== undefined) out.field(key, isOn, ` ${label}${isOn ? 'on' : 'off'}`);
  };
  out.open('l3_stats');
  out.text('    l3_stats');
  show('request', '', switches[REQUEST]);
  show('used', 'used ', switches[USED]);
  out.close();
}
