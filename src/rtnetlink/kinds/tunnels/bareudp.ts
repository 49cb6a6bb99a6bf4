/** Packets of one protocol inside bare UDP. Source: linux/if_link.h IFLA_BAREUDP_*. */
import { missingArgument } from '../../../schema/args.ts';
import * as row from '../../../schema/row.ts';
import { toggled } from '../../../schema/spelling.ts';
import { linkKind } from '../../kind.ts';
import { etherProtocol } from '../../names/ether-protocol.ts';

const usage = `Usage: ... bareudp dstport PORT ethertype PROTOCOL [ srcportmin PORT ] [ [no]multiproto ]

	PROTOCOL := a number or a name of an Ethernet protocol: ipv4, ipv6, mpls_uc, ...`;

export const bareudp = linkKind(
  'bareudp',
  usage,
  row.unique(
    row.abbreviable({
      dstport: row.be16(1, { complaint: 'dstport' }),
      ethertype: row.be16(2, { spelling: etherProtocol, complaint: 'ethertype' }),
      srcportmin: row.u16(3, { complaint: 'srcportmin' }),
      multiproto: row.flag(4, {
        standalone: { multiproto: true, nomultiproto: undefined },
        label: '',
        spelling: toggled('multiproto'),
        absent: { datum: false, text: 'nomultiproto' },
      }),
    }),
  ),
  {
    required: ['dstport', 'ethertype'],
    finish({ dstport, ethertype }) {
      if (dstport === undefined) throw missingArgument('dstport');
      if (ethertype === undefined) throw missingArgument('ethertype');
    },
  },
);
