/** What the placement of cards goes by: which namespaces hang together, by which devices, and how large their cards are. */
import { type Card, type Group, groupsOf, layCard } from './card.ts';
import { type Connection, connectionsOf } from './connections.ts';
import { deviceIds } from './ids.ts';
import type { HostMap, MapDetail, MapDevice, MapNamespace } from './model.ts';

/** What is known before anything is placed. */
export class Plan {
  readonly components: readonly (readonly MapNamespace[])[];
  readonly #connections: readonly Connection[];
  readonly #detail: MapDetail;
  readonly #ids: ReturnType<typeof deviceIds>;
  readonly #links = new Map<MapNamespace, readonly Link[]>();
  readonly #groups = new Map<MapNamespace, readonly Group[]>();

  constructor(map: HostMap, detail: MapDetail) {
    this.#detail = detail;
    this.#ids = deviceIds(map, detail);
    this.#connections = connectionsOf(map).filter(
      ({ from, to }) =>
        from.namespace !== to.namespace &&
        this.#ids.of(from.device) !== undefined &&
        this.#ids.of(to.device) !== undefined,
    );
    this.components = componentsOf(map.namespaces, namespace => this.neighbours(namespace));
  }

  /** Connections of a namespace to others, in the order of its devices. */
  links(namespace: MapNamespace): readonly Link[] {
    let links = this.#links.get(namespace);
    if (links === undefined) {
      const order = new Map(
        this.groups(namespace)
          .flatMap(({ devices }) => devices)
          .map((device, at) => [device, at]),
      );
      links = this.#connections
        .flatMap((connection): Link[] => {
          const { from, to } = connection;
          if (from.namespace === namespace) return [{ own: from.device, other: to.namespace, connection }];
          if (to.namespace === namespace) return [{ own: to.device, other: from.namespace, connection }];
          return [];
        })
        .sort((one, other) => (order.get(one.own) ?? 0) - (order.get(other.own) ?? 0));
      this.#links.set(namespace, links);
    }
    return links;
  }

  neighbours(namespace: MapNamespace): MapNamespace[] {
    return [...new Set(this.links(namespace).map(({ other }) => other))];
  }

  groups(namespace: MapNamespace): readonly Group[] {
    let groups = this.#groups.get(namespace);
    if (groups === undefined) {
      groups = groupsOf(namespace, this.#detail);
      this.#groups.set(namespace, groups);
    }
    return groups;
  }

  card(namespace: MapNamespace, columns: readonly (readonly Group[])[] = [this.groups(namespace)]): Card {
    return layCard(namespace, columns, this.#detail, this.#ids);
  }
}

/** A connection seen from one of its ends. */
interface Link {
  readonly own: MapDevice;
  readonly other: MapNamespace;
  readonly connection: Connection;
}

type Neighbours = (namespace: MapNamespace) => readonly MapNamespace[];

/** Namespaces that hang together, in order. */
export function componentsOf(namespaces: readonly MapNamespace[], neighbours: Neighbours): MapNamespace[][] {
  const seen = new Set<MapNamespace>();
  const components: MapNamespace[][] = [];
  for (const namespace of namespaces) {
    if (!seen.has(namespace)) components.push(reach(namespace, neighbours, seen));
  }
  return components;
}

/** Everything reachable from `start`, which is added to `seen`. */
function reach(start: MapNamespace, neighbours: Neighbours, seen: Set<MapNamespace>): MapNamespace[] {
  const found = [start];
  seen.add(start);
  for (let at = 0; at < found.length; at++) {
    for (const other of neighbours(found[at]!)) {
      if (seen.has(other)) continue;
      seen.add(other);
      found.push(other);
    }
  }
  return found;
}
