/** VRF devices, asked for synchronously while arguments are read. Source: linux/if_link.h IFLA_VRF_TABLE. */

import { IFLA_EXT_MASK, IFLA_IFNAME, IFLA_LINKINFO } from '../../linux/interfaces.ts';
import { RTEXT_FILTER_SKIP_STATS, RTM_GETLINK } from '../../linux/rtnetlink.ts';
import * as codec from '../../wire/codec.ts';
import { walkAttributes } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { type Ask, answerTo } from './request-sync.ts';

/** Bytes of struct ifinfomsg, and where the index is. */
const LINK_HEADER = 16;
const INDEX = 4;
const INFO_KIND = 1;
const INFO_DATA = 2;
const VRF_TABLE = 1;

/** A VRF device. */
export interface VrfDevice {
  readonly index: number;
  /** Its routing table; 0 if the kernel does not report it. */
  readonly table: number;
}

/** The VRF device of this name or index; undefined if there is no such device, or it is of another kind. */
export function findVrf(ask: Ask, device: string | number): VrfDevice | undefined {
  const request = new MessageWriter(RTM_GETLINK, 0);
  const header = request.reserve(LINK_HEADER);
  if (typeof device === 'string') {
    request.attribute(IFLA_IFNAME, codec.text, device);
  } else {
    request.bytes.writeInt32LE(device | 0, header + INDEX);
    request.attribute(IFLA_EXT_MASK, codec.u32, RTEXT_FILTER_SKIP_STATS);
  }
  const answer = answerTo(ask, request);
  if (answer === undefined || answer.end - answer.payload < LINK_HEADER) return undefined;
  const { bytes } = answer;
  let kind = '';
  let table = 0;
  walkAttributes(bytes, answer.payload + LINK_HEADER, answer.end, (type, at, length) => {
    if (type !== IFLA_LINKINFO) return;
    walkAttributes(bytes, at, at + length, (infoType, infoAt, infoLength) => {
      if (infoType === INFO_KIND) kind = codec.text.read(bytes, infoAt, infoLength) ?? '';
      if (infoType !== INFO_DATA) return;
      walkAttributes(bytes, infoAt, infoAt + infoLength, (dataType, dataAt, dataLength) => {
        if (dataType === VRF_TABLE && dataLength >= 4) table = bytes.readUInt32LE(dataAt);
      });
    });
  });
  return kind === 'vrf' ? { index: bytes.readInt32LE(answer.payload + INDEX), table } : undefined;
}
