import assert from 'node:assert/strict';
import { composeMap, type IdRange, lineWords } from '../../../src/namespaces/plans/id-maps.ts';

/** `inner:outer:count`, inner `auto` for the first that are free. */
function range(text: string): IdRange {
  const [inner, outer, count] = text.split(':');
  return { inner: inner === 'auto' ? undefined : Number(inner), outer: Number(outer), count: Number(count) };
}

function composed(ranges: string, single?: string): string {
  const [inner, outer] = (single ?? '').split(':').map(Number);
  const lines = composeMap(
    ranges.split(' ').filter(Boolean).map(range),
    single === undefined ? undefined : { inner: inner!, outer: outer! },
  );
  return lines.map(line => lineWords(line).join(' ')).join(', ');
}

/** What unshare of util-linux 2.42.4 writes: ranges, the single id as inner:outer, and the lines. */
const cases: readonly [ranges: string, single: string | undefined, lines: string][] = [
  ['0:1000:10', undefined, '0 1000 10'],
  ['1:1:1 0:0:1', undefined, '1 1 1, 0 0 1'],
  ['0:0:0 1:1:1', undefined, '1 1 1'],
  ['', '5:0', '5 0 1'],
  ['0:0:10', '5:0', '5 0 1, 0 1 5, 6 6 4'],
  ['0:0:10', '0:0', '0 0 1, 1 1 9'],
  ['0:0:10', '9:0', '9 0 1, 0 1 9'],
  ['0:0:10', '20:0', '20 0 1, 0 1 9'],
  ['10:0:10', '5:0', '5 0 1, 10 1 9'],
  ['10:0:1', '5:0', '5 0 1'],
  ['5:10:1', '5:0', '5 0 1'],
  ['0:100:10', '0:0', '0 0 1, 1 100 9'],
  ['5:100:10 50:200:10', '52:0', '52 0 1, 5 100 10, 50 200 2, 53 202 7'],
  ['7:4:1 1:7:3', '8:0', '8 0 1, 1 7 3'],
  ['auto:100000:65536', '0:0', '0 0 1, 1 100000 65536'],
  ['auto:100000:65536', '7:0', '7 0 1, 0 100000 7, 8 100007 65529'],
  ['auto:100000:65536', undefined, '0 100000 65536'],
  ['0:7:4294967295', undefined, '0 7 4294967288, 4294967288 0 7'],
  ['7:0:4294967290', undefined, '7 0 4294967288, 0 4294967288 2'],
  ['4294967290:100:20', undefined, '4294967290 100 5, 0 105 15'],
  ['4294967295:5:3', undefined, '0 5 3'],
  ['0:0:4294967295', '0:0', '0 0 1, 1 1 4294967294'],
  ['7:0:4294967295', '3:0', '3 0 1, 7 1 4294967294'],
];

describe('composeMap', () => {
  for (const [ranges, single, lines] of cases)
    it(`makes "${lines}" of "${ranges}"${single ? ` and ${single}` : ''}`, () => {
      assert.equal(composed(ranges, single), lines);
    });

  it('never maps an id twice when ranges do not overlap', () => {
    for (let inner = 0; inner < 14; inner++)
      for (let outer = 0; outer < 14; outer++) {
        const lines = composeMap([range('2:3:4'), range('8:9:3')], { inner, outer });
        for (const side of ['inner', 'outer'] as const) {
          const ids = lines.flatMap(line => Array.from({ length: line.count }, (_, at) => line[side] + at));
          assert.equal(new Set(ids).size, ids.length, `${inner}:${outer} ${side}`);
        }
      }
  });
});
