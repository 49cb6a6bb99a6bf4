/**
 * Addresses whose family is that of their message, or stands before them (struct rtvia), or that are stacks of MPLS labels
 * (RFC 3032): as values and as text.
 */
import { AF_BRIDGE, AF_INET, AF_INET6, AF_MPLS, AF_PACKET, AF_UNSPEC } from '../linux/families.ts';
import { formatIpv4, formatIpv6, packIp } from '../wire/address.ts';
import type { AttributeIndex } from '../wire/attributes.ts';
import * as codec from '../wire/codec.ts';
import { load16 } from '../wire/integers.ts';

/** What address families are called. */
export const FAMILY_NAMES: Readonly<Record<number, string>> = {
  [AF_INET]: 'inet',
  [AF_BRIDGE]: 'bridge',
  [AF_INET6]: 'inet6',
  [AF_PACKET]: 'link',
  [AF_MPLS]: 'mpls',
};

/** An IPv4 or IPv6 address, or nothing (the empty text). */
export const inetAddress: codec.Codec<string> = {
  read: (bytes, at, length) => (length === 0 ? '' : codec.ip.read(bytes, at, length)),
  write: (out, value) => value === '' || out.raw(packIp(value)),
};

/** MPLS labels joined by slashes; the last one ends the stack (RFC 3032). */
export const labelStack: codec.Codec<string> = {
  read: formatLabelStack,
  write(out, value) {
    const labels = value.split('/');
    for (const [index, label] of labels.entries()) {
      const isLast = index === labels.length - 1;
      out.be32(Number(label) * 4096 + (isLast ? BOTTOM_OF_STACK : 0));
    }
  },
};

const BOTTOM_OF_STACK = 0x100;

/** Text of the labels at `at`, up to the bottom of the stack; undefined when there is not one whole label. */
export function formatLabelStack(bytes: Buffer, at: number, length: number): string | undefined {
  let text: string | undefined;
  for (let offset = 0; offset + 4 <= length; offset += 4) {
    const entry = bytes.readUInt32BE(at + offset);
    text = text === undefined ? String(entry >>> 12) : `${text}/${entry >>> 12}`;
    if (entry & BOTTOM_OF_STACK) break;
  }
  return text;
}

/** A link-layer address, or nothing. */
export const linkAddress: codec.Codec<string> = {
  read: codec.hardwareAddress.read,
  write: (out, value) => value === '' || codec.hardwareAddress.write(out, value),
};

/** The codec of addresses of a family, which the wire does not say. */
export function addressCodec(family: number): codec.Codec<string> {
  return family === AF_MPLS ? labelStack : family === AF_PACKET ? linkAddress : inetAddress;
}

/** The bytes of an address as they are, for requests that are made of bytes. */
export const addressBytes: codec.Codec<Uint8Array> = {
  read: (bytes, at, length) => bytes.subarray(at, at + length),
  write: (out, value) => out.raw(value),
};

/** An address of another family than the route's. */
export interface Via<A = string> {
  readonly family: number;
  /** Empty for no address. */
  readonly address: A;
}

/** struct rtvia. */
export function viaWith<A>(codecOf: (family: number) => codec.Codec<A>): codec.Codec<Via<A>> {
  return {
    read(bytes, at, length) {
      if (length < 2) return undefined;
      const family = load16(bytes, at);
      const address = codecOf(family).read(bytes, at + 2, length - 2);
      return address === undefined ? undefined : { family, address };
    },
    write(out, value) {
      out.u16(value.family);
      codecOf(value.family).write(out, value.address);
    },
  };
}

/** Text of an address of `family` in attribute `type`, which must be present; `???` for families without spelling. */
export function formatAddress(attributes: AttributeIndex, type: number, family: number): string {
  return formatAddressAt(attributes.bytes, attributes.start(type), attributes.length(type), family);
}

/**
 * Text of an address of `family`. One that is too short is read with the bytes behind it, as the original reads it; those
 * that the datagram lacks count as 0.
 */
export function formatAddressAt(bytes: Buffer, at: number, length: number, family: number): string {
  switch (family) {
    case AF_INET:
      return at + 4 > bytes.length ? formatIpv4(padded(bytes, at, 4)) : formatIpv4(bytes, at);
    case AF_INET6:
      return at + 16 > bytes.length ? formatIpv6(padded(bytes, at, 16)) : formatIpv6(bytes, at);
    case AF_MPLS:
      // Up to the bottom of the stack, wherever the attribute ends.
      return formatLabelStack(bytes, at, bytes.length - at) ?? '';
    case AF_BRIDGE:
      return formatSocketAddress(bytes, at);
    case AF_PACKET:
      return codec.hardwareAddress.read(bytes, at, length) ?? '';
    default:
      return '???';
  }
}

/** An address as it is read in a message of `family`: of one that is longer, the beginning. */
export function addressOfFamily(address: string, family: number): string {
  return family === AF_INET && address.includes(':') ? formatIpv4(packIp(address), 0) : address;
}

/** Text of a struct sockaddr_in or sockaddr_in6: as such the original reads addresses of bridges. */
function formatSocketAddress(bytes: Buffer, at: number): string {
  const family = at + 2 > bytes.length ? AF_UNSPEC : load16(bytes, at);
  if (family === AF_INET) return formatAddressAt(bytes, at + 4, 4, family);
  return family === AF_INET6 ? formatAddressAt(bytes, at + 8, 16, family) : '???';
}

function padded(bytes: Buffer, at: number, size: number): Buffer {
  const whole = Buffer.alloc(size);
  bytes.copy(whole, 0, at);
  return whole;
}
