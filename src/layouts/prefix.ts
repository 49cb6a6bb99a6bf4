/** How an announced prefix is laid out. */
import { type AnnouncedPrefix, PREFIX_AUTOCONF, PREFIX_ON_LINK } from '../rtnetlink/prefix.ts';
import type { Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';

/** Prints a prefix, on a separate line. */
export function showPrefix({ header, address, lifetimes }: AnnouncedPrefix, out: Output, view: View): void {
  const device = view.names.device(header.index);
  out.open();
  if (address !== undefined) {
    out.field('prefix', address, `prefix ${address}`);
    out.field('prefixlen', header.length, `/${header.length}`);
  }
  out.field('dev', device, `dev ${device} `);
  if (header.flags & PREFIX_ON_LINK) out.field('onlink', true, 'onlink ');
  if (header.flags & PREFIX_AUTOCONF) out.field('autoconf', true, 'autoconf ');
  if (lifetimes !== undefined) {
    out.field('valid', lifetimes.valid, `valid ${lifetimes.valid} `);
    out.field('preferred', lifetimes.preferred, `preferred ${lifetimes.preferred} `);
  }
  out.text('\n');
  out.close();
}
