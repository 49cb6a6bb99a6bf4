/** The family `SEG6`: keys of segment routing headers, and the source of tunnels. Source: linux/seg6_genl.h SEG6_*. */

import * as row from '../schema/row.ts';
import { secret } from '../schema/secret.ts';
import { table } from '../schema/table.ts';
import { PLAIN_TYPE } from '../wire/message.ts';
import type { GenericFamily } from './family.ts';

/** SEG6_ATTR_*. */
const seg6Attributes = table(
  {
    dst: row.ipv6(1),
    dstlen: row.s32(2),
    hmackeyid: row.u32(3),
    secret: row.value(4, secret),
    secretlen: row.u8(5),
    algid: row.u8(6),
  },
  PLAIN_TYPE,
);

export const seg6 = {
  name: 'SEG6',
  version: 1,
  hasSecrets: true,
  commandPrefix: 'SEG6_CMD_',
  commands: {
    sethmac: [1, 'set'],
    dumphmac: [2, 'get'],
    set_tunsrc: [3, 'set'],
    get_tunsrc: [4, 'get'],
  },
  attributePrefix: 'SEG6_ATTR_',
  attributes: seg6Attributes,
} as const satisfies GenericFamily;

/** SEG6_HMAC_ALGO_*. */
export const HMAC_ALGORITHMS = { sha1: 1, sha256: 2 } as const;
