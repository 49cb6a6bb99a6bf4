/** Namespaces that a lab does not make, in which ends of its cables are: found by their names, and what of them is the lab's. */

import { closeSync } from 'node:fs';
import type { Kernel } from '../../kernel/kernel.ts';
import { openOwnNamespace } from '../../namespaces/anonymous.ts';
import { findNamespace } from '../../namespaces/inventory/naming.ts';
import { openNamespace, readRegistry } from '../../namespaces/inventory/registry.ts';
import { veth } from '../../rtnetlink/kinds/veth.ts';
import { deviceOf } from '../kernel-object.ts';
import type { DeviceModel, ExternalModel, LabModel } from '../model.ts';
import { marksOf } from '../names.ts';
import type { LiveLink, LiveNode } from '../observe.ts';

/** The namespace that tsip is called in, where no file names it; no node can be called so. */
export const HOST = '_host';

/** Descriptors of such namespaces by their names in the lab. */
export class Externals {
  readonly #kernel: Kernel;
  readonly #models = new Map<string, ExternalModel>([[HOST, { kind: 'host' }]]);
  readonly #open = new Map<string, number>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Says what names mean; later labs do not change what earlier ones said. */
  define(models: readonly LabModel[]): void {
    for (const { externals } of models)
      for (const { name, external } of externals)
        if (external !== undefined && !this.#models.has(name)) this.#models.set(name, external);
  }

  /** Descriptor of one, which stays this object's; undefined if there is none. */
  open(name: string): number | undefined {
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const model = this.#models.get(name);
    if (model === undefined) return undefined;
    let descriptor: number | undefined;
    if (model.kind === 'host') descriptor = openOwnNamespace();
    else {
      const found = findNamespace(readRegistry(this.#kernel).namespaces, model.name);
      descriptor = found && openNamespace(found);
    }
    if (descriptor !== undefined) this.#open.set(name, descriptor);
    return descriptor;
  }

  release(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }
}

/**
 * Whether a device is a lab's: it has the mark, or, right after it was made, no mark yet, but name and link-layer address of
 * one of `devices`. Another one of that name is somebody else's.
 */
export function isOwnDevice(
  { name, alias, kind, mac }: LiveLink,
  lab: string,
  devices: readonly DeviceModel[],
): boolean {
  if (alias !== undefined) return alias.startsWith(marksOf(lab));
  return kind === veth.name && devices.some(one => one.name === name && one.mac?.toLowerCase() === mac);
}

/** What of a namespace is a lab's: its devices, and what is on them. */
export function ownPart(live: LiveNode, lab: string, devices: readonly DeviceModel[]): LiveNode {
  const links = new Map([...live.links].filter(([, link]) => isOwnDevice(link, lab, devices)));
  const indices = new Set([...links.values()].map(({ index }) => index));
  const on = (kind: keyof LiveNode['objects']) =>
    live.objects[kind].filter(object => indices.has(deviceOf(object)));
  const objects = { address: on('address'), route: on('route'), rule: [], neighbour: on('neighbour') };
  return { ...live, links, objects };
}
