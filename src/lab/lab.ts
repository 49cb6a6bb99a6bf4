/** A lab with a name: applied, changed and destroyed as a whole, known again by other processes. Source: tsip-lab(8). */

import { systemKernel } from '../kernel/kernel.ts';
import type { CaptureEnd } from './capture/capture.ts';
import { captureEnd, captureProcesses, registerCapture } from './capture/ends.ts';
import type { Change } from './change.ts';
import { type CheckResult, runCheck } from './check.ts';
import { NETWORKS } from './desired.ts';
import {
  type Applied,
  ApplyError,
  type ApplyProgress,
  type Before,
  type DestroyReport,
  Engine,
  type EngineHost,
} from './engine.ts';
import { withInternet } from './external/internet.ts';
import { HOST } from './external/namespaces.ts';
import { boundFiles, writeHosts } from './hosts.ts';
import {
  type EndPatch,
  type Impaired,
  impair,
  impairedLab,
  impairments,
  patchedLab,
} from './impairment/live.ts';
import type { ImpairmentModel, LabModel } from './model.ts';
import type { Plan } from './plan.ts';
import { endProcesses, writersTo } from './processes.ts';
import { execIn, type NodePlace } from './program.ts';
import { isRunning, NotReadyError, servicesInOrder, startService, waitForService } from './services.ts';
import { type LabRecord, type LabState, type ServiceState, StateFolder } from './state.ts';
import { NamedStore, type NamespaceStore } from './store.ts';
import type { IpWords } from './words.ts';

/** Where in the folder of a lab the output of its services is. */
const LOGS = 'logs';

/** The name of a lab belongs to another file, or its namespaces to somebody else. */
export class LabTakenError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'LabTakenError';
  }
}

/** How a lab is applied. */
export interface LabApplyOptions extends ApplyProgress {
  /** Takes a lab over that was applied from another file. */
  readonly adopt?: boolean | undefined;
  /** Leaves what was made when a step fails. */
  readonly keep?: boolean | undefined;
}

/** What an application did. */
export interface ApplyReport {
  readonly changes: readonly Change[];
  /** `NODE/NAME` of services that were started. */
  readonly started: readonly string[];
}

/** One lab by its name. */
export class NamedLab {
  readonly name: string;
  readonly store: NamespaceStore;
  readonly #engine: Engine;
  readonly #folder: LabRecord;
  readonly #host: EngineHost;

  /** What it is kept in: by default in the run directory, where other processes find it. */
  constructor(
    name: string,
    words: IpWords,
    kernel = systemKernel,
    store: NamespaceStore = new NamedStore(kernel, name),
    folder: LabRecord = new StateFolder(name),
  ) {
    this.name = name;
    this.#host = { kernel, words };
    this.store = store;
    this.#engine = new Engine(name, this.store, this.#host);
    this.#folder = folder;
  }

  /** What it was when it was last applied; undefined if it is not there, or only the kernel knows of it. */
  get state(): LabState | undefined {
    return this.#folder.read();
  }

  /** Whether there is anything of it. */
  get exists(): boolean {
    return this.state !== undefined || this.store.names().length > 0;
  }

  /** Whether one of its namespaces has its mark in the kernel. */
  async isMarked(): Promise<boolean> {
    for (const node of this.store.names())
      if (this.store.open(node) !== undefined && (await this.#engine.isMarked(node))) return true;
    return false;
  }

  /** Nodes whose namespaces are there. */
  nodes(): string[] {
    return this.store.names().filter(node => node !== NETWORKS);
  }

  /** What must change so that the lab is as `model` says; with what is foreign in it, which takes longer, if wanted. */
  async plan(model: LabModel, { hasForeign = false } = {}): Promise<Plan> {
    return this.#engine.plan(await this.#whole(model), this.#before(this.state), hasForeign);
  }

  /**
   * Makes the lab as `model` says. When a step fails, everything is as before. Rejects with {@link ApplyError},
   * {@link LabBusyError}, {@link LabTakenError}, and {@link NotReadyError} if the network is made, but a program of the
   * lab fails.
   */
  async apply(model: LabModel, options: LabApplyOptions = {}): Promise<ApplyReport> {
    this.#folder.lock(this.#host.kernel);
    try {
      return await this.#apply(model, options);
    } finally {
      this.#folder.unlock();
      this.store.release();
    }
  }

  /** Destroys all of it, whether it is there or not. Rejects with {@link LabBusyError}, {@link LabTakenError}. */
  async destroy(): Promise<DestroyReport> {
    if (!this.exists && this.#folder.journal() === undefined) {
      this.#folder.remove();
      return { namespaces: 0, processes: 0, leftovers: [] };
    }
    this.#folder.lock(this.#host.kernel);
    try {
      const isKnown = this.state !== undefined || this.#folder.journal() !== undefined;
      if (!isKnown) await this.#checkMarks();
      return await this.#destroy();
    } finally {
      this.#folder.unlock();
      this.store.release();
    }
  }

  /**
   * Changes what ends send, while packets flow; nothing else of the lab. It is of the lab from then on, unless it
   * `isTemporary`. Rejects with {@link LabBusyError}, {@link StepError}, and `RangeError` for ends that are not there.
   */
  async impair(patches: readonly EndPatch[], isTemporary = false): Promise<Impaired> {
    return this.#impair(patches, isTemporary, false);
  }

  /** Takes back what {@link impair} did, as soon as nobody else changes the lab. What is gone needs nothing. */
  async unimpair({ undo }: Impaired, isTemporary = false): Promise<readonly Change[]> {
    const isThere = ({ end }: EndPatch) => this.store.names().includes(end.slice(0, end.indexOf(':')));
    if (!this.exists || undo.length === 0 || !undo.some(isThere)) return [];
    return (await this.#impair(undo.filter(isThere), isTemporary, true)).changes;
  }

  async #impair(patches: readonly EndPatch[], isTemporary: boolean, mayWait: boolean): Promise<Impaired> {
    this.#folder.lock(this.#host.kernel, mayWait);
    try {
      const { state } = this;
      if (state === undefined) {
        if (!this.exists) this.#folder.remove();
        throw new RangeError(`there is no lab "${this.name}"`);
      }
      const model = patchedLab(state.model, patches);
      const ends = patches.map(({ end }) => end);
      // Before the kernel has it: this process may be killed.
      if (isTemporary && !mayWait)
        this.#folder.write({ ...state, impaired: [...(state.impaired ?? []), ...ends] });
      const made = await impair(state.model, patches, this.#host.kernel, this.store);
      if (!isTemporary) this.#folder.write({ ...state, model });
      else if (mayWait) {
        const others = [...(state.impaired ?? [])];
        for (const end of ends) if (others.includes(end)) others.splice(others.indexOf(end), 1);
        this.#folder.write({ ...state, impaired: others });
      }
      return made;
    } finally {
      this.#folder.unlock();
      this.store.release();
    }
  }

  /** Impairments of ends as the kernel has them. Rejects with `RangeError` for ends that are not there. */
  async impairments(
    model: LabModel,
    ends: readonly string[],
  ): Promise<Map<string, ImpairmentModel | undefined>> {
    return impairments(model, ends, this.#host.kernel, this.store);
  }

  /** Where the packets of ends are taken. Rejects with `RangeError` for ends that are not there. */
  async captureEnds(model: LabModel, ends: readonly string[]): Promise<CaptureEnd[]> {
    const found: CaptureEnd[] = [];
    for (const end of ends) found.push(await captureEnd(model, end, this.#host.kernel, this.store));
    return found;
  }

  /** Has this process end when the lab is destroyed; what it returns takes that back. */
  registerCapture(): () => void {
    return registerCapture(this.#folder.subfolder('captures'));
  }

  /** Makes the checks of the lab, one after the other. */
  async *check(model: LabModel): AsyncGenerator<CheckResult, void> {
    for (const check of model.checks) yield await runCheck(check, model, node => this.place(node));
  }

  /** Where programs of a node run. Throws `RangeError` if the node is not there. */
  place(node: string): NodePlace {
    const { state } = this;
    if (state !== undefined) this.store.externals.define([state.model]);
    const namespace = this.store.open(node);
    if (namespace === undefined) throw new RangeError(`lab "${this.name}" has no node "${node}"`);
    return { namespace, name: this.store.nameOf(node), files: this.files(node) };
  }

  /** What stands in for files of /etc in a node. */
  files(node: string) {
    return this.state?.model.hosts === false ? [] : boundFiles(this.#hosts, node);
  }

  /** Folder of its hosts files; undefined if its nodes have none. */
  get hosts(): string | undefined {
    return this.state?.model.hosts === false ? undefined : this.#hosts;
  }

  get #hosts(): string {
    return `${this.#folder.path}/hosts`;
  }

  /** Waits until services are ready, all or those named `NODE/NAME`. Rejects with {@link NotReadyError}. */
  async wait(keys?: readonly string[]): Promise<void> {
    const state = this.state;
    if (state === undefined) return;
    const host = this.#serviceHost();
    for (const { key, node, service } of servicesInOrder(state.model)) {
      if (keys !== undefined && !keys.includes(key)) continue;
      const started = state.services.find(known => known.key === key);
      if (started === undefined || !isRunning(started))
        throw new NotReadyError(`${service.path}: the service does not run`);
      await waitForService(host, started, node, service);
    }
  }

  #serviceHost() {
    return { place: (node: string) => this.place(node), logs: this.#folder.subfolder(LOGS) };
  }

  #before(state: LabState | undefined): Before {
    const journal = this.#folder.journal();
    const models = [state?.model, journal?.from, journal?.to].filter(model => model !== undefined);
    if (state?.impaired !== undefined && state.impaired.length > 0) {
      models.unshift(impairedLab(state.model, state.impaired));
    }
    return { models, originals: { ...journal?.originals, ...state?.originals } };
  }

  /** The lab with what it means written out that depends on the host. */
  #whole(model: LabModel): Promise<LabModel> {
    const host = () => this.store.open(HOST)!;
    return withInternet(model, this.state?.model, this.#host.kernel, host);
  }

  async #apply(said: LabModel, options: LabApplyOptions): Promise<ApplyReport> {
    const journal = this.#folder.journal();
    // The first application of a process that was killed: nobody has seen the lab yet.
    if (journal !== undefined && journal.from === undefined) await this.#destroy(true);
    const state = this.state;
    if (state === undefined && this.#folder.journal() === undefined) await this.#checkMarks();
    checkFile(state, said, options);
    const model = await this.#whole(said);
    const isFirst = state === undefined && this.store.names().length === 0;
    const before = this.#before(state);
    let applied: Applied;
    try {
      applied = await this.#engine.apply(model, before, {
        ...options,
        onChange: found => {
          this.#folder.begin({ from: state?.model, to: model });
          options.onChange?.(found);
        },
        onOriginal: originals => this.#folder.begin({ from: state?.model, to: model, originals }),
      });
    } catch (error) {
      if (this.#folder.journal() === undefined) {
        if (isFirst) this.#folder.remove();
        throw new ApplyError(error, []);
      }
      const leftovers = options.keep ? ['everything, as you asked'] : await this.#undo(state, model, isFirst);
      throw new ApplyError(error, leftovers);
    }
    const { changes } = applied;
    const originals = { ...applied.originals, ...state?.originals };
    const kept = await this.#stopServices(state?.services ?? [], model);
    this.#folder.write({ model, services: kept, originals });
    this.#folder.finish();
    if (model.hosts) writeHosts(model, this.#hosts);
    await this.#setUp(model, changes);
    const started = await this.#startServices(model, kept, originals);
    return { changes, started };
  }

  /** Goes back to what was applied before. Resolves with what could not be undone. */
  async #undo(state: LabState | undefined, model: LabModel, isFirst: boolean): Promise<readonly string[]> {
    if (isFirst || state === undefined) return (await this.#destroy()).leftovers;
    try {
      const before = { models: [state.model, model], originals: state.originals };
      await this.#engine.apply(state.model, before);
      this.#folder.finish();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  }

  async #destroy(isLocked = false): Promise<DestroyReport> {
    // What listens in a namespace keeps it.
    await endProcesses(() => captureProcesses(`${this.#folder.path}/captures`));
    const { state } = this;
    const logs = `${this.#folder.path}/${LOGS}`;
    const services = () => [...runningOf(state?.services ?? []), ...writersTo(logs)];
    const report = await this.#engine.destroy(this.#before(state), services);
    if (report.leftovers.length > 0) return report;
    if (isLocked) this.#folder.finish();
    else this.#folder.remove();
    return report;
  }

  /** Namespaces that have the names of a lab's but not its marks belong to somebody else. */
  async #checkMarks(): Promise<void> {
    for (const node of this.store.names())
      if (!(await this.#engine.isMarked(node)))
        throw new LabTakenError(
          `namespace "${this.store.nameOf(node)}" does not belong to lab "${this.name}"`,
        );
  }

  /** Ends services that are not wanted any more, or are others now. Resolves with those that stay. */
  async #stopServices(services: readonly ServiceState[], model: LabModel): Promise<readonly ServiceState[]> {
    const wanted = new Map(servicesInOrder(model).map(({ key, service }) => [key, service]));
    const stays = (state: ServiceState) =>
      isRunning(state) && JSON.stringify(wanted.get(state.key)?.command) === JSON.stringify(state.command);
    const ending = services.filter(state => !stays(state) && isRunning(state));
    if (ending.length > 0) await endProcesses(() => runningOf(ending));
    return services.filter(stays);
  }

  /** Runs the programs of nodes that are new. */
  async #setUp(model: LabModel, changes: readonly Change[]): Promise<void> {
    const made = new Set(
      changes.filter(({ kind, action }) => kind === 'node' && action === 'create').map(({ node }) => node),
    );
    for (const { name, setup } of model.nodes) {
      if (!made.has(name)) continue;
      for (const { command, path } of setup) {
        try {
          await execIn(this.place(name), command);
        } catch (error) {
          throw new NotReadyError(`${path}: ${(error as Error).message}`);
        }
      }
    }
  }

  async #startServices(
    model: LabModel,
    kept: readonly ServiceState[],
    originals: LabState['originals'],
  ): Promise<string[]> {
    const services = [...kept];
    const host = this.#serviceHost();
    const started: string[] = [];
    for (const { key, node, service } of servicesInOrder(model)) {
      if (services.some(state => state.key === key)) continue;
      const state = startService(host, key, node, service);
      services.push(state);
      started.push(key);
      // Before it is ready, so that it is found whatever happens then.
      this.#folder.write({ model, services, originals });
      await waitForService(host, state, node, service);
    }
    return started;
  }
}

/** The processes of services that run. */
function runningOf(services: readonly ServiceState[]): number[] {
  return services.filter(isRunning).map(({ pid }) => pid);
}

function checkFile(state: LabState | undefined, model: LabModel, { adopt = false }: LabApplyOptions): void {
  if (state === undefined || adopt || state.model.file === model.file) return;
  const name = (file: string | undefined) => file ?? 'an object of a program';
  throw new LabTakenError(
    `lab "${model.name}" was applied from ${name(state.model.file)}, not from ${name(model.file)}`,
  );
}
