/** The values of a lab file with the places that they stand at: what YAML, JSON and JavaScript objects are read into. */

/** A place in a file; lines and columns begin at 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters of the line are meant. */
  readonly length: number;
}

/** A number, text, truth value or nothing. */
export type Scalar = string | number | boolean | null;

/** A value and where it stands; a value from JavaScript stands nowhere. */
export type Tree = MapTree | ListTree | ScalarTree;

/** A map by its keys, in their order. */
export interface MapTree {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place | undefined;
}

/** A member of a map. */
export interface Entry {
  readonly keyPlace: Place | undefined;
  readonly value: Tree;
}

/** A list. */
export interface ListTree {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly place: Place | undefined;
}

/** One value without parts. */
export interface ScalarTree {
  readonly kind: 'scalar';
  readonly value: Scalar;
  readonly place: Place | undefined;
}

/** The names and numbers that lead to a value. */
export type Path = readonly (string | number)[];

/** A map without members. */
export const EMPTY_MAP: MapTree = { kind: 'map', entries: new Map(), place: undefined };

/** A tree of plain values, which stand nowhere. */
export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(treeOf), place: undefined };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]): [string, Entry] => [key, { keyPlace: undefined, value: treeOf(member) }]);
    return { kind: 'map', entries: new Map(entries), place: undefined };
  }
  // What is none of these, like a function, is a text that no member accepts.
  const isScalar = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  return { kind: 'scalar', value: isScalar ? (value as Scalar) : `[${typeof value}]`, place: undefined };
}

/** The plain value of a tree. */
export function plainValue(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return tree.items.map(plainValue);
    case 'map': {
      // A key like __proto__ is a member as any other.
      const value: Record<string, unknown> = Object.create(null);
      for (const [key, entry] of tree.entries) value[key] = plainValue(entry.value);
      return value;
    }
  }
}

/** The member of a map; undefined where there is none. */
export function member(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === 'map' ? tree.entries.get(key)?.value : undefined;
}

/** The place of what a path leads to, or of the last thing on the way that exists. */
export function placeAt(tree: Tree, path: Path): Place | undefined {
  let place = tree.place;
  let current: Tree | undefined = tree;
  for (const step of path) {
    current = current === undefined ? undefined : childOf(current, step);
    if (current === undefined) break;
    place = current.place ?? place;
  }
  return place;
}

/** The place of the key that a path ends with. */
export function keyPlaceAt(tree: Tree, path: Path): Place | undefined {
  let current: Tree | undefined = tree;
  for (const step of path.slice(0, -1)) current = current && childOf(current, step);
  const entry = current?.kind === 'map' ? current.entries.get(String(path.at(-1))) : undefined;
  return entry?.keyPlace ?? placeAt(tree, path);
}

function childOf(tree: Tree, step: string | number): Tree | undefined {
  if (tree.kind === 'map') return tree.entries.get(String(step))?.value;
  return tree.kind === 'list' ? tree.items[Number(step)] : undefined;
}

/** Two trees as one: maps are merged by key, anything else of `over` replaces that of `base`. */
export function merge(base: Tree, over: Tree): Tree {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const before = entries.get(key);
    entries.set(key, before === undefined ? entry : { ...entry, value: merge(before.value, entry.value) });
  }
  return { kind: 'map', entries, place: over.place ?? base.place };
}

/** The same tree with each text replaced by what `change` makes of it. */
export function mapTexts(tree: Tree, change: (text: string, at: ScalarTree) => Scalar): Tree {
  switch (tree.kind) {
    case 'scalar':
      return typeof tree.value === 'string' ? { ...tree, value: change(tree.value, tree) } : tree;
    case 'list':
      return { ...tree, items: tree.items.map(item => mapTexts(item, change)) };
    case 'map': {
      const changed = [...tree.entries].map(([key, entry]): [string, Entry] => [
        key,
        { ...entry, value: mapTexts(entry.value, change) },
      ]);
      return { ...tree, entries: new Map(changed) };
    }
  }
}
