/** Variables, templates and copies of nodes: the same tree as if all had been written out. */

import { ExpressionError, hasExpression, type Names, substitute } from './expression.ts';
import { type Problems, unknownWord } from './problems.ts';
import {
  EMPTY_MAP,
  type Entry,
  type MapTree,
  mapTexts,
  member,
  merge,
  type Path,
  type Tree,
} from './tree.ts';

const MOST_NODES = 20_000;
const DEEPEST_TEMPLATE = 20;
/** What is gone when copies are written out. */
const OF_COPIES = new Set(['count', 'start', 'template']);

type Values = Readonly<Record<string, string | number | boolean>>;

/** The tree written out; itself if there is nothing to replace. */
export function expand(tree: Tree, given: Values, problems: Problems): Tree {
  if (tree.kind !== 'map') return tree;
  const vars = readVars(tree, given, problems);
  const entries = new Map<string, Entry>();
  for (const [key, entry] of tree.entries) {
    if (['vars', 'include', 'templates'].includes(key)) continue;
    const value =
      key === 'nodes'
        ? expandNodes(entry.value, member(tree, 'templates'), vars, problems)
        : replace(entry.value, vars, [key], problems);
    entries.set(key, { ...entry, value });
  }
  return { ...tree, entries };
}

function readVars(tree: Tree, given: Values, problems: Problems): Map<string, string | number | boolean> {
  const vars = new Map<string, string | number | boolean>();
  const written = member(tree, 'vars');
  if (written?.kind === 'map') {
    for (const [name, { value, keyPlace }] of written.entries) {
      if (value.kind !== 'scalar' || value.value === null) continue; // The schema complains.
      if (name === 'i' || name === 'name')
        problems.add(`"${name}" has a meaning already`, ['vars', name], keyPlace);
      const replaced = replace(value, vars, ['vars', name], problems);
      if (replaced.kind === 'scalar' && replaced.value !== null) vars.set(name, replaced.value);
    }
  }
  for (const [name, value] of Object.entries(given)) {
    if (!vars.has(name))
      problems.add(unknownWord(name, 'a variable of the lab', vars.keys()), ['vars'], undefined);
    vars.set(name, typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value);
  }
  return vars;
}

function replace(tree: Tree, names: Names, path: Path, problems: Problems): Tree {
  return mapTexts(tree, (text, at) => {
    if (!text.includes('${')) return text;
    try {
      return substitute(text, names);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.add(error.message, path, at.place);
      return text;
    }
  });
}

function expandNodes(nodes: Tree, templates: Tree | undefined, vars: Names, problems: Problems): Tree {
  if (nodes.kind !== 'map') return nodes;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of nodes.entries) {
    const path = ['nodes', name];
    const node = withTemplate(entry.value, templates, path, problems, []);
    if (node.kind !== 'map') {
      addNode(entries, name, { ...entry, value: EMPTY_MAP }, path, problems);
      continue;
    }
    for (const [copy, names] of copiesOf(name, node, vars, path, problems)) {
      const kept = new Map([...node.entries].filter(([key]) => !OF_COPIES.has(key)));
      const value = replace({ ...node, entries: kept }, names, ['nodes', copy], problems);
      addNode(entries, copy, { ...entry, value }, path, problems);
      if (entries.size > MOST_NODES) {
        problems.add(`there are more than ${MOST_NODES} nodes`, path, entry.keyPlace);
        return { ...nodes, entries };
      }
    }
  }
  return { ...nodes, entries };
}

function addNode(
  entries: Map<string, Entry>,
  name: string,
  entry: Entry,
  path: Path,
  problems: Problems,
): void {
  if (entries.has(name)) problems.add(`there are two nodes "${name}"`, path, entry.keyPlace);
  entries.set(name, entry);
}

/** The names of a node's copies, each with what expressions in it may name. */
function copiesOf(
  name: string,
  node: MapTree,
  vars: Names,
  path: Path,
  problems: Problems,
): [string, Names][] {
  const written = member(node, 'count');
  if (written === undefined) return [[name, new Map([...vars, ['name', name]])]];
  const count = numberOf(replace(written, vars, [...path, 'count'], problems));
  const start = numberOf(member(node, 'start')) ?? 1;
  if (count === undefined || count < 0) {
    problems.add('is not a number of copies', [...path, 'count'], written.place);
    return [];
  }
  return Array.from({ length: Math.min(count, MOST_NODES + 1) }, (_, at): [string, Names] => {
    const copy = `${name}${start + at}`;
    return [copy, new Map<string, string | number | boolean>([...vars, ['i', start + at], ['name', copy]])];
  });
}

function numberOf(tree: Tree | undefined): number | undefined {
  const value = tree?.kind === 'scalar' ? tree.value : undefined;
  const number = typeof value === 'string' && !hasExpression(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

/** A node laid over its template, and that over its own. */
function withTemplate(
  node: Tree,
  templates: Tree | undefined,
  path: Path,
  problems: Problems,
  trail: readonly string[],
): Tree {
  const named = member(node, 'template');
  if (named?.kind !== 'scalar' || typeof named.value !== 'string' || node.kind !== 'map') return node;
  const found = member(templates, named.value);
  const known = templates?.kind === 'map' ? templates.entries.keys() : [];
  const at = [...path, 'template'];
  if (found === undefined) {
    problems.add(unknownWord(named.value, 'a template', known), at, named.place);
    return node;
  }
  if (trail.includes(named.value) || trail.length > DEEPEST_TEMPLATE) {
    problems.add(`template "${named.value}" is its own template`, at, named.place);
    return node;
  }
  if (found.kind !== 'map') return node;
  const base = withTemplate(found, templates, ['templates', named.value], problems, [...trail, named.value]);
  return merge(base, node);
}
