/**
 * Ids of other network namespaces, as one namespace gives them: RTM_NEWNSID, RTM_DELNSID and RTM_GETNSID.
 * Source: linux/net_namespace.h NETNSA_*; the header is struct rtgenmsg, padded to four bytes.
 */
import type { ValuesOf } from '../schema/row.ts';
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import { type Message, PLAIN_TYPE } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';

/** NETNSA_NSID_NOT_ASSIGNED; in a request to assign an id it asks for any free one. */
export const NSID_UNASSIGNED = -1;

const HEADER_LENGTH = 4;

export const nsidTable = table(
  {
    /** A descriptor of the namespace meant. */
    fd: row.u32(3),
    /** A process in the namespace meant. */
    pid: row.u32(2),
    /** The namespace's id: in the asking namespace, or in the target when one is given. */
    nsid: row.s32(1),
    /** The id, in the asking namespace, of the one whose view is asked for. */
    target_nsid: row.s32(4),
    /** In answers about a target: the namespace's id in the asking namespace. */
    current_nsid: row.s32(5),
  },
  PLAIN_TYPE,
);

/** What a message about namespace ids says. */
export type NsidValues = ValuesOf<typeof nsidTable.rows>;

/** A request about namespace ids. */
export function nsidRequest(type: number, values: NsidValues = {}): MessageWriter {
  const request = new MessageWriter(type, 0);
  request.reserve(HEADER_LENGTH);
  nsidTable.encode(request, values);
  return request;
}

/** The attributes of an answer or notification. */
export function decodeNsid({ bytes, payload, end }: Message): NsidValues {
  return nsidTable.decode(bytes, payload + HEADER_LENGTH, end);
}
