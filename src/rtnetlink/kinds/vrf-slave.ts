/** Ports of a VRF. Source: linux/if_link.h IFLA_VRF_PORT_*. */
import * as row from '../../schema/row.ts';
import { linkKind } from '../kind.ts';

export const vrfSlave = linkKind('vrf_slave', '', { table: row.u32(1, { keyword: false }) });
