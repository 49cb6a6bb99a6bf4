/** The plan: what must change so that the kernel has what a lab is to be, and what else there is. */

import { IFF_UP } from '../linux/interfaces.ts';
import { RTM_NEWLINK } from '../linux/rtnetlink.ts';
import { linkRequest } from '../rtnetlink/request.ts';
import { type Change, type Foreign, PHASES, type Step } from './change.ts';
import { NETWORKS, type WantedLink, type WantedNode, type WantedObject } from './desired.ts';
import { impairmentChange } from './impairment/qdiscs.ts';
import {
  deleteRequest,
  deviceOf,
  differences,
  findObject,
  isKernels,
  type KernelObject,
  makeRequest,
  type ObjectKind,
} from './kernel-object.ts';
import type { SysctlModel } from './model.ts';
import { markOf, natTable } from './names.ts';
import { natChange } from './nat.ts';
import { objectText } from './object-text.ts';
import { type LiveNode, NO_NODE } from './observe.ts';
import { type LinkView, linkChange, linkDeletion } from './plan-links.ts';

/** What a plan is made of. */
export interface PlanInput {
  readonly lab: string;
  readonly wanted: readonly WantedNode[];
  /** What the lab was to be before: what is not wanted any more is deleted. */
  readonly former: readonly WantedNode[];
  /** The namespaces that there are. */
  readonly live: ReadonlyMap<string, LiveNode>;
  readonly sysctl: (node: string, name: string) => string | undefined;
  /** Values that sysctls had before the lab changed them, by `NODE NAME`. */
  readonly originals: ReadonlyMap<string, string>;
  /** Whether to look for what is there besides; all kinds of objects must have been read. */
  readonly hasForeign: boolean;
}

/** Changes in the order of the lab, and what is there besides. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly foreign: readonly Foreign[];
}

export function planLab(input: PlanInput): Plan {
  return new Planner(input).plan();
}

/** The steps of changes, in the order in which they are to be made. */
export function stepsInOrder(changes: readonly Change[]): { readonly step: Step; readonly change: Change }[] {
  const all = changes.flatMap(change => change.steps.map(step => ({ step, change })));
  return PHASES.flatMap(phase => all.filter(({ step }) => step.phase === phase));
}

class Planner {
  readonly #input: PlanInput;
  readonly #view: LinkView;
  readonly #wanted: ReadonlyMap<string, WantedNode>;
  readonly #former: ReadonlyMap<string, WantedNode>;
  readonly #changes: Change[] = [];
  /** Devices that go, as `NODE INDEX`: what was on them goes with them. */
  readonly #gone = new Set<string>();

  constructor(input: PlanInput) {
    this.#input = input;
    this.#wanted = byName(input.wanted);
    this.#former = byName(input.former);
    const wanted = new Map(
      input.wanted.flatMap(({ name, links }) =>
        links.map((link): [string, WantedLink] => [`${name} ${link.name}`, link]),
      ),
    );
    this.#view = {
      live: (node, name) => input.live.get(node)?.links.get(name),
      wanted: (node, name) => wanted.get(`${node} ${name}`),
      exists: node => input.live.has(node),
    };
  }

  plan(): Plan {
    const { wanted, former } = this.#input;
    this.#deleteFormerLinks();
    for (const node of wanted) this.#namespace(node);
    for (const node of wanted) for (const link of node.links) this.#link(link);
    for (const node of wanted) for (const sysctl of node.sysctls) this.#sysctl(node.name, sysctl);
    this.#restoreSysctls();
    for (const node of wanted) this.#objects(node, this.#former.get(node.name));
    for (const node of wanted) for (const link of node.links) this.#impairment(link);
    this.#nat();
    for (const { name, place, isExternal } of former)
      if (!isExternal && this.#input.live.has(name) && !this.#wanted.has(name))
        this.#add({
          action: 'destroy',
          node: name,
          kind: 'node',
          name,
          place,
          steps: [{ phase: 'remove namespaces', node: name, act: 'remove namespace' }],
        });
    return { changes: this.#changes, foreign: this.#input.hasForeign ? this.#foreign() : [] };
  }

  #add(change: Omit<Change, 'reasons' | 'path'> & { reasons?: readonly string[]; path?: string }): void {
    this.#changes.push({ reasons: [], path: `nodes.${change.node}`, ...change });
  }

  #deleteFormerLinks(): void {
    for (const { links } of this.#input.former) {
      for (const link of links) {
        const live = this.#view.live(link.node, link.name);
        if (live === undefined || link.kind === undefined || this.#view.wanted(link.node, link.name))
          continue;
        // The other end of a pair goes with this one.
        const isOfPair = link.pair !== undefined && !link.isMain;
        if (isOfPair && this.#view.live(link.pair.node, link.pair.device) !== undefined) continue;
        this.#gone.add(`${link.node} ${live.index}`);
        this.#changes.push(linkDeletion(link, live));
      }
    }
  }

  #namespace({ name, place, isExternal }: WantedNode): void {
    if (isExternal) return;
    const mark = markOf(this.#input.lab, name);
    const live = this.#input.live.get(name);
    const loopback = live?.links.get('lo');
    if (live !== undefined && loopback?.up === true && loopback.alias === mark) return;
    const prepare: Step = {
      phase: 'prepare namespaces',
      node: name,
      request: () =>
        linkRequest({ type: RTM_NEWLINK }, { index: 1, flags: IFF_UP, change: IFF_UP }, { ifalias: mark }),
    };
    if (live === undefined) {
      const create: Step = { phase: 'create namespaces', node: name, act: 'create namespace' };
      this.#add({ action: 'create', node: name, kind: 'node', name, place, steps: [create, prepare] });
      return;
    }
    const reasons = [loopback?.up === true ? 'mark' : 'lo down -> up'];
    this.#add({ action: 'change', node: name, kind: 'node', name, place, reasons, steps: [prepare] });
  }

  #link(link: WantedLink): void {
    if (link.kind === undefined) {
      const live = this.#view.live(link.node, link.name);
      // A new namespace's loopback device is switched on with the namespace.
      if (live === undefined || (link.mtu === undefined && link.up)) return;
    }
    const change = linkChange(link, this.#view);
    if (change === undefined) return;
    if (change.action === 'replace') {
      const live = this.#view.live(link.node, link.name)!;
      if (this.#gone.has(`${link.node} ${live.index}`)) {
        // Its other end was replaced already, and this one with it.
        const steps = change.steps.filter(({ phase }) => phase !== 'delete devices');
        this.#changes.push({ ...change, steps });
        return;
      }
      this.#gone.add(`${link.node} ${live.index}`);
      const peer = link.pair && this.#view.live(link.pair.node, link.pair.device);
      if (peer !== undefined && peer.link === live.index && live.link === peer.index)
        this.#gone.add(`${link.pair!.node} ${peer.index}`);
    }
    this.#changes.push(change);
  }

  #impairment(link: WantedLink): void {
    const { node, name } = link;
    const device = this.#view.live(node, name);
    // Of a device that is made again nothing is left.
    const isThere = device !== undefined && !this.#gone.has(`${node} ${device.index}`);
    const qdisc = isThere ? this.#input.live.get(node)?.qdiscs.get(device.index) : undefined;
    const before = this.#former.get(node)?.links.find(one => one.name === name);
    const change = impairmentChange(link, before, isThere ? { index: device.index, qdisc } : undefined);
    if (change !== undefined) this.#changes.push(change);
  }

  #nat(): void {
    const { live, lab } = this.#input;
    for (const name of new Set([...this.#wanted.keys(), ...this.#former.keys()])) {
      const [now, before] = [this.#wanted.get(name), this.#former.get(name)];
      // What was in a namespace goes with it.
      if (now === undefined && before?.isExternal !== true) continue;
      const table = natTable(lab, (now ?? before)!.isExternal);
      const change = natChange(name, table, now?.nat ?? [], before?.nat ?? [], live.get(name)?.nat);
      if (change !== undefined) this.#changes.push(change);
    }
  }

  #sysctl(node: string, { name, value, place, path }: SysctlModel): void {
    const isThere = this.#view.exists(node);
    const before = isThere ? this.#input.sysctl(node, name) : undefined;
    if (isThere && before === value.trim()) return;
    const phase = /^net\/(ipv4|ipv6)\/(conf|neigh)\/(?!all\/|default\/)/.test(name)
      ? 'device sysctls'
      : 'prepare namespaces';
    this.#add({
      action: before === undefined ? 'create' : 'change',
      node,
      kind: 'sysctl',
      name: `${name.replaceAll('/', '.')} = ${value}`,
      reasons: before === undefined ? [] : [`${before} -> ${value}`],
      place,
      path,
      isPart: node === NETWORKS,
      steps: [{ phase, node, act: { sysctl: name, value } }],
    });
  }

  /** Sysctls that the lab does not set any more get the values that they had before. */
  #restoreSysctls(): void {
    for (const { name: node, sysctls, isExternal } of this.#input.former) {
      const now = this.#wanted.get(node);
      // With a namespace of the lab all of them go.
      if ((now === undefined && !isExternal) || !this.#view.exists(node)) continue;
      for (const { name, path } of sysctls) {
        const value = this.#input.originals.get(`${node} ${name}`);
        if (value === undefined || now?.sysctls.some(sysctl => sysctl.name === name)) continue;
        this.#sysctl(node, { name, value, path });
      }
    }
  }

  #objects(node: WantedNode, former: WantedNode | undefined): void {
    const live = this.#input.live.get(node.name) ?? NO_NODE;
    for (const kind of ['address', 'route', 'rule', 'neighbour'] as const) {
      const there = live.objects[kind].filter(object => !this.#gone.has(`${node.name} ${deviceOf(object)}`));
      const wanted = node.objects.filter(({ object }) => object.kind === kind);
      const kept = new Set<KernelObject>();
      for (const item of wanted) {
        const found = findObject(item.object, there);
        if (found !== undefined) kept.add(found);
        this.#object(kind, item, found);
      }
      for (const { object, text, words } of former?.objects.filter(({ object }) => object.kind === kind) ??
        []) {
        const found = findObject(object, there);
        if (found === undefined || kept.has(found)) continue;
        kept.add(found);
        const request = () => deleteRequest(found);
        const steps: Step[] = [{ phase: 'delete objects', node: node.name, request }];
        this.#add({
          action: 'destroy',
          node: node.name,
          kind,
          name: text,
          place: undefined,
          path: words.path,
          steps,
        });
      }
    }
  }

  #object(
    kind: ObjectKind,
    { node, object, text, words }: WantedObject,
    live: KernelObject | undefined,
  ): void {
    const reasons = live === undefined ? [] : differences(object, live);
    if (live !== undefined && reasons.length === 0) return;
    const isReplaced = live !== undefined && kind !== 'address';
    const phase = kind === 'address' ? 'addresses' : 'routes';
    const steps: Step[] = [{ phase, node, request: () => makeRequest(object, isReplaced) }];
    // Of an address the kernel changes few things.
    if (live !== undefined && kind === 'address')
      steps.unshift({ phase: 'delete objects', node, request: () => deleteRequest(live) });
    this.#add({
      action: live === undefined ? 'create' : 'change',
      node,
      kind,
      name: text,
      reasons,
      place: words.place,
      path: words.path,
      steps,
    });
  }

  /** What is in the namespaces and belongs neither to the lab nor to the kernel. */
  #foreign(): Foreign[] {
    const { wanted, former, live } = this.#input;
    const found: Foreign[] = [];
    for (const [node, { links, objects }] of live) {
      if ([...wanted, ...former].some(({ name, isExternal }) => name === node && isExternal)) continue;
      const known = [...wanted, ...former].filter(({ name }) => name === node);
      if (known.length === 0) {
        found.push({ node, kind: 'node', name: node });
        continue;
      }
      for (const name of links.keys()) {
        const isKnown = name === 'lo' || known.some(({ links }) => links.some(link => link.name === name));
        if (!isKnown && !isFallback(name)) found.push({ node, kind: 'device', name });
      }
      const nameOf = (index: number) =>
        [...links.values()].find(link => link.index === index)?.name ?? `if${index}`;
      for (const kind of ['address', 'route', 'rule', 'neighbour'] as const) {
        const ours = known.flatMap(({ objects }) => objects.filter(({ object }) => object.kind === kind));
        for (const object of objects[kind]) {
          if (isKernels(object) || ours.some(({ object: own }) => findObject(own, [object]) !== undefined))
            continue;
          found.push({ node, kind, name: objectText(object, nameOf) });
        }
      }
    }
    return found;
  }
}

function byName(nodes: readonly WantedNode[]): ReadonlyMap<string, WantedNode> {
  return new Map(nodes.map(node => [node.name, node]));
}

/** Whether a device is one that tunnels have in every namespace. */
export function isFallback(name: string): boolean {
  return FALLBACKS.test(name);
}

const FALLBACKS = /^(tunl0|sit0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|ip6tnl0|ip6gre0|teql0)$/;
