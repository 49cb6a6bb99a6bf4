/** `link set DEV netns NAME --return` and `netns return`: devices that come back under their names. */
import assert from 'node:assert/strict';
import { isLastPhysical } from '../../../src/commands/link/return.ts';
import { findReturnMark, returnMark } from '../../../src/namespaces/return-mark.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import { alone, differential } from '../../support/twin.ts';

async function outcome(sandbox: Sandbox, line: string): Promise<readonly [string, string, number | null]> {
  const { stdout, stderr, status } = await sandbox.run(line);
  return [stdout, stderr, status];
}

const DONE = ['', '', 0] as const;

interface Shown {
  readonly ifname: string;
  readonly altnames?: readonly string[];
}

/** The names of all devices of a namespace, alternative ones too. */
async function namesIn(sandbox: Sandbox, options = ''): Promise<readonly (readonly string[])[]> {
  const { stdout } = await sandbox.run(`${options} -j link`.trim());
  return (JSON.parse(stdout) as Shown[]).map(({ ifname, altnames = [] }) => [ifname, ...altnames]);
}

describe('devices that return', () => {
  alone('come back under the name that they had', async sandbox => {
    await sandbox.run('netns add red');
    await sandbox.run('link add v0 type veth peer name v1');
    const { stdout: inode } = await sandbox.run('$ stat -L -c %i /proc/self/ns/net');
    const mark = `tsip-return:${inode.trim()}:v0`;
    assert.deepEqual(await outcome(sandbox, 'link set v0 netns red --return'), DONE);
    assert.deepEqual(await outcome(sandbox, '-n red link set v0 name wan up'), DONE);
    assert.deepEqual(await namesIn(sandbox, '-n red'), [['lo'], ['wan', mark]]);
    assert.deepEqual(await outcome(sandbox, 'netns return red'), DONE);
    assert.deepEqual(await namesIn(sandbox, '-n red'), [['lo']]);
    assert.deepEqual(await namesIn(sandbox), [['lo'], ['v1'], ['v0']]);
    // As the kernel leaves it when a namespace has ended.
    await sandbox.run(`link property add dev v0 altname ${mark}`);
    await sandbox.run('link set v0 name other');
    assert.deepEqual(await outcome(sandbox, 'netns return'), DONE);
    assert.deepEqual(await namesIn(sandbox), [['lo'], ['v1'], ['v0']]);
  });

  alone('stay where they are if they cannot come, with all that they had', async sandbox => {
    await sandbox.run('netns add red');
    await sandbox.run('netns add blue');
    await sandbox.run('link add v0 type veth peer name v1');
    const before = await namesIn(sandbox);
    const nowhere = 'Error: argument "green" is wrong: Invalid "netns" value\n\n';
    assert.deepEqual(await outcome(sandbox, 'link set v0 netns green --return'), ['', nowhere, 255]);
    assert.deepEqual(await namesIn(sandbox), before);
    assert.deepEqual(await outcome(sandbox, 'link set dev v0 mtu 1400 netns red --return'), DONE);
    await sandbox.run('link add v0 type bridge');
    const [, taken, status] = await outcome(sandbox, 'netns return blue red');
    assert.match(taken, /^"v0" cannot come back as "v0": /);
    assert.equal(status, 1);
    const [, elsewhere] = await outcome(sandbox, '-n blue netns return red');
    assert.match(elsewhere, /^"v0" belongs to another namespace, net:\[\d+\]: it stays\n$/);
    await sandbox.run('link delete v0');
    assert.deepEqual(await outcome(sandbox, 'netns return red'), DONE);
    assert.match((await sandbox.run('link show v0')).stdout, / mtu 1400 /);
    const [, missing] = await outcome(sandbox, 'netns return green');
    assert.equal(missing, 'Cannot open network namespace "green": No such file or directory\n');
  });

  alone('come back from a forced batch, too', async sandbox => {
    await sandbox.run('netns add red');
    const stdin = 'link add v0 type veth peer name v1\nlink set v0 netns red --return\nlink set v1 up\n';
    const { stderr, status } = await sandbox.run('-force -batch -', { stdin });
    assert.deepEqual([stderr, status], ['', 0]);
    assert.deepEqual(await outcome(sandbox, 'netns return red'), DONE);
    assert.match((await sandbox.run('link show v0')).stdout, /: v0@v1: /);
  });

  alone('are completed where they move', async sandbox => {
    const offered = async (...words: string[]) =>
      (await sandbox.run(['--get-yargs-completions', 'bash', ...words])).stdout;
    assert.match(await offered('link', 'set', 'lo', 'netns', 'red', '--'), /^--return/m);
  });

  differential(
    'the word means what it does with the original on other lines, and a beginning of it nothing',
    [
      'netns add red',
      'link add v0 type veth peer name v1',
      'link add --return type bridge',
      'link set v0 --return',
      'link set v0 netns red --retur',
      'link set mtu 1400 netns red --return',
      'link add v0.1 type veth peer name --return',
      'link set dev --return netns red',
      'netns retur',
    ],
  );

  it('are marked by a name that says where they belong', () => {
    const origin = { namespace: 4_026_531_840, name: 'eth0:1' };
    const mark = returnMark(origin);
    assert.equal(mark, 'tsip-return:4026531840:eth0:1');
    assert.deepEqual(findReturnMark(['enp0s1', mark]), { mark, origin });
    for (const names of [undefined, [], ['tsip-return:x:eth0', 'tsip-return:1:', 'atsip-return:1:eth0']])
      assert.equal(findReturnMark(names), undefined);
  });

  it('may be the last that no program has made', () => {
    const link = (index: number, kind?: string, flags = 0) => ({
      header: { family: 0, type: 1, index, flags, change: 0 },
      ...(kind === undefined ? {} : { linkinfo: { kind } }),
    });
    const loopback = link(1, undefined, 0x8);
    assert.equal(isLastPhysical(2, [loopback, link(2), link(3, 'veth')]), true);
    assert.equal(isLastPhysical(3, [loopback, link(2), link(3, 'veth')]), false);
    assert.equal(isLastPhysical(2, [loopback, link(2), link(3)]), false);
  });
});
