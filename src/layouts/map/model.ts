/** What `map` shows: namespaces, their devices, and how these hang together. Names are as the kernel gives them. */

/** What a map may be printed as. */
export const FORMATS = ['tree', 'svg', 'html', 'dot', 'mermaid', 'json'] as const;
export type MapFormat = (typeof FORMATS)[number];

export interface HostMap {
  readonly namespaces: readonly MapNamespace[];
  /** Files of the run directory that are no namespaces, and why. */
  readonly stale: readonly MapOddity[];
  readonly unreadable: readonly MapOddity[];
  readonly hiddenProcesses: number;
}

export interface MapOddity {
  readonly path: string;
  readonly reason: string;
}

export interface MapNamespace {
  /** Unique in the map. */
  readonly label: string;
  readonly isCurrent: boolean;
  readonly inode: number;
  readonly names: readonly string[];
  readonly paths: readonly string[];
  readonly nsid: number | undefined;
  readonly owner: { readonly userNamespace: number; readonly uid: number } | undefined;
  readonly containers: readonly { readonly runtime: string | undefined; readonly id: string }[];
  /** Empty unless processes are asked for. */
  readonly processes: readonly MapProcess[];
  /** Why its devices are not known. */
  readonly problem: string | undefined;
  readonly devices: readonly MapDevice[];
}

export interface MapProcess {
  readonly pid: number;
  readonly thread: number | undefined;
  readonly command: string;
}

/** `no carrier`: it is meant to be up, but nothing passes. */
export type MapStatus = 'up' | 'no carrier' | 'down';

export interface MapDevice {
  readonly name: string;
  readonly index: number;
  readonly kind: string | undefined;
  readonly status: MapStatus;
  /** The kernel's word, `LOWERLAYERDOWN`. */
  readonly operationState: string;
  readonly mtu: number | undefined;
  readonly hardwareAddress: string | undefined;
  readonly alias: string | undefined;
  readonly alternativeNames: readonly string[];
  /** The bridge, bond or VRF that it belongs to. */
  readonly master: string | undefined;
  readonly addresses: readonly MapAddress[];
  readonly peer: MapPeer | undefined;
  /** Devices stacked on it. */
  readonly uppers: readonly MapPlace[];
}

export interface MapAddress {
  readonly family: 'inet' | 'inet6';
  readonly address: string;
  readonly prefixLength: number;
  /** The other end of a point-to-point address. */
  readonly peer: string | undefined;
  readonly scope: 'global' | 'link' | 'host' | 'other';
}

export interface MapPlace {
  readonly namespace: string;
  readonly device: string;
}

export interface MapPeer {
  readonly relation: 'pair' | 'lower';
  /** Label of the namespace; undefined when it is not in the registry. */
  readonly namespace: string | undefined;
  readonly nsid: number | undefined;
  readonly index: number | undefined;
  readonly device: string | undefined;
}

/** How much of a map is drawn. */
export interface MapDetail {
  readonly addresses: boolean;
  readonly processes: boolean;
  /** Also what is alike everywhere: loopback devices that have no other addresses, and IPv6 link-local addresses. */
  readonly all: boolean;
}

/** The devices of a namespace that are drawn. */
export function drawnDevices({ devices }: MapNamespace, detail: MapDetail): readonly MapDevice[] {
  return detail.all ? devices : devices.filter(device => !isPlainLoopback(device));
}

function isPlainLoopback({ name, kind, addresses, uppers }: MapDevice): boolean {
  const isPlain = addresses.every(
    ({ scope, address }) => scope === 'host' && /^(127\.0\.0\.1|::1)$/.test(address),
  );
  return name === 'lo' && kind === undefined && isPlain && uppers.length === 0;
}

/** The addresses of a device that are drawn, with the lengths of their prefixes. */
export function drawnAddresses({ addresses }: MapDevice, detail: MapDetail): readonly MapAddress[] {
  if (!detail.addresses) return [];
  return detail.all
    ? addresses
    : addresses.filter(({ family, scope }) => family !== 'inet6' || scope !== 'link');
}

export function addressText({ address, prefixLength, peer }: MapAddress): string {
  return peer === undefined ? `${address}/${prefixLength}` : `${address} peer ${peer}/${prefixLength}`;
}

/** A device with the devices that belong to it. */
export interface DeviceTree {
  readonly device: MapDevice;
  readonly ports: readonly DeviceTree[];
}

/** Devices below their masters, in their order. */
export function deviceTrees(devices: readonly MapDevice[]): readonly DeviceTree[] {
  const names = new Set(devices.map(({ name }) => name));
  const ports = new Map<string, MapDevice[]>();
  const tops: MapDevice[] = [];
  for (const device of devices) {
    const { master } = device;
    if (master === undefined || master === device.name || !names.has(master)) tops.push(device);
    else ports.set(master, [...(ports.get(master) ?? []), device]);
  }
  // What has been put somewhere is not put below itself, should masters go in a circle.
  const placed = new Set<MapDevice>();
  const treeOf = (device: MapDevice): DeviceTree => {
    placed.add(device);
    return { device, ports: (ports.get(device.name) ?? []).filter(port => !placed.has(port)).map(treeOf) };
  };
  const trees = tops.map(treeOf);
  return [...trees, ...devices.filter(device => !placed.has(device)).map(device => ({ device, ports: [] }))];
}
