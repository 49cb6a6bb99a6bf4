/**
 * Netlink framing: the header of a message, the messages of a datagram, the attributes of a payload, all walked
 * by offset without copying. Source: linux/netlink.h.
 */
import { NLA_HDRLEN } from '../linux/netlink.ts';
import { load16, load32 } from './integers.ts';

/** Bytes of `struct nlmsghdr`. */
export const HEADER_LENGTH = 16;

export const ATTRIBUTE_TYPE = 0x3fff;
/** The same where bytes in network order (NLA_F_NET_BYTEORDER) are something else, and where nests are, too. */
export const HOST_ORDER_TYPE = 0x7fff;
export const PLAIN_TYPE = 0xffff;

/** One message inside a datagram. Offsets are into `bytes`. */
export interface Message {
  readonly bytes: Buffer;
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly port: number;
  /** Where the header begins. */
  readonly start: number;
  /** Where the payload begins. */
  readonly payload: number;
  /** Where the message ends, padding excluded. */
  readonly end: number;
}

/** Messages of one datagram, in order. A length that does not fit ends the list and is reported in `rest`. */
export interface Datagram {
  readonly messages: readonly Message[];
  /** Bytes at the end that are no message; 0 when well formed. */
  readonly rest: number;
}

/** Splits a datagram into its messages. */
export function splitDatagram(bytes: Buffer): Datagram {
  const messages: Message[] = [];
  let start = 0;
  while (start < bytes.length) {
    const length = messageLength(bytes, start);
    if (length === 0) break;
    messages.push(messageAt(bytes, start, length));
    start += (length + 3) & ~3;
  }
  return { messages, rest: Math.max(0, bytes.length - start) };
}

/** Length of the message whose header begins at `start`; 0 if there is no whole one. */
export function messageLength(bytes: Buffer, start: number): number {
  if (start + HEADER_LENGTH > bytes.length) return 0;
  const length = load32(bytes, start);
  return length < HEADER_LENGTH || length > bytes.length - start ? 0 : length;
}

/** The message of {@link messageLength} bytes at `start`. */
export function messageAt(bytes: Buffer, start: number, length = load32(bytes, start)): Message {
  return {
    bytes,
    type: load16(bytes, start + 4),
    flags: load16(bytes, start + 6),
    sequence: load32(bytes, start + 8),
    port: load32(bytes, start + 12),
    start,
    payload: start + HEADER_LENGTH,
    end: start + length,
  };
}

/** Called for each attribute: its type, and where its payload begins and ends. */
export type AttributeVisitor = (type: number, at: number, length: number) => void;

/**
 * Walks the attributes of `bytes[at..end)`; stops silently where a length does not fit, as RTA_OK does. Types are reported
 * with the bits of `typeMask`.
 */
export function walkAttributes(
  bytes: Buffer,
  at: number,
  end: number,
  visit: AttributeVisitor,
  typeMask = HOST_ORDER_TYPE,
): void {
  while (at + NLA_HDRLEN <= end) {
    const length = load16(bytes, at);
    if (length < NLA_HDRLEN || length > end - at) return;
    visit(load16(bytes, at + 2) & typeMask, at + NLA_HDRLEN, length - NLA_HDRLEN);
    at += (length + 3) & ~3;
  }
}

/** Where the payload of the first attribute of a type begins; 0 when there is none. */
export function findAttribute(
  bytes: Buffer,
  at: number,
  end: number,
  type: number,
  typeMask = HOST_ORDER_TYPE,
): number {
  while (at + NLA_HDRLEN <= end) {
    const length = load16(bytes, at);
    if (length < NLA_HDRLEN || length > end - at) return 0;
    if ((load16(bytes, at + 2) & typeMask) === type) return at + NLA_HDRLEN;
    at += (length + 3) & ~3;
  }
  return 0;
}

/** Bytes of the payload that {@link findAttribute} found. */
export function attributeLength(bytes: Buffer, at: number): number {
  return load16(bytes, at - NLA_HDRLEN) - NLA_HDRLEN;
}
