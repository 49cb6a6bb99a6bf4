/** The backend of processes that may make namespaces: it holds them open, so that the kernel frees them with the process. */

import type { ChildProcess } from 'node:child_process';
import type { Server, Socket } from 'node:net';
import { ipWords } from '../commands/lab/ip-words.ts';
import { systemKernel } from '../kernel/kernel.ts';
import { insideNamespace } from '../kernel/system/namespace.ts';
import { Capture, headerOf } from '../lab/capture/capture.ts';
import { FileTarget } from '../lab/capture/files.ts';
import { type CheckResult, runCheck } from '../lab/check.ts';
import type { EndPatch } from '../lab/impairment/live.ts';
import { LabTakenError, NamedLab } from '../lab/lab.ts';
import type { CheckModel, LabModel } from '../lab/model.ts';
import { send } from '../lab/processes.ts';
import { spawnIn } from '../lab/program.ts';
import { isRunning } from '../lab/services.ts';
import { LabBusyError } from '../lab/state.ts';
import { AnonymousStore } from '../lab/store.ts';
import type { NamespaceSpawnOptions } from '../library/namespace.ts';
import { Network } from '../library/network.ts';
import { type ConnectOptions, connectInside, type ListenOptions, listenInside } from '../library/sockets.ts';
import {
  type Backend,
  type CaptureRequest,
  changesOf,
  type LabChange,
  type RunningCapture,
} from './backend.ts';
import { TemporaryRecord } from './temporary-record.ts';

/** The labs of this process that are not closed. */
const open = new Set<LocalBackend>();

function endAll(): void {
  for (const backend of open) backend.end();
}

export class LocalBackend implements Backend {
  readonly #lab: NamedLab;
  readonly #record: TemporaryRecord | undefined;
  readonly #children = new Set<ChildProcess>();
  readonly #captures = new Set<Capture>();
  #isClosed = false;
  /** Whether the lab of this name is the one that was made here. */
  #isOurs = false;

  /** With `isNamed` other processes find the lab by its name; otherwise it is this process's alone. */
  constructor(name: string, isNamed = false) {
    this.#record = isNamed ? undefined : new TemporaryRecord(name);
    this.#lab = isNamed
      ? new NamedLab(name, ipWords)
      : new NamedLab(name, ipWords, systemKernel, new AnonymousStore(systemKernel), this.#record);
    if (open.size === 0) process.on('exit', endAll);
    open.add(this);
  }

  /** Rejects with {@link LabTakenError} where there is such a lab already. */
  async apply(model: LabModel): Promise<readonly LabChange[]> {
    if (!this.#isOurs && this.#lab.exists)
      throw new LabTakenError(`there is a lab "${this.#lab.name}" already`);
    try {
      const { changes } = await this.#lab.apply(model, { adopt: true });
      this.#isOurs = true;
      return changesOf(changes);
    } catch (error) {
      // Otherwise it is another one's that is just being made.
      this.#isOurs ||= !(error instanceof LabBusyError || error instanceof LabTakenError);
      throw error;
    }
  }

  /** Ends what a process that exits without having closed its lab would leave. */
  end(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    if (this.#record === undefined) return;
    for (const service of this.#lab.state?.services ?? [])
      if (isRunning(service)) send(service.pid, 'SIGKILL');
    this.#record.remove();
  }

  async plan(model: LabModel): Promise<readonly LabChange[]> {
    return changesOf((await this.#lab.plan(model)).changes);
  }

  async impair(patches: readonly EndPatch[]): Promise<EndPatch[]> {
    return [...(await this.#lab.impair(patches)).undo];
  }

  async capture({ ends, file, snap, count }: CaptureRequest): Promise<RunningCapture> {
    const { state } = this.#lab;
    if (state === undefined) throw new Error('the lab has been closed');
    const found = await this.#lab.captureEnds(state.model, ends);
    const target = new FileTarget(file, headerOf(found, snap));
    const capture = new Capture(found, target, systemKernel, { snap, count });
    // A test that is done may end without having closed its lab.
    capture.hold(false);
    this.#captures.add(capture);
    return { stop: () => capture.stop() };
  }

  check(check: CheckModel, model: LabModel): Promise<CheckResult> {
    return runCheck(check, model, node => this.#lab.place(node));
  }

  /** Descriptors of the namespaces by the names of the nodes. */
  namespaces(): Record<string, number> {
    return Object.fromEntries(this.#lab.store.names().map(node => [node, this.#namespace(node)]));
  }

  /** Where the hosts files of the nodes are; undefined if there are none. */
  get hosts(): string | undefined {
    return this.#lab.hosts;
  }

  async listen(node: string, server: Server, options: ListenOptions): Promise<void> {
    await listenInside(this.#namespace(node), server, options);
  }

  async connect(node: string, options: ConnectOptions): Promise<Socket> {
    return connectInside(this.#namespace(node), options);
  }

  spawn(node: string, argv: readonly string[], options: NamespaceSpawnOptions): ChildProcess {
    this.#namespace(node);
    const child = spawnIn({ ...this.#lab.place(node), name: node }, argv, options);
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
    open.delete(this);
    if (open.size === 0) process.off('exit', endAll);
    // One that has just been started may not be inside yet, where the engine would find it.
    for (const child of this.#children) child.kill('SIGKILL');
    // What listens in a namespace keeps it.
    for (const capture of this.#captures) await capture.stop();
    const { leftovers } = this.#isOurs ? await this.#lab.destroy() : { leftovers: [] };
    this.#isClosed = true;
    if (leftovers.length > 0) throw new Error(`the lab is not gone: ${leftovers.join(', ')}`);
  }

  #namespace(node: string): number {
    const found = this.#isClosed ? undefined : this.#lab.store.open(node);
    if (found === undefined) throw new Error('the lab has been closed');
    return found;
  }
}
