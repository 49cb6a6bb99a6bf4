/**
 * Indices of a lab's devices. They are chosen here, so that what refers to a device can be sent together with what makes it,
 * and a lab looks the same each time. The kernel chooses low ones, for devices that tunnels have in every namespace.
 */

import type { Indices } from './desired.ts';
import type { LiveNode } from './observe.ts';

const FIRST = 100;
const LOOPBACK = 1;

/** Indices as in namespaces that are to be made. */
export function freshIndices(names: ReadonlyMap<string, readonly string[]>): Indices {
  return indicesWith(names, new Map());
}

/** Indices of devices that are there, and free ones for the others; of namespaces in `chosen` those that it says. */
export function indicesWith(
  names: ReadonlyMap<string, readonly string[]>,
  live: ReadonlyMap<string, LiveNode>,
  chosen: ReadonlyMap<string, (device: string) => number> = new Map(),
): Indices {
  const maps = new Map<string, ReadonlyMap<string, number>>();
  for (const node of new Set([...names.keys(), ...live.keys()])) {
    const links = live.get(node)?.links;
    const indices = new Map([['lo', LOOPBACK]]);
    let next = FIRST;
    for (const { name, index } of links?.values() ?? []) {
      indices.set(name, index);
      next = Math.max(next, index + 1);
    }
    for (const name of names.get(node) ?? []) {
      const choose = chosen.get(node) ?? (() => next++);
      if (!indices.has(name)) indices.set(name, choose(name));
    }
    maps.set(node, indices);
  }
  const empty = new Map([['lo', LOOPBACK]]);
  return node => maps.get(node) ?? empty;
}
