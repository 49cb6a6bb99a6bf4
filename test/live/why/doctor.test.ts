/** `tsip doctor` on a host where something is wrong, and where nothing is. */
import assert from 'node:assert/strict';
import { assertDescribed } from '../../support/strict-schemas.ts';
import { alone } from '../../support/twin.ts';

describe('tsip doctor', () => {
  alone('names what is wrong with the line that mends it', async sandbox => {
    const codes = async () => {
      const { stdout } = await sandbox.run('-j doctor');
      return (JSON.parse(stdout) as { code: string }[]).map(({ code }) => code);
    };
    await sandbox.run('netns add red');
    assert.ok(!(await codes()).includes('stale-file'));
    await sandbox.run('$ touch /run/netns/old');
    const { stdout, stderr, status } = await sandbox.run('doctor');
    assert.deepEqual([stderr, status], ['', 1]);
    assert.match(stdout, /^✗ \/run\/netns\/old: .*\n {2}mend: tsip netns delete old$/m);
    assertDescribed((await sandbox.run('--strict-json doctor')).stdout, 'doctor', 'doctor');
    await sandbox.run('netns delete old');
    assert.ok(!(await codes()).includes('stale-file'));
    await sandbox.run('$ mount --make-private /run/netns');
    assert.ok((await codes()).includes('private-run-directory'));
    await sandbox.run('$ mount --make-shared /run/netns');
    assert.ok(!(await codes()).includes('private-run-directory'));
    const inside = await sandbox.run('netns exec red tsip -j doctor');
    assert.match(inside.stdout, /inner-mount-namespace/);
    assert.equal((await sandbox.run('doctor help')).status, 0);
    assert.equal((await sandbox.run('doctor nonsense')).status, 255);
  });
});
