/** Ports of switches (Distributed Switch Architecture). Source: linux/if_link.h IFLA_DSA_*. */
import * as row from '../../schema/row.ts';
import { linkKind } from '../kind.ts';

const usage = `Usage: ... dsa [ conduit DEVICE ]

The older word master means the same.`;

export const dsa = linkKind(
  'dsa',
  usage,
  { conduit: row.device(1, { keyword: ['conduit', 'master'], complaint: 'Device does not exist\n' }) },
  { help: 'exact' },
);
