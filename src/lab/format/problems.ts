/** What is wrong with a lab file: all of it at once, each problem with its place, the line, and a caret under it. */

import { nearest } from '../../schema/nearest.ts';
import { visible } from '../../wire/visible.ts';
import type { Path, Place } from './tree.ts';

/** Tab stops would move the caret. */
const TAB = /\t/g;
const WIDEST_EXCERPT = 160;

/** One thing that is wrong. */
export interface Problem {
  readonly message: string;
  /** Where it stands; undefined for labs that are objects. */
  readonly place: Place | undefined;
  /** What it is, as names: `nodes.h1.routes[0]`. Empty where the file as a whole is meant. */
  readonly path: string;
}

/** Texts of files, to show lines of them. */
export type Lines = ReadonlyMap<string, readonly string[]>;

/** A lab file that is wrong; `problems` has everything that is. */
export class LabFileError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], lines: Lines = new Map()) {
    super(problems.map(problem => textOf(problem, lines)).join('\n'));
    this.name = 'LabFileError';
    this.problems = problems;
  }
}

/** Collects problems; what is found twice, as of two copies of one node, is said once. */
export class Problems {
  readonly found: Problem[] = [];
  readonly #known = new Set<string>();

  add(message: string, path: Path | string, place: Place | undefined): void {
    const problem = { message, path: typeof path === 'string' ? path : pathText(path), place };
    const key =
      place === undefined ? `${problem.path}\n${message}` : `${place.file}:${place.line}:${place.column}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.found.push(problem);
  }

  get isEmpty(): boolean {
    return this.found.length === 0;
  }

  /** Throws {@link LabFileError} if there are any, in the order of the file. */
  check(lines: Lines): void {
    if (this.isEmpty) return;
    const sorted = [...this.found].sort((one, other) => {
      if (one.place === undefined || other.place === undefined) return 0;
      if (one.place.file !== other.place.file) return one.place.file < other.place.file ? -1 : 1;
      return one.place.line - other.place.line || one.place.column - other.place.column;
    });
    throw new LabFileError(sorted, lines);
  }
}

/** A path as JavaScript would write it: `links[0].ends[1]`. */
export function pathText(path: Path): string {
  return path
    .map((step, at) => {
      if (typeof step === 'number') return `[${step}]`;
      const word = /^[\w.:/-]+$/.test(step) ? step : JSON.stringify(step);
      return at === 0 ? word : `.${word}`;
    })
    .join('');
}

/** `"wbe" is not a network; did you mean "web"?` */
export function unknownWord(word: string, what: string, candidates: Iterable<string>): string {
  const known = [...candidates];
  const meant = nearest(word, known);
  const choice = known.length > 0 && known.length <= 12 ? ` (${known.join(', ')})` : '';
  return `"${visible(word)}" is not ${what}${meant === undefined ? choice : `; did you mean "${meant}"?`}`;
}

function textOf({ message, path, place }: Problem, lines: Lines): string {
  const what = path === '' ? message : `${path}: ${message}`;
  if (place === undefined) return what;
  const head = `${place.file}:${place.line}:${place.column}: ${what}`;
  const line = lines.get(place.file)?.[place.line - 1];
  if (line === undefined || line.length > WIDEST_EXCERPT) return head;
  const shown = visible(line.replace(TAB, ' '));
  const caret = `${' '.repeat(place.column - 1)}^${'~'.repeat(Math.max(0, Math.min(place.length, line.length - place.column + 1) - 1))}`;
  return `${head}\n    ${shown}\n    ${caret}`;
}
