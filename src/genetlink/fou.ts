/** The family `fou`: UDP ports that take in packets of other protocols. Source: linux/fou.h FOU_*. */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import { PLAIN_TYPE } from '../wire/message.ts';
import type { GenericFamily } from './family.ts';

/** FOU_ENCAP_*. */
export const FOU_ENCAP_DIRECT = 1;
export const FOU_ENCAP_GUE = 2;

/** FOU_ATTR_*. Addresses stay bytes: they are empty where a request names any. */
const fouAttributes = table(
  {
    port: row.be16(1),
    af: row.u8(2),
    ipproto: row.u8(3),
    type: row.u8(4),
    remcsum_nopartial: row.flag(5),
    local_v4: row.raw(6),
    local_v6: row.raw(7),
    peer_v4: row.raw(8),
    peer_v6: row.raw(9),
    peer_port: row.be16(10),
    ifindex: row.device(11),
  },
  PLAIN_TYPE,
);

/** The attributes of a port. */
export type FouAttributes = row.ValuesOf<typeof fouAttributes.rows>;

export const fou = {
  name: 'fou',
  version: 1,
  commandPrefix: 'FOU_CMD_',
  commands: { add: [1, 'new'], del: [2, 'delete'], get: [3, 'get'] },
  attributePrefix: 'FOU_ATTR_',
  attributes: fouAttributes,
} as const satisfies GenericFamily;
