/** Ids of the devices of a picture: `d0`, `d1`, ... in their order. Names would have to be escaped differently in each. */
import { connectionsOf } from './connections.ts';
import { drawnDevices, type HostMap, type MapDetail, type MapDevice, type MapNamespace } from './model.ts';

export interface DeviceIds {
  /** Undefined for a device that is not drawn. */
  of(device: MapDevice): string | undefined;
  /** Ids of the devices of a namespace that belong to another, with that one's. */
  masters(namespace: MapNamespace): (readonly [device: string, master: string])[];
  /** Whether the device is an end of a connection that is drawn, so that this need not be said. */
  isConnected(device: MapDevice): boolean;
}

export function deviceIds(map: HostMap, detail: MapDetail): DeviceIds {
  const ids = new Map<MapDevice, string>();
  for (const namespace of map.namespaces)
    for (const device of drawnDevices(namespace, detail)) ids.set(device, `d${ids.size}`);
  const connected = new Set<MapDevice>();
  for (const { from, to } of connectionsOf(map)) {
    if (!ids.has(from.device) || !ids.has(to.device)) continue;
    connected.add(from.device).add(to.device);
  }
  return {
    of: device => ids.get(device),
    masters({ devices }) {
      const idsByName = new Map(devices.map(device => [device.name, ids.get(device)]));
      return devices.flatMap(device => {
        const [own, master] = [ids.get(device), idsByName.get(device.master ?? '')];
        return own === undefined || master === undefined ? [] : [[own, master] as const];
      });
    },
    isConnected: device => connected.has(device),
  };
}
