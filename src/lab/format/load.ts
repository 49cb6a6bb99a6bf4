/** Reads a lab: a file with what it includes, or an object; checks it; replaces variables, templates and copies. */

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { expand } from './expand.ts';
import { importLab } from './module.ts';
import { Problems } from './problems.ts';
import { readTree } from './read.ts';
import { validate } from './schema-check.ts';
import { type SchemaError, schemaProblem } from './schema-words.ts';
import type { LabFile } from './shape.ts';
import {
  keyPlaceAt,
  member,
  merge,
  type Path,
  type Place,
  placeAt,
  plainValue,
  type Tree,
  treeOf,
} from './tree.ts';

const DEEPEST_INCLUDE = 20;
const MODULES = new Set(['.ts', '.mts', '.js', '.mjs', '.cjs', '.cts']);

/** What is put in place of what a file says. */
export interface LoadOptions {
  /** Name of the lab. */
  readonly name?: string | undefined;
  /** Values of variables. */
  readonly vars?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** A lab that follows the schema, without variables, templates and copies. */
export interface LoadedLab {
  readonly value: LabFile;
  readonly tree: Tree;
  readonly name: string;
  /** Absolute; undefined for objects. */
  readonly file: string | undefined;
  /** The texts of all files by their names in places. */
  readonly lines: Map<string, readonly string[]>;
  /** What is wrong so far. */
  readonly problems: Problems;
}

/** Reads a file: YAML or JSON, or a module with a lab as default export. Rejects with {@link LabFileError}. */
export async function loadFile(file: string, options: LoadOptions = {}): Promise<LoadedLab> {
  const isModule = MODULES.has(extname(file));
  const source = new Source();
  const tree = isModule ? treeOf(await importLab(file)) : source.read(file, undefined, [], 0);
  source.problems.check(source.lines);
  const name = basename(file).replace(/\.[^.]*$/, '');
  return load(tree, source, { ...options, file: resolve(file), fallbackName: name });
}

/** The same of an object. Throws {@link LabFileError}. */
export function loadObject(value: object, options: LoadOptions = {}): LoadedLab {
  return load(treeOf(value), new Source(), { ...options, file: undefined, fallbackName: 'lab' });
}

function load(
  written: Tree,
  { problems, lines }: Source,
  options: LoadOptions & { readonly file: string | undefined; readonly fallbackName: string },
): LoadedLab {
  checkSchema(written, problems);
  problems.check(lines);
  const tree = expand(written, options.vars ?? {}, problems);
  problems.check(lines);
  if (tree !== written) checkSchema(tree, problems);
  problems.check(lines);
  const value = plainValue(tree) as LabFile;
  const name = options.name ?? value.lab ?? options.fallbackName.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    problems.add(`"${name}" is not a name for a lab: give one by 'lab'`, ['lab'], placeAt(tree, ['lab']));
  return { value, tree, name, file: options.file, lines, problems };
}

/** Files as they are read, each once. */
class Source {
  readonly problems = new Problems();
  readonly lines = new Map<string, readonly string[]>();

  /** A file laid over those that it includes. `trail` are the files that include it. */
  read(file: string, from: Place | undefined, trail: readonly string[], depth: number): Tree {
    const path = resolve(file);
    if (trail.includes(path) || depth > DEEPEST_INCLUDE) {
      this.problems.add(`${file} includes itself`, ['include'], from);
      return treeOf({});
    }
    let text: string;
    try {
      text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
    } catch (error) {
      const reason = existsSync(path)
        ? (error as Error).message.replace(/^\w+: |,.*/gs, '')
        : 'there is no such file';
      this.problems.add(`${file}: ${reason}`, from === undefined ? [] : ['include'], from);
      return treeOf({});
    }
    this.lines.set(file, text.split(/\r?\n/));
    const tree = readTree(file, text, this.problems);
    return this.#withIncluded(tree, file, [...trail, path], depth);
  }

  #withIncluded(tree: Tree, file: string, trail: readonly string[], depth: number): Tree {
    const included = member(tree, 'include');
    if (included === undefined || tree.kind !== 'map') return tree;
    const names = included.kind === 'list' ? included.items : [included];
    let base: Tree = treeOf({});
    for (const name of names) {
      if (name.kind !== 'scalar' || typeof name.value !== 'string' || name.value === '') continue; // The schema complains.
      const folder = dirname(file);
      const path = folder === '.' || name.value.startsWith('/') ? name.value : `${folder}/${name.value}`;
      base = merge(base, this.read(path, name.place, trail, depth + 1));
    }
    return merge(base, tree);
  }
}

/** What ajv's code is; the types of what it makes say nothing. */
interface SchemaCheck {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

/** Adds what the schema finds wrong. */
function checkSchema(tree: Tree, problems: Problems): void {
  const check = validate as unknown as SchemaCheck;
  if (check(plainValue(tree))) return;
  const errors = check.errors ?? [];
  for (const error of errors) {
    const problem = schemaProblem(error);
    if (problem === undefined) continue;
    const path: Path = error.instancePath
      .split('/')
      .slice(1)
      .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const key = error.propertyName ?? error.params['additionalProperty'];
    const whole = problem.isAboutKey && key !== undefined ? [...path, String(key)] : path;
    const place = problem.isAboutKey ? keyPlaceAt(tree, whole) : placeAt(tree, path);
    problems.add(problem.message, pathWithNumbers(tree, whole), place);
  }
}

/** The same path with numbers where it leads through lists. */
function pathWithNumbers(tree: Tree, path: Path): Path {
  let current: Tree | undefined = tree;
  return path.map(step => {
    const isList: boolean = current?.kind === 'list';
    current = isList
      ? (current as Tree & { kind: 'list' }).items[Number(step)]
      : member(current, String(step));
    return isList ? Number(step) : step;
  });
}
