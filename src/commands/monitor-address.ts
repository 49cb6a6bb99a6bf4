/** Addresses in a monitor. */
import { showAddress } from '../layouts/address.ts';
import { decodeAddress } from '../rtnetlink/address.ts';
import type { Context } from './context.ts';
import type { Printer } from './monitor-objects.ts';

/** The types of deletions: of addresses, of multicast and anycast memberships. */
const DELETIONS: ReadonlySet<number> = new Set([21, 57, 61]);

/** Prints address messages about `device` (0: any). */
export function addressPrinter({ view }: Context, device: number): Printer['print'] {
  return (message, out, begin) => {
    const address = decodeAddress(message);
    if (address === undefined || (device !== 0 && address.header.index !== device)) return;
    begin();
    showAddress(address, out, view, { isDeleted: DELETIONS.has(message.type), hasDevice: true });
  };
}
