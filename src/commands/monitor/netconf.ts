/** Settings of families on devices in a monitor. */

import { showNetconf } from '../../layouts/netconf.ts';
import { RTM_DELNETCONF } from '../../linux/rtnetlink.ts';
import { decodeNetconf } from '../../rtnetlink/netconf.ts';
import type { Context } from '../frame/context.ts';
import type { Printer } from './printer.ts';

/** Prints messages of settings about `device` (0: any). */
export function netconfPrinter({ view }: Context, device: number): Printer['print'] {
  return (message, out, begin) => {
    const found = decodeNetconf(message);
    if (found === undefined || (device !== 0 && found.ifindex !== device)) return;
    begin();
    showNetconf(found, message.type === RTM_DELNETCONF, out, view);
  };
}
