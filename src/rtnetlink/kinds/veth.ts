/** Pairs of virtual Ethernet devices. Source: linux/veth.h VETH_INFO_*. */
import { value } from '../../schema/row.ts';
import { linkKind } from '../kind.ts';
import { linkMessage } from '../link.ts';
import { parseOnlyPeer } from './peer.ts';

const usage = `Usage: ip link add [NAME] [SETTINGS] type veth [peer [name] NAME [SETTINGS]]
'ip link help' names the SETTINGS.`;

export const veth = linkKind('veth', usage, { peer: value(1, linkMessage) }, { parse: parseOnlyPeer(usage) });
