import assert from 'node:assert/strict';
import {
  formatGeneral,
  formatHex,
  parseFloat32,
  parseSigned,
  parseUnsigned,
  parseUnsigned64,
} from '../../src/schema/number.ts';

describe('numbers', () => {
  it('are read in C notation within their bounds', () => {
    const read = (word: string) => parseUnsigned(word, 0xffffffff);
    assert.deepEqual(
      ['0', '10', '010', '0x1F', ' 7', '+7', '4294967295', '00'].map(read),
      [0, 10, 8, 31, 7, 7, 4294967295, 0],
    );
    for (const word of ['', ' ', '4294967296', '-1', '1x', '0x', '08', '1 ', '18446744073709551616']) {
      assert.equal(read(word), undefined, `"${word}"`);
    }
    assert.equal(parseUnsigned('256', 0xff), undefined);
  });

  it('take the base that is asked for', () => {
    assert.equal(parseUnsigned('08', 0xff, 10), 8);
    assert.equal(parseUnsigned('0x10', 0xff, 10), undefined);
    assert.equal(parseUnsigned('10', 0xff, 16), 16);
    assert.equal(parseUnsigned('0xff', 0xff, 16), 255);
  });

  it('wrap a minus sign around in 64 bits as strtoull does', () => {
    assert.equal(parseUnsigned64('-1'), 2n ** 64n - 1n);
    assert.equal(parseUnsigned64('18446744073709551615'), 2n ** 64n - 1n);
    assert.equal(parseUnsigned64('18446744073709551616'), undefined);
    assert.equal(parseUnsigned64('01777777777777777777777'), 2n ** 64n - 1n);
  });

  it('are read with a sign within 32 bits', () => {
    assert.deepEqual(
      ['-2147483648', '2147483647', '-0x10', '-010'].map(parseSigned),
      [-2147483648, 2147483647, -16, -8],
    );
    assert.equal(parseSigned('2147483648'), undefined);
    assert.equal(parseSigned('-2147483649'), undefined);
    assert.equal(parseSigned('x'), undefined);
  });

  it('are written with the significant digits asked for', () => {
    const written = [0, 1, 1.5, 25.5, 999, 999.4, 999.5, 1234, 0.0001234, 0.00001234, 1e100, -2.5];
    assert.deepEqual(
      written.map(value => formatGeneral(value, 3)),
      ['0', '1', '1.5', '25.5', '999', '999', '1e+03', '1.23e+03', '0.000123', '1.23e-05', '1e+100', '-2.5'],
    );
    assert.deepEqual([0, 8, 255].map(formatHex), ['0', '0x8', '0xff']);
  });

  it('with a fraction are read in single precision', () => {
    const read = ['0.875', '.5', '5.', '1e3', '-1', '+2', ' 3', '0x1p3', '0x.8', '0x1.8p-1', '-inf'];
    assert.deepEqual(read.map(parseFloat32), [0.875, 0.5, 5, 1000, -1, 2, 3, 8, 0.5, 0.75, -Infinity]);
    assert.equal(parseFloat32('0.1'), Math.fround(0.1));
    assert.ok(Number.isNaN(parseFloat32('nan(5)')));
    for (const word of ['', '.', 'x', '0,5', '1e', '0x', '0x.', '1 ', 'infinit']) {
      assert.equal(parseFloat32(word), undefined, `"${word}"`);
    }
  });
});
