/**
 * The family `IOAM6`: namespaces and schemas of in-situ operations in IPv6, and traces that packets have collected.
 * Source: linux/ioam6_genl.h IOAM6_*.
 */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import { PLAIN_TYPE } from '../wire/message.ts';
import type { GenericFamily, MessageSet } from './family.ts';

/** The multicast group of the events. */
export const IOAM6_EVENT_GROUP = 'ioam6_events';

/** IOAM6_ATTR_*. */
const ioam6Attributes = table(
  {
    ns_id: row.u16(1),
    ns_data: row.u32(2),
    ns_data_wide: row.u64(3),
    sc_id: row.u32(4),
    sc_data: row.raw(5),
    sc_none: row.flag(6),
  },
  PLAIN_TYPE,
);

/** The attributes of a namespace or a schema. */
export type Ioam6Attributes = row.ValuesOf<typeof ioam6Attributes.rows>;

/** IOAM6_EVENT_ATTR_*. */
const ioam6EventAttributes = table(
  {
    trace_namespace: row.u16(1),
    trace_nodelen: row.u8(2),
    trace_type: row.u32(3),
    trace_data: row.raw(4),
  },
  PLAIN_TYPE,
);

/** The attributes of an event. */
export type Ioam6EventAttributes = row.ValuesOf<typeof ioam6EventAttributes.rows>;

/** IOAM6_EVENT_TYPE_*. */
export const ioam6Events = {
  commandPrefix: 'IOAM6_EVENT_TYPE_',
  commands: { trace: [1, 'new'] },
  attributePrefix: 'IOAM6_EVENT_ATTR_',
  attributes: ioam6EventAttributes,
} as const satisfies MessageSet;

export const ioam6 = {
  name: 'IOAM6',
  version: 1,
  commandPrefix: 'IOAM6_CMD_',
  commands: {
    add_namespace: [1, 'new'],
    del_namespace: [2, 'delete'],
    dump_namespaces: [3, 'get'],
    add_schema: [4, 'new'],
    del_schema: [5, 'delete'],
    dump_schemas: [6, 'get'],
    ns_set_schema: [7, 'set'],
  },
  attributePrefix: 'IOAM6_ATTR_',
  attributes: ioam6Attributes,
  events: ioam6Events,
} as const satisfies GenericFamily;
