/**
 * The link kinds: a new kind is one file, and one line here. Each is loaded when it is needed, because most calls need
 * one of them, or none.
 */
import type { LinkKind } from '../kind.ts';

/** The module of each kind. The bundler must see its name, so it is spelt out. */
const MODULES = {
  amt: () => import('./tunnels/amt.ts'),
  bareudp: () => import('./tunnels/bareudp.ts'),
  batadv: () => import('./batadv.ts'),
  bond: () => import('./bond.ts'),
  bond_slave: () => import('./bond-slave.ts'),
  bridge: () => import('./bridge.ts'),
  bridge_slave: () => import('./bridge-slave.ts'),
  can: () => import('./can/can.ts'),
  dsa: () => import('./dsa.ts'),
  dummy: () => import('./parameterless.ts'),
  erspan: () => import('./tunnels/gre.ts'),
  geneve: () => import('./tunnels/geneve.ts'),
  gre: () => import('./tunnels/gre.ts'),
  gretap: () => import('./tunnels/gre.ts'),
  gtp: () => import('./tunnels/gtp.ts'),
  hsr: () => import('./hsr.ts'),
  ifb: () => import('./parameterless.ts'),
  ip6erspan: () => import('./tunnels/ip6gre.ts'),
  ip6gre: () => import('./tunnels/ip6gre.ts'),
  ip6gretap: () => import('./tunnels/ip6gre.ts'),
  ip6tnl: () => import('./tunnels/ip6tnl.ts'),
  ipip: () => import('./tunnels/iptunnel.ts'),
  ipoib: () => import('./ipoib.ts'),
  ipvlan: () => import('./ipvlan.ts'),
  ipvtap: () => import('./ipvlan.ts'),
  macsec: () => import('./macsec.ts'),
  macvlan: () => import('./macvlan.ts'),
  macvtap: () => import('./macvlan.ts'),
  netdevsim: () => import('./parameterless.ts'),
  netkit: () => import('./netkit.ts'),
  nlmon: () => import('./parameterless.ts'),
  ovpn: () => import('./ovpn.ts'),
  rmnet: () => import('./rmnet.ts'),
  sit: () => import('./tunnels/iptunnel.ts'),
  team: () => import('./team.ts'),
  team_slave: () => import('./team.ts'),
  tun: () => import('./tun.ts'),
  vcan: () => import('./parameterless.ts'),
  veth: () => import('./veth.ts'),
  virt_wifi: () => import('./parameterless.ts'),
  vlan: () => import('./vlan.ts'),
  vrf: () => import('./vrf.ts'),
  vrf_slave: () => import('./vrf-slave.ts'),
  vti: () => import('./tunnels/vti.ts'),
  vti6: () => import('./tunnels/vti.ts'),
  vxcan: () => import('./can/vxcan.ts'),
  vxlan: () => import('./tunnels/vxlan.ts'),
  wwan: () => import('./wwan.ts'),
  xfrm: () => import('./tunnels/xfrm.ts'),
} as const;

/** The names of the kinds. */
export const KIND_NAMES: readonly string[] = Object.keys(MODULES);

type Module = Awaited<ReturnType<(typeof MODULES)[keyof typeof MODULES]>>;
type KindsIn<M> = M extends unknown ? Extract<M[keyof M], { readonly usage: string }> : never;

/** The description of one of the kinds, with the types of its rows. */
export type KnownKind = KindsIn<Module>;

const loaded = new Map<string, KnownKind>();

function isKnown(name: string): name is keyof typeof MODULES {
  return Object.hasOwn(MODULES, name);
}

function isKind(value: unknown, name: string): value is KnownKind {
  return typeof value === 'object' && value !== null && 'usage' in value && (value as LinkKind).name === name;
}

/** The description of a kind; undefined for kinds that iproute2 does not know either. */
export async function loadKind(name: string): Promise<LinkKind | undefined> {
  if (!loaded.has(name) && isKnown(name)) {
    const found = Object.values<unknown>(await MODULES[name]()).find(value => isKind(value, name));
    // A module that lacks the kind that it stands for is a mistake in the list.
    loaded.set(name, found as KnownKind);
  }
  return loadedKind(name);
}

/** Loads all kinds; then {@link loadedKind} knows each of them. */
export async function loadKinds(): Promise<readonly KnownKind[]> {
  await Promise.all(KIND_NAMES.map(loadKind));
  return KIND_NAMES.map(name => loaded.get(name)!);
}

/** The description of a kind that has been loaded. */
export function loadedKind(name: string): LinkKind | undefined {
  // Code that does not know which kind it is reads its rows by name.
  return loaded.get(name) as LinkKind | undefined;
}

/** Whether there is nothing to load to describe a kind. */
export function isLoaded(name: string): boolean {
  return loaded.has(name) || !isKnown(name);
}
