/** Namespaces without what `internet: true` has made in them: their nodes say that word instead. */

import { INTERNET } from '../external/internet.ts';
import { deviceOf, type KernelObject } from '../kernel-object.ts';
import type { LabModel } from '../model.ts';
import type { Found, FoundNode } from './read.ts';

/** The same, of nodes that reach out as `model` says without the device for it, its addresses and routes. */
export function withoutInternet(found: Found, model: LabModel | undefined): Found {
  const reaching = new Set(model?.nodes.filter(({ internet }) => internet).map(({ name }) => name));
  if (reaching.size === 0) return found;
  const nodes = new Map(
    found.nodes.map(node => [node.name, reaching.has(node.name) ? withoutDevice(node, INTERNET) : node]),
  );
  return {
    ...found,
    nodes: [...nodes.values()],
    peerOf(end) {
      const peer = found.peerOf(end);
      return peer && { ...peer, node: nodes.get(peer.node.name)! };
    },
  };
}

function withoutDevice(node: FoundNode, name: string): FoundNode {
  const device = node.live.links.get(name);
  if (device === undefined) return node;
  const { address, route, rule, neighbour } = node.live.objects;
  const others = (objects: readonly KernelObject[]) =>
    objects.filter(object => deviceOf(object) !== device.index);
  return {
    ...node,
    byIndex: new Map([...node.byIndex].filter(([, link]) => link !== device)),
    live: {
      ...node.live,
      links: new Map([...node.live.links].filter(([, link]) => link !== device)),
      objects: { address: others(address), route: others(route), rule, neighbour: others(neighbour) },
    },
  };
}
