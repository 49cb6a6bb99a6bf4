/**
 * Addresses of devices: RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR. Source: linux/if_addr.h struct ifaddrmsg, IFA_*.
 */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import { load32 } from '../wire/integers.ts';
import type { Message } from '../wire/message.ts';
import { MessageReader } from '../wire/message-reader.ts';

/** struct ifaddrmsg. `flags` are the low eight bits of IFA_F_*, `index` is the device. */
export const addressHeader = codec.struct({
  family: codec.u8,
  prefixlen: codec.u8,
  flags: codec.u8,
  scope: codec.u8,
  index: codec.u32,
});

/** struct ifaddrmsg as a value. */
export type AddressHeader = codec.ValueOf<typeof addressHeader>;

/** struct ifa_cacheinfo: lifetimes in seconds, stamps in hundredths of seconds. */
export const addressLifetimes = codec.struct({
  preferred: codec.u32,
  valid: codec.u32,
  created: codec.u32,
  updated: codec.u32,
});

/** A lifetime without end (INFINITY_LIFE_TIME). */
export const FOREVER = 0xffffffff;

/** IFA_F_*. IFA_F_SECONDARY of IPv4 is IFA_F_TEMPORARY of IPv6. */
export const ADDRESS_FLAGS = {
  secondary: 0x01,
  nodad: 0x02,
  optimistic: 0x04,
  dadfailed: 0x08,
  home: 0x10,
  deprecated: 0x20,
  tentative: 0x40,
  permanent: 0x80,
  mngtmpaddr: 0x100,
  noprefixroute: 0x200,
  autojoin: 0x400,
  stablePrivacy: 0x800,
} as const;

/** IFA_*. `address` is the peer where it differs from `local`; IPv6 addresses without peer have no `local`. */
export const address = table({
  address: row.ip(1),
  local: row.ip(2),
  label: row.text(3),
  broadcast: row.ip(4),
  anycast: row.ip(5),
  cacheinfo: row.value(6, addressLifetimes),
  multicast: row.ip(7),
  flags: row.u32(8),
  rt_priority: row.u32(9),
  target_netnsid: row.s32(10),
  proto: row.u8(11),
});

/** What the attributes of an address message say, by their IFA_* names. */
export type AddressAttributes = row.ValuesOf<typeof address.rows>;

/** An address as one message reports it. */
export interface Address extends AddressAttributes {
  readonly header: AddressHeader;
}

/** Decodes an address message; undefined when it is too short. */
export function decodeAddress(
  message: Pick<Message, 'bytes' | 'payload' | 'end'>,
  decode = address.decode,
): Address | undefined {
  const { bytes, payload, end } = message;
  if (end - payload < addressHeader.size) return undefined;
  const header = addressHeader.read(bytes, payload, addressHeader.size) as AddressHeader;
  return Object.assign(decode(bytes, payload + addressHeader.size, end), { header });
}

/** All flags of an address: the header has room for eight only. */
export function addressFlags(address: Address): number {
  return address.flags ?? address.header.flags;
}

/** Index of the device that an address message is about; undefined when it is too short. */
export function deviceOf({ bytes, payload, end }: Message): number | undefined {
  return end - payload < addressHeader.size ? undefined : load32(bytes, payload + 4);
}

/** Highest IFA_* that is read. */
const MAX_ATTRIBUTE = address.rows.proto.type;

/** An address message read in place. */
export class AddressReader extends MessageReader {
  family = 0;
  prefixLength = 0;
  /** IFA_FLAGS, or the header's where that is absent. */
  flags = 0;
  scope = 0;
  /** Index of the device. */
  device = 0;

  constructor() {
    super(addressHeader.size, MAX_ATTRIBUTE);
  }

  override read(message: Message): boolean {
    if (!super.read(message)) return false;
    const { bytes, start } = this;
    this.family = bytes[start]!;
    this.prefixLength = bytes[start + 1]!;
    this.flags = this.attributes.u32(address.rows.flags.type) ?? bytes[start + 2]!;
    this.scope = bytes[start + 3]!;
    this.device = load32(bytes, start + 4);
    return true;
  }
}
