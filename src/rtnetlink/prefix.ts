/** Prefixes that routers announce: RTM_NEWPREFIX. Source: linux/rtnetlink.h struct prefixmsg, PREFIX_*. */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import type { Message } from '../wire/message.ts';

/** The only `type`: the option of RFC 4861 that carries a prefix. */
export const PREFIX_INFORMATION = 3;

export const PREFIX_ON_LINK = 0x1;
export const PREFIX_AUTOCONF = 0x2;

/** struct prefixmsg. */
const prefixHeader = codec.struct({
  family: codec.u8,
  _padding: codec.padding(3),
  index: codec.s32,
  type: codec.u8,
  length: codec.u8,
  flags: codec.u8,
  _end: codec.padding(1),
});

/** struct prefix_cacheinfo, in seconds. */
const lifetimes = codec.struct({ preferred: codec.u32, valid: codec.u32 });

const prefixTable = table({ address: row.ipv6(1), lifetimes: row.value(2, lifetimes) });

/** A prefix as one message has it. */
export interface AnnouncedPrefix extends row.ValuesOf<typeof prefixTable.rows> {
  readonly header: codec.ValueOf<typeof prefixHeader>;
}

/** Decodes a prefix message; undefined when it is too short. */
export function decodePrefix({ bytes, payload, end }: Message): AnnouncedPrefix | undefined {
  const { size } = prefixHeader;
  if (end - payload < size) return undefined;
  const header = prefixHeader.read(bytes, payload, size) as AnnouncedPrefix['header'];
  return Object.assign(prefixTable.decode(bytes, payload + size, end), { header });
}
