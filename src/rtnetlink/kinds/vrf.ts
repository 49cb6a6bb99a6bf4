/** VRF devices: the routing table that their ports use. Source: linux/if_link.h IFLA_VRF_*. */
import * as row from '../../schema/row.ts';
import { numberIn } from '../../schema/spelling.ts';
import { linkKind, unknownOption } from '../kind.ts';

const usage = `Usage: ... vrf table TABLE`;

export const vrf = linkKind(
  'vrf',
  usage,
  {
    table: row.u32(1, {
      abbreviable: true,
      spelling: numberIn('tables', 'TABLE'),
      complaint: 'invalid table ID\n',
    }),
  },
  { required: ['table'], unknownWord: unknownOption },
);
