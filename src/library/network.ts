/** A network namespace as a program wants it: its devices, addresses, routes, rules, neighbours, next hops. */
import { openOwnNamespace } from '../namespaces/anonymous.ts';
import { loadKinds } from '../rtnetlink/kinds/load.ts';
import { Bridges } from './bridges.ts';
import { Addresses } from './collections/addresses.ts';
import { Links } from './collections/links.ts';
import { MulticastRoutes } from './collections/multicast-routes.ts';
import { Neighbours } from './collections/neighbours.ts';
import { NextHops } from './collections/nexthops.ts';
import { type RouteFilter, Routes } from './collections/routes.ts';
import { Rules } from './collections/rules.ts';
import { Connection } from './connection.ts';
import { Mptcp } from './generic/mptcp.ts';
import { TcpMetricsEntries } from './generic/tcp-metrics.ts';
import {
  type AwaitedLinkState,
  addressGoal,
  LINK_STATES,
  linkGoal,
  neighbourGoal,
  routeGoal,
} from './goals.ts';
import { LiveMap, type LiveOptions } from './live.ts';
import type { Address } from './values/address.ts';
import { device as anyDevice, type DeviceReference } from './values/devices.ts';
import type { Link } from './values/link.ts';
import type { Neighbour } from './values/neighbour.ts';
import { type NamespaceReference, nameReference, openReference } from './values/reference.ts';
import type { Route } from './values/route.ts';
import {
  callback,
  flag,
  integer,
  list,
  members,
  oneOf,
  passed,
  type Shape,
  signal,
  text,
} from './values/shape.ts';
import { type WaitOptions, waitFor } from './wait.ts';
import { Watcher, type WatchOptions } from './watch.ts';
import { WATCHED, type WatchGroup } from './watch-groups.ts';
import './calls/addresses.ts';
import './calls/forwarding.ts';
import './calls/links.ts';
import './calls/mptcp.ts';
import './calls/multicast-routes.ts';
import './calls/neighbours.ts';
import './calls/nexthops.ts';
import { ROUTE_FILTER } from './calls/routes.ts';
import './calls/rules.ts';
import './calls/xfrm.ts';
import { Xfrm } from './xfrm/xfrm.ts';
import './calls/tcp-metrics.ts';

/** Where a network is. */
export interface NetworkOptions {
  /** The network namespace; the one of the calling thread when left out. */
  readonly namespace?: NamespaceReference | undefined;
  /** Called with the kernel's words that come with success. */
  readonly onWarning?: ((reason: string) => void) | undefined;
}

const NETWORK: Shape<NetworkOptions> = { namespace: passed, onWarning: callback };
const GROUP = oneOf(Object.keys(WATCHED) as WatchGroup[]);
const GROUPS = list(GROUP);
const WATCH: Shape<WatchOptions> = {
  initial: flag,
  signal,
  receiveBuffer: integer(1, 0x3fffffff),
};

const LIVE: Shape<LiveOptions> = { signal, receiveBuffer: integer(1, 0x3fffffff) };
const WAIT: Shape<WaitOptions> = { timeout: integer(0, 0x7fffffff), signal };
const HOST: Shape<{ address: string; device?: DeviceReference | undefined }> = {
  address: text,
  device: anyDevice,
};
const STATE = oneOf(LINK_STATES);

/**
 * A network namespace, and what is in it. It stays the same one, whatever becomes of its name or of the process; nothing
 * of the process is moved there. Requests are sent in the order of the calls and need not be awaited one by one: those of
 * one turn of the event loop travel together, and each is refused alone. A call may name a device that a call before it
 * makes.
 *
 * An open network that nothing is asked of does not keep the process alive. Close it, or have `using` or `await using`
 * do so.
 */
export class Network {
  readonly links: Links;
  readonly addresses: Addresses;
  readonly routes: Routes;
  readonly rules: Rules;
  readonly neighbours: Neighbours;
  readonly nexthops: NextHops;
  readonly multicastRoutes: MulticastRoutes;
  /** What bridges have besides their devices. */
  readonly bridge: Bridges;
  /** IPsec: states and policies. */
  readonly xfrm: Xfrm;
  readonly mptcp: Mptcp;
  readonly tcpMetrics: TcpMetricsEntries;
  readonly #connection: Connection;
  readonly #watchers = new Set<Disposable>();

  private constructor(connection: Connection) {
    this.#connection = connection;
    this.links = new Links(connection);
    this.addresses = new Addresses(connection);
    this.routes = new Routes(connection);
    this.rules = new Rules(connection);
    this.neighbours = new Neighbours(connection);
    this.nexthops = new NextHops(connection);
    this.multicastRoutes = new MulticastRoutes(connection);
    this.bridge = new Bridges(connection);
    this.xfrm = new Xfrm(connection);
    this.mptcp = new Mptcp(connection, this.#watchers);
    this.tcpMetrics = new TcpMetricsEntries(connection);
  }

  /** Opens a network. Rejects with {@link SystemError} if the namespace cannot be entered. */
  static async open(options: NetworkOptions = {}): Promise<Network> {
    const { namespace, onWarning } = members('options', options, NETWORK, { prefix: '' });
    const descriptor = namespace === undefined ? openOwnNamespace() : openReference('namespace', namespace);
    // Messages are read, and refusals explained, without waiting.
    await loadKinds();
    const connection = new Connection(descriptor, onWarning);
    connection.place = namespace === undefined ? undefined : nameReference(namespace);
    return new Network(connection);
  }

  /**
   * Listens to changes from now on; everything that can be watched when no groups are given. The watcher ends with the
   * network. Throws {@link SystemError}.
   *
   *     for await (const event of network.watch(['link', 'address'], { initial: true })) ...
   */
  watch<const G extends WatchGroup = WatchGroup>(
    groups: readonly G[] = ['link', 'address', 'route', 'rule', 'neighbour', 'nexthop'] as unknown as G[],
    options: WatchOptions = {},
  ): Watcher<G> {
    // The check knows of all groups that these are among.
    const checked = GROUPS('groups', groups) as unknown as G[];
    const onClose = () => this.#watchers.delete(watcher);
    const watcher: Watcher<G> = new Watcher(
      this.#connection,
      checked,
      members('options', options, WATCH, { prefix: '' }),
      onClose,
    );
    this.#watchers.add(watcher);
    return watcher;
  }

  /**
   * The objects of a kind as a map that is kept equal to the kernel's, until it or the network is closed. Rejects with
   * {@link KernelError}.
   *
   *     await using links = await network.live('link');
   *     links.on('changed', ({ action, value }) => console.log(action, value.name));
   */
  async live<G extends WatchGroup>(group: G, options: LiveOptions = {}): Promise<LiveMap<G>> {
    const checked = members('options', options, LIVE, { prefix: '' });
    const map = new LiveMap(this.#connection, GROUP('group', group) as G, checked, closed =>
      this.#watchers.delete(closed),
    );
    this.#watchers.add(map);
    await map.start();
    return map;
  }

  /**
   * Waits for a device to be in a state, and resolves with it: undefined where it is to be `absent`. Rejects with
   * {@link WaitError} after the time limit, {@link KernelError}.
   */
  waitForLink(
    device: DeviceReference,
    state: Exclude<AwaitedLinkState, 'absent'>,
    options?: WaitOptions,
  ): Promise<Link>;
  waitForLink(
    device: DeviceReference,
    state: AwaitedLinkState,
    options?: WaitOptions,
  ): Promise<Link | undefined>;
  async waitForLink(
    device: DeviceReference,
    state: AwaitedLinkState,
    options: WaitOptions = {},
  ): Promise<Link | undefined> {
    const goal = linkGoal(this.links, anyDevice('device', device), STATE('state', state));
    return waitFor(this.#connection, goal, members('options', options, WAIT, { prefix: '' }));
  }

  /**
   * Waits for an address to be usable, which one of IPv6 is when no other host has claimed it (duplicate address
   * detection), and resolves with it. Rejects with {@link WaitError} after the time limit, and at once if another host
   * has the address; with {@link KernelError}.
   */
  async waitForAddress(
    awaited: { readonly address: string; readonly device?: DeviceReference | undefined },
    options: WaitOptions = {},
  ): Promise<Address> {
    const { address, device } = members('address', awaited, HOST, { prefix: '', required: ['address'] });
    const checked = members('options', options, WAIT, { prefix: '' });
    const index = device === undefined ? undefined : this.#connection.devices.index('device', device);
    return waitFor(this.#connection, addressGoal(this.addresses, address, device, index), checked);
  }

  /**
   * Waits for a neighbour to be reachable and resolves with it. Nothing is sent to it: traffic does that, or
   * `neighbours.replace` with the flag `use`. Rejects with {@link WaitError} after the time limit, {@link KernelError}.
   */
  async waitForNeighbour(
    awaited: { readonly address: string; readonly device: DeviceReference },
    options: WaitOptions = {},
  ): Promise<Neighbour> {
    const required = ['address', 'device'];
    const { address, device } = members<typeof awaited>('neighbour', awaited, HOST, { prefix: '', required });
    const checked = members('options', options, WAIT, { prefix: '' });
    const index = this.#connection.devices.index('device', device);
    return waitFor(this.#connection, neighbourGoal(this.neighbours, address, device, index), checked);
  }

  /**
   * Waits for a route that the filter lets through and resolves with it. Rejects with {@link WaitError} after the time
   * limit, {@link KernelError}.
   */
  async waitForRoute(filter: RouteFilter, options: WaitOptions = {}): Promise<Route> {
    const checked = members('filter', filter, ROUTE_FILTER);
    const goal = routeGoal(this.routes, checked, this.routes.predicate(checked));
    return waitFor(this.#connection, goal, members('options', options, WAIT, { prefix: '' }));
  }

  /** Closes the network and its watchers; requests under way are refused with ECANCELED. */
  close(): void {
    for (const watcher of [...this.#watchers]) watcher[Symbol.dispose]();
    this.xfrm.close();
    this.#connection.close();
  }

  /** The same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The same as {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}
