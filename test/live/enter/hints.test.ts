/** Hints to who may not enter or make a namespace, or names a process that has ended. They come before the complaint. */
import assert from 'node:assert/strict';
import type { RunOptions, Sandbox } from '../../support/sandbox.ts';
import { alone } from '../../support/twin.ts';

const missing = 'there is no process 4194304 here: it has ended, or is in another PID namespace';

async function hintTo(sandbox: Sandbox, line: string, options: RunOptions = {}): Promise<string | undefined> {
  const { stderr, status } = await sandbox.run(`$ ${line}`, { ...options, env: { TSIP_HINTS: 'always' } });
  assert.notEqual(status, 0, line);
  const [hint, complaint] = stderr.split('\n');
  assert.notEqual(complaint, '', line);
  return /^hint: (.*)$/.exec(hint ?? '')?.[1];
}

describe('a hint before a program that enters namespaces', () => {
  alone(
    'says that a process has ended',
    async sandbox => {
      for (const line of ['tsnsenter -t 4194304 -n true', 'nsenter --target 4194304 --all true'])
        assert.equal(await hintTo(sandbox, line), missing);
    },
    { needs: ['root'] },
  );

  alone(
    'comes from the engine of tsip run as well',
    async sandbox => {
      const line = "tsip -json run --summary-to summary bash -c 'nsenter -t 4194304 -n true'";
      assert.equal(await hintTo(sandbox, line), missing);
      const { stdout } = await sandbox.run('$ cat summary');
      const { calls, made_by_themselves } = JSON.parse(stdout) as Record<string, number>;
      assert.deepEqual({ calls, made_by_themselves }, { calls: 1, made_by_themselves: 0 });
    },
    { needs: ['root'] },
  );

  alone(
    'says which user namespace owns what an ordinary user may not enter or make',
    async sandbox => {
      await sandbox.run('netns add red');
      const user = { user: 'nobody' } as const;
      const own = (await sandbox.run('$ readlink /proc/self/ns/user')).stdout.trim();
      const lacking = `this takes CAP_SYS_ADMIN in ${own}, which user 65534 does not have: `;
      assert.equal(
        await hintTo(sandbox, 'tsip netns exec red true', user),
        `${lacking}be root there, or use namespaces of your own: tsip --rootless netns exec ...`,
      );
      assert.equal(
        await hintTo(sandbox, 'tsunshare --net true', user),
        `${lacking}be root, or make a user namespace too, in which you are root: --map-root-user`,
      );
      const entered = await hintTo(sandbox, 'tsnsenter --net=/run/netns/red true', user);
      assert.match(entered ?? '', /^this takes CAP_SYS_ADMIN in user:\[\d+\].*: be root there$/);
    },
    { needs: ['root'] },
  );

  alone(
    'says how the owner of a user namespace enters what belongs to it',
    async sandbox => {
      const script =
        'tsunshare -r -n sh -c "echo \\$\\$ >pid; exec sleep 1000" & until [ -s pid ]; do sleep 0.05; done; tsnsenter -t $(cat pid) -n true; s=$?; tsnsenter -t $(cat pid) -U -n true && kill $(cat pid); exit $s';
      const { stderr, status } = await sandbox.run(`$ ${script}`, {
        user: 'nobody',
        cwd: '/mnt/work',
        env: { TSIP_HINTS: 'always' },
      });
      assert.match(
        stderr,
        /^hint: this takes CAP_SYS_ADMIN in user:\[\d+\], which owns the net namespace, and in ours, user:\[\d+\]: enter that of the process, too, with --user\n/m,
      );
      assert.notEqual(status, 0);
    },
    { needs: ['root'] },
  );

  alone(
    'is none where nothing stops it, and where nobody reads',
    async sandbox => {
      await sandbox.run('netns add red');
      for (const line of [
        'netns exec red true',
        '$ tsnsenter --net=/run/netns/red true',
        '$ tsunshare -n true',
      ]) {
        const { stderr, status } = await sandbox.run(line, { env: { TSIP_HINTS: 'always' } });
        assert.deepEqual([stderr, status], ['', 0], line);
      }
      const silent = await sandbox.run('$ tsnsenter -t 4194304 -n true');
      assert.doesNotMatch(silent.stderr, /hint/);
    },
    { needs: ['root'] },
  );
});
