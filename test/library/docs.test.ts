import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../support/requirements.ts';

describe('the reference of the library', () => {
  it('is made without a warning, and every export has its comment', function () {
    this.timeout(240_000);
    const typedoc = join(repository, 'node_modules/typedoc/bin/typedoc');
    const { status, stdout, stderr } = spawnSync(process.execPath, [typedoc, '--emit', 'none'], {
      cwd: repository,
      encoding: 'utf8',
      timeout: 200_000,
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
  });
});
