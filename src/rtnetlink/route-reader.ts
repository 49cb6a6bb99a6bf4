/** Route messages read in place, for long dumps. */
import { AF_INET, AF_INET6, RTNL_FAMILY_IP6MR, RTNL_FAMILY_IPMR } from '../linux/families.ts';
import { RTA_MAX, RTA_TABLE, RTN_MULTICAST } from '../linux/rtnetlink.ts';
import { load32 } from '../wire/integers.ts';
import type { Message } from '../wire/message.ts';
import { MessageReader } from '../wire/message-reader.ts';
import { ROUTE_HEADER_LENGTH } from './route.ts';

/** A route message read in place. */
export class RouteReader extends MessageReader {
  family = 0;
  dstLength = 0;
  srcLength = 0;
  tos = 0;
  /** RTA_TABLE, or the header's where that is absent. */
  table = 0;
  protocol = 0;
  scope = 0;
  type = 0;
  flags = 0;
  /** The family of the addresses: multicast routing tables hold those of IPv4 and IPv6. */
  addressFamily = 0;

  constructor() {
    super(ROUTE_HEADER_LENGTH, RTA_MAX);
  }

  override read(message: Message): boolean {
    if (!super.read(message)) return false;
    const { bytes, start } = this;
    this.family = bytes[start]!;
    this.dstLength = bytes[start + 1]!;
    this.srcLength = bytes[start + 2]!;
    this.tos = bytes[start + 3]!;
    this.table = this.attributes.u32(RTA_TABLE) ?? bytes[start + 4]!;
    this.protocol = bytes[start + 5]!;
    this.scope = bytes[start + 6]!;
    this.type = bytes[start + 7]!;
    this.flags = load32(bytes, start + 8);
    this.addressFamily = familyOfAddresses(this.family, this.type);
    return true;
  }
}

function familyOfAddresses(family: number, type: number): number {
  if (type !== RTN_MULTICAST) return family;
  return family === RTNL_FAMILY_IPMR ? AF_INET : family === RTNL_FAMILY_IP6MR ? AF_INET6 : family;
}
