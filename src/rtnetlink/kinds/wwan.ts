/** Channels of a modem. Source: linux/wwan.h IFLA_WWAN_*. */
import { u32 } from '../../schema/row.ts';
import { linkKind } from '../kind.ts';

const usage = `Usage: ip link add parentdev MODEM [NAME] type wwan linkid NUMBER
NUMBER of the channel, 0 to 4294967295`;

export const wwan = linkKind(
  'wwan',
  usage,
  { linkid: u32(1, { abbreviable: true, complaint: 'linkid' }) },
  { required: ['linkid'] },
);
