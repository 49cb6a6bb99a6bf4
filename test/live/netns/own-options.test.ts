/** Options and commands of `netns` that the original does not have: for names that may be there, and left-over files. */
import assert from 'node:assert/strict';
import type { Sandbox } from '../../support/sandbox.ts';
import { alone, differential } from '../../support/twin.ts';

async function outcome(sandbox: Sandbox, line: string): Promise<readonly [string, string, number | null]> {
  const { stdout, stderr, status } = await sandbox.run(line);
  return [stdout, stderr, status];
}

const DONE = ['', '', 0] as const;

describe('ip netns of ours', () => {
  alone('adds a name that is absent, and keeps one that is there', async sandbox => {
    assert.deepEqual(await outcome(sandbox, 'netns add --if-absent red'), DONE);
    const inode = await sandbox.run('$ stat -c %i /run/netns/red');
    assert.deepEqual(await outcome(sandbox, 'netns add --if-absent red'), DONE);
    assert.equal((await sandbox.run('$ stat -c %i /run/netns/red')).stdout, inode.stdout);
    await sandbox.run('$ touch /run/netns/left');
    const taken = 'Cannot create namespace file "/run/netns/left": File exists\n';
    assert.deepEqual(await outcome(sandbox, 'netns add --if-absent left'), ['', taken, 1]);
    const wrong = ['', 'Invalid netns name "a/b"\n', 255];
    assert.deepEqual(await outcome(sandbox, 'netns add --if-absent a/b'), wrong);
    const more = ['', '"blue" is one word too many\n', 1];
    assert.deepEqual(await outcome(sandbox, 'netns add --if-absent green blue'), more);
    assert.deepEqual(await outcome(sandbox, '$ ls /run/netns'), ['left\nred\n', '', 0]);
  });

  alone('deletes the names that are present', async sandbox => {
    for (const name of ['red', 'blue']) await sandbox.run(`netns add ${name}`);
    assert.deepEqual(await outcome(sandbox, 'netns delete --if-present none'), DONE);
    assert.deepEqual(await outcome(sandbox, 'netns delete --if-present red none blue'), DONE);
    assert.deepEqual(await outcome(sandbox, '$ ls /run/netns'), DONE);
    await sandbox.run('$ mkdir /run/netns/folder');
    await sandbox.run('netns add green');
    const [, stderr, status] = await outcome(sandbox, 'netns delete --if-present folder green');
    assert.match(stderr, /^Cannot remove namespace file "\/run\/netns\/folder": .*\n$/);
    assert.equal(status, 1);
    assert.deepEqual(await outcome(sandbox, '$ ls /run/netns'), ['folder\n', '', 0]);
  });

  alone('prunes files that are no namespaces, and nothing else', async sandbox => {
    assert.deepEqual(await outcome(sandbox, 'netns prune'), DONE);
    await sandbox.run('netns add red');
    await sandbox.run(
      '$ cd /run/netns; touch a b; echo text >kept; mkdir folder; ln -s /gone link; ln -s red alias; touch uts; unshare --uts=uts true',
    );
    const names = '$ ls /run/netns';
    const before = await outcome(sandbox, names);
    assert.deepEqual(await outcome(sandbox, 'netns prune --dry-run'), ['a\nb\nlink\n', '', 0]);
    assert.deepEqual(await outcome(sandbox, names), before);
    assert.deepEqual(await outcome(sandbox, '-j netns prune'), [
      '[{"name":"a"},{"name":"b"},{"name":"link"}]\n',
      '',
      0,
    ]);
    assert.deepEqual(await outcome(sandbox, names), ['alias\nfolder\nkept\nred\nuts\n', '', 0]);
    assert.deepEqual(await outcome(sandbox, 'netns prune red'), [
      '',
      'netns prune: "red" is not known; it takes --dry-run\n',
      1,
    ]);
    await sandbox.run('$ umount /run/netns/uts');
  });

  alone('waits for the end of a namespace, and ends who is inside', async sandbox => {
    await sandbox.run('netns add red');
    assert.deepEqual(await outcome(sandbox, 'netns delete --wait red'), DONE);
    await sandbox.run('netns add red');
    const held = await sandbox.run(
      '$ exec 9</run/netns/red; tsip netns delete --wait=0.1 red; echo $? $$; [ -e /run/netns/red ] || echo deleted',
    );
    const [, status, shell] = /^(\d+) (\d+)\ndeleted\n$/.exec(held.stdout) ?? [];
    assert.equal(status, '1');
    assert.match(
      held.stderr,
      new RegExp(`^"red" is held by descriptor 9 of process ${shell} \\(.*\\)$`, 'm'),
    );
    assert.match(
      held.stderr,
      /^Namespace "red" has lost its name, but has not ended within 0\.1 seconds\.$/m,
    );
    const ended = await sandbox.run(
      '$ tsip netns add blue; mkfifo started; tsip netns exec blue sh -c "echo >started; exec sleep 600" & read line <started; tsip netns delete --wait --kill=KILL blue; echo $?; wait $!; echo $?',
    );
    assert.match(ended.stderr, /^"blue" is held by process \d+ \(.*\)$/m);
    assert.match(ended.stdout, /^0\n137\n/m);
  });

  alone('does not wait for what does not end, nor for what is wrong', async sandbox => {
    await sandbox.run('$ tsip netns attach own $$');
    assert.deepEqual(await outcome(sandbox, 'netns delete --wait --kill own'), [
      '',
      'Namespace "own" is that of this process: it does not end when its name is deleted.\n',
      1,
    ]);
    assert.deepEqual(await outcome(sandbox, 'netns delete --kill own'), [
      '',
      'netns delete: --kill needs --wait\n',
      255,
    ]);
    for (const [option, said] of [
      ['--wait=x', '"x" is no number of seconds up to 86400'],
      ['--wait --kill=NONE', '"NONE" is no signal'],
    ])
      assert.deepEqual(await outcome(sandbox, `netns delete ${option} own`), [
        '',
        `netns delete: ${said}\n`,
        255,
      ]);
    assert.deepEqual(await outcome(sandbox, '$ ls /run/netns'), ['own\n', '', 0]);
  });

  differential('keep what the original does with these words', [
    'netns add --if-absent',
    'netns delete --if-present',
    'netns add --if-present other',
    'netns list',
    'netns delete --if-absent',
    '-all netns delete --if-present x',
    'netns pr',
    'netns prun',
    'netns list',
  ]);
});
