/** Devices in a monitor. */
import { showLink, showLinkBrief } from '../layouts/link.ts';
import { linkReader, RTM_DELLINK } from '../rtnetlink/link.ts';
import type { Context } from './context.ts';
import { linkLayout } from './link-filter.ts';
import type { Printer } from './monitor-printer.ts';

/** Prints link messages about `device` (0: any), and remembers the names that they tell. */
export async function linkPrinter(context: Context, device: number): Promise<Printer['print']> {
  const { view, names, devices } = context;
  const link = linkReader();
  const layout = await linkLayout(context, 'monitor', context.family);
  // Ids of namespaces in a foreign message are not ours: they have no names here.
  const foreignView = { ...view, names: { ...names, namespace: () => undefined } };
  return (message, out, begin) => {
    if (!link.read(message) || link.ifname === undefined) return;
    const { index, flags, type } = link.header;
    const isDeleted = message.type === RTM_DELLINK;
    names.remember(index, link.ifname, flags, type);
    if (device === 0 || device === index) {
      begin();
      if (isDeleted) out.text('Deleted ');
      const shown = context.isForeign ? foreignView : view;
      if (view.brief) showLinkBrief(link, out, shown, layout);
      else showLink(link, out, shown, layout);
    }
    if (isDeleted) devices.forget(index);
  };
}
