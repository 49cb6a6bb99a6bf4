/** All link kinds: a new kind is one file, and one line here and in load.ts. */
import type { LinkKind } from '../kind.ts';
import { batadv } from './batadv.ts';
import { bond } from './bond.ts';
import { bondSlave } from './bond-slave.ts';
import { bridge } from './bridge.ts';
import { bridgeSlave } from './bridge-slave.ts';
import { can } from './can/can.ts';
import { vxcan } from './can/vxcan.ts';
import { dsa } from './dsa.ts';
import { hsr } from './hsr.ts';
import { ipoib } from './ipoib.ts';
import { ipvlan, ipvtap } from './ipvlan.ts';
import { macsec } from './macsec.ts';
import { macvlan, macvtap } from './macvlan.ts';
import { netkit } from './netkit.ts';
import { ovpn } from './ovpn.ts';
import { dummy, ifb, netdevsim, nlmon, vcan, virtWifi } from './parameterless.ts';
import { rmnet } from './rmnet.ts';
import { team, teamSlave } from './team.ts';
import { tun } from './tun.ts';
import { amt } from './tunnels/amt.ts';
import { bareudp } from './tunnels/bareudp.ts';
import { geneve } from './tunnels/geneve.ts';
import { erspan, gre, gretap } from './tunnels/gre.ts';
import { gtp } from './tunnels/gtp.ts';
import { ip6erspan, ip6gre, ip6gretap } from './tunnels/ip6gre.ts';
import { ip6tnl } from './tunnels/ip6tnl.ts';
import { ipip, sit } from './tunnels/iptunnel.ts';
import { vti, vti6 } from './tunnels/vti.ts';
import { vxlan } from './tunnels/vxlan.ts';
import { xfrm } from './tunnels/xfrm.ts';
import { veth } from './veth.ts';
import { vlan } from './vlan.ts';
import { vrf } from './vrf.ts';
import { vrfSlave } from './vrf-slave.ts';
import { wwan } from './wwan.ts';

export const LINK_KINDS = [
  amt,
  bareudp,
  batadv,
  bond,
  bondSlave,
  bridge,
  bridgeSlave,
  can,
  dsa,
  dummy,
  erspan,
  geneve,
  gre,
  gretap,
  gtp,
  hsr,
  ifb,
  ip6erspan,
  ip6gre,
  ip6gretap,
  ip6tnl,
  ipip,
  ipoib,
  ipvlan,
  ipvtap,
  macsec,
  macvlan,
  macvtap,
  netdevsim,
  netkit,
  nlmon,
  ovpn,
  rmnet,
  sit,
  team,
  teamSlave,
  tun,
  vcan,
  veth,
  virtWifi,
  vlan,
  vrf,
  vrfSlave,
  vti,
  vti6,
  vxcan,
  vxlan,
  wwan,
  xfrm,
] as const;

const byName = new Map<string, LinkKind>(LINK_KINDS.map(kind => [kind.name, kind as unknown as LinkKind]));

/** The description of a kind; undefined for kinds that iproute2 does not know either. */
export function findKind(name: string): LinkKind | undefined {
  return byName.get(name);
}
