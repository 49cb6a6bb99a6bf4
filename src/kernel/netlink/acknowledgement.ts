/** What an NLMSG_ERROR or NLMSG_DONE holds: an error number, and the kernel's words. Source: linux/netlink.h. */
import { NLM_F_ACK_TLVS, NLM_F_CAPPED, NLMSG_ERROR } from '../../linux/netlink.ts';
import { load32, loadSigned32 } from '../../wire/integers.ts';
import { HEADER_LENGTH, type Message, walkAttributes } from '../../wire/message.ts';
import { decodeText } from '../../wire/text.ts';
import type { ExtendedAck } from '../system/errors.ts';

const ERROR_LENGTH = 4;
const ATTRIBUTE_MESSAGE = 1;
const ATTRIBUTE_OFFSET = 2;
const ATTRIBUTE_MISSING_TYPE = 5;
const ATTRIBUTE_MISSING_NEST = 6;

export interface Acknowledgement {
  /** Positive error number; 0 for success. */
  readonly errno: number;
  readonly extendedAck: ExtendedAck;
}

/** Reads the end of an answer; undefined if it is too short to have a status. Old kernels end dumps without one. */
export function readAcknowledgement(message: Message): Acknowledgement | undefined {
  if (message.end - message.payload < ERROR_LENGTH)
    return message.type === NLMSG_ERROR ? undefined : { errno: 0, extendedAck: {} };
  const status = loadSigned32(message.bytes, message.payload);
  return { errno: status < 0 ? -status : 0, extendedAck: readExtendedAck(message) };
}

/** Reads the attributes after an NLMSG_ERROR's copy of the request, or after an NLMSG_DONE's status. */
function readExtendedAck(message: Message): ExtendedAck {
  if (!(message.flags & NLM_F_ACK_TLVS)) return {};
  let at = message.payload + ERROR_LENGTH;
  if (message.type === NLMSG_ERROR) {
    if (message.end - at < HEADER_LENGTH) return {};
    const copied = message.flags & NLM_F_CAPPED ? HEADER_LENGTH : load32(message.bytes, at);
    at += (Math.max(copied, HEADER_LENGTH) + 3) & ~3;
  }
  const ack: { -readonly [K in keyof ExtendedAck]: ExtendedAck[K] } = {};
  const { bytes } = message;
  walkAttributes(bytes, at, message.end, (type, start, length) => {
    if (type === ATTRIBUTE_MESSAGE)
      ack.reason = decodeText(bytes, start, endOfText(bytes, start, start + length));
    if (length < 4) return;
    if (type === ATTRIBUTE_OFFSET) ack.offset = load32(bytes, start);
    if (type === ATTRIBUTE_MISSING_TYPE) ack.missingType = load32(bytes, start);
    if (type === ATTRIBUTE_MISSING_NEST) ack.missingNest = load32(bytes, start);
  });
  return ack;
}

function endOfText(bytes: Buffer, start: number, end: number): number {
  const nul = bytes.indexOf(0, start);
  return nul === -1 || nul > end ? end : nul;
}
