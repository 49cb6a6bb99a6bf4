/** The backend of processes that may make namespaces: it holds them open, so that the kernel frees them with the process. */

import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { ipWords } from '../commands/lab/ip-words.ts';
import { systemKernel } from '../kernel/kernel.ts';
import { insideNamespace } from '../kernel/system/namespace.ts';
import { type CheckResult, runCheck } from '../lab/check.ts';
import { describe, Engine, NOTHING_BEFORE } from '../lab/engine.ts';
import { boundFiles, writeHosts } from '../lab/hosts.ts';
import type { CheckModel, LabModel } from '../lab/model.ts';
import { execIn, type NodePlace, spawnIn } from '../lab/program.ts';
import { servicesInOrder, startService, waitForService } from '../lab/services.ts';
import { AnonymousStore } from '../lab/store.ts';
import type { NamespaceSpawnOptions } from '../library/namespace.ts';
import { Network } from '../library/network.ts';
import { type ConnectOptions, connectInside, type ListenOptions, listenInside } from '../library/sockets.ts';
import { type Backend, planLines } from './backend.ts';
import { makeFolder } from './scratch.ts';

export class LocalBackend implements Backend {
  readonly #store = new AnonymousStore(systemKernel);
  readonly #engine: Engine;
  readonly #children = new Set<ChildProcess>();
  #folder: string | undefined;
  #hasHosts = false;
  /** A process that ends without having closed its labs leaves neither files nor programs. */
  readonly #onExit = () => {
    for (const child of this.#children) child.kill('SIGKILL');
    this.#removeFolder();
  };

  constructor(name: string) {
    this.#engine = new Engine(name, this.#store, { kernel: systemKernel, words: ipWords });
    process.on('exit', this.#onExit);
  }

  async apply(model: LabModel): Promise<void> {
    await this.#engine.apply(model, NOTHING_BEFORE);
    this.#hasHosts = model.hosts;
    this.#folder = makeFolder();
    if (model.hosts) writeHosts(model, this.#folder);
    for (const { name, setup } of model.nodes)
      for (const { command } of setup) await execIn(this.#place(name), command);
    const host = { place: (node: string) => this.#place(node), logs: this.#folder };
    for (const { key, node, service } of servicesInOrder(model))
      await waitForService(host, startService(host, key, node, service), node, service);
  }

  check(check: CheckModel, model: LabModel): Promise<CheckResult> {
    return runCheck(check, model, node => this.#place(node));
  }

  /** Descriptors of the namespaces by the names of the nodes. */
  namespaces(): Record<string, number> {
    return Object.fromEntries(this.#store.names().map(node => [node, this.#namespace(node)]));
  }

  /** Where the hosts files of the nodes are; undefined if there are none. */
  get hosts(): string | undefined {
    return this.#hasHosts ? this.#folder : undefined;
  }

  async differences(model: LabModel): Promise<readonly string[]> {
    return planLines(await this.#engine.plan(model), describe);
  }

  async listen(node: string, server: Server, options: ListenOptions): Promise<void> {
    await listenInside(this.#namespace(node), server, options);
  }

  async connect(node: string, options: ConnectOptions): Promise<Socket> {
    return connectInside(this.#namespace(node), options);
  }

  spawn(node: string, argv: readonly string[], options: NamespaceSpawnOptions): ChildProcess {
    const child = spawnIn(this.#place(node), argv, options);
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
    child.on('error', () => this.#children.delete(child));
    return child;
  }

  async network(node: string): Promise<Network> {
    return Network.open({ namespace: { fd: this.#namespace(node) } });
  }

  inside = <T>(node: string, make: () => T): T =>
    insideNamespace(systemKernel.calls, this.#namespace(node), make);

  async close(): Promise<void> {
    process.off('exit', this.#onExit);
    // One that has just been started may not be inside yet, where the engine would find it.
    for (const child of this.#children) child.kill('SIGKILL');
    const { leftovers } = await this.#engine.destroy();
    this.#removeFolder();
    if (leftovers.length > 0) throw new Error(`the lab is not gone: ${leftovers.join(', ')}`);
  }

  #namespace(node: string): number {
    const found = this.#store.open(node);
    if (found === undefined) throw new Error('the lab has been closed');
    return found;
  }

  #place(node: string): NodePlace {
    const files = this.hosts === undefined ? [] : boundFiles(this.hosts, node);
    return { namespace: this.#namespace(node), name: node, files };
  }

  #removeFolder(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}
