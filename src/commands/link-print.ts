/** Printing a device in the form that the view asks for. */
import { type LinkLayout, showLink, showLinkBrief } from '../layouts/link.ts';
import type { Link } from '../rtnetlink/link.ts';
import type { Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';
import type { Context } from './context.ts';

/** Prints a device, a brief one without the newline that ends it. One without a name is complained about. */
export function printLink(link: Link, out: Output, view: View, layout: LinkLayout, context: Context): void {
  if (link.ifname === undefined) {
    context.complain(`BUG: device with ifindex ${link.header.index} has nil ifname`);
  }
  if (view.brief) showLinkBrief(link, out, view, layout);
  else showLink(link, out, view, layout);
}
