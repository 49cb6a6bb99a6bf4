/** Where a lab's namespaces are: under names in the run directory, or held open by this process alone. */

import { closeSync } from 'node:fs';
import type { Kernel } from '../kernel/kernel.ts';
import { SystemError } from '../kernel/system/errors.ts';
import { EEXIST, ENOENT } from '../linux/errno.ts';
import { makeNamespace, openNamespace } from '../namespaces/anonymous.ts';
import { addNamespace, deleteNamespace, entryOf, listNames, pathOfNamespace } from '../namespaces/named.ts';
import { Externals } from './external/namespaces.ts';

/** The namespaces of one lab by the names of its nodes. */
export interface NamespaceStore {
  /** What the namespace of a node is called. */
  nameOf(node: string): string;
  /** Names of those that there are. */
  names(): string[];
  /** Descriptor of one, which stays the store's; undefined if there is none. */
  open(node: string): number | undefined;
  /** Makes one; returns its descriptor. Throws {@link SystemError}. */
  create(node: string): number;
  /** Lets go of one: the kernel ends it when nothing is in it. Throws {@link SystemError}. */
  remove(node: string): void;
  /** Closes the descriptors of namespaces that can be opened again. */
  release(): void;
  /** Namespaces that the lab does not make: `open` knows them, `names` does not. */
  readonly externals: Externals;
}

/** Namespaces that `ip netns` knows as `LAB.NODE`. */
export class NamedStore implements NamespaceStore {
  readonly externals: Externals;
  readonly #kernel: Kernel;
  readonly #lab: string;
  readonly #open = new Map<string, number>();

  constructor(kernel: Kernel, lab: string) {
    this.#kernel = kernel;
    this.externals = new Externals(kernel);
    this.#lab = lab;
  }

  /** The name of a node's namespace. */
  nameOf(node: string): string {
    return `${this.#lab}.${node}`;
  }

  names(): string[] {
    const prefix = `${this.#lab}.`;
    return listNames()
      .filter(name => name.startsWith(prefix))
      .map(name => name.slice(prefix.length))
      .sort();
  }

  open(node: string): number | undefined {
    const known = this.#open.get(node);
    if (known !== undefined) return known;
    const name = this.nameOf(node);
    if (entryOf(name) !== 'namespace') return this.externals.open(node);
    const descriptor = openNamespace(pathOfNamespace(name));
    this.#open.set(node, descriptor);
    return descriptor;
  }

  create(node: string): number {
    const name = this.nameOf(node);
    // Of a process that was killed between two calls an empty file remains.
    if (entryOf(name) === 'file') deleteNamespace(this.#kernel, name);
    if (entryOf(name) === 'namespace') throw new SystemError(`namespace "${name}"`, EEXIST);
    addNamespace(this.#kernel, name, () => undefined);
    return this.open(node)!;
  }

  remove(node: string): void {
    const descriptor = this.#open.get(node);
    if (descriptor !== undefined) closeSync(descriptor);
    this.#open.delete(node);
    try {
      deleteNamespace(this.#kernel, this.nameOf(node));
    } catch (error) {
      if (!(error instanceof SystemError) || error.errno !== ENOENT) throw error;
    }
  }

  release(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
    this.externals.release();
  }
}

/** Namespaces without names: they end with this process, however it ends. */
export class AnonymousStore implements NamespaceStore {
  readonly externals: Externals;
  readonly #kernel: Kernel;
  readonly #open = new Map<string, number>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.externals = new Externals(kernel);
  }

  nameOf(node: string): string {
    return node;
  }

  names(): string[] {
    return [...this.#open.keys()];
  }

  open(node: string): number | undefined {
    return this.#open.get(node) ?? this.externals.open(node);
  }

  create(node: string): number {
    const descriptor = makeNamespace(this.#kernel.calls);
    this.#open.set(node, descriptor);
    return descriptor;
  }

  remove(node: string): void {
    const descriptor = this.#open.get(node);
    if (descriptor === undefined) return;
    closeSync(descriptor);
    this.#open.delete(node);
  }

  release(): void {
    // Nothing else keeps those of the lab.
    this.externals.release();
  }
}
