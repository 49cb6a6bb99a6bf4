/** One node of a test's lab: servers, connections and programs in it. */

import type { ChildProcess } from 'node:child_process';
import { createSocket, type Socket as DatagramSocket, type SocketOptions } from 'node:dgram';
import { isIP, type Server, type Socket } from 'node:net';
import { addressesFor } from '../lab/hosts.ts';
import { type LabModel, nodeOf } from '../lab/model.ts';
import { type ExecOptions, type ExecResult, gather } from '../library/exec.ts';
import type { NamespaceSpawnOptions } from '../library/namespace.ts';
import type { Network } from '../library/network.ts';
import type { ListenOptions } from '../library/sockets.ts';
import type { Backend } from './backend.ts';
import { fetchBy } from './fetch.ts';

/** What a node shares with its lab. */
export interface NodeContext {
  readonly backend: Backend;
  readonly model: LabModel;
  /** Closes it with the lab. */
  own(resource: { close(): void }): void;
  /** An error with a picture of the lab as it is. */
  explain(error: unknown): Promise<unknown>;
}

/** A node of a lab. Names of nodes, and those that `hosts` gives, are understood wherever an address is. */
export class TestNode {
  readonly name: string;
  readonly #context: NodeContext;

  /** @internal */
  constructor(name: string, context: NodeContext) {
    this.name = name;
    this.#context = context;
  }

  /** Its addresses, without lengths. */
  get addresses(): readonly string[] {
    return addressesFor(undefined, nodeOf(this.#context.model, this.name));
  }

  /** Its first address. Throws where it has none. */
  get address(): string {
    const [first] = this.addresses;
    if (first === undefined) throw new Error(`node "${this.name}" has no address`);
    return first;
  }

  /**
   * Has a server of `node:net`, `node:http` or their like listen here, on a port, or on any free one; it is closed with
   * the lab. Resolves with the server when it listens. Rejects with {@link SystemError}.
   */
  async listen<S extends Server>(server: S, where: number | ListenOptions = {}): Promise<S> {
    const options = typeof where === 'number' ? { port: where } : where;
    const host = options.host === undefined ? undefined : this.resolve(options.host);
    await this.#context.backend.listen(this.name, server, { ...options, ...(host && { host }) });
    const connections = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      connections.add(socket);
      socket.once('close', () => connections.delete(socket));
    });
    this.#context.own({
      close() {
        server.close();
        // What is connected would keep the process alive.
        for (const socket of connections) socket.destroy();
      },
    });
    return server;
  }

  /** Connects from here, by `HOST:PORT` or both; resolves when it is connected. */
  async connect(host: string, port?: number): Promise<Socket> {
    const [name, number] = port === undefined ? hostAndPort(host) : [host, port];
    try {
      const socket = await this.#open(name, number);
      this.#context.own({ close: () => void socket.destroy() });
      return socket;
    } catch (error) {
      throw await this.#context.explain(error);
    }
  }

  /** As the global `fetch`, from here. */
  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    try {
      return await fetchBy((host, port) => this.#open(host, port), input, init);
    } catch (error) {
      throw await this.#context.explain(error);
    }
  }

  /**
   * Runs a program here to its end, and resolves with what it wrote. Rejects with {@link ExecError}, whose message shows
   * the lab, if its exit code is not 0.
   */
  async exec(command: string, argv: readonly string[] = [], options: ExecOptions = {}): Promise<ExecResult> {
    const { input, maxBuffer, ...passed } = options;
    const child = this.#context.backend.spawn(this.name, [command, ...argv], { ...passed, stdio: 'pipe' });
    try {
      return await gather(child, [command, ...argv], { input, maxBuffer });
    } catch (error) {
      throw await this.#context.explain(error);
    }
  }

  /** Starts a program here. It is ended with the lab. */
  spawn(command: string, argv: readonly string[] = [], options: NamespaceSpawnOptions = {}): ChildProcess {
    return this.#context.backend.spawn(this.name, [command, ...argv], options);
  }

  /** Makes a datagram socket here and binds it; resolves when it is bound. It sends to names of nodes, too. */
  async dgram(
    type: 'udp4' | 'udp6' = 'udp4',
    port = 0,
    options: Omit<SocketOptions, 'type' | 'lookup'> = {},
  ): Promise<DatagramSocket> {
    const { inside } = this.#context.backend;
    if (inside === undefined)
      throw new Error('datagram sockets need a test that runs as root, or in "tsip --rootless run"');
    const family = type === 'udp4' ? 4 : 6;
    const lookup: NonNullable<SocketOptions['lookup']> = (name, _options, done) => {
      try {
        done(null, name === '0.0.0.0' || name === '::' ? name : this.resolve(name, family), family);
      } catch (error) {
        done(error as Error, '', family);
      }
    };
    return new Promise((resolve, reject) => {
      inside(this.name, () => {
        const socket = createSocket({ ...options, type, lookup });
        socket.once('error', reject);
        // Names are looked up at once here, so it is bound before bind() returns.
        socket.once('listening', () => {
          socket.off('error', reject);
          this.#context.own({ close: () => closeQuietly(socket) });
          resolve(socket);
        });
        socket.bind(port, type === 'udp4' ? '0.0.0.0' : '::');
      });
    });
  }

  /** Opens its network: devices, addresses, routes. Close it, or have `using` do so. */
  async network(): Promise<Network> {
    return this.#context.backend.network(this.name);
  }

  /** The address that a name means here; an address means itself. Throws where the lab has no such name. */
  resolve(name: string, family?: 4 | 6): string {
    if (isIP(name) !== 0) return name;
    const { model } = this.#context;
    const own = nodeOf(model, this.name);
    if (name === 'localhost') return family === 6 ? '::1' : '127.0.0.1';
    const given = own.hosts[name];
    const node = model.nodes.find(node => node.name === name);
    const found = given === undefined ? node && addressesFor(own, node) : [given];
    const [address] = (found ?? []).filter(text => family === undefined || isIP(text) === family);
    if (address === undefined)
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}: the lab has no address for it`), {
        code: 'ENOTFOUND',
        hostname: name,
      });
    return address;
  }

  #open(host: string, port: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      this.#context.backend.connect(this.name, { host: this.resolve(host), port }).then(socket => {
        if (socket.readyState === 'open') {
          resolve(socket);
          return;
        }
        socket.once('error', reject);
        socket.once('connect', () => {
          socket.off('error', reject);
          resolve(socket);
        });
      }, reject);
    });
  }
}

function closeQuietly(socket: DatagramSocket): void {
  try {
    socket.close();
  } catch {
    // The test has closed it.
  }
}

function hostAndPort(text: string): [string, number] {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(text) ?? [];
  if (host === undefined) throw new TypeError(`"${text}" is not of the form HOST:PORT`);
  return [host, Number(port)];
}
