/** How values of xfrm are spelt in lists. */
import { AF_INET, AF_INET6, AF_MPLS, AF_PACKET } from '../../linux/families.ts';
import { formatLabelStack } from '../../rtnetlink/family-address.ts';
import { ipProtocolName } from '../../rtnetlink/names/ip-protocols.ts';
import { formatHardwareAddress, formatIpv4, formatIpv6 } from '../../wire/address.ts';
import { MODES, SHARES, TRANSFORM_PROTOCOLS, wordOf } from '../../xfrm/names.ts';

/** An address (xfrm_address_t) of a family; `???` of a family without addresses. */
export function addressText(address: Buffer, family: number): string {
  switch (family) {
    case AF_INET:
      return formatIpv4(address);
    case AF_INET6:
      return formatIpv6(address);
    case AF_PACKET:
      return formatHardwareAddress(address);
    case AF_MPLS:
      return formatLabelStack(address, 0, address.length) ?? '???';
    default:
      return '???';
  }
}

/** A protocol that transforms packets, by name or number. */
export function transformProtocolText(protocol: number): string {
  return wordOf(TRANSFORM_PROTOCOLS, protocol) ?? String(protocol);
}

/** A protocol above IP, by name or number. */
export function ipProtocolText(protocol: number): string {
  return ipProtocolName(protocol) ?? String(protocol);
}

export function modeText(mode: number): string {
  return wordOf(MODES, mode) ?? String(mode);
}

export function shareText(share: number): string {
  return wordOf(SHARES, share) ?? String(share);
}

/** The eight bits of a byte, as the original shows flags next to their words. */
export function bitsText(flags: number): string {
  return (flags & 0xff).toString(2).padStart(8, '0');
}

/** Hexadecimal digits as printf's `%08x` writes them. */
export function hex8(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** Seconds of 400 years, after which the calendar repeats itself. */
const CALENDAR = 12_622_780_800n;
/** The years that struct tm can hold, in seconds since 1970. */
const [FIRST_SECOND, LAST_SECOND] = [-67768040609740800n, 67768036191676799n];

/** A time in seconds since 1970, in local time; `-` for none. */
export function timeText(seconds: bigint): string {
  if (seconds === 0n) return '-';
  const time = BigInt.asIntN(64, seconds);
  if (time < FIRST_SECOND || time > LAST_SECOND) return 'invalid-time';
  // Date reaches less far than struct tm.
  const cycles = time / CALENDAR;
  const date = new Date(Number(time % CALENDAR) * 1000);
  const two = (number: number) => String(number).padStart(2, '0');
  const year = BigInt(date.getFullYear()) + cycles * 400n;
  const day = `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
