/** Namespace ids in a monitor. */

import { showNsid } from '../../layouts/nsid.ts';
import { RTM_DELNSID } from '../../linux/rtnetlink.ts';
import { decodeNsid } from '../../rtnetlink/nsid.ts';
import type { Context } from '../frame/context.ts';
import type { Printer } from './printer.ts';

/** Prints namespace id messages. */
export function nsidPrinter(context: Context): Printer['print'] {
  const { namespaces } = context;
  return (message, out, begin) => {
    begin();
    const values = decodeNsid(message);
    if (values.nsid === undefined) {
      context.complain('BUG: NETNSA_NSID is missing print_nsid');
      return;
    }
    const isDeleted = message.type === RTM_DELNSID;
    if (isDeleted) out.text('Deleted ');
    // The run directory may still hold the file of a namespace that has ended: it is not looked at then.
    showNsid(values, out, (own, nsid) => (isDeleted ? namespaces.take(own) : namespaces.find(own, nsid)));
  };
}
