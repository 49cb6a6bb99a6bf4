/** A network namespace as a program wants it: its devices, addresses, routes, rules, neighbours, next hops. */
import { openOwnNamespace } from '../namespaces/anonymous.ts';
import { loadKinds } from '../rtnetlink/kinds/load.ts';
import { Addresses } from './collections/addresses.ts';
import { Links } from './collections/links.ts';
import { Neighbours } from './collections/neighbours.ts';
import { NextHops } from './collections/nexthops.ts';
import { Routes } from './collections/routes.ts';
import { Rules } from './collections/rules.ts';
import { Connection } from './connection.ts';
import { type NamespaceReference, openReference } from './values/reference.ts';
import { Watcher, type WatchOptions } from './watch.ts';
import type { WatchGroup } from './watch-groups.ts';

/** Where a network is. */
export interface NetworkOptions {
  /** The network namespace; the one of the calling thread when left out. */
  readonly namespace?: NamespaceReference | undefined;
  /** Called with the kernel's words that come with success. */
  readonly onWarning?: ((reason: string) => void) | undefined;
}

/**
 * A network namespace, and what is in it. It stays the same one, whatever becomes of its name or of the process; nothing
 * of the process is moved there. Requests are sent in the order of the calls and need not be waited for: many may be
 * under way at once. A call that names a device asks the kernel for its index first, so what makes a device must be
 * awaited before what uses it.
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
  }

  /** Opens a network. Rejects with {@link SystemError} if the namespace cannot be entered. */
  static async open({ namespace, onWarning }: NetworkOptions = {}): Promise<Network> {
    const descriptor = namespace === undefined ? openOwnNamespace() : openReference('namespace', namespace);
    // Messages are read, and refusals explained, without waiting.
    await loadKinds();
    return new Network(new Connection(descriptor, onWarning));
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
    const watcher: Watcher<G> = new Watcher(this.#connection, groups, options, () =>
      this.#watchers.delete(watcher),
    );
    this.#watchers.add(watcher);
    return watcher;
  }

  /** Closes the network and its watchers; requests under way are refused with ECANCELED. */
  close(): void {
    for (const watcher of [...this.#watchers]) watcher[Symbol.dispose]();
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
