/** The link kinds one by one, each loaded when it is needed: most calls need one of them, or none. */
import type { LinkKind } from '../kind.ts';
import type { LINK_KINDS } from './index.ts';

const LOADERS: Readonly<Record<(typeof LINK_KINDS)[number]['name'], () => Promise<unknown>>> = {
  amt: async () => (await import('./tunnels/amt.ts')).amt,
  bareudp: async () => (await import('./tunnels/bareudp.ts')).bareudp,
  batadv: async () => (await import('./batadv.ts')).batadv,
  bond: async () => (await import('./bond.ts')).bond,
  bond_slave: async () => (await import('./bond-slave.ts')).bondSlave,
  bridge: async () => (await import('./bridge.ts')).bridge,
  bridge_slave: async () => (await import('./bridge-slave.ts')).bridgeSlave,
  can: async () => (await import('./can/can.ts')).can,
  dsa: async () => (await import('./dsa.ts')).dsa,
  dummy: async () => (await import('./parameterless.ts')).dummy,
  erspan: async () => (await import('./tunnels/gre.ts')).erspan,
  geneve: async () => (await import('./tunnels/geneve.ts')).geneve,
  gre: async () => (await import('./tunnels/gre.ts')).gre,
  gretap: async () => (await import('./tunnels/gre.ts')).gretap,
  gtp: async () => (await import('./tunnels/gtp.ts')).gtp,
  hsr: async () => (await import('./hsr.ts')).hsr,
  ifb: async () => (await import('./parameterless.ts')).ifb,
  ip6erspan: async () => (await import('./tunnels/ip6gre.ts')).ip6erspan,
  ip6gre: async () => (await import('./tunnels/ip6gre.ts')).ip6gre,
  ip6gretap: async () => (await import('./tunnels/ip6gre.ts')).ip6gretap,
  ip6tnl: async () => (await import('./tunnels/ip6tnl.ts')).ip6tnl,
  ipip: async () => (await import('./tunnels/iptunnel.ts')).ipip,
  ipoib: async () => (await import('./ipoib.ts')).ipoib,
  ipvlan: async () => (await import('./ipvlan.ts')).ipvlan,
  ipvtap: async () => (await import('./ipvlan.ts')).ipvtap,
  macsec: async () => (await import('./macsec.ts')).macsec,
  macvlan: async () => (await import('./macvlan.ts')).macvlan,
  macvtap: async () => (await import('./macvlan.ts')).macvtap,
  netdevsim: async () => (await import('./parameterless.ts')).netdevsim,
  netkit: async () => (await import('./netkit.ts')).netkit,
  nlmon: async () => (await import('./parameterless.ts')).nlmon,
  ovpn: async () => (await import('./ovpn.ts')).ovpn,
  rmnet: async () => (await import('./rmnet.ts')).rmnet,
  sit: async () => (await import('./tunnels/iptunnel.ts')).sit,
  team: async () => (await import('./team.ts')).team,
  team_slave: async () => (await import('./team.ts')).teamSlave,
  tun: async () => (await import('./tun.ts')).tun,
  vcan: async () => (await import('./parameterless.ts')).vcan,
  veth: async () => (await import('./veth.ts')).veth,
  virt_wifi: async () => (await import('./parameterless.ts')).virtWifi,
  vlan: async () => (await import('./vlan.ts')).vlan,
  vrf: async () => (await import('./vrf.ts')).vrf,
  vrf_slave: async () => (await import('./vrf-slave.ts')).vrfSlave,
  vti: async () => (await import('./tunnels/vti.ts')).vti,
  vti6: async () => (await import('./tunnels/vti.ts')).vti6,
  vxcan: async () => (await import('./can/vxcan.ts')).vxcan,
  vxlan: async () => (await import('./tunnels/vxlan.ts')).vxlan,
  wwan: async () => (await import('./wwan.ts')).wwan,
  xfrm: async () => (await import('./tunnels/xfrm.ts')).xfrm,
};

const loaded = new Map<string, LinkKind>();

function isKind(name: string): name is keyof typeof LOADERS {
  return Object.hasOwn(LOADERS, name);
}

/** The description of a kind; undefined for kinds that iproute2 does not know either. */
export async function loadKind(name: string): Promise<LinkKind | undefined> {
  if (!isKind(name)) return undefined;
  const kind = loaded.get(name) ?? ((await LOADERS[name]()) as LinkKind);
  loaded.set(name, kind);
  return kind;
}

/** The description of a kind that has been loaded. */
export function loadedKind(name: string): LinkKind | undefined {
  return loaded.get(name);
}

/** Whether there is nothing to load to describe a kind. */
export function isLoaded(name: string): boolean {
  return loaded.has(name) || !isKind(name);
}
