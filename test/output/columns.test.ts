import assert from 'node:assert/strict';
import { fittedWidths, tableText, wrapped } from '../../src/output/columns.ts';
import { type JsonRecord, memberText, recordOutput } from '../../src/output/records.ts';
import { RawNumber } from '../../src/schema/output.ts';

const column = (heading: string, ...cells: readonly string[]) => ({
  heading,
  cells: cells.map(cell => ({ lines: cell.split('\n') })),
});

describe('a table', () => {
  it('is aligned, by what is seen, and has no blanks at the end of lines', () => {
    const text = tableText(
      [column('NAME', 'a', '名前', 'e\u0301'), column('N', '1', '22', '')],
      undefined,
      undefined,
    );
    assert.equal(text, 'NAME  N\na     1\n名前  22\ne\u0301\n');
  });

  it('leaves out columns without content, and all of itself when there is none', () => {
    assert.equal(tableText([column('A', '', ''), column('B', 'x', '')], undefined, undefined), 'B\nx\n\n');
    assert.equal(tableText([column('A', '')], undefined, undefined), '');
  });

  it('breaks cells to fit, and loses nothing', () => {
    const cells = ['1 one, 2 two, 3 three', 'fe80:1111:2222:3333:4444:5555:6666:7777/64'];
    for (let width = 1; width < 60; width++) {
      const text = tableText([column('A', ...cells), column('B', 'x', 'y')], width, undefined);
      for (const one of text.split('\n')) assert.ok(one.length <= Math.max(width, 11), `${width}: ${one}`);
      const letters = (some: string) => [...some.replace(/\s/g, '')].sort().join('');
      assert.equal(letters(text), letters(`AB${cells.join('')}xy`));
    }
  });

  it('paints lines, not the blanks next to them', () => {
    const cells = [{ lines: ['up', 'down'], colour: 'up' as const }];
    const palette = { ifname: '1', mac: '2', inet: '3', inet6: '4', up: '5', down: '6' };
    const text = tableText([{ heading: 'STATE', cells }, column('B', 'x')], undefined, palette);
    const start = String.fromCharCode(27);
    assert.equal(text.replaceAll(start, '^'), 'STATE  B\n^[5mup^[0m     x\n^[5mdown^[0m\n');
  });

  it('takes from the widest column first, and never more than it may', () => {
    assert.deepEqual(fittedWidths([30, 10, 5], [8, 8, 5], 30), [11, 10, 5]);
    assert.deepEqual(fittedWidths([30, 10, 5], [8, 8, 5], 3), [8, 8, 5]);
    assert.deepEqual(fittedWidths([30, 10], [8, 8], undefined), [30, 10]);
  });

  it('breaks between items, then between words, then anywhere', () => {
    assert.deepEqual(wrapped(['12 nginx, 13 php fpm'], 12), ['12 nginx,', '13 php fpm']);
    assert.deepEqual(wrapped(['10.0.0.9 peer 10.1.0.1'], 14), ['10.0.0.9 peer', '10.1.0.1']);
    assert.deepEqual(wrapped(['abcdef', '名前名'], 4), ['abcd', 'ef', '名前', '名']);
  });
});

describe('records', () => {
  it('are what programs would read, one by one', () => {
    const records: JsonRecord[] = [];
    const out = recordOutput(record => records.push(record));
    out.list();
    out.open();
    out.field('ifname', 'v0', 'v0: ');
    out.labelled('mtu', 'mtu ', 1500);
    out.list('flags', '<');
    out.item('UP', 'UP');
    out.end('>');
    out.open('stats');
    out.data('rx', 18446744073709551615n);
    out.close();
    out.data('timer', new RawNumber('0.00'));
    out.data('__proto__', 'x');
    out.close();
    out.open();
    out.data('a', 1);
    out.data('a', null);
    out.close();
    out.end();
    assert.equal(records.length, 2);
    assert.deepEqual(Object.keys(records[0]!), ['ifname', 'mtu', 'flags', 'stats', 'timer', '__proto__']);
    assert.equal(
      memberText(records[0]),
      'ifname v0 mtu 1500 flags UP stats rx 18446744073709551615 timer 0.00 __proto__ x',
    );
    assert.deepEqual(records[1], { a: [1, null] });
  });
});
