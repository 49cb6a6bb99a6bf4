import assert from 'node:assert/strict';
import { byteLength, decodeText, encodeText, padEndBytes } from '../../src/wire/text.ts';

describe('text', () => {
  it('carries every sequence of bytes through a string unchanged', () => {
    const samples = [
      '',
      '61',
      'c3a4',
      'ff',
      '61ff62',
      'c3',
      'c0af',
      'eda080',
      'f4908080',
      'f09f9880',
      'e28282ac',
      'efbfbd',
      'ff80c3a4fe',
    ];
    for (const hex of samples) {
      const bytes = Buffer.from(hex, 'hex');
      assert.equal(encodeText(decodeText(bytes)).toString('hex'), hex);
    }
  });

  it('carries random bytes through a string unchanged', () => {
    let state = 1;
    const random = () => {
      state = (state * 1103515245 + 12345) & 0x7fffffff;
      return state >> 16;
    };
    for (let round = 0; round < 500; round++) {
      const bytes = Buffer.from(Array.from({ length: random() % 24 }, () => random() & 0xff));
      assert.deepEqual(encodeText(decodeText(bytes)), bytes);
    }
  });

  it('reads valid UTF-8 as the characters it stands for', () => {
    assert.equal(decodeText(Buffer.from('gerät0')), 'gerät0');
  });

  it('counts and pads in bytes', () => {
    assert.equal(byteLength('ä'), 2);
    assert.equal(byteLength(decodeText(Buffer.from([0xff]))), 1);
    assert.equal(padEndBytes('ä', 4), 'ä  ');
    assert.equal(padEndBytes('abcdef', 4), 'abcdef');
  });
});
