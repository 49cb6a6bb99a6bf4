/** `ip link show`: devices, one by name or all that a filter lets through. */

import type { LinkLayout } from '../layouts/link.ts';
import type { Link } from '../rtnetlink/link.ts';
import { type Args, UsageRequest } from '../schema/args.ts';
import type { Output } from '../schema/output.ts';
import { type AddressFilter, readAddressWord } from './address-filter.ts';
import type { Context } from './context.ts';
import {
  extensionMask,
  filterDeviceIndex,
  isWanted,
  linkDecoder,
  linkDumpRequest,
  linkGetRequest,
  linkLayout,
  readFilterDevice,
  readFilterWord,
  readLink,
  readLinks,
} from './link-filter.ts';
import { printLink } from './link-print.ts';
import { LINK_USAGE } from './link-usage.ts';
import { AF_PACKET } from './options.ts';

/** Shows the devices that the rest of the line asks for; answers the exit code. */
export async function showLinks(args: Args, context: Context): Promise<number> {
  const { names, view } = context;
  context.hidesAddresses = true;
  // The words about addresses are taken and choose nothing, save that a label hides every device.
  const words: AddressFilter = { link: {}, family: AF_PACKET, flagMask: 0, flags: 0 };
  const filter = words.link;
  while (!args.done) {
    if (readFilterWord(args, filter, names) || readAddressWord(args, words, names)) continue;
    if (!args.is('dev') && args.matches('help')) throw new UsageRequest(LINK_USAGE);
    readFilterDevice(args, filter);
  }
  const index = filterDeviceIndex(filter, names);
  const layout = await linkLayout(context, 'link', AF_PACKET);
  const decode = linkDecoder(view, filter);
  const out = context.output();
  const show = (found: Link) => {
    const isShown = words.label === undefined && isWanted(found, filter);
    // With a group asked for, devices that are filtered out leave no trace; otherwise an empty object.
    if (!isShown && filter.group !== undefined) return;
    out.open();
    if (isShown) showOne(found, out, context, layout);
    out.close();
  };

  out.list();
  try {
    if (filter.deviceName !== undefined && index !== undefined) {
      const device = filter.group === undefined ? { name: filter.deviceName } : { index };
      const request = linkGetRequest(device, extensionMask(filter, view), AF_PACKET);
      const found = await readLink(context, request, decode);
      if (found !== undefined) show(found);
    } else {
      const request = linkDumpRequest(filter, view, AF_PACKET);
      for await (const links of readLinks(context, request, decode)) for (const found of links) show(found);
    }
  } finally {
    out.end();
  }
  return 0;
}

function showOne(found: Link, out: Output, context: Context, layout: LinkLayout): void {
  printLink(found, out, context.view, layout, context);
  if (context.view.brief) out.text('\n');
}
