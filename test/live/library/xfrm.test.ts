/** IPsec by the library, in private namespaces. */
import assert from 'node:assert/strict';
import { runInside } from '../../support/private-mocha.ts';
import { needs } from '../../support/requirements.ts';

/** Tests of the file: none may be lost. The one of a tunnel is skipped where the kernel has no ESP. */
const COUNT = 11;

describe('IPsec by the library', () => {
  it('works in namespaces of this user', function () {
    needs(this, 'namespaces');
    this.timeout(120_000);
    const { passed, failed } = runInside(['test/live/library/xfrm.inside.ts'], 'self');
    assert.deepEqual(failed, []);
    assert.ok(passed.length === COUNT || passed.length === COUNT - 1, `${passed.length} of ${COUNT} tests`);
  });
});
