/** VRF devices: the routing table that their ports use. Source: linux/if_link.h IFLA_VRF_*. */
import * as row from '../../schema/row.ts';
import type { Spelling } from '../../schema/spelling.ts';
import { linkKind, unknownOption } from '../kind.ts';

const usage = `Usage: ... vrf table TABLE`;

/** A routing table: read by name or number, shown as a number. */
const routingTable: Spelling<number> = {
  show: String,
  datum: value => value,
  parse: (word, { names }) => names.number('tables', word),
};

export const vrf = linkKind(
  'vrf',
  usage,
  { table: row.u32(1, { abbreviable: true, spelling: routingTable, complaint: 'invalid table ID\n' }) },
  { unknownWord: unknownOption },
);
