/** That no setting of the library's calls is dropped, in private namespaces. */
import assert from 'node:assert/strict';
import { runInside } from '../../support/private-mocha.ts';
import { needs } from '../../support/requirements.ts';

/** Calls that take settings, of which there may not be fewer. */
const CALLS = 70;

describe('the settings of the library', () => {
  it('are obeyed or refused in namespaces of this user', function () {
    needs(this, 'namespaces');
    this.timeout(660_000);
    const { passed, failed } = runInside(['test/live/library/settings.inside.ts'], 'self');
    assert.deepEqual(failed, []);
    assert.ok(passed.length >= CALLS, `${passed.length} tests`);
  });
});
