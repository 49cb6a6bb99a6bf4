/** The list of link kinds: a new kind is one file and one line here. */
import type { LinkKind } from '../kind.ts';
import { bridge } from './bridge.ts';
import { bridgeSlave } from './bridge-slave.ts';
import { macvlan, macvtap } from './macvlan.ts';
import { veth } from './veth.ts';
import { vlan } from './vlan.ts';
import { vrf } from './vrf.ts';
import { vxcan } from './vxcan.ts';

export const LINK_KINDS = [bridge, bridgeSlave, macvlan, macvtap, veth, vlan, vrf, vxcan] as const;

const byName = new Map<string, LinkKind>(LINK_KINDS.map(kind => [kind.name, kind as unknown as LinkKind]));

/** The description of a kind; undefined for kinds that iproute2 does not know either. */
export function findKind(name: string): LinkKind | undefined {
  return byName.get(name);
}
