/**
 * The link layer between two devices: pairs, bridges with their ports, and devices stacked on others, across
 * namespaces. Found without regard to what is down, so that the first thing that is down can be named.
 */
import { IFF_RUNNING, IFF_UP } from '../../linux/interfaces.ts';
import { bridgeSlave } from '../../rtnetlink/kinds/bridge-slave.ts';
import type { Device, NamespaceContents } from '../inventory/topology.ts';

const FORWARDING = 3;

/** The devices of all namespaces, each joined to those that a frame can go on to. */
export class Segments {
  readonly #ports = new Map<Device, Device[]>();
  readonly #bridges = new Map<Device, Device>();

  constructor(contents: readonly NamespaceContents[]) {
    for (const { devices } of contents) {
      for (const device of devices) {
        const bridge = masterOf(device, devices);
        if (bridge?.link.linkinfo?.kind !== 'bridge') continue;
        this.#bridges.set(device, bridge);
        this.#ports.set(bridge, [...(this.#ports.get(bridge) ?? []), device]);
      }
    }
  }

  /** The bridge that a device is a port of. */
  bridgeOf(device: Device): Device | undefined {
    return this.#bridges.get(device);
  }

  /** The shortest way from one device to another, both included; undefined if there is none. */
  wayBetween(from: Device, to: Device): readonly Device[] | undefined {
    const before = new Map<Device, Device | undefined>([[from, undefined]]);
    const queue = [from];
    for (let at = 0; at < queue.length; at++) {
      const device = queue[at]!;
      if (device === to) return wayTo(device, before);
      for (const next of this.#next(device)) {
        if (before.has(next)) continue;
        before.set(next, device);
        queue.push(next);
      }
    }
    return undefined;
  }

  /** All devices that frames from one reach. */
  reachedFrom(device: Device): ReadonlySet<Device> {
    const found = new Set([device]);
    for (const one of found) for (const next of this.#next(one)) found.add(next);
    return found;
  }

  #next(device: Device): readonly Device[] {
    const { peer, uppers } = device;
    const bridge = this.#bridges.get(device);
    return [
      ...(peer?.device === undefined ? [] : [peer.device]),
      ...uppers,
      ...(bridge === undefined ? [] : [bridge]),
      ...(this.#ports.get(device) ?? []),
    ];
  }
}

function wayTo(device: Device, before: ReadonlyMap<Device, Device | undefined>): Device[] {
  const way: Device[] = [];
  for (let at: Device | undefined = device; at !== undefined; at = before.get(at)) way.unshift(at);
  return way;
}

function masterOf({ link }: Device, devices: readonly Device[]): Device | undefined {
  const { master } = link;
  return master === undefined ? undefined : devices.find(one => one.link.header.index === master);
}

export function isUp({ link }: Device): boolean {
  return (link.header.flags & IFF_UP) !== 0;
}

export function hasCarrier({ link }: Device): boolean {
  return (link.header.flags & IFF_RUNNING) !== 0;
}

/** The state of a port of a bridge by its name, if it does not forward. */
export function blockedState({ link }: Device): string | undefined {
  const { slave_kind: kind, slave_data: data } = link.linkinfo ?? {};
  if (kind !== 'bridge' || data === undefined) return undefined;
  const { state } = bridgeSlave.table.decode(data, 0, data.length);
  if (state === undefined || state === FORWARDING) return undefined;
  return ['disabled', 'listening', 'learning', 'forwarding', 'blocking'][state] ?? `state ${state}`;
}

/** What to call a device. */
export function nameOf({ link }: Device): string {
  return link.ifname ?? `if${link.header.index}`;
}
