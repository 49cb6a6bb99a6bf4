/** What is done by sockets inside of a namespace: servers, connections, clients of HTTP, datagrams, names of hosts. */

import type { Socket as DatagramSocket } from 'node:dgram';
import type { AgentOptions, Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Server, Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { types } from 'node:util';
import { systemKernel } from '../kernel/kernel.ts';
import { insideNamespace } from '../kernel/system/namespace.ts';
import { Belongings } from './belongings.ts';
import { type FetchDispatcher, fetchDispatcher, httpAgent, httpsAgent } from './clients.ts';
import { type DatagramOptions, datagramInside } from './datagrams.ts';
import {
  addressesInFiles,
  addressesOf,
  type HostAddress,
  type IpVersion,
  type NameSource,
} from './names-inside.ts';
import { type ConnectOptions, connectInside, type ListenOptions, listenInside } from './sockets.ts';
import { ArgumentError, show } from './values/argument.ts';

/** The sockets of a {@link Namespace}. */
export abstract class NamespaceSockets {
  /** Its name in the run directory, if it was made or opened by it. */
  readonly name: string | undefined;
  /** What ends when the namespace is disposed of. @internal */
  protected readonly belongings = new Belongings();
  #dispatcher: ReturnType<typeof fetchDispatcher> | undefined;

  /** @internal */
  constructor(name: string | undefined) {
    this.name = name;
  }

  /** Descriptor of the namespace's file. */
  abstract get fd(): number;

  /**
   * Calls `callback` with this thread in the namespace, and answers what it answers. Whatever socket the call makes at
   * once belongs to the namespace for good, also a process that it starts.
   *
   * What Node does later, or on other threads, happens outside: name lookups, whatever follows an `await`. So
   * `net.createServer().listen(80)` works, with or without HTTP, while `listen(80, '10.0.0.1')` and `net.connect` do
   * not, as both look up the host first; {@link listen}, {@link connect} and {@link dgram} do it.
   *
   * Throws {@link ArgumentError} for an async function, and for a promise as answer.
   */
  run<T>(callback: () => T extends PromiseLike<unknown> ? never : T): T {
    const refusal = 'is to do all that it does at once: after an await it would be outside again';
    if (typeof callback !== 'function' || types.isProxy(callback) || types.isAsyncFunction(callback))
      throw new ArgumentError('callback', refusal);
    const result = insideNamespace(systemKernel.calls, this.fd, callback) as T;
    const isPromise = typeof (result as { then?: unknown } | undefined | null)?.then === 'function';
    if (isPromise) throw new ArgumentError('callback', refusal);
    return result;
  }

  /**
   * Has a server of `node:net`, `node:http` or their like listen in the namespace; resolves when it does. Rejects with
   * {@link SystemError}: EADDRINUSE, EADDRNOTAVAIL.
   */
  async listen(server: Server, options: ListenOptions = {}): Promise<void> {
    await listenInside(this.fd, server, options, host => this.#addressOf(host));
    this.belongings.addServer(server);
  }

  /**
   * Connects from inside the namespace. The socket's events are those of `net.connect`. Throws {@link SystemError}; for
   * names that no file has, {@link ArgumentError}: {@link lookup} asks the servers for them.
   */
  connect(options: ConnectOptions): Socket {
    const socket = connectInside(this.fd, options, host => this.#addressOf(host));
    this.belongings.addSocket(socket);
    return socket;
  }

  /** An agent for requests of `node:http` from inside the namespace. It is destroyed with the namespace. */
  agent(options: AgentOptions = {}): HttpAgent {
    return this.#ownAgent(httpAgent(this.#connector, options));
  }

  /** The same for `node:https`, with the options of `tls.connect`. */
  httpsAgent(options: AgentOptions & ConnectionOptions = {}): HttpsAgent {
    return this.#ownAgent(httpsAgent(this.#connector, options));
  }

  /**
   * What `fetch` takes as `dispatcher` to connect from inside the namespace. It is destroyed with the namespace. Rejects
   * where another package has put its own dispatcher in the place of Node's.
   */
  dispatcher(): Promise<FetchDispatcher> {
    this.#dispatcher ??= fetchDispatcher(this.#connector).then(dispatcher => {
      this.belongings.add(dispatcher, () => dispatcher.destroy());
      return dispatcher;
    });
    return this.#dispatcher;
  }

  /** As the global `fetch`, from inside the namespace. */
  async fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const options: object = { ...init, dispatcher: await this.dispatcher() };
    return fetch(input, options);
  }

  /**
   * Makes a socket of `node:dgram` in the namespace; resolves when it is bound. It sends to names of hosts, too, which
   * are looked up as {@link lookup} does. Rejects with the error of `bind`.
   */
  async dgram(options: DatagramOptions = {}): Promise<DatagramSocket> {
    const socket = await datagramInside(this.#names, options);
    this.belongings.addDatagramSocket(socket);
    return socket;
  }

  /**
   * The first address of a host, as programs in the namespace see it: by the hosts file of /etc/netns/NAME, or else of
   * /etc, then from the servers of resolv.conf there, which are asked from inside. Rejects with an error of `node:dns`.
   */
  async lookup(host: string, family?: IpVersion): Promise<HostAddress> {
    const [first] = await addressesOf(this.#names, host, family);
    return first!;
  }

  get #names(): NameSource {
    return { name: this.name, run: callback => insideNamespace(systemKernel.calls, this.fd, callback) };
  }

  readonly #connector = async (host: string, port: number): Promise<Socket> => {
    const { address } = await this.lookup(host);
    return this.connect({ host: address, port });
  };

  #addressOf(host: string): string {
    const [found] = addressesInFiles(this.#names, host);
    if (found === undefined)
      throw new ArgumentError('host', `${show(host)} is neither an address nor a name of the hosts file`);
    return found.address;
  }

  #ownAgent<A extends HttpAgent>(agent: A): A {
    this.belongings.add(agent, () => agent.destroy());
    return agent;
  }
}
