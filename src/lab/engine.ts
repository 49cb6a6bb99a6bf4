/** Plans, applies, changes and destroys one lab: the kernel's part, its state, and the way back when a step fails. */

import type { Kernel } from '../kernel/kernel.ts';
import type { Change, Foreign } from './change.ts';
import { deviceNames, NETWORKS, type WantedNode, wantedNodes } from './desired.ts';
import { execute, type OnProgress, Sessions } from './execute.ts';
import { clearExternals } from './external/clear.ts';
import { ownPart } from './external/namespaces.ts';
import { Problems } from './format/problems.ts';
import { indicesWith } from './indices.ts';
import type { ObjectKind } from './kernel-object.ts';
import type { LabModel } from './model.ts';
import { externalIndex, markOf, natTable } from './names.ts';
import { readNat } from './nat.ts';
import { type LiveNode, observe, readSysctl } from './observe.ts';
import { type Plan, planLab } from './plan.ts';
import { endProcesses, processesIn } from './processes.ts';
import type { LabState } from './state.ts';
import type { NamespaceStore } from './store.ts';
import type { IpWords } from './words.ts';

/** Rounds after which the kernel must have what it was given: deleting one thing may take others with it. */
const MOST_ROUNDS = 3;

/** What an engine works with. */
export interface EngineHost {
  readonly kernel: Kernel;
  readonly words: IpWords;
}

/** What a lab was to be, for finding what is not wanted any more. */
export interface Before {
  readonly models: readonly LabModel[];
  readonly originals: LabState['originals'];
}

export const NOTHING_BEFORE: Before = { models: [], originals: {} };

/** A lab could not be applied. */
export class ApplyError extends Error {
  /** What could not be undone; empty if everything is as before. */
  readonly leftovers: readonly string[];

  constructor(cause: unknown, leftovers: readonly string[]) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'ApplyError';
    this.leftovers = leftovers;
  }
}

/** What an application made. */
export interface Applied {
  readonly changes: readonly Change[];
  /** Values that sysctls had before, by `NODE NAME`. */
  readonly originals: LabState['originals'];
}

/** What a destruction found. */
export interface DestroyReport {
  readonly namespaces: number;
  readonly processes: number;
  /** What is still there. */
  readonly leftovers: readonly string[];
}

export class Engine {
  readonly lab: string;
  readonly store: NamespaceStore;
  readonly #kernel: Kernel;
  readonly #words: IpWords;

  constructor(lab: string, store: NamespaceStore, { kernel, words }: EngineHost) {
    this.lab = lab;
    this.store = store;
    this.#kernel = kernel;
    this.#words = words;
  }

  /** What must change so that the kernel has what `model` says; with what is foreign there, if that is wanted. */
  async plan(model: LabModel, before: Before = NOTHING_BEFORE, hasForeign = false): Promise<Plan> {
    const sessions = new Sessions(this.#kernel, this.store);
    try {
      return await this.#plan(model, before, sessions, hasForeign);
    } finally {
      sessions.close();
    }
  }

  /** Makes the changes, and looks that they are made. Resolves with them. Rejects with {@link StepError}. */
  async apply(
    model: LabModel,
    before: Before,
    { onChange, onOriginal, onProgress, signal }: ApplyProgress = {},
  ): Promise<Applied> {
    const sessions = new Sessions(this.#kernel, this.store);
    const made: Change[] = [];
    const originals: Record<string, string> = {};
    try {
      for (let round = 0; ; round++) {
        signal?.throwIfAborted();
        const { changes } = await this.#plan(model, before, sessions, false);
        if (changes.length === 0) return { changes: made, originals };
        if (round === MOST_ROUNDS)
          throw new Error(`the kernel does not keep: ${changes.map(describe).join('; ')}`);
        if (round === 0) onChange?.(changes);
        made.push(...(round === 0 ? changes : []));
        await execute(changes, this.#kernel, this.store, sessions, {
          onProgress: (done, all) => {
            onProgress?.(done, all);
            signal?.throwIfAborted();
          },
          onSysctl: (node, name, value) => {
            originals[`${node} ${name}`] ??= value;
            onOriginal?.(originals);
          },
        });
      }
    } finally {
      sessions.close();
    }
  }

  /**
   * Ends processes, removes all namespaces and what is in others, and looks that they are gone. `services` finds programs
   * that may not have reached their namespace yet.
   */
  async destroy(
    { models, originals }: Before = NOTHING_BEFORE,
    services: () => readonly number[] = () => [],
  ): Promise<DestroyReport> {
    this.store.externals.define(models);
    const nodes = this.store.names();
    const open = nodes.flatMap(node => this.store.open(node) ?? []);
    const find = () => [...new Set([...processesIn(open), ...services()])];
    const processes = find();
    const left = processes.length === 0 ? [] : await endProcesses(find);
    const leftovers = left.map(pid => `process ${pid}`);
    for (const node of nodes) {
      try {
        this.store.remove(node);
      } catch (error) {
        leftovers.push(`namespace of ${node}: ${(error as Error).message}`);
      }
    }
    leftovers.push(...(await clearExternals(this.lab, models, originals, this.store, this.#kernel)));
    for (const node of this.store.names()) leftovers.push(`namespace of ${node}`);
    return { namespaces: nodes.length, processes: processes.length, leftovers: [...new Set(leftovers)] };
  }

  /** Whether the kernel says that a namespace is this lab's. */
  async isMarked(node: string): Promise<boolean> {
    const sessions = new Sessions(this.#kernel, this.store);
    try {
      if (this.store.open(node) === undefined) return true; // A file without a namespace.
      const { links } = await observe(sessions.of(node), []);
      const mark = links.get('lo')?.alias;
      return mark === markOf(this.lab, node);
    } finally {
      sessions.close();
    }
  }

  /** What of namespaces that the lab does not make is the lab's. */
  async #observeExternals(
    models: readonly LabModel[],
    sessions: Sessions,
    problems: Problems,
  ): Promise<Map<string, LiveNode>> {
    const found = new Map<string, LiveNode>();
    this.store.externals.define(models);
    for (const [at, { externals }] of models.entries())
      for (const { name, external, place } of externals) {
        if (found.has(name)) continue;
        if (this.store.open(name) !== undefined) {
          const live = await observe(sessions.of(name), undefined, models.some(isImpaired));
          const devices = models.flatMap(({ externals }) =>
            externals.flatMap(one => (one.name === name ? one.devices : [])),
          );
          found.set(name, ownPart(live, this.lab, devices));
        } else if (at === 0 && external?.kind === 'namespace')
          problems.add(`there is no namespace "${external.name}"`, `external.${name}`, place);
      }
    return found;
  }

  async #observeNat(models: readonly LabModel[], live: Map<string, LiveNode>): Promise<void> {
    for (const { name, nat, external } of models.flatMap(({ nodes, externals }) => [
      ...nodes,
      ...externals,
    ])) {
      const known = live.get(name);
      if (nat.length === 0 || known === undefined || known.nat !== undefined) continue;
      const table = natTable(this.lab, external !== undefined);
      live.set(name, { ...known, nat: await readNat(this.#kernel, this.store.open(name)!, table) });
    }
  }

  async #plan(model: LabModel, before: Before, sessions: Sessions, hasForeign: boolean): Promise<Plan> {
    const former = before.models;
    const kinds = hasForeign ? undefined : kindsOf([model, ...former]);
    const hasQdiscs = [model, ...former].some(isImpaired);
    const live = new Map<string, LiveNode>();
    for (const node of this.store.names())
      if (this.store.open(node) !== undefined)
        live.set(node, await observe(sessions.of(node), kinds, hasQdiscs));
    const models = [model, ...former];
    const names = namesOf(models);
    const problems = new Problems();
    const outside = await this.#observeExternals(models, sessions, problems);
    for (const [name, node] of outside) live.set(name, node);
    await this.#observeNat(models, live);
    const chosen = new Map(
      [...outside.keys()].map(name => [name, (device: string) => externalIndex(this.lab, device)]),
    );
    const indices = indicesWith(names, live, chosen);
    const wanted = await wantedNodes(model, indices, this.#words, problems);
    problems.check(new Map());
    const wasWanted: WantedNode[] = [];
    const text = JSON.stringify(model);
    // Words of before that make no sense any more have nothing to delete.
    for (const one of former)
      wasWanted.push(
        ...(JSON.stringify(one) === text
          ? wanted
          : await wantedNodes(one, indices, this.#words, new Problems())),
      );
    return planLab({
      lab: this.lab,
      wanted,
      former: united(wasWanted),
      live,
      sysctl: (node, name) => readSysctl(this.#kernel, this.store.open(node)!, name),
      originals: new Map(Object.entries(before.originals)),
      hasForeign,
    });
  }
}

/** How an application reports what it does. */
export interface ApplyProgress {
  readonly onChange?: ((changes: readonly Change[]) => void) | undefined;
  /** Called before a sysctl is changed, with the values of all that were changed so far. */
  readonly onOriginal?: ((originals: LabState['originals']) => void) | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Ends it between two steps. */
  readonly signal?: AbortSignal | undefined;
}

/** A change in a few words. */
export function describe({
  kind,
  node,
  name,
  reasons,
}: Change | (Foreign & { reasons?: readonly string[] })): string {
  const owner = node === NETWORKS ? '' : `${node} `;
  const what =
    kind === 'node'
      ? `node ${name}`
      : `${owner}${node === NETWORKS && kind === 'device' ? 'network' : kind} ${name}`;
  return reasons === undefined || reasons.length === 0 ? what : `${what} (${reasons.join(', ')})`;
}

/** The kinds of objects that labs have: others need not be read. */
function kindsOf(models: readonly LabModel[]): Set<ObjectKind> {
  const kinds = new Set<ObjectKind>();
  for (const { nodes, externals } of models) {
    for (const { devices, routes, rules, neighbours } of [...nodes, ...externals]) {
      if (devices.some(({ addresses }) => addresses.length > 0)) kinds.add('address');
      if (routes.length > 0) kinds.add('route');
      if (rules.length > 0) kinds.add('rule');
      if (neighbours.length > 0) kinds.add('neighbour');
    }
  }
  return kinds;
}

function isImpaired({ nodes, externals }: LabModel): boolean {
  return [...nodes, ...externals].some(({ devices }) => devices.some(({ impair }) => impair !== undefined));
}

function namesOf(models: readonly LabModel[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const model of models)
    for (const [node, devices] of deviceNames(model))
      names.set(node, [...(names.get(node) ?? []), ...devices]);
  return names;
}

/** Nodes of several labs of before, those of one name as one. */
function united(nodes: readonly WantedNode[]): WantedNode[] {
  const byName = new Map<string, WantedNode>();
  for (const node of nodes) {
    const known = byName.get(node.name);
    byName.set(
      node.name,
      known === undefined
        ? node
        : {
            ...known,
            links: [
              ...known.links,
              ...node.links.filter(({ name }) => !known.links.some(link => link.name === name)),
            ],
            objects: [...known.objects, ...node.objects],
            sysctls: [...known.sysctls, ...node.sysctls],
          },
    );
  }
  return [...byName.values()];
}
