/** `--if-absent` and `--if-present`: lines that may run twice. */
import assert from 'node:assert/strict';
import { alone, differential } from '../../support/twin.ts';

/** What makes an object, and what deletes it, each with the failure of the second time. */
const PAIRS = [
  ['link add', 'br0 type bridge', 'link del', 'br0'],
  ['address add', '10.0.0.1/24 dev v0', 'address del', '10.0.0.1/24 dev v0'],
  ['route add', '10.9.0.0/16 dev v0', 'route del', '10.9.0.0/16'],
  ['rule add', 'from 10.0.0.0/8 table 7 pref 50', 'rule del', 'pref 50'],
  ['neighbour add', '10.0.0.9 lladdr 02:00:00:00:00:09 dev v0', 'neighbour del', '10.0.0.9 dev v0'],
  ['nexthop add', 'id 5 dev v0', 'nexthop del', 'id 5'],
] as const;

const WORLD = ['link add v0 type veth peer name v1', 'link set v0 up', 'link set v1 up'];

describe('lines that may run twice', () => {
  alone('succeed where what they make is there, and where what they delete is not', async sandbox => {
    const done = async (line: string) => {
      const { stdout, stderr, status } = await sandbox.run(line);
      return [stdout, stderr, status];
    };
    for (const line of WORLD) assert.deepEqual(await done(line), ['', '', 0], line);
    for (const [add, object, remove, id] of PAIRS) {
      assert.deepEqual(await done(`${add} --if-absent ${object}`), ['', '', 0], add);
      assert.deepEqual(await done(`${add} --if-absent ${object}`), ['', '', 0], add);
      const [, refusal, status] = await done(`${add} ${object}`);
      assert.equal(status, 2, `${add}: ${refusal}`);
      assert.deepEqual(await done(`${remove} --if-present ${id}`), ['', '', 0], remove);
      assert.deepEqual(await done(`${remove} --if-present ${id}`), ['', '', 0], remove);
      assert.notEqual((await done(`${remove} ${id}`))[2], 0, remove);
    }
    assert.deepEqual(await done('address del --if-present 10.0.0.1/24 dev nothing'), ['', '', 0]);
    // Other failures stay what they are.
    assert.deepEqual((await done('address add --if-absent 10.0.0.1/24 dev nothing'))[2], 1);
    assert.deepEqual((await done('route add --if-absent 10.9.0.0/16 via 192.0.2.1'))[2], 2);
    assert.deepEqual((await done('link del --if-present lo'))[2], 2);
    // The kernel takes the same rule again if it may choose the preference.
    assert.match(String((await done('rule add --if-absent from 10.0.0.0/8'))[1]), /needs "pref"/);
    assert.deepEqual(await done('rule add --if-absent from 10.0.0.0/8 priority 60'), ['', '', 0]);
  });

  alone('complete their option, once it has been begun', async sandbox => {
    const offered = async (...words: readonly string[]) => {
      const { stdout } = await sandbox.run(['--get-yargs-completions', 'bash', ...words]);
      return stdout
        .split('\n')
        .map(line => line.split('\t')[0]!)
        .filter(word => word.startsWith('--if'));
    };
    assert.deepEqual(await offered('link', 'add', '--'), ['--if-absent']);
    assert.deepEqual(await offered('route', 'del', '-'), ['--if-present']);
    assert.deepEqual(await offered('link', 'add', '--if-absent', '--'), []);
    assert.deepEqual(await offered('link', 'add', 'br0', '--'), []);
  });

  alone('do so in a forced batch, in order', async sandbox => {
    const stdin = [
      ...WORLD,
      'link add br0 type bridge',
      'link add --if-absent br0 type bridge',
      'link del br0',
    ]
      .concat(['link del --if-present br0', 'link add br0 type bridge', 'link add br0 type bridge'])
      .join('\n');
    const { stderr, status } = await sandbox.run('-force -batch -', { stdin: `${stdin}\n` });
    assert.equal(status, 1);
    assert.equal(stderr.match(/File exists/g)?.length, 1, stderr);
    assert.match(stderr, /-:9/);
  });

  differential('alone are words, as in the original', [
    ...WORLD,
    'link add --if-absent',
    'link add --if-present type bridge',
    'link show dev --if-present',
    'link set --if-absent up',
    'link del --if-present',
    'address del --if-present',
    'rule add --if-absent',
    'neighbour add --if-absent',
  ]);
});
