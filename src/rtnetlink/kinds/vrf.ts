/** VRF devices. Source: linux/if_link.h IFLA_VRF_*. */
import { u32 } from '../../schema/row.ts';
import { linkKind } from '../kind.ts';

const usage = `Usage: ... vrf table TABLE`;

export const vrf = linkKind('vrf', usage, {
  table: u32(1),
});
