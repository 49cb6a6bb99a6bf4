/** Worker threads that end while they work: nothing of the process is harmed, and nothing of theirs is left. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { needs, repository, unshareFlags } from '../../support/requirements.ts';
import { buildRepository } from '../../support/sandbox.ts';

const KINDS = ['changes', 'listings', 'watching', 'sessions', 'programs', 'sockets', 'namespaces'];

describe('a worker thread that ends at any moment', () => {
  before(function () {
    needs(this, 'namespaces');
    this.timeout(300_000);
    buildRepository();
  });

  for (const kind of KINDS) {
    it(`leaves the process and its descriptors alone while it is busy with ${kind}`, function () {
      this.timeout(300_000);
      const words = [join(repository, 'test/live/library/worker.mjs'), kind];
      const { status, signal, stdout, stderr } = spawnSync(
        'unshare',
        [...unshareFlags, '--kill-child', process.execPath, ...words],
        { cwd: repository, encoding: 'utf8', timeout: 280_000 },
      );
      assert.deepEqual({ status, signal, stderr }, { status: 0, signal: null, stderr: '' });
      assert.deepEqual(JSON.parse(stdout), { left: 0 });
    });
  }
});
