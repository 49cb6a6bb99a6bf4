/** Interfaces of IPsec transformations. Source: linux/if_link.h IFLA_XFRM_*. */
import { missingArgument } from '../../../schema/args.ts';
import * as row from '../../../schema/row.ts';
import { alternateHex } from '../../../schema/spelling.ts';
import { linkKind } from '../../kind.ts';
import { external, lowerDevice } from './endpoints.ts';
import { refuse } from './udp-tunnel.ts';

const usage = `Usage: ... xfrm [ dev DEVICE ] if_id ID
       ... xfrm external

	ID := 0x1..0xffffffff`;

export const xfrm = linkKind(
  'xfrm',
  usage,
  row.abbreviable({
    collect_metadata: external(3, { abbreviable: false }),
    link: lowerDevice(1, { show: false }),
    if_id: row.u32(2, {
      spelling: alternateHex(0xffffffff),
      complaint: 'if_id value is invalid',
      range: { min: 1, max: 0xffffffff, complaint: 'if_id value is invalid' },
      when: (_value, all: { collect_metadata?: true }) => all.collect_metadata === undefined,
    }),
  }),
  {
    unknownWord: false,
    sentOnce: ['collect_metadata'],
    finish({ collect_metadata: isExternal, link, if_id: id }) {
      if (!isExternal && id === undefined) throw missingArgument('IF_ID');
      if (isExternal && (id ?? link) !== undefined) {
        refuse('xfrmi', "both 'external' and if_id/link cannot be specified");
      }
    },
  },
);
