/** Devices in a monitor. */

import { AF_UNSPEC } from '../../linux/families.ts';
import { RTM_DELLINK } from '../../linux/rtnetlink.ts';
import { linkReader } from '../../rtnetlink/link-reader.ts';
import type { Context } from '../frame/context.ts';

import { isDeviceName } from '../grammar/device-names.ts';
import { linkLayout } from '../grammar/link-listing.ts';
import { printLink } from '../link/print.ts';
import type { Printer } from './printer.ts';

/** Prints link messages about `device` (0: any), and caches the names in them. */
export async function linkPrinter(context: Context, device: number): Promise<Printer['print']> {
  const { view, names, devices } = context;
  const link = linkReader();
  const layout = await linkLayout(context, 'monitor', AF_UNSPEC);
  // Ids of namespaces in a foreign message are not ours: they have no names here.
  const foreignView = { ...view, names: { ...names, namespace: () => undefined } };
  return (message, out, begin, isForeign) => {
    if (!link.read(message)) return;
    const { header, ifname } = link;
    const { index, flags, type } = header;
    const isDeleted = message.type === RTM_DELLINK;
    if (ifname !== undefined) names.remember(index, ifname, flags, type);
    if ((device === 0 || device === index) && (ifname === undefined || isDeviceName(ifname))) {
      begin();
      if (isDeleted) out.text('Deleted ');
      const shown = isForeign ? foreignView : view;
      printLink(link, out, shown, layout, context);
    }
    if (isDeleted) devices.forget(index);
  };
}
