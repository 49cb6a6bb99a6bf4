/**
 * Families of generic netlink as data: each is a file of this folder. Commands and attributes have the names of the
 * kernel's headers without their prefix. Source: linux/genetlink.h struct genlmsghdr.
 */
import type { MessageAnatomy } from '../rtnetlink/catalogue/message-catalogue.ts';
import type { Rows } from '../schema/row.ts';
import type { Table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import type { Message } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';

/** struct genlmsghdr: what every message of a family begins with. */
export const genericHeader = codec.struct({
  cmd: codec.u8,
  version: codec.u8,
  _reserved: codec.padding(2),
});

/** The number of a command, and what it does: only `get` changes nothing. */
export type FamilyCommand = readonly [number: number, verb: MessageAnatomy['verb']];

/** Messages that have the same attributes. */
export interface MessageSet<R extends Rows = Rows, C extends string = string> {
  /** What the kernel's names of the commands begin with: `MPTCP_PM_CMD_`. */
  readonly commandPrefix: string;
  readonly commands: Readonly<Record<C, FamilyCommand>>;
  /** What its names of the attributes begin with: `MPTCP_PM_ATTR_`. */
  readonly attributePrefix: string;
  readonly attributes: Table<R>;
  /** The same for nested attributes, where it is not that of the nest. */
  readonly nestedPrefixes?: ReadonlyMap<Rows, string>;
}

/** A family: its name by which the controller finds it, and its messages. */
export interface GenericFamily<R extends Rows = Rows, C extends string = string> extends MessageSet<R, C> {
  readonly name: string;
  readonly version: number;
  /** Some of its attributes are secrets: what is not known of a message may be one. */
  readonly hasSecrets?: boolean;
  /** What it sends to multicast groups, where the numbers of those messages are not those of its commands. */
  readonly events?: MessageSet;
}

/** Begins a request of a family whose id is known; NLM_F_REQUEST is added to the flags. */
export function genericRequest<C extends string>(
  family: Pick<GenericFamily<Rows, C>, 'commands' | 'version'>,
  id: number,
  command: C,
  flags = 0,
): MessageWriter {
  const request = new MessageWriter(id, flags);
  genericHeader.write(request, { cmd: family.commands[command][0], version: family.version });
  return request;
}

/** The number of a message's command; undefined if the message is too short for one. */
export function commandOf({ bytes, payload, end }: Message): number | undefined {
  return end - payload < genericHeader.size ? undefined : bytes[payload];
}

/** Decodes the attributes of a message; undefined if it is shorter than its header. */
export function decodeGeneric<R extends Rows>(
  { attributes }: Pick<MessageSet<R>, 'attributes'>,
  { bytes, payload, end }: Message,
): ReturnType<Table<R>['decode']> | undefined {
  const start = payload + genericHeader.size;
  return start > end ? undefined : attributes.decode(bytes, start, end);
}
