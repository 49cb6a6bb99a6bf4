/** Lab files as trees: YAML 1.2 and JSON by the `yaml` package, with the place of every value. Source: tsip-lab(5). */

import type { LineCounter, Node } from 'yaml';
import type { Problems } from './problems.ts';
import { EMPTY_MAP, type Entry, type Place, type Scalar, type Tree } from './tree.ts';
import { yaml } from './yaml.ts';

/** Aliases may name each other's contents many times over; a lab is never so large. */
const MOST_VALUES = 500_000;

/** Reads the text of one file. What is wrong with it is added to `problems`; then the tree has what could be read. */
export function readTree(file: string, text: string, problems: Problems): Tree {
  const { isAlias, LineCounter, parseDocument } = yaml();
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, strict: true, version: '1.2' });
  const reader = new TreeReader(file, lineCounter, problems);
  for (const { message, pos } of document.errors)
    problems.add(message.replace(/\s*\n[\s\S]*/, ''), [], reader.place(pos[0], Math.max(1, pos[1] - pos[0])));
  if (document.errors.length > 0) return EMPTY_MAP;
  if (document.contents === null) return { ...EMPTY_MAP, place: { file, line: 1, column: 1, length: 1 } };
  return reader.tree(document.contents, node => (isAlias(node) ? node.resolve(document) : undefined));
}

class TreeReader {
  readonly #yaml = yaml();
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #problems: Problems;
  /** Anchors that are being read: one inside itself has no end. */
  readonly #open = new Set<Node>();
  #count = 0;

  constructor(file: string, lines: LineCounter, problems: Problems) {
    this.#file = file;
    this.#lines = lines;
    this.#problems = problems;
  }

  place(offset: number, length: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line, column: col, length };
  }

  tree(node: Node, resolve: (node: Node) => Node | undefined): Tree {
    const place = this.#placeOf(node);
    const nothing: Tree = { kind: 'scalar', value: null, place };
    if (++this.#count > MOST_VALUES) {
      if (this.#count === MOST_VALUES + 1) this.#problems.add('the file has too many values', [], place);
      return nothing;
    }
    if (this.#yaml.isAlias(node)) {
      const target = resolve(node);
      if (target === undefined || this.#open.has(target)) {
        this.#problems.add(`*${node.source} does not stand for a value here`, [], place);
        return nothing;
      }
      return this.tree(target, resolve);
    }
    this.#open.add(node);
    try {
      if (this.#yaml.isMap(node)) return this.#map(node.items, place, resolve);
      if (this.#yaml.isSeq(node)) {
        const items = node.items.map(item => this.tree(item as Node, resolve));
        return { kind: 'list', items, place };
      }
      return this.#yaml.isScalar(node) ? this.#scalar(node.value, place) : nothing;
    } finally {
      this.#open.delete(node);
    }
  }

  #map(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    place: Place | undefined,
    resolve: (node: Node) => Node | undefined,
  ): Tree {
    const entries = new Map<string, Entry>();
    for (const { key, value } of items) {
      const keyNode = key as Node;
      const keyPlace = this.#placeOf(keyNode);
      if (!this.#yaml.isScalar(keyNode) || keyNode.value === null) {
        this.#problems.add('a name must stand here', [], keyPlace);
        continue;
      }
      const name = String(keyNode.value);
      const nothing: Tree = { kind: 'scalar', value: null, place: keyPlace };
      entries.set(name, { keyPlace, value: value === null ? nothing : this.tree(value as Node, resolve) });
    }
    return { kind: 'map', entries, place };
  }

  #scalar(value: unknown, place: Place | undefined): Tree {
    if (typeof value === 'bigint') return { kind: 'scalar', value: String(value), place };
    return { kind: 'scalar', value: value as Scalar, place };
  }

  #placeOf({ range }: Node): Place | undefined {
    return range ? this.place(range[0], Math.max(1, range[1] - range[0])) : undefined;
  }
}
