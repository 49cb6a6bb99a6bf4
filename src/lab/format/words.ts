/** Words of `ip` in a file, with their places. */

import type { Words } from '../model.ts';
import { pathText } from './problems.ts';
import type { Texts } from './shape.ts';
import { type Path, placeAt, type Tree } from './tree.ts';

/** Words with the place where they stand. */
export function words(text: string, path: Path, tree: Tree): Words {
  return { text, place: placeAt(tree, path), path: pathText(path) };
}

/** One text, or several, with their places. */
export function wordsList(texts: Texts | undefined, path: Path, tree: Tree): Words[] {
  if (texts === undefined) return [];
  if (typeof texts === 'string') return [words(texts, path, tree)];
  return texts.map((text, at) => words(text, [...path, at], tree));
}
