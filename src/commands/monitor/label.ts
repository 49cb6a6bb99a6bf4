/** Labels of addresses in a file of messages. */

import { showAddressLabel } from '../../layouts/address-label.ts';
import { RTM_DELADDRLABEL } from '../../linux/rtnetlink.ts';
import { decodeAddressLabel } from '../../rtnetlink/address-label.ts';
import type { Context } from '../frame/context.ts';
import type { Printer } from './printer.ts';

/** Prints label messages. */
export function addressLabelPrinter({ view }: Context): Printer['print'] {
  return (message, out, begin) => {
    const label = decodeAddressLabel(message);
    if (label === undefined) return;
    begin();
    showAddressLabel(label, message.type === RTM_DELADDRLABEL, out, view);
  };
}
