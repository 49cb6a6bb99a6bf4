/** Addresses in a monitor. */
import { showAddress } from '../../layouts/address.ts';
import { AddressReader } from '../../rtnetlink/address.ts';
import type { Context } from '../frame/context.ts';
import type { Printer } from './printer.ts';

/** The types of deletions: of addresses, of multicast and anycast memberships. */
const DELETIONS: ReadonlySet<number> = new Set([21, 57, 61]);

/** Prints address messages about `device` (0: any). */
export function addressPrinter({ view }: Context, device: number): Printer['print'] {
  const address = new AddressReader();
  return (message, out, begin) => {
    if (!address.read(message) || (device !== 0 && address.device !== device)) return;
    begin();
    showAddress(address, out, view, { isDeleted: DELETIONS.has(message.type), hasDevice: true });
  };
}
