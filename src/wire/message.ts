/**
 * Netlink framing: the header of a message, the messages of a datagram, the attributes of a payload, all walked
 * by offset without copying. Source: linux/netlink.h.
 */
import { load16, load32 } from './integers.ts';

/** Bytes of `struct nlmsghdr`. */
export const HEADER_LENGTH = 16;

/** nlmsg_type below NLMSG_MIN_TYPE. */
export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLMSG_OVERRUN = 4;

/** nlmsg_flags. */
export const FLAG_REQUEST = 0x1;
export const FLAG_MULTI = 0x2;
export const FLAG_ACK = 0x4;
/** NLM_F_ECHO: the notification of a change is answered to who asked for it. */
export const FLAG_ECHO = 0x8;
export const FLAG_DUMP_INTERRUPTED = 0x10;
export const FLAG_DUMP_FILTERED = 0x20;
export const FLAG_ROOT = 0x100;
export const FLAG_MATCH = 0x200;
export const FLAG_DUMP = FLAG_ROOT | FLAG_MATCH;
/** NLM_F_REPLACE: what exists is changed. */
export const FLAG_REPLACE = 0x100;
/** NLM_F_EXCL: what exists is left alone, and told as EEXIST. */
export const FLAG_EXCLUSIVE = 0x200;
/** NLM_F_CREATE: what does not exist is made. */
export const FLAG_CREATE = 0x400;
/** NLM_F_APPEND: what is made goes after what there is. */
export const FLAG_APPEND = 0x800;
export const FLAG_CAPPED = 0x100;
export const FLAG_ACK_TLVS = 0x200;

/** NLA_F_NESTED, and the mask of the type bits of an attribute. */
export const NESTED = 0x8000;
export const ATTRIBUTE_TYPE = 0x3fff;
/** The same where bytes in network order (NLA_F_NET_BYTEORDER) are something else, and where nests are, too. */
export const HOST_ORDER_TYPE = 0x7fff;
export const PLAIN_TYPE = 0xffff;

const ATTRIBUTE_HEADER = 4;

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

/** Messages of one datagram, in order. A length that does not fit ends the list and is told in `rest`. */
export interface Datagram {
  readonly messages: readonly Message[];
  /** Bytes at the end that are no message; 0 when well formed. */
  readonly rest: number;
}

/** Splits a datagram into its messages. */
export function splitDatagram(bytes: Buffer): Datagram {
  const messages: Message[] = [];
  let start = 0;
  while (start + HEADER_LENGTH <= bytes.length) {
    const length = load32(bytes, start);
    if (length < HEADER_LENGTH || length > bytes.length - start) break;
    messages.push({
      bytes,
      type: load16(bytes, start + 4),
      flags: load16(bytes, start + 6),
      sequence: load32(bytes, start + 8),
      port: load32(bytes, start + 12),
      start,
      payload: start + HEADER_LENGTH,
      end: start + length,
    });
    start += (length + 3) & ~3;
  }
  return { messages, rest: Math.max(0, bytes.length - start) };
}

/** Called for each attribute: its type, and where its payload begins and ends. */
export type AttributeVisitor = (type: number, at: number, length: number) => void;

/**
 * Walks the attributes of `bytes[at..end)`; stops silently where a length does not fit, as RTA_OK does. Types are told
 * with the bits of `typeMask`.
 */
export function walkAttributes(
  bytes: Buffer,
  at: number,
  end: number,
  visit: AttributeVisitor,
  typeMask = HOST_ORDER_TYPE,
): void {
  while (at + ATTRIBUTE_HEADER <= end) {
    const length = load16(bytes, at);
    if (length < ATTRIBUTE_HEADER || length > end - at) return;
    visit(load16(bytes, at + 2) & typeMask, at + ATTRIBUTE_HEADER, length - ATTRIBUTE_HEADER);
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
  while (at + ATTRIBUTE_HEADER <= end) {
    const length = load16(bytes, at);
    if (length < ATTRIBUTE_HEADER || length > end - at) return 0;
    if ((load16(bytes, at + 2) & typeMask) === type) return at + ATTRIBUTE_HEADER;
    at += (length + 3) & ~3;
  }
  return 0;
}

/** Bytes of the payload that {@link findAttribute} found. */
export function attributeLength(bytes: Buffer, at: number): number {
  return load16(bytes, at - ATTRIBUTE_HEADER) - ATTRIBUTE_HEADER;
}
