import assert from 'node:assert/strict';
import { runInside } from '../../support/private-mocha.ts';
import { needs } from '../../support/requirements.ts';

describe('notifications that come faster than they are printed', () => {
  it('are kept', function () {
    needs(this, 'namespaces');
    this.timeout(660_000);
    const { passed, failed } = runInside(['test/live/monitor/read-ahead.inside.ts'], 'self');
    assert.deepEqual(failed, []);
    assert.equal(passed.length, 2);
  });
});
