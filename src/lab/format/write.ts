/** Lab files as text: YAML in the style of the examples, with short maps on one line. */

import type { Document } from 'yaml';
import type { LabFile } from './shape.ts';
import { yaml } from './yaml.ts';

/** Members whose maps and lists stand on one line. */
const ON_ONE_LINE: ReadonlySet<string> = new Set([
  'address',
  'hosts',
  'impair',
  'ends',
  'command',
  'env',
  'ready',
]);

/** The text of a file. `comments` stand above it, a line each. */
export function writeLab(file: LabFile, comments: readonly string[] = []): string {
  const { Document, isCollection, isMap, visit } = yaml();
  const document = new Document(file);
  visit(document, {
    Pair(_key, pair) {
      const name = String((pair.key as { readonly value?: unknown }).value);
      const { value } = pair;
      if (!isCollection(value)) return;
      if (ON_ONE_LINE.has(name) || value.items.length === 0) value.flow = true;
      if (['devices', 'networks', 'run'].includes(name) && isMap(value))
        for (const item of value.items) if (isCollection(item.value)) item.value.flow = true;
      if (['links', 'checks', 'setup'].includes(name))
        for (const item of value.items) if (isCollection(item)) item.flow = true;
    },
  });
  return textOf(document, comments);
}

/** The text of any other document. */
export function writeYaml(value: object, comments: readonly string[] = []): string {
  const { Document } = yaml();
  return textOf(new Document(value), comments);
}

function textOf(document: Document, comments: readonly string[]): string {
  document.commentBefore = comments.map(line => ` ${line}`).join('\n');
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
