/** RmNet devices: channels of Qualcomm modems. Source: linux/if_link.h IFLA_RMNET_*, RMNET_FLAGS_*. */
import { mustBeOneOf } from '../../schema/args.ts';
import * as row from '../../schema/row.ts';
import { showFlags, showRows } from '../../schema/show.ts';
import { linkKind } from '../kind.ts';

const usage = `Usage: ... rmnet mux_id ID
		[ ingress-deaggregation on|off ] [ ingress-commands on|off ]
		[ ingress-mapv4-checksum on|off ] [ egress-mapv4-checksum on|off ]
		[ ingress-mapv5-checksum on|off ] [ egress-mapv5-checksum on|off ]

ID: 1 to 254`;

const FLAGS = {
  'ingress-deaggregation': 1,
  'ingress-commands': 2,
  'ingress-mapv4-checksum': 4,
  'egress-mapv4-checksum': 8,
  'ingress-mapv5-checksum': 16,
  'egress-mapv5-checksum': 32,
};

const FLAG_NAMES = {
  INGRESS_DEAGGREGATION: 1,
  INGRESS_MAP_COMMANDS: 2,
  INGRESS_MAP_CKSUMV4: 4,
  EGRESS_MAP_CKSUMV4: 8,
  INGRESS_MAP_CKSUMV5: 16,
  EGRESS_MAP_CKSUMV5: 32,
};

const rows = {
  mux_id: row.u16(1, { complaint: 'mux_id is invalid' }),
  flags: row.switches(2, FLAGS, {
    complaint: (word, keyword) => mustBeOneOf(keyword, ['off', 'on'], word),
    show: ({ flags }, out) => showFlags(flags, FLAG_NAMES, out),
  }),
} as const;

export const rmnet = linkKind('rmnet', usage, rows, {
  required: ['mux_id', 'link'],
  help: 'exact',
  // Without a channel the original shows nothing.
  show(values, out, view) {
    if (values.mux_id !== undefined) showRows(rows, values, out, view);
  },
});
