/** The engine of `tsip run` and who is not its client: nothing that is sent to it ends it, blocks it, or gets more rights. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { quote, type Sandbox } from '../../support/sandbox.ts';
import { alone } from '../../support/twin.ts';

const program = readFileSync(resolve(import.meta.dirname, 'hostile.py'), 'utf8');

interface Summary {
  readonly calls: number;
  readonly made_by_themselves: number;
}

/** Runs bash inside `tsip run`; returns what it prints, and how many calls the engine has made. */
async function inside(sandbox: Sandbox, script: string): Promise<{ lines: string[]; served: number }> {
  const { stdout, stderr, timedOut } = await sandbox.run(
    `$ tsip -j run --summary-to /mnt/work/summary bash -c ${quote(script)}`,
    { timeoutMs: 60_000 },
  );
  assert.deepEqual([stderr, timedOut], ['', false]);
  const summary = JSON.parse((await sandbox.run('$ cat /mnt/work/summary')).stdout) as Summary;
  return {
    lines: stdout.trimEnd().split('\n'),
    served: summary.calls - summary.made_by_themselves,
  };
}

const files = { hostile: program };

describe('the engine of tsip run', () => {
  alone(
    'refuses what is no request, and goes on',
    async sandbox => {
      const { lines, served } = await inside(
        sandbox,
        'python3 hostile nonsense; python3 hostile pieces; python3 hostile descriptors; ip -br link | wc -l',
      );
      assert.deepEqual(
        lines.filter(text => !text.endsWith('-> nothing')),
        ['no words -> start', 'byte by byte -> exit 0', '200 descriptors -> exit 0', '2'],
      );
      assert.equal(lines.length, 19);
      assert.equal(served, 3);
    },
    { files },
  );

  alone(
    'serves others while hundreds of connections say nothing, and calls print what nobody reads',
    async sandbox => {
      const { lines, served } = await inside(
        sandbox,
        [
          'ip link set lo up',
          'for n in {1..4000}; do echo "route add 10.1.$((n / 200)).$((n % 200)) dev lo"; done >lines; ip -batch lines',
          'python3 hostile idle & ',
          'python3 hostile deaf & ',
          'for turn in {1..200}; do ip -br link; done | wc -l',
          'kill %1 %2',
          'ip -br link | wc -l',
        ].join('\n'),
      );
      assert.deepEqual(lines.sort(), [
        '1',
        '20 calls that nobody reads',
        '200',
        '600 connections that say nothing',
      ]);
      assert.ok(served >= 202, `${served}`);
    },
    { files },
  );

  alone(
    'believes the kernel alone who has connected',
    async sandbox => {
      const { lines } = await inside(
        sandbox,
        [
          'setpriv --bounding-set -net_admin --inh-caps -net_admin python3 hostile credentials',
          'python3 hostile orphan',
          'ip -br link | wc -l',
        ].join('\n'),
      );
      assert.deepEqual(lines, [
        'forged credentials -> start',
        'a socket of a process that has ended -> start',
        '1',
      ]);
    },
    { files, needs: ['root'] },
  );

  alone(
    'is out of reach for other users, and uses no folder of theirs',
    async sandbox => {
      await sandbox.shell('mkdir /mnt/theirs && chown 65534 /mnt/theirs && ln -s /mnt/theirs /mnt/link');
      const nobody = 'setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all';
      const { lines } = await inside(
        sandbox,
        `${nobody} python3 hostile nonsense 2>&1 | grep -o PermissionError; ${nobody} ip -br link | wc -l; ls -A /mnt/theirs | wc -l`,
      );
      assert.deepEqual(lines, ['PermissionError', '1', '0']);
      for (const folder of ['/mnt/theirs', '/mnt/link', '/nowhere']) {
        const { stdout } = await sandbox.run(
          `$ XDG_RUNTIME_DIR=${folder} strace -f -e trace=mkdir,mkdirat -o trace tsip run ip -br link | wc -l; grep -c ${folder}/ trace`,
        );
        assert.equal(stdout, '1\n0\n', folder);
      }
    },
    { files, needs: ['root'] },
  );
});
