import assert from 'node:assert/strict';
import { columnsOf, shortened } from '../../src/wire/columns.ts';
import { decodeText } from '../../src/wire/text.ts';
import { visible } from '../../src/wire/visible.ts';

describe('visible text', () => {
  it('is ordinary text as it stands, in any script', () => {
    for (const text of ['eth0', 'a<b>&"\'', 'größe', '名前', 'ναι', '🐧']) assert.equal(visible(text), text);
  });

  it('spells what moves a cursor, turns the writing, hides or is no UTF-8', () => {
    assert.equal(visible('\x1b[31mred\n\t\x7f'), '\\x1b[31mred\\x0a\\x09\\x7f');
    assert.equal(
      visible('a\u202eb\u200bc\u2028d\u00a0e\ufefff'),
      'a\\u{202e}b\\u{200b}c\\u{2028}d\\xa0e\\u{feff}f',
    );
    assert.equal(visible(decodeText(Buffer.from([0x76, 0xff, 0x9b]))), 'v\\xff\\x9b');
  });

  it('cannot be made to look like an escape', () => {
    assert.equal(visible('\\x1b'), '\\\\x1b');
    assert.notEqual(visible('\\x0a'), visible('\n'));
  });
});

describe('columns', () => {
  it('count wide letters twice and marks not at all', () => {
    assert.deepEqual(['', 'ab', '名前', 'e\u0301', '🐧', '⇄'].map(columnsOf), [0, 2, 4, 1, 2, 1]);
  });

  it('are kept to by what is shortened', () => {
    assert.equal(shortened('short', 5), 'short');
    assert.equal(shortened('longer', 5), 'long…');
    assert.equal(shortened('名前名前', 5), '名前…');
  });
});
