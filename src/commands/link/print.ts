/** Printing a device in the form that the view asks for. */
import { type LinkLayout, showLink, showLinkBrief } from '../../layouts/link.ts';
import type { Link } from '../../rtnetlink/link.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { Context } from '../frame/context.ts';

/** Prints a device, a brief one without the newline that ends it. One without a name is complained about. */
export function printLink(link: Link, out: Output, view: View, layout: LinkLayout, context: Context): void {
  complainIfNameless(link, context);
  if (view.brief) showLinkBrief(link, out, view, layout);
  else showLink(link, out, view, layout);
}

/** Says so if a device that is to be printed has no name. */
export function complainIfNameless({ header, ifname }: Link, context: Context): void {
  if (ifname === undefined) context.complain(`BUG: device with ifindex ${header.index} has nil ifname`);
}
