/**
 * Labels by which IPv6 source addresses are chosen (RFC 6724): RTM_NEWADDRLABEL, RTM_DELADDRLABEL and
 * RTM_GETADDRLABEL. Source: linux/if_addrlabel.h struct ifaddrlblmsg, IFAL_*.
 */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import type { Message } from '../wire/message.ts';

/** struct ifaddrlblmsg. `index` is 0 for labels that hold on all devices. */
export const addressLabelHeader = codec.struct({
  family: codec.u8,
  _reserved: codec.padding(1),
  prefixlen: codec.u8,
  flags: codec.u8,
  index: codec.u32,
  seq: codec.u32,
});

export const addressLabel = table({
  address: row.ip(1),
  label: row.u32(2),
});

/** A label as one message has it. */
export interface AddressLabel extends row.ValuesOf<typeof addressLabel.rows> {
  readonly header: codec.ValueOf<typeof addressLabelHeader>;
}

/** Decodes a label message; undefined when it is too short. */
export function decodeAddressLabel({ bytes, payload, end }: Message): AddressLabel | undefined {
  const { size } = addressLabelHeader;
  if (end - payload < size) return undefined;
  const header = addressLabelHeader.read(bytes, payload, size) as AddressLabel['header'];
  return Object.assign(addressLabel.decode(bytes, payload + size, end), { header });
}
