/** How a label of addresses is laid out: one line for people, one object for programs. */
import type { AddressLabel } from '../rtnetlink/address-label.ts';
import { addressOfFamily } from '../rtnetlink/family-address.ts';
import type { Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';
import { addressColour } from './route/way.ts';

/** Prints one label, in a separate object for programs. */
export function showAddressLabel(shown: AddressLabel, isDeleted: boolean, out: Output, view: View): void {
  const { address, label, header } = shown;
  out.open();
  if (isDeleted) out.field('deleted', true, 'Deleted ');
  if (address !== undefined) {
    const colour = addressColour(header.family);
    const text = colour === undefined ? '???' : view.names.host(addressOfFamily(address, header.family));
    out.text('prefix ');
    out.field('address', text, text, colour);
    out.field('prefixlen', header.prefixlen, `/${header.prefixlen} `);
  }
  if (header.index !== 0) {
    const name = view.names.device(header.index);
    out.text('dev ');
    out.field('ifname', name, `${name} `, 'ifname');
  }
  if (label !== undefined) out.field('label', label, `label ${label} `);
  out.text('\n');
  out.close();
}
