/**
 * The controller of generic netlink, which knows the id of each family and of its multicast groups: both are given out as
 * families are registered. Source: linux/genetlink.h CTRL_CMD_*, CTRL_ATTR_*.
 */
import { CTRL_CMD_GETFAMILY, CTRL_CMD_NEWFAMILY, GENL_ID_CTRL } from '../linux/genetlink.ts';
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import type { Message } from '../wire/message.ts';
import type { MessageWriter } from '../wire/writer.ts';
import { commandOf, decodeGeneric, type GenericFamily, genericRequest } from './family.ts';

/** CTRL_ATTR_MCAST_GRP_*. */
const group = table({ name: row.text(1), id: row.u32(2) });

/** CTRL_ATTR_OP_*. */
const operation = table({ id: row.u32(1), flags: row.u32(2) });

/** CTRL_ATTR_*. */
const controllerAttributes = table({
  family_id: row.u16(1),
  family_name: row.text(2),
  version: row.u32(3),
  hdrsize: row.u32(4),
  maxattr: row.u32(5),
  ops: row.value(6, codec.list(operation.codec, 1)),
  mcast_groups: row.value(7, codec.list(group.codec, 1)),
});

export const controller = {
  name: 'nlctrl',
  version: 0,
  commandPrefix: 'CTRL_CMD_',
  commands: {
    newfamily: [CTRL_CMD_NEWFAMILY, 'new'],
    delfamily: [2, 'delete'],
    getfamily: [CTRL_CMD_GETFAMILY, 'get'],
    newops: [4, 'new'],
    delops: [5, 'delete'],
    getops: [6, 'get'],
    newmcast_grp: [7, 'new'],
    delmcast_grp: [8, 'delete'],
    getmcast_grp: [9, 'get'],
    getpolicy: [10, 'get'],
  },
  attributePrefix: 'CTRL_ATTR_',
  attributes: controllerAttributes,
} as const satisfies GenericFamily;

/** What the controller knows of a family. */
export interface RegisteredFamily {
  readonly name: string;
  /** The type of its messages. */
  readonly id: number;
  /** Ids of its multicast groups by name. */
  readonly groups: ReadonlyMap<string, number>;
}

/** Asks for the family of that name. */
export function familyRequest(name: string): MessageWriter {
  const request = genericRequest(controller, GENL_ID_CTRL, 'getfamily');
  controller.attributes.encode(request, { family_name: name });
  return request;
}

/** The family that a message of the controller describes; undefined if it describes none. */
export function readFamily(message: Message): RegisteredFamily | undefined {
  if (message.type !== GENL_ID_CTRL || commandOf(message) !== CTRL_CMD_NEWFAMILY) return undefined;
  const {
    family_id: id,
    family_name: name = '',
    mcast_groups = [],
  } = decodeGeneric(controller, message) ?? {};
  if (id === undefined) return undefined;
  const groups = new Map<string, number>();
  for (const group of mcast_groups)
    if (group.name !== undefined && group.id !== undefined) groups.set(group.name, group.id);
  return { name, id, groups };
}
