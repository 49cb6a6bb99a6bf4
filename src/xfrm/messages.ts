/** The messages of xfrm by type: what each is called, what it does, and the struct that it begins with. */
import * as types from '../linux/xfrm.ts';
import type { MessageAnatomy, MessageSchema } from '../rtnetlink/catalogue/message-catalogue.ts';
import { AttributeIndex } from '../wire/attributes.ts';
import type { StructCodec } from '../wire/codec.ts';
import { type Message, PLAIN_TYPE } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import { MAX_ATTRIBUTE, policyCounts, stateCounts, xfrmAttributes } from './attributes.ts';
import * as structs from './structs.ts';

interface MessageType {
  readonly name: string;
  readonly verb: MessageAnatomy['verb'];
  readonly struct: StructCodec<unknown>;
  /** What the kernel's headers call the struct. */
  readonly structName: string;
}

function type(
  name: string,
  verb: MessageAnatomy['verb'],
  structName: string,
  struct: StructCodec<unknown>,
): MessageType {
  return { name: `XFRM_MSG_${name}`, verb, structName, struct };
}

const MESSAGES: Readonly<Record<number, MessageType>> = {
  [types.XFRM_MSG_NEWSA]: type('NEWSA', 'new', 'xfrm_usersa_info', structs.stateInfo),
  [types.XFRM_MSG_DELSA]: type('DELSA', 'delete', 'xfrm_usersa_id', structs.stateId),
  [types.XFRM_MSG_GETSA]: type('GETSA', 'get', 'xfrm_usersa_id', structs.stateId),
  [types.XFRM_MSG_NEWPOLICY]: type('NEWPOLICY', 'new', 'xfrm_userpolicy_info', structs.policyInfo),
  [types.XFRM_MSG_DELPOLICY]: type('DELPOLICY', 'delete', 'xfrm_userpolicy_id', structs.policyId),
  [types.XFRM_MSG_GETPOLICY]: type('GETPOLICY', 'get', 'xfrm_userpolicy_id', structs.policyId),
  [types.XFRM_MSG_ALLOCSPI]: type('ALLOCSPI', 'set', 'xfrm_userspi_info', structs.spiRequest),
  [types.XFRM_MSG_ACQUIRE]: type('ACQUIRE', 'set', 'xfrm_user_acquire', structs.acquire),
  [types.XFRM_MSG_EXPIRE]: type('EXPIRE', 'set', 'xfrm_user_expire', structs.stateExpiry),
  [types.XFRM_MSG_UPDPOLICY]: type('UPDPOLICY', 'set', 'xfrm_userpolicy_info', structs.policyInfo),
  [types.XFRM_MSG_UPDSA]: type('UPDSA', 'set', 'xfrm_usersa_info', structs.stateInfo),
  [types.XFRM_MSG_POLEXPIRE]: type('POLEXPIRE', 'set', 'xfrm_user_polexpire', structs.policyExpiry),
  [types.XFRM_MSG_FLUSHSA]: type('FLUSHSA', 'delete', 'xfrm_usersa_flush', structs.stateFlush),
  [types.XFRM_MSG_FLUSHPOLICY]: type('FLUSHPOLICY', 'delete', 'nothing', structs.noStruct),
  [types.XFRM_MSG_NEWAE]: type('NEWAE', 'new', 'xfrm_aevent_id', structs.asyncEvent),
  [types.XFRM_MSG_GETAE]: type('GETAE', 'get', 'xfrm_aevent_id', structs.asyncEvent),
  [types.XFRM_MSG_REPORT]: type('REPORT', 'set', 'xfrm_user_report', structs.report),
  [types.XFRM_MSG_MIGRATE]: type('MIGRATE', 'set', 'xfrm_userpolicy_id', structs.policyId),
  [types.XFRM_MSG_NEWSADINFO]: type('NEWSADINFO', 'new', 'flags', structs.infoRequest),
  [types.XFRM_MSG_GETSADINFO]: type('GETSADINFO', 'get', 'flags', structs.infoRequest),
  [types.XFRM_MSG_NEWSPDINFO]: type('NEWSPDINFO', 'new', 'flags', structs.infoRequest),
  [types.XFRM_MSG_GETSPDINFO]: type('GETSPDINFO', 'get', 'flags', structs.infoRequest),
  [types.XFRM_MSG_MAPPING]: type('MAPPING', 'set', 'xfrm_user_mapping', structs.mapping),
  [types.XFRM_MSG_SETDEFAULT]: type('SETDEFAULT', 'set', 'xfrm_userpolicy_default', structs.policyDefaults),
  [types.XFRM_MSG_GETDEFAULT]: type('GETDEFAULT', 'get', 'xfrm_userpolicy_default', structs.policyDefaults),
};

const ATTRIBUTES: MessageSchema = { rows: xfrmAttributes.rows, prefix: 'XFRMA_', hidesUnknown: true };

function attributesOf(messageType: number): MessageSchema {
  switch (messageType) {
    case types.XFRM_MSG_NEWSADINFO:
    case types.XFRM_MSG_GETSADINFO:
      return { rows: stateCounts.rows, prefix: 'XFRMA_SAD_' };
    case types.XFRM_MSG_NEWSPDINFO:
    case types.XFRM_MSG_GETSPDINFO:
      return { rows: policyCounts.rows, prefix: 'XFRMA_SPD_' };
    default:
      return ATTRIBUTES;
  }
}

/** What a message is made of; undefined if its type is not known. A dump request may have no struct. */
export function xfrmAnatomy({ type: messageType, bytes, payload, end }: Message): MessageAnatomy | undefined {
  const known = MESSAGES[messageType];
  if (known === undefined) return undefined;
  const { name, verb, structName } = known;
  const isDump = verb === 'get' && end - payload !== known.struct.size && !hasStruct(bytes, payload, end);
  const struct = isDump ? structs.noStruct : known.struct;
  return { name, verb, header: { name: structName, struct }, attributes: attributesOf(messageType) };
}

/** Whether a question has its struct: requests for lists begin with attributes, or have nothing. */
function hasStruct(bytes: Buffer, payload: number, end: number): boolean {
  if (end === payload) return false;
  const filter = bytes.readUInt16LE(payload + 2);
  const { proto, address_filter } = xfrmAttributes.rows;
  return filter !== proto.type && filter !== address_filter.type;
}

/** Begins a request with its struct; NLM_F_REQUEST is added to the flags. */
export function xfrmRequest<T>(
  messageType: number,
  flags: number,
  struct: StructCodec<T>,
  value: T,
): MessageWriter {
  const request = new MessageWriter(messageType, flags);
  struct.write(request, value);
  return request;
}

/** A message as its struct and where its attributes lie. */
export interface XfrmMessage<T> {
  readonly info: T;
  readonly attributes: AttributeIndex;
}

/** Reads a message. Undefined if it is shorter than its struct. */
export function readXfrmMessage<T>(
  { bytes, payload, end }: Message,
  struct: StructCodec<T>,
): XfrmMessage<T> | undefined {
  const info = struct.read(bytes, payload, end - payload);
  if (info === undefined) return undefined;
  const attributes = new AttributeIndex(MAX_ATTRIBUTE, PLAIN_TYPE);
  attributes.index(bytes, payload + ((struct.size + 3) & ~3), end);
  return { info, attributes };
}
