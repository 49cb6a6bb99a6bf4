/** How many of the rows that describe link kinds are data alone. */
import assert from 'node:assert/strict';
import type { AnyRow, Rows } from '../../../src/schema/row.ts';
import { LINK_KINDS } from './list.ts';

/** The facets that are functions where the original is irregular. */
const HATCHES = ['parse', 'patch', 'show', 'whenAbsent'] as const;

const needsFunction = ({ words }: AnyRow) => HATCHES.some(facet => typeof words[facet] === 'function');

/** A row as text: rows that kinds share, or that are described alike, are one. Functions count by their source. */
function description(name: string, { type, words }: AnyRow): string {
  const plain = (_key: string, value: unknown) =>
    typeof value === 'function' || typeof value === 'bigint' ? String(value) : value;
  return `${name} ${type} ${JSON.stringify(words, plain)}`;
}

function distinctRows(): Map<string, AnyRow> {
  const kinds = LINK_KINDS.map(({ table }) => table.rows as Rows);
  const rows = kinds.flatMap(each => Object.entries(each));
  return new Map(rows.map(([name, row]) => [description(name, row), row]));
}

describe('the rows of link kinds', () => {
  const rows = [...distinctRows().values()];
  const regular = rows.filter(row => !needsFunction(row));
  const percent = Math.floor((100 * regular.length) / rows.length);

  it(`need no function, ${regular.length} of ${rows.length} that differ (${percent} %)`, () => {
    assert.ok(rows.length > 300, `${rows.length} rows`);
    assert.ok(percent >= 80);
  });
});
