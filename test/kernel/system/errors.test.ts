import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { errorCode, strerror } from '../../../src/kernel/system/errors.ts';
import { skip } from '../../support/requirements.ts';

const LAST_ERROR = 133;

describe('the text of an error number', () => {
  it('is that of the C library in the C locale', function () {
    const program = `import os\nfor n in range(1, ${LAST_ERROR + 3}): print(os.strerror(n))`;
    const { stdout, status, error } = spawnSync('python3', ['-c', program], {
      env: { ...process.env, LC_ALL: 'C' },
      encoding: 'utf8',
    });
    if (error !== undefined) skip(this, `no python3, which asks the C library: ${error.message}`);
    assert.equal(status, 0);
    const texts = Array.from({ length: LAST_ERROR + 2 }, (_, index) => strerror(index + 1));
    assert.deepEqual(texts, stdout.trimEnd().split('\n'));
  });

  it('goes with a symbolic name, or a number where there is no name', () => {
    assert.deepEqual(
      [errorCode(17), errorCode(9999), strerror(9999)],
      ['EEXIST', 'E9999', 'Unknown error 9999'],
    );
  });
});
