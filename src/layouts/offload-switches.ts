/** Whether hardware is to count for a device, and whether it does. Source: linux/if_link.h IFLA_OFFLOAD_XSTATS_HW_S_INFO. */
import type { HardwareSwitches } from '../rtnetlink/link-statistics.ts';
import type { Output } from '../schema/output.ts';

/** Prints the switches as the member `key`. */
export function showHardwareSwitches(key: string, { request, used }: HardwareSwitches, out: Output): void {
  out.open(key);
  showSwitches({ request, used }, out);
  out.close();
}

/** Prints the switches in the object that is open. */
export function showSwitches({ request, used }: HardwareSwitches, out: Output): void {
  if (isSwitch(request)) out.field('request', request !== 0, ` ${onOff(request)}`);
  if (isSwitch(used)) out.field('used', used !== 0, ` used ${onOff(used)}`);
}

/** Whether a value is one that a switch can have; others are not shown. */
export function isSwitch(value: number | undefined): value is number {
  return value === 0 || value === 1;
}

function onOff(value: number): string {
  return value === 0 ? 'off' : 'on';
}
