/** Printing a device in the form that the view asks for. */
import { showLink, showLinkBrief } from '../../layouts/link/link.ts';
import type { LinkLayout } from '../../layouts/link/view.ts';
import type { LinkReader } from '../../rtnetlink/link-reader.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { Context } from '../frame/context.ts';

/** Prints a device, a brief one without the newline that ends it. One without a name is complained about. */
export function printLink(
  link: LinkReader,
  out: Output,
  view: View,
  layout: LinkLayout,
  context: Context,
): void {
  complainIfNameless(link, context);
  const show = view.brief ? showLinkBrief : showLink;
  show(link, out, { ...view, layout });
}

/** Says so if a device that is to be printed has no name. */
export function complainIfNameless({ header, ifname }: LinkReader, context: Context): void {
  if (ifname === undefined) context.complain(`BUG: device with ifindex ${header.index} has nil ifname`);
}
