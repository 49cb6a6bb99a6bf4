/** Announced prefixes in a monitor. */

import { showPrefix } from '../../layouts/prefix.ts';
import { AF_INET6, AF_UNSPEC } from '../../linux/families.ts';
import { decodePrefix, PREFIX_INFORMATION } from '../../rtnetlink/prefix.ts';
import type { Context } from '../frame/context.ts';

import type { Printer } from './printer.ts';

/** Prints prefix messages, whatever device is named, as the original does. */
export function prefixPrinter(context: Context): Printer['print'] {
  const isOtherFamily = context.family !== AF_UNSPEC && context.family !== AF_INET6;
  return (message, out, begin) => {
    const prefix = decodePrefix(message);
    if (prefix === undefined || isOtherFamily) return;
    const { family, type } = prefix.header;
    if (family !== AF_INET6) context.complain(`incorrect protocol family: ${family}`);
    else if (type !== PREFIX_INFORMATION) context.complain(`wrong ND type ${type}`);
    else {
      begin();
      showPrefix(prefix, out, context.view);
    }
  };
}
