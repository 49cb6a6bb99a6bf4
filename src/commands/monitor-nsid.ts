/** Namespace ids in a monitor. */
import { showNsid } from '../layouts/nsid.ts';
import { decodeNsid, RTM_DELNSID } from '../rtnetlink/nsid.ts';
import type { Context } from './context.ts';
import type { Printer } from './monitor-printer.ts';

/** Prints namespace id messages. */
export function nsidPrinter({ namespaces }: Context): Printer['print'] {
  return (message, out, begin) => {
    begin();
    if (message.type === RTM_DELNSID) out.text('Deleted ');
    showNsid(decodeNsid(message), out, (own, nsid) => namespaces.find(own, nsid));
  };
}
