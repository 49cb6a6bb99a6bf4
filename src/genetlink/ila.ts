/** The family `ila`: translations of IPv6 locators. Source: linux/ila.h ILA_*. */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import { PLAIN_TYPE } from '../wire/message.ts';
import type { GenericFamily } from './family.ts';

/** ILA_ATTR_*. */
const ilaAttributes = table(
  {
    locator: row.be64(1),
    identifier: row.be64(2),
    locator_match: row.be64(3),
    ifindex: row.device(4),
    dir: row.u32(5),
    csum_mode: row.u8(7),
    ident_type: row.u8(8),
    hook_type: row.u8(9),
  },
  PLAIN_TYPE,
);

/** The attributes of a translation. */
export type IlaAttributes = row.ValuesOf<typeof ilaAttributes.rows>;

export const ila = {
  name: 'ila',
  version: 1,
  commandPrefix: 'ILA_CMD_',
  commands: { add: [1, 'new'], del: [2, 'delete'], get: [3, 'get'], flush: [4, 'delete'] },
  attributePrefix: 'ILA_ATTR_',
  attributes: ilaAttributes,
} as const satisfies GenericFamily;
