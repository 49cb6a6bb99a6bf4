/** The launcher's record of how the process was started. */
import assert from 'node:assert/strict';
import { parseStartRecord } from '../../../src/kernel/system/start-record.ts';

describe('the record of the start', () => {
  it('has the limit, the signals that were ignored, and the descriptors that were open', () => {
    assert.deepEqual(parseStartRecord('1024 4a01 0 0-2,9,12-4000'), {
      softDescriptorLimit: 1024,
      ignoredSignals: 0x4a01,
      blockedSignals: 0,
      descriptors: [
        [0, 2],
        [9, 9],
        [12, 4000],
      ],
    });
  });

  it('may have no descriptor at all', () => {
    assert.deepEqual(parseStartRecord('3 0 ffffffffffffffff '), {
      softDescriptorLimit: 3,
      ignoredSignals: 0,
      blockedSignals: 0xffffffff,
      descriptors: [],
    });
  });

  it('is not taken for one when it is not', () => {
    for (const text of [
      '',
      '1024',
      '1024 0 0',
      'x 0 0 0',
      '1 0 0 1-',
      '1 0 0 1,',
      '1 0 0 a',
      '1 g 0 0',
      '1 123456789 0 0',
      ' 1 0 0 0',
    ])
      assert.equal(parseStartRecord(text), undefined, text);
  });
});
