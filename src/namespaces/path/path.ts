/**
 * The path of a packet from one namespace to an address, hop by hop: what the kernel says of each hop, and the first
 * thing that stops it. Nothing is sent.
 */
import { type Kernel, systemKernel } from '../../kernel/kernel.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { EACCES, EHOSTUNREACH, EINVAL } from '../../linux/errno.ts';
import { AF_INET } from '../../linux/families.ts';
import { IFF_LOOPBACK } from '../../linux/interfaces.ts';
import { RTN_LOCAL } from '../../linux/rtnetlink.ts';
import type { Route } from '../../rtnetlink/route.ts';
import type { NamespaceEntry } from '../inventory/registry.ts';
import type { Device, NamespaceContents } from '../inventory/topology.ts';
import { type Cause, downOf, noRoute, placeText, Stopped, stop } from './causes.ts';
import { familyOf, Inside } from './inside.ts';
import { blockedState, hasCarrier, isUp, nameOf, Segments } from './segment.ts';

const NUD_FAILED = 0x20;

/** How the kernel says that the route found is one that refuses packets: the type of the route by the error. */
const REFUSALS: Readonly<Record<number, string>> = {
  [EINVAL]: 'blackhole',
  [EHOSTUNREACH]: 'unreachable',
  [EACCES]: 'prohibit',
};

/** One thing that was looked at. */
export interface PathStep {
  readonly namespace: NamespaceEntry;
  readonly text: string;
  readonly isRight: boolean;
}

/** What was found on the way. */
export interface Path {
  readonly destination: string;
  readonly steps: readonly PathStep[];
  /** Undefined if nothing was found that stops a packet. */
  readonly cause: Cause | undefined;
  /** What may stop packets and is not interpreted. */
  readonly notes: readonly string[];
}

/** Follows packets through the namespaces of a topology. */
export class PathFinder {
  readonly #contents: readonly NamespaceContents[];
  readonly #segments: Segments;
  readonly #kernel: Kernel;
  readonly #inside = new Map<NamespaceEntry, Inside>();

  constructor(contents: readonly NamespaceContents[], kernel: Kernel = systemKernel) {
    this.#contents = contents;
    this.#segments = new Segments(contents);
    this.#kernel = kernel;
  }

  close(): void {
    for (const inside of this.#inside.values()) inside.close();
  }

  /** The path to an address, and back. */
  async pathTo(from: NamespaceEntry, destination: string): Promise<Path> {
    const steps: PathStep[] = [];
    const notes: string[] = [];
    let cause: Cause | undefined;
    try {
      const there = await this.#walk(from, destination, undefined, steps);
      await this.#noteFirewalls(steps, notes);
      await this.#wayBack(there, from, steps);
    } catch (stopped) {
      if (!(stopped instanceof Stopped)) throw stopped;
      ({ cause } = stopped);
      steps.push({ namespace: cause.namespace, text: cause.text, isRight: false });
      if (notes.length === 0) await this.#noteFirewalls(steps, notes);
    }
    return { destination, steps, cause, notes };
  }

  /** The address of a namespace that packets from another are likely to be sent to. */
  async addressOf(from: NamespaceEntry, to: NamespaceEntry): Promise<string | undefined> {
    const found = this.#devices(to)
      .filter(({ link }) => (link.header.flags & IFF_LOOPBACK) === 0)
      .flatMap(({ addresses }) => addresses)
      .filter(({ header }) => header.scope === 0)
      .flatMap(({ local, address }) => local ?? address ?? [])
      .sort((one, other) => familyOf(one) - familyOf(other));
    for (const address of found) {
      const route = await this.#ask(from).route(address);
      // One that a route leads to by itself, not by way of everything else.
      if (!(route instanceof KernelError) && route.attributes.gateway === undefined) return address;
    }
    return found[0];
  }

  #ask(namespace: NamespaceEntry): Inside {
    let inside = this.#inside.get(namespace);
    if (inside === undefined) {
      inside = new Inside(this.#kernel, namespace);
      this.#inside.set(namespace, inside);
    }
    return inside;
  }

  #devices(namespace: NamespaceEntry): readonly Device[] {
    return this.#contents.find(one => one.namespace === namespace)?.devices ?? [];
  }

  /** Goes on from hop to hop; returns where it arrives and the source that the packet has. */
  async #walk(
    from: NamespaceEntry,
    destination: string,
    sourceGiven: string | undefined,
    steps: PathStep[],
  ): Promise<{ namespace: NamespaceEntry; source: string | undefined }> {
    let namespace = from;
    let source = sourceGiven;
    const visited = new Set<NamespaceEntry>();
    for (let hop = 0; ; hop++) {
      if (visited.has(namespace)) {
        throw stop('loop', namespace, `the packet comes back: routes to ${destination} lead in circles`);
      }
      visited.add(namespace);
      const route = await this.#route(namespace, destination, hop === 0 ? sourceGiven : undefined);
      const { attributes, type } = route;
      if (type === RTN_LOCAL) {
        this.#checkLoopback(namespace, steps, hop === 0);
        return { namespace, source };
      }
      if (hop === 0) source ??= attributes.prefsrc;
      const device = this.#devices(namespace).find(({ link }) => link.header.index === attributes.oif);
      if (device === undefined) throw stop('no-route', namespace, `no device leads to ${destination}`);
      const next = attributes.gateway ?? destination;
      const by = next === destination ? '' : ` via ${next}`;
      const as = hop === 0 && source !== undefined ? `, source ${source}` : '';
      steps.push({
        namespace,
        text: `route to ${destination}${by} by ${nameOf(device)}${as}`,
        isRight: true,
      });
      const target = await this.#cross(namespace, device, next, steps);
      namespace = target.namespace;
      if (next !== destination) await this.#checkForwarding(target, destination);
    }
  }

  async #route(namespace: NamespaceEntry, destination: string, source: string | undefined): Promise<Route> {
    const route = await this.#ask(namespace).route(destination, source);
    if (!(route instanceof KernelError)) return route;
    const refusal = REFUSALS[route.errno];
    if (refusal !== undefined) {
      throw stop(
        'refused-by-route',
        namespace,
        `a route of type ${refusal} refuses ${destination}`,
        `route delete ${refusal} PREFIX`,
      );
    }
    throw noRoute(namespace, this.#devices(namespace), destination);
  }

  /** The loopback takes packets of a namespace to its own addresses. */
  #checkLoopback(namespace: NamespaceEntry, steps: PathStep[], isOnly: boolean): void {
    const lo = this.#devices(namespace).find(({ link }) => (link.header.flags & IFF_LOOPBACK) !== 0);
    if (isOnly && lo !== undefined && !isUp(lo)) {
      throw stop(
        'loopback-down',
        namespace,
        `${nameOf(lo)} is down, by which a namespace reaches its own addresses`,
        `link set ${nameOf(lo)} up`,
      );
    }
    steps.push({ namespace, text: 'the address is here', isRight: true });
  }

  /** From a device to the one that has the next address, over pairs and bridges. */
  async #cross(namespace: NamespaceEntry, device: Device, next: string, steps: PathStep[]): Promise<Device> {
    const bridge = this.#segments.bridgeOf(device);
    if (bridge !== undefined) {
      throw stop(
        'port-address',
        namespace,
        `${nameOf(device)} is a port of ${nameOf(bridge)}: addresses and routes belong to ${nameOf(bridge)}`,
        `address add ADDRESS/LENGTH dev ${nameOf(bridge)}`,
      );
    }
    if (!isUp(device)) throw downOf(device);
    const reached = this.#segments.reachedFrom(device);
    const holders = this.#holders(next);
    const near = holders.filter(one => reached.has(one) && one !== device);
    const [target] = near;
    if (target === undefined) {
      this.#checkCarrier(device);
      if (holders.length > 0) {
        const [other] = holders;
        throw stop(
          'not-connected',
          namespace,
          `${next} is ${nameOf(other!)} in ${other!.namespace.label}, and nothing joins ${nameOf(device)} to it`,
        );
      }
      const state = await this.#ask(namespace).neighbourState(next, device.link.header.index);
      const said = state === NUD_FAILED ? ', and nobody has answered' : '';
      throw stop('no-such-host', namespace, `no device that can be seen has ${next}${said}`);
    }
    if (near.length > 1) {
      const places = near.map(one => `${nameOf(one)} in ${one.namespace.label}`).join(' and ');
      throw stop(
        'duplicate-address',
        target.namespace,
        `${next} is an address of ${places}`,
        `address delete ${next} dev ${nameOf(target)}`,
      );
    }
    const way = this.#segments.wayBetween(device, target)!;
    const smallest = this.#checkWay(way);
    const mtu = device.link.mtu ?? 0;
    steps.push({
      namespace: target.namespace,
      text: way.map((one, at) => placeText(one, way[at - 1])).join(' → '),
      isRight: true,
    });
    if (smallest.link.mtu !== undefined && smallest.link.mtu < mtu) {
      throw stop(
        'mtu',
        smallest.namespace,
        `${nameOf(smallest)} takes packets of ${smallest.link.mtu} bytes, ${nameOf(device)} in ${namespace.label} sends ${mtu}: larger ones are lost`,
        `link set ${nameOf(smallest)} mtu ${mtu}`,
      );
    }
    return target;
  }

  #checkCarrier(device: Device): void {
    const { peer } = device;
    if (hasCarrier(device)) return;
    if (peer?.device !== undefined && !isUp(peer.device)) throw downOf(peer.device, 'peer-down', device);
    throw stop('no-carrier', device.namespace, `${nameOf(device)} has no carrier`);
  }

  /** Whether all devices of a way are up and let packets pass; returns the one with the least MTU. */
  #checkWay(way: readonly Device[]): Device {
    let smallest = way[0]!;
    for (const [at, device] of way.entries()) {
      if (!isUp(device)) throw downOf(device, at === 0 ? 'device-down' : 'peer-down', way[at - 1]);
      if ((device.link.mtu ?? 0) < (smallest.link.mtu ?? 0)) smallest = device;
    }
    for (const device of way) {
      const blocked = blockedState(device);
      if (blocked === undefined) continue;
      const mend = `link set ${nameOf(device)} type bridge_slave state 3`;
      throw stop('port-blocked', device.namespace, `the port ${nameOf(device)} is ${blocked}`, mend);
    }
    for (const device of way) this.#checkCarrier(device);
    return smallest;
  }

  /** The devices that have an address. */
  #holders(address: string): readonly Device[] {
    return this.#contents.flatMap(({ devices }) =>
      devices.filter(({ addresses }) =>
        addresses.some(({ local, address: own }) => (local ?? own) === address),
      ),
    );
  }

  async #checkForwarding(device: Device, destination: string): Promise<void> {
    const { namespace } = device;
    if (
      this.#devices(namespace).some(({ addresses }) => addresses.some(({ local }) => local === destination))
    )
      return;
    const family = familyOf(destination);
    const forwards = await this.#ask(namespace).forwards(family, device.link.header.index);
    if (forwards !== false) return;
    const setting = family === AF_INET ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
    throw stop(
      'forwarding-off',
      namespace,
      `packets that come in by ${nameOf(device)} are not forwarded: ${setting} is 0`,
      `sysctl -w ${setting}=1`,
    );
  }

  async #wayBack(
    there: { namespace: NamespaceEntry; source: string | undefined },
    from: NamespaceEntry,
    steps: PathStep[],
  ): Promise<void> {
    const { namespace, source } = there;
    if (source === undefined || namespace === from) return;
    try {
      const back = await this.#walk(namespace, source, undefined, []);
      steps.push({ namespace: back.namespace, text: `the way back to ${source} is open`, isRight: true });
    } catch (stopped) {
      if (!(stopped instanceof Stopped)) throw stopped;
      const { cause } = stopped;
      throw new Stopped({ ...cause, code: 'no-way-back', text: `no way back to ${source}: ${cause.text}` });
    }
  }

  async #noteFirewalls(steps: readonly PathStep[], notes: string[]): Promise<void> {
    for (const namespace of new Set(steps.map(step => step.namespace))) {
      const tables = await this.#ask(namespace).firewallTables();
      if (tables.length > 0)
        notes.push(`${namespace.label} has a firewall (${tables.join(', ')}), whose rules are not looked at`);
    }
  }
}
