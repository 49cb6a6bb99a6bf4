import assert from 'node:assert/strict';
import { batchLines, splitWords } from '../../../src/commands/batch/lines.ts';
import { indexOfWrongWord, type LineSource, placeOfWord } from '../../../src/commands/batch/place.ts';

describe('batch lines', () => {
  const refuse = (text: string) => assert.fail(text);
  const linesOf = (text: string) => [...batchLines(text.match(/[^\n]*\n|[^\n]+$/g) ?? [], refuse)];

  it('drop comments, even inside quotes, and empty lines, and count physical lines', () => {
    assert.deepEqual(linesOf('# one\n\nlink show # all\n  \naddr "a#b"x\n'.replace('"a#b"x', 'x#"')), [
      { words: ['link', 'show'], number: 3 },
      { words: ['addr', 'x'], number: 5 },
    ]);
  });

  it('join a line that ends in a backslash with the next, but not a comment', () => {
    assert.deepEqual(linesOf('link \\\nshow\\\n lo\nroute # x \\\nrule'), [
      { words: ['link', 'show', 'lo'], number: 3 },
      { words: ['route'], number: 4 },
      { words: ['rule'], number: 5 },
    ]);
  });

  it('are the same in one piece of text as in one for each line', () => {
    const text = 'link show lo\nlink show lo2\n\tlink\tshow "a b"\r\nlink show a b\nlink sho\n#\nlink show a';
    assert.deepEqual([...batchLines([text], refuse)], linesOf(text));
    assert.deepEqual(
      linesOf(text).map(({ words, number }) => [number, ...words]),
      [
        [1, 'link', 'show', 'lo'],
        [2, 'link', 'show', 'lo2'],
        [3, 'link', 'show', 'a b'],
        [4, 'link', 'show', 'a', 'b'],
        [5, 'link', 'sho'],
        [7, 'link', 'show', 'a'],
      ],
    );
  });

  it('take a backslash at the end of the file as a word', () => {
    assert.deepEqual(linesOf('link show \\'), [{ words: ['link', 'show', '\\'], number: 1 }]);
  });

  it('quote only where the quote begins a word; what is glued to it is a new word', () => {
    assert.deepEqual(splitWords(`a "b c" 'd "e' f"g "h"i ''`), ['a', 'b c', 'd "e', 'f"g', 'h', 'i', '']);
  });

  it('refuse an unterminated quote and more than 511 words', () => {
    assert.throws(() => splitWords('link "lo'), /^UsageError: Unterminated quoted string$/);
    assert.equal(splitWords('a '.repeat(511)).length, 511);
    assert.throws(() => splitWords('a '.repeat(512)), /Too many arguments to command/);
  });
});

describe('the place of a word in a batch', () => {
  /** The place of the word that `complaint` is about, in the last command of `text`. */
  function placeIn(text: string, complaint: string): string {
    const source: LineSource = { pieces: [] };
    let place = '';
    const refuse = (line: string) => assert.fail(line);
    for (const { words } of batchLines([text], refuse, source)) {
      const found = placeOfWord(source, indexOfWrongWord(words, complaint));
      place = `${found?.line}:${found?.column}`;
    }
    return place;
  }

  it('is that of the last word that the complaint quotes', () => {
    assert.equal(
      placeIn('link\n  link set  v0 upp\n', 'either "dev" is duplicate, or "upp" is garbage.'),
      '2:16',
    );
    assert.equal(placeIn('addr add 10.0.0.300/24 dev v0', 'rather than "10.0.0.300/24".'), '1:10');
    assert.equal(placeIn(`link set "v 0" 'u p'`, '"u p" is garbage'), '1:16');
  });

  it('is on its own line where a line is continued', () => {
    assert.equal(placeIn('link \\\n set \\\n  v0 upp # x\n', '"upp"'), '3:6');
    assert.equal(placeIn('link \\\n sett \\\n  v0 up\n', '"sett"'), '2:2');
  });

  it('is the end of a line that is too short, and else the first word', () => {
    assert.equal(placeIn('link set v0 mtu\n', 'Command line is not complete. Try option "help"'), '1:16');
    assert.equal(placeIn('  link set\n', 'Not enough information'), '1:3');
  });
});
