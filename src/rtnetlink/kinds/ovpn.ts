/** Data channel of OpenVPN. Source: linux/if_link.h IFLA_OVPN_*, linux/ovpn.h. */
import * as row from '../../schema/row.ts';
import { linkKind, unknownOption } from '../kind.ts';

const usage = `Usage: ... ovpn [ mode { p2p | mp } ]

	One peer (p2p) unless many are asked for (mp).`;

export const ovpn = linkKind(
  'ovpn',
  usage,
  {
    mode: row.u8(1, row.oneOf(['p2p', 'mp'], { unknown: () => '(unknown)' })),
  },
  { help: 'exact', unknownWord: unknownOption },
);
