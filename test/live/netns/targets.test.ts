/** The ways to name a namespace: in every place where a name is accepted. */
import assert from 'node:assert/strict';
import { alone } from '../../support/twin.ts';

describe('a namespace is named', () => {
  alone('by a process, an inode or a path, where a name may stand', async sandbox => {
    await sandbox.run('netns add red');
    await sandbox.run('-n red link add in-red type veth peer name peer');
    const started = await sandbox.run(
      '$ tsip netns exec red sleep 60 >/dev/null 2>&1 & echo $!; for i in $(seq 100); do [ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/$$/ns/net)" ] && break; sleep 0.05; done; readlink /proc/$!/ns/net',
    );
    const [pid, text] = started.stdout.trim().split('\n');
    const inode = /\d+/.exec(text ?? '')?.[0];
    const ways = [`pid:${pid}`, `netns:${inode}`, 'path:/run/netns/red', `path:/proc/${pid}/ns/net`];
    for (const way of ways) {
      const shown = await sandbox.run(`-n ${way} -br link show in-red`);
      assert.deepEqual([way, shown.stderr, shown.status], [way, '', 0]);
      const ran = await sandbox.run(`$ tsip netns exec ${way} readlink /proc/self/ns/net`);
      assert.deepEqual([way, ran.stdout.trim()], [way, text]);
      assert.match((await sandbox.run(`netns pids ${way}`)).stdout, new RegExp(`^${pid}$`, 'm'));
      const entered = await sandbox.run(`$ tsnsenter --net=${way} readlink /proc/self/ns/net`);
      assert.equal(entered.stdout.trim(), text, entered.stderr);
      assert.match((await sandbox.run(`map --format json ${way}`)).stdout, /"in-red"/);
      assert.match((await sandbox.run(`why ${way} 10.0.0.1`)).stdout, /^red to 10\.0\.0\.1/);
      await sandbox.run('link add mover type veth peer name rest');
      assert.equal((await sandbox.run(`link set mover netns ${way}`)).stderr, '');
      await sandbox.run('-n red link del mover');
    }
    // A file of that name comes first.
    await sandbox.run(`netns add pid:${pid}`);
    assert.notEqual((await sandbox.run(`-n pid:${pid} link show in-red`)).status, 0);
    await sandbox.run(`netns delete pid:${pid}`);
    await sandbox.run(`$ kill ${pid}`);
  });

  alone('by its inode where only a descriptor holds it', async sandbox => {
    const { stdout } = await sandbox.run(
      '$ tsip netns add gone; exec 9</run/netns/gone; tsip -n gone link add held type veth; tsip netns delete gone; inode=$(stat -L -c %i /proc/$$/fd/9); tsip -n netns:$inode -br link show held; tsip netns exec netns:$inode true && echo entered',
    );
    assert.match(stdout, /^held/);
    assert.match(stdout, /entered\n$/);
  });

  alone('in no way that is not there, in the words of the original', async sandbox => {
    for (const way of ['pid:999999999', 'netns:1', 'container:feedfeedfeed', 'docker:web', 'podman:db'])
      assert.deepEqual((({ stderr, status }) => [stderr, status])(await sandbox.run(`-n ${way} link`)), [
        `Cannot open network namespace "${way}": No such file or directory\n`,
        255,
      ]);
    await sandbox.run('netns add red');
    for (const [line, said] of [
      ['netns exec /run/netns/red true', 'Invalid netns name "/run/netns/red"'],
      ['-n /run/netns/red link', 'Cannot open network namespace "/run/netns/red": No such file or directory'],
    ] as const) {
      const { stderr, status } = await sandbox.run(line);
      assert.deepEqual([stderr, status], [`${said}\n`, 255]);
    }
  });
});
