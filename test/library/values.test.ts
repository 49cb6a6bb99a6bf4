/** Values of the library as they are printed and turned to JSON. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { FlagLists, Value } from '../../src/library/values/value.ts';

class Sample extends Value {
  readonly name = 'eth0';
  readonly alias = undefined;
  readonly data = { small: 5n, large: 2n ** 60n, list: [1n, undefined], inner: { nothing: undefined } };

  constructor() {
    super(Buffer.alloc(16), 0);
  }

  get counters(): readonly bigint[] {
    return [1n, 2n];
  }
}

describe('a value', () => {
  it('turns to JSON with numbers where they are exact and texts where they are not', () => {
    assert.deepEqual(JSON.parse(JSON.stringify([new Sample()])), [
      { name: 'eth0', data: { small: 5, large: '1152921504606846976', list: [1, null], inner: {} } },
    ]);
  });

  it('is printed without what is undefined and what is decoded when it is asked for', () => {
    const text = inspect(new Sample());
    assert.match(text, /name: 'eth0'/);
    assert.doesNotMatch(text, /alias|counters/);
  });

  it('has what is decoded when it is asked for, but not among its keys', () => {
    const sample = new Sample();
    assert.deepEqual(sample.counters, [1n, 2n]);
    assert.deepEqual(Object.keys(sample), ['name', 'alias', 'data']);
  });
});

describe('lists of flags', () => {
  it('hold the names of the bits that are set, in their order, and cannot be changed', () => {
    const lists = new FlagLists({ up: 1, down: 2, loop: 8 });
    const found = lists.of(9 | 0x100);
    assert.deepEqual(found, ['up', 'loop']);
    assert.equal(lists.of(9 | 0x100), found);
    assert.throws(() => (found as string[]).push('down'), TypeError);
  });
});
