/** Options of `netns exec` that the original does not have: another user, a time limit, several namespaces at once. */
import assert from 'node:assert/strict';
import type { Sandbox } from '../../support/sandbox.ts';
import { alone, differential } from '../../support/twin.ts';

async function outcome(sandbox: Sandbox, line: string): Promise<readonly [string, string, number | null]> {
  const { stdout, stderr, status } = await sandbox.run(line);
  return [stdout, stderr, status];
}

const DONE = ['', '', 0] as const;

/** The words of each line of a table. */
const cells = (table: string) => table.split('\n').map(line => line.trim().split(/ {2,}/));

describe('netns exec of ours', () => {
  alone('runs a program as a user, with its groups and variables', async sandbox => {
    await sandbox.run('netns add red');
    // Another entry of the same name would be this machine's.
    await sandbox.run(
      "$ mkdir /run/etc; cp /etc/passwd /etc/group /run/etc; echo 'lab:x:4321:4322::/run/home:/bin/bash' >>/run/etc/passwd; echo 'labs:x:4322:' >>/run/etc/group; echo 'wires:x:4323:lab,root' >>/run/etc/group; mount --bind /run/etc/passwd /etc/passwd; mount --bind /run/etc/group /etc/group",
    );
    const show = 'sh -c "id -un; id -gn; id -G; echo $HOME $USER $LOGNAME $SHELL"';
    const shown = ['lab\nlabs\n4322 4323\n/run/home lab lab /bin/bash\n', '', 0];
    const line = (options: string) => `$ tsip netns exec ${options} red ${show.replaceAll('$', '\\$')}`;
    assert.deepEqual(await outcome(sandbox, line('--user lab')), shown);
    assert.deepEqual(await outcome(sandbox, line('--user=4321')), shown);
    assert.deepEqual(await outcome(sandbox, '$ tsip netns exec --user=lab --group=wires red id -G'), [
      '4323\n',
      '',
      0,
    ]);
    assert.deepEqual(await outcome(sandbox, '$ tsip netns exec --user=98765 red sh -c "id -u; id -G"'), [
      '98765\n98765\n',
      '',
      0,
    ]);
    assert.deepEqual(
      await outcome(sandbox, '$ tsip netns exec --group=labs red sh -c "id -u; id -g; id -G"'),
      ['0\n4322\n4322\n', '', 0],
    );
  });

  alone('leaves a user no capabilities, or all', async sandbox => {
    await sandbox.run('netns add red');
    const change = 'red tsip link set lo up';
    const [, stderr, status] = await outcome(sandbox, `$ tsip netns exec --user=nobody ${change}`);
    assert.match(stderr, /^RTNETLINK answers: Operation not permitted\n/);
    assert.equal(status, 2);
    assert.deepEqual(await outcome(sandbox, `$ tsip netns exec --user=nobody --keep-caps ${change}`), [
      '',
      '',
      0,
    ]);
    assert.match((await sandbox.run('-n red link show lo')).stdout, /<LOOPBACK,UP,/);
  });

  alone('gives a program a fresh environment', async sandbox => {
    await sandbox.run('netns add red');
    const line =
      '$ LEFT=1 TERM=dumb LC_ALL=C LANG= tsip netns exec --env-clean --user=root red env | grep -v ^_= | sort';
    const { stdout } = await sandbox.run(line);
    const names = stdout.split('\n').map(variable => variable.split('=')[0]);
    assert.deepEqual(
      names.filter(name => !['PWD', 'TZ', 'LANGUAGE', 'COLORTERM'].includes(name!)),
      ['HOME', 'LANG', 'LC_ALL', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER', ''],
    );
  });

  alone('ends a program whose time is up, with its children', async sandbox => {
    await sandbox.run('netns add red');
    // What has got a signal may be there for a moment.
    const isEmpty = async () => {
      const line = '$ timeout 20 sh -c \'until [ -z "$(tsip netns pids red)" ]; do sleep 0.05; done\'';
      assert.deepEqual(await outcome(sandbox, line), DONE);
    };
    const limited = (program: string) => `$ tsip netns exec --timeout=0.2 red ${program}`;
    assert.deepEqual(await outcome(sandbox, limited('sh -c "sleep 1000; echo late"')), ['', '', 124]);
    await isEmpty();
    const stubborn = `sh -c "trap '' TERM; while :; do sleep 0.05; done"`;
    assert.deepEqual(await outcome(sandbox, limited(stubborn)), ['', '', 124]);
    await isEmpty();
    const inTime = '$ tsip netns exec --timeout=1000 red sh -c "cat; exit 7" <<<text';
    assert.deepEqual(await outcome(sandbox, inTime), ['text\n', '', 7]);
    const killed = '$ tsip netns exec --timeout=1000 red sh -c "kill -TERM \\$\\$"; echo $?';
    assert.match((await sandbox.run(killed)).stdout, /^143\n$/);
    // The program, and what waits for it.
    const forwarded =
      '$ tsip netns exec --timeout=1000 red sleep 1000 & until [ "$(tsip netns pids red | wc -l)" = 2 ]; do sleep 0.05; done; kill -TERM $!; wait $!; echo $?; tsip netns pids red';
    assert.match((await sandbox.run(forwarded)).stdout, /^143\n$/);
  });

  alone('runs a program in several namespaces at once', async sandbox => {
    for (const name of ['c', 'a', 'b']) await sandbox.run(`netns add ${name}`);
    // Each waits until all have come: one after the other they would not end.
    const meet =
      '$ tsip -all netns exec --parallel=3 --timeout=60 bash -c \'n=$(tsip netns identify); >/run/here.$n; until [ "$(ls /run/here.* | wc -l)" = 3 ]; do sleep 0.05; done; echo "met $n"; printf "%s no newline" "$n" >&2; [ $n != b ] || kill -KILL $$; [ $n != c ] || exit 9\'';
    const { stdout, stderr, status } = await sandbox.run(meet);
    assert.deepEqual(stdout.split('\n').sort(), ['', 'a: met a', 'b: met b', 'c: met c']);
    const [at, lines] = [stderr.indexOf('NAMESPACE'), stderr.slice(0, stderr.indexOf('NAMESPACE'))];
    assert.deepEqual(lines.split('\n').sort(), ['', 'a: a no newline', 'b: b no newline', 'c: c no newline']);
    assert.deepEqual(
      cells(stderr.slice(at)).map(row => row.slice(0, 2)),
      [['NAMESPACE', 'STATUS'], ['a', '0'], ['b', '137 (SIGKILL)'], ['c', '9'], ['']],
    );
    assert.equal(status, 137);
    const json = await sandbox.run('$ tsip -j -all netns exec --parallel 2 sh -c "echo line; exit 3"');
    const ends: { name: string; status: number; expired: boolean }[] = JSON.parse(json.stdout);
    assert.deepEqual(
      ends.map(end => [end.name, end.status, end.expired]),
      [
        ['a', 3, false],
        ['b', 3, false],
        ['c', 3, false],
      ],
    );
    assert.deepEqual(json.stderr.split('\n').sort(), ['', 'a: line', 'b: line', 'c: line']);
    const late = await sandbox.run('$ tsip -j -all netns exec --timeout=0.1 --parallel=3 sleep 1000');
    assert.equal(late.status, 124);
    assert.deepEqual(
      (JSON.parse(late.stdout) as typeof ends).map(end => [end.status, end.expired]),
      [
        [124, true],
        [124, true],
        [124, true],
      ],
    );
  });

  alone('passes an interruption on, and starts no more', async sandbox => {
    for (const name of ['a', 'b', 'c']) await sandbox.run(`netns add ${name}`);
    const line =
      '$ tsip -all netns exec --parallel=2 sleep 1000 & until [ "$(tsip netns pids a; tsip netns pids b)" != "" ] && [ "$(tsip netns pids b)" != "" ]; do sleep 0.05; done; kill -TERM $!; wait $!; echo $?; for n in a b c; do tsip netns pids $n; done';
    const { stdout, stderr } = await sandbox.run(line);
    assert.equal(stdout, '143\n');
    assert.deepEqual(
      cells(stderr).map(row => row.slice(0, 2)),
      [['NAMESPACE', 'STATUS'], ['a', '143 (SIGTERM)'], ['b', '143 (SIGTERM)'], ['']],
    );
  });

  alone('refuses options that are wrong', async sandbox => {
    await sandbox.run('netns add red');
    for (const [words, reason] of [
      ['--user', '--user needs USER'],
      ['--user nobody-here red id', 'there is no user "nobody-here"'],
      ['--group=4294967295 red id', 'there is no group "4294967295"'],
      ['--timeout=0 red id', '--timeout 0: SECONDS is a number above 0, at most 1000000'],
      ['--timeout=1e9 red id', '--timeout 1e9: SECONDS is a number above 0, at most 1000000'],
      ['--keep-caps red id', '--keep-caps needs --user'],
      ['--parallel=2 red id', '--parallel needs -all'],
      ['--env-clean=1 red id', '--env-clean takes no value'],
    ])
      assert.deepEqual(await outcome(sandbox, `netns exec ${words}`), ['', `netns exec: ${reason}\n`, 255]);
    assert.deepEqual(await outcome(sandbox, 'netns exec --user=root'), ['', 'No netns name specified\n', 1]);
  });

  differential('takes a namespace of such a name for a name', [
    'netns add --user',
    'netns exec --user echo inside',
    'netns exec --wrong echo inside',
  ]);
});
