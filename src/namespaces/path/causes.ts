/** What stops packets, in words, with the command that mends it. */
import { IFF_LOOPBACK } from '../../linux/interfaces.ts';
import { packIp } from '../../wire/address.ts';
import { isInNetwork } from '../../wire/networks.ts';
import type { NamespaceEntry } from '../inventory/registry.ts';
import type { Device } from '../inventory/topology.ts';
import { familyOf } from './inside.ts';
import { isUp, nameOf } from './segment.ts';

/** Why a packet does not arrive. */
export type CauseCode =
  | 'loopback-down'
  | 'no-address'
  | 'device-down'
  | 'no-route'
  | 'refused-by-route'
  | 'no-carrier'
  | 'peer-down'
  | 'port-blocked'
  | 'port-address'
  | 'no-such-host'
  | 'not-connected'
  | 'duplicate-address'
  | 'forwarding-off'
  | 'loop'
  | 'no-way-back'
  | 'mtu';

/** The first thing that stops a packet, and a command that mends it, without the program's name. */
export interface Cause {
  readonly code: CauseCode;
  readonly namespace: NamespaceEntry;
  readonly text: string;
  /** Words for `ip` in that namespace; undefined where no command does. */
  readonly fix: string | undefined;
}

/** Ends a walk. */
export class Stopped {
  readonly cause: Cause;

  constructor(cause: Cause) {
    this.cause = cause;
  }
}

/** Ends a walk with this cause. */
export function stop(code: CauseCode, namespace: NamespaceEntry, text: string, fix?: string): Stopped {
  return new Stopped({ code, namespace, text, fix });
}

/** Ends a walk at a device that is down. */
export function downOf(device: Device, code: CauseCode = 'device-down', seenFrom?: Device): Stopped {
  const of = seenFrom === undefined || code === 'device-down' ? '' : `, the other end of ${nameOf(seenFrom)}`;
  return stop(code, device.namespace, `${nameOf(device)} is down${of}`, `link set ${nameOf(device)} up`);
}

/** A device, with its namespace where that is another than that of the one before. */
export function placeText(device: Device, before: Device | undefined): string {
  return before?.namespace === device.namespace
    ? nameOf(device)
    : `${nameOf(device)} in ${device.namespace.label}`;
}

/** Why there is no route: a device that is down had one, there is no address, or nothing leads there. */
export function noRoute(namespace: NamespaceEntry, devices: readonly Device[], destination: string): Stopped {
  const holding = devices.filter(device =>
    device.addresses.some(({ local, address, header }) => {
      const own = local ?? address;
      return (
        own !== undefined &&
        familyOf(own) === familyOf(destination) &&
        isInNetwork(packIp(destination), packIp(address ?? own), header.prefixlen)
      );
    }),
  );
  const down = holding.find(device => !isUp(device));
  if (down !== undefined) {
    return stop(
      'device-down',
      namespace,
      `${nameOf(down)} is down, whose network ${destination} is in`,
      `link set ${nameOf(down)} up`,
    );
  }
  const isUsed = ({ link, addresses }: Device) =>
    (link.header.flags & IFF_LOOPBACK) === 0 && addresses.some(({ header }) => header.scope === 0);
  if (!devices.some(isUsed)) {
    const idle = devices.find(({ link }) => (link.header.flags & IFF_LOOPBACK) === 0);
    if (idle !== undefined) {
      const text = `no device has an address${isUp(idle) ? '' : `, and ${nameOf(idle)} is down`}`;
      return stop('no-address', namespace, text, `address add ADDRESS/LENGTH dev ${nameOf(idle)}`);
    }
    return stop('no-address', namespace, 'there is no device but the loopback');
  }
  const downToo = devices.find(device => isUsed(device) && !isUp(device));
  if (downToo !== undefined && devices.filter(isUsed).every(device => !isUp(device))) {
    return stop('device-down', namespace, `${nameOf(downToo)} is down`, `link set ${nameOf(downToo)} up`);
  }
  return stop(
    'no-route',
    namespace,
    `no route leads to ${destination}`,
    `route add ${destination} via GATEWAY`,
  );
}
