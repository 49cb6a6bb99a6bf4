/** Labs that programs change while they are there: see testing.test.ts, which runs this file in private namespaces. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { Lab, type LabFile } from '../../../src/testing/lab.ts';

const PAIR = {
  nodes: { a: {}, b: { run: { api: { command: 'echo up; exec sleep 1000', ready: { log: 'up' } } } } },
  links: ['a:eth0 10.0.0.1/24 -- b:eth0 10.0.0.2/24'],
  checks: ['a ping b'],
} as const satisfies LabFile;

const CHANGED: LabFile = {
  nodes: { a: { routes: ['10.9.0.0/16 via 10.0.0.2'] }, b: PAIR.nodes.b, c: {} },
  links: [PAIR.links[0], 'c:eth0 10.1.0.1/24 -- b:eth1 10.1.0.2/24'],
};

describe('a lab of a program', () => {
  it('is planned, changed where it is otherwise, and gone', async () => {
    let pid = '';
    {
      await using net = await Lab.apply(PAIR);
      const find = async () => (await net.node('b').exec('pgrep', ['-x', 'sleep'])).stdout;
      pid = await find();
      assert.deepEqual(await net.plan(PAIR), []);
      const planned = await net.plan(CHANGED);
      assert.deepEqual(
        planned.map(({ action, text }) => `${action} ${text}`),
        [
          'create node c',
          'create b device eth1 to c:eth0',
          'create c device eth0 to b:eth1',
          'create b address 10.1.0.2/24 dev eth1',
          'create c address 10.1.0.1/24 dev eth0',
          'create a route 10.9.0.0/16 via 10.0.0.2',
        ].sort((one, other) => order(planned, one) - order(planned, other)),
      );
      assert.deepEqual(await net.apply(CHANGED), planned);
      assert.deepEqual(net.names, ['a', 'b', 'c']);
      assert.equal(await find(), pid, 'the service goes on');
      await net.check();
      using network = await net.node('a').network();
      const routes: string[] = [];
      for await (const route of network.routes.list()) routes.push(String(route.destination));
      assert.ok(routes.includes('10.9.0.0/16'));
      await net.apply(PAIR);
      assert.deepEqual(net.names, ['a', 'b']);
    }
    assert.equal(existsSync(`/proc/${pid.trim()}/ns/net`), false);
  });

  it('is as before when a change fails', async () => {
    await using net = await Lab.apply(PAIR);
    await assert.rejects(
      net.apply({ ...CHANGED, nodes: { ...CHANGED.nodes, d: { devices: { x: { type: 'nlmon' } } } } }),
      /cannot create device "x type nlmon" in d/,
    );
    assert.deepEqual(await net.plan(PAIR), []);
    assert.deepEqual(net.names, ['a', 'b']);
  });

  it('is slowed down while packets flow', async () => {
    await using net = await Lab.apply(PAIR);
    const limits = async () => (await net.node('a').exec('ip', ['link', 'show', 'eth0'])).stdout;
    await net.impair('a:eth0', { rate: '10mbit', limit: 50 });
    assert.match(await limits(), / qdisc tbf /);
    await net.impair('a:eth0', { rate: '20mbit' });
    const slowed = { rate: '20mbit', limit: 50 };
    assert.deepEqual(await net.plan(withImpairment(slowed)), []);
    await net.impair('a:eth0', undefined);
    assert.match(await limits(), / qdisc noqueue /);
    await assert.rejects(net.impair('a:eth7', {}), /has no end "a:eth7"/);
  });

  it('is found by others where it has a name, until it is closed', async () => {
    {
      await using net = await Lab.apply(PAIR, { name: 'shared' });
      assert.deepEqual(readdirSync('/run/netns'), ['shared.a', 'shared.b']);
      await assert.rejects(Lab.apply(CHANGED, { name: 'shared' }), /there is a lab "shared" already/);
      assert.deepEqual(net.names, ['a', 'b']);
    }
    assert.deepEqual([readdirSync('/run/netns'), existsSync('/run/tsip')], [[], false]);
  });
});

function order(planned: readonly { readonly action: string; readonly text: string }[], line: string): number {
  return planned.findIndex(({ action, text }) => `${action} ${text}` === line);
}

function withImpairment(impair: { rate: string; limit: number }): LabFile {
  return {
    ...PAIR,
    links: [{ ends: [{ at: 'a:eth0', address: '10.0.0.1/24', impair }, 'b:eth0 10.0.0.2/24'] }],
  };
}
