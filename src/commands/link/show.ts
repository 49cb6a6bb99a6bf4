/** `ip link show`: devices, one by name or all that a filter lets through. */

import { showLink, showLinkBrief } from '../../layouts/link/link.ts';
import { AF_PACKET } from '../../linux/families.ts';
import { linkReader } from '../../rtnetlink/link-reader.ts';
import type { Args } from '../../schema/args.ts';
import type { Message } from '../../wire/message.ts';
import { leaveFilter, readFilter } from '../address/filter.ts';
import type { Context } from '../frame/context.ts';
import { linkGetRequest } from '../grammar/device-request.ts';
import { deviceChooser, extensionMask, filterDeviceIndex, linkDumpRequest } from '../grammar/link-filter.ts';
import { askForLink, dumpLinks, isPrintable, listLayout, loadKindsOf } from '../grammar/link-listing.ts';
import { complainIfNameless } from './print.ts';

/** Shows the devices that the rest of the line asks for; answers the exit code. */
export async function showLinks(args: Args, context: Context): Promise<number> {
  const { names, view } = context;
  context.state.hasShownLinks = true;
  // Keywords about addresses are read and select nothing, except that a label hides every device.
  const filter = readFilter(args, AF_PACKET, context);
  const index = filterDeviceIndex(filter, names);
  leaveFilter(filter, index, context);
  const linkView = { ...view, layout: listLayout(context, 'link', AF_PACKET) };
  const print = view.brief ? showLinkBrief : showLink;
  const out = context.output();
  const isWanted = deviceChooser(filter);
  const found = linkReader();
  const show = () => {
    // Devices of other groups than the one asked for leave no trace; others that are filtered out an empty object.
    if (filter.group !== undefined && found.group !== filter.group) return;
    out.open();
    if (filter.label === undefined && isWanted(found)) {
      complainIfNameless(found, context);
      print(found, out, linkView);
      if (view.brief) out.text('\n');
    }
    out.close();
  };
  const isComplete = isPrintable(view);
  const showAll = async (messages: readonly Message[]) => {
    for (const message of messages) {
      if (!found.read(message)) continue;
      if (!isComplete(found)) await loadKindsOf(found);
      show();
    }
  };

  out.list();
  try {
    if (filter.deviceName !== undefined && index !== undefined) {
      const device = filter.group === undefined ? { name: filter.deviceName } : { index };
      const answer = await askForLink(
        context,
        linkGetRequest(device, extensionMask(filter, view), AF_PACKET),
      );
      if (answer !== undefined) await showAll([answer]);
      else {
        out.open();
        out.close();
      }
    } else {
      const request = linkDumpRequest(filter, view, AF_PACKET);
      for await (const links of dumpLinks(context, request)) await showAll(links);
    }
  } finally {
    out.end();
  }
  return 0;
}
