/** The connections of a map: each pair and each stacking once. */
import type { HostMap, MapDevice, MapNamespace, MapPeer } from './model.ts';

/** One end of a connection. */
export interface End {
  readonly namespace: MapNamespace;
  readonly device: MapDevice;
}

export interface Connection {
  readonly relation: MapPeer['relation'];
  /** Of a stacking, the upper device. */
  readonly from: End;
  readonly to: End;
  /** Whether both ends are up. */
  readonly isUp: boolean;
}

/** All connections between devices of the map, in the order of their first ends. */
export function connectionsOf({ namespaces }: HostMap): Connection[] {
  const ends = new Map<string, End>();
  for (const namespace of namespaces)
    for (const device of namespace.devices)
      ends.set(keyOf(namespace.label, device.name), { namespace, device });
  const seen = new Set<MapDevice>();
  const found: Connection[] = [];
  for (const from of ends.values()) {
    const { peer } = from.device;
    if (peer?.namespace === undefined || peer.device === undefined) continue;
    const to = ends.get(keyOf(peer.namespace, peer.device));
    if (to === undefined || to.device === from.device) continue;
    // The other end of a pair describes the same connection.
    if (peer.relation === 'pair' && seen.has(to.device)) continue;
    seen.add(from.device);
    const isUp = from.device.status === 'up' && to.device.status === 'up';
    found.push({ relation: peer.relation, from, to, isUp });
  }
  return found;
}

/** Neither labels nor names hold a NUL. */
function keyOf(namespace: string, device: string): string {
  return `${namespace}\0${device}`;
}
