/** Many processes that make and delete named namespaces at once, and processes killed while they do. */
import assert from 'node:assert/strict';
import { originals } from '../../support/requirements.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import { quote } from '../../support/sandbox.ts';
import { alone } from '../../support/twin.ts';

const MANY = 100;
const patience = { timeoutMs: 120_000 };

/** Runs `command` (in which $i counts) as often as `count` says, all at once, and answers each exit code. */
async function atOnce(sandbox: Sandbox, count: number, command: string): Promise<number[]> {
  const script = `$ rm -f status.*
    for ((i = 0; i < ${count}; i++)); do { ${command}; echo $? >status.$i; } 2>>errors & done; wait; for ((i = 0; i < ${count}; i++)); do cat status.$i; done`;
  const { stdout, timedOut } = await sandbox.run(script, patience);
  assert.equal(timedOut, false);
  const statuses = stdout.trim().split('\n').map(Number);
  assert.equal(statuses.length, count);
  return statuses;
}

async function output(sandbox: Sandbox, script: string): Promise<string> {
  const { stdout, stderr } = await sandbox.run(`$ ${script}`, patience);
  assert.equal(stderr, '');
  return stdout.trim();
}

/** Asserts that every name is mounted once, in a run directory mounted once, and can be entered. */
async function assertConsistent(sandbox: Sandbox): Promise<string[]> {
  const names = (await output(sandbox, 'ls /run/netns')).split('\n').filter(Boolean).sort();
  const mounted = await output(
    sandbox,
    `awk '$5 ~ "^/run/netns" { print $5, $7 }' /proc/self/mountinfo | sed s/:.*//`,
  );
  assert.deepEqual(mounted.split('\n').sort(), [
    '/run/netns shared',
    ...names.map(name => `/run/netns/${name} shared`),
  ]);
  const distinct = await output(sandbox, 'cd /run/netns; stat -c %i -- * 2>/dev/null | sort -u | wc -l');
  if (names.length > 0) assert.equal(Number(distinct), names.length);
  const first = names[0];
  if (first !== undefined)
    assert.equal(await output(sandbox, `ip netns exec ${first} ip netns identify`), first);
  return names;
}

describe('ip netns with many processes at once', function () {
  this.timeout(300_000);

  alone('makes one namespace of one name, and the others are refused because it exists', async sandbox => {
    const statuses = await atOnce(sandbox, MANY, 'ip netns add same');
    assert.deepEqual(
      [statuses.filter(status => status === 0).length, statuses.filter(status => status === 1).length],
      [1, MANY - 1],
    );
    const complaints = await output(sandbox, 'sort -u errors');
    assert.equal(complaints, 'Cannot create namespace file "/run/netns/same": File exists');
    assert.deepEqual(await assertConsistent(sandbox), ['same']);
  });

  alone('makes and deletes namespaces of many names', async sandbox => {
    const made = await atOnce(sandbox, MANY, 'ip netns add n$i');
    assert.deepEqual(new Set(made), new Set([0]));
    assert.equal((await assertConsistent(sandbox)).length, MANY);
    const deleted = await atOnce(sandbox, MANY, 'ip netns delete n$i');
    assert.deepEqual(new Set(deleted), new Set([0]));
    assert.deepEqual(await assertConsistent(sandbox), []);
    assert.equal(await output(sandbox, 'cat errors'), '');
  });

  alone(
    'makes and deletes few names from many processes without leaving anything half done',
    async sandbox => {
      await atOnce(
        sandbox,
        MANY,
        'if ((i % 2)); then ip netns add n$((i / 2 % 5)); else ip netns delete n$((i / 2 % 5)); fi',
      );
      await assertConsistent(sandbox);
      const complaints = await output(sandbox, 'sed "s/n[0-4]/N/g" errors | sort -u');
      const known = [
        'Bind /proc/self/ns/net -> /run/netns/N failed: No such file or directory',
        'Cannot create namespace file "/run/netns/N": File exists',
        'Cannot remove namespace file "/run/netns/N": Device or resource busy',
        'Cannot remove namespace file "/run/netns/N": No such file or directory',
      ];
      assert.deepEqual(
        complaints.split('\n').filter(line => !known.includes(line)),
        [],
      );
    },
  );

  alone(
    'shares the lock with the original',
    async sandbox => {
      const original = quote(`${originals()}/ip`);
      const program = `$( ((i % 2)) && echo ip || echo ${original})`;
      const statuses = await atOnce(sandbox, MANY, `${program} netns add n$((i / 4))`);
      assert.equal(statuses.filter(status => status === 0).length, MANY / 4);
      assert.equal((await assertConsistent(sandbox)).length, MANY / 4);
    },
    { needs: ['oracle'] },
  );

  alone('lists and identifies while names come and go', async sandbox => {
    const statuses = await atOnce(
      sandbox,
      MANY / 2,
      'case $((i % 4)) in 0) ip netns add n$((i % 8));; 1) ip netns delete n$((i % 8 - 1));; 2) ip netns list;; 3) ip -j netns identify;; esac >/dev/null',
    );
    const readers = statuses.filter((_status, index) => index % 4 >= 2);
    assert.deepEqual(new Set(readers), new Set([0]));
    await assertConsistent(sandbox);
  });
});

describe('ip netns add killed in the middle', function () {
  this.timeout(120_000);

  const moments = [
    ...['mkdir', 'flock', 'unshare', 'setns'].map(call => `${call}:signal=KILL:when=1`),
    ...[1, 2, 3, 4, 5].map(mount => `mount:signal=KILL:when=${mount}`),
  ];
  for (const moment of moments) {
    alone(
      `${moment.replace(':signal=KILL:when=', ' number ')}: the next call still works`,
      async sandbox => {
        const killed = await sandbox.run(
          `$ strace -f -qq -o /dev/null -e inject=${moment} ip netns add a; echo $?`,
        );
        assert.equal(killed.stdout, '137\n', killed.stderr);
        assert.equal(await output(sandbox, 'ip netns add b && ip netns exec b ip netns identify'), 'b');
        // What the killed call left of its name can be removed, and the name be used again.
        await sandbox.run('netns delete a');
        assert.equal(await output(sandbox, 'ip netns add a && ip netns exec a ip netns identify'), 'a');
        assert.deepEqual(await assertConsistent(sandbox), ['a', 'b']);
      },
      { needs: ['strace'] },
    );
  }
});
