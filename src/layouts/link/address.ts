/** How a link-layer address is spelt: hex bytes, or an IP address where the type of the device says that it is one. */
import {
  ARPHRD_IP6GRE,
  ARPHRD_IPGRE,
  ARPHRD_SIT,
  ARPHRD_TUNNEL,
  ARPHRD_TUNNEL6,
} from '../../linux/interfaces.ts';
import { formatHardwareAddress, formatIpv4, formatIpv6 } from '../../wire/address.ts';

/** The original's buffer ends after so many characters. */
const MAX_LENGTH = 63;

/** Text of the link-layer address `bytes[at..at + length)` of a device of type ARPHRD_*. */
export function linkAddressText(bytes: Uint8Array, type: number, at = 0, length = bytes.length): string {
  if (length === 4 && (type === ARPHRD_TUNNEL || type === ARPHRD_SIT || type === ARPHRD_IPGRE)) {
    return formatIpv4(bytes, at);
  }
  if (length === 16 && (type === ARPHRD_TUNNEL6 || type === ARPHRD_IP6GRE)) return formatIpv6(bytes, at);
  const text = formatHardwareAddress(bytes, at, length);
  return text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH) : text;
}
