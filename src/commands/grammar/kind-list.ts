/** The kinds of devices, as help texts list them. */
import { synopsisLines } from '../../schema/synopsis.ts';

const KINDS = [
  ...['amt', 'bareudp', 'batadv', 'bond', 'bond_slave', 'bridge', 'bridge_slave', 'can', 'dsa', 'dummy'],
  ...['erspan', 'geneve', 'gre', 'gretap', 'gtp', 'hsr', 'ifb', 'ip6erspan', 'ip6gre', 'ip6gretap', 'ip6tnl'],
  ...['ipip', 'ipoib', 'ipvlan', 'ipvtap', 'macsec', 'macvlan', 'macvtap', 'netdevsim', 'netkit', 'nlmon'],
  ...[
    'ovpn',
    'pfcp',
    'rmnet',
    'sit',
    'team',
    'team_slave',
    'vcan',
    'veth',
    'virt_wifi',
    'vlan',
    'vrf',
    'vti',
  ],
  ...['vti6', 'vxcan', 'vxlan', 'wwan', 'xfrm'],
];

/** `TYPE := { amt | ... }`. */
export function typeSynopsis(): string {
  const kinds = KINDS.map((kind, at) => (at < KINDS.length - 1 ? `${kind} |` : `${kind} }`));
  return synopsisLines('TYPE := {', kinds, 8);
}
