/** The README's first command. */
import assert from 'node:assert/strict';
import { alone } from '../../support/twin.ts';

const script = '/mnt/programs/bin/quickstart.sh';

describe('the quickstart', () => {
  alone(
    'joins two namespaces, pings across, and leaves nothing behind',
    async sandbox => {
      // mount(8) keeps a folder there.
      await sandbox.run('$ mkdir -p /run/mount');
      const before = await sandbox.run('$ cat /proc/net/dev /proc/self/mountinfo; ls -A /run');
      const shown = await sandbox.run(`$ bash ${script}`);
      assert.equal(shown.stderr, '');
      assert.equal(shown.status, 0);
      assert.match(shown.stdout, /^\$ tsip -n red addr\n1: lo: [\s\S]*inet 10\.0\.0\.1\/24 /m);
      assert.match(shown.stdout, /^10\.0\.0\.0\/24 dev right proto kernel scope link src 10\.0\.0\.2 $/m);
      assert.match(shown.stdout, / 0% packet loss/);
      assert.deepEqual(await sandbox.run('$ cat /proc/net/dev /proc/self/mountinfo; ls -A /run'), before);
    },
    { needs: ['ping', 'root'] },
  );

  alone(
    'talks over TCP where there is no ping',
    async sandbox => {
      const tools = 'bash mount node tee grep cat env dirname';
      await sandbox.run(`$ mkdir tools; for tool in ${tools}; do ln -s $(type -P $tool) tools/; done`);
      const shown = await sandbox.run(`$ PATH=/mnt/work/tools bash ${script}`);
      assert.equal(shown.stderr, '');
      assert.equal(shown.status, 0);
      assert.match(shown.stdout, /^hello from blue$/m);
      const left = await sandbox.run(
        '$ for p in /proc/[0-9]*; do tr "\\0" " " <$p/cmdline; done | grep [c]reateServer',
      );
      assert.equal(left.stdout, '');
    },
    { needs: ['root'] },
  );

  alone(
    'fails where a step fails, and names it',
    async sandbox => {
      await sandbox.run('$ mkdir tools; printf "#!/bin/sh\\nexit 7\\n" >tools/ping; chmod 755 tools/ping');
      const shown = await sandbox.run(`$ PATH=/mnt/work/tools:$PATH bash ${script}`);
      assert.notEqual(shown.status, 0);
      assert.equal(shown.stderr, 'quickstart: failed: tsip netns exec red ping -c 1 -W 5 10.0.0.2\n');
    },
    { needs: ['root'] },
  );

  alone(
    'is made by an ordinary user in a user namespace',
    async sandbox => {
      const shown = await sandbox.run(`$ bash ${script}`, { user: 'nobody' });
      assert.equal(shown.stderr, '');
      assert.equal(shown.status, 0);
      assert.match(shown.stdout, / 0% packet loss/);
    },
    { needs: ['ping', 'root'] },
  );
});
