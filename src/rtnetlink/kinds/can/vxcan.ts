/** Pairs of virtual CAN devices. Source: linux/can/vxcan.h VXCAN_INFO_*. */
import { value } from '../../../schema/row.ts';
import { linkKind } from '../../kind.ts';
import { linkMessage } from '../../link.ts';
import { parseOnlyPeer } from '../peer.ts';

const usage = `Usage: ip link add [NAME] [SETTINGS] type vxcan [peer [name] NAME [SETTINGS]]
'ip link help' names the SETTINGS.`;

export const vxcan = linkKind(
  'vxcan',
  usage,
  { peer: value(1, linkMessage) },
  { parse: parseOnlyPeer(usage) },
);
