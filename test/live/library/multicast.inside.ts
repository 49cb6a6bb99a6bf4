/** Routes of multicast packets: those of a routing daemon, and those that the library makes next to them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ArgumentError, KernelError, Namespace, type Network } from '../../../src/index.ts';
import type { MulticastRoute } from '../../../src/rtnetlink.ts';
import { repository } from '../../support/requirements.ts';

const router = join(repository, 'test/live/multicast/router.py');

/** A network where a daemon routes multicast packets between v0 and v1; `stop` ends it. */
async function withRouter(
  test: (network: Network, stop: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await using namespace = await Namespace.create();
  await using network = await namespace.network();
  const { index } = await network.links.add({ kind: 'veth', name: 'v0', up: true, peer: { name: 'v1' } });
  const peer = (await network.links.get('v1'))!;
  await network.links.change('v1', { up: true });
  using watcher = network.watch(['multicastRoute']);
  const child = namespace.spawn('python3', [router, String(index), String(peer.index)], { stdio: 'inherit' });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  };
  try {
    // It makes this one last.
    for await (const { value } of changes(watcher)) if (value.group === 'ff05::2') break;
    await test(network, stop);
  } finally {
    await stop();
  }
}

async function* changes(watcher: ReturnType<Network['watch']>) {
  for await (const event of watcher) {
    if (event.group === 'multicastRoute') yield event as { action: string; value: MulticastRoute };
  }
}

const id = { source: '10.0.0.9', group: '224.1.1.9' } as const;
const added = { ...id, device: 'v0' } as const;
const plain = (value: object | undefined) => JSON.parse(JSON.stringify(value)) as object;

describe('multicast routes', () => {
  it('of both families are listed, by every condition', () =>
    withRouter(async ({ multicastRoutes }) => {
      const all = await multicastRoutes.all();
      assert.deepEqual(all.map(({ source, group }) => `${source} ${group}`).sort(), [
        '10.0.0.1 224.1.1.1',
        '10.0.0.2 224.1.1.2',
        '10.0.1.2 224.2.1.2',
        '10.0.1.3 224.2.1.3',
        'fd00::1 ff05::1',
        'fd00::2 ff05::2',
      ]);
      const found = await multicastRoutes.get({ source: '10.0.1.2', group: '224.2.1.2' });
      const { index: v0 } = { index: found!.hops[0]!.device_index };
      assert.deepEqual(plain(found), {
        family: 'inet',
        source: '10.0.1.2',
        group: '224.2.1.2',
        device: 'v1',
        device_index: v0 - 1,
        hops: [
          { device: 'v0', device_index: v0, ttl: 1 },
          { device: 'v1', device_index: v0 - 1, ttl: 9 },
        ],
        state: 'resolved',
        offload: false,
        table: 'default',
        // Where rt_protos does not name it, it is a number.
        protocol: found!.protocol,
      });
      assert.match(found!.protocol, /^(17|mrouted)$/);
      const { packets, bytes, wrong_device, idle } = found!.statistics!;
      assert.deepEqual([packets, bytes, wrong_device], [0n, 0n, 0n]);
      assert.ok(idle >= 0 && idle < 600_000, String(idle));
      assert.equal(found!.raw.type, 5);
      assert.doesNotMatch(inspect(found), /statistics|raw/);
      const groups = async (filter: Parameters<typeof multicastRoutes.all>[0]) =>
        (await multicastRoutes.all(filter)).map(({ group }) => group).sort();
      assert.deepEqual(await groups({ family: 'inet6' }), ['ff05::1', 'ff05::2']);
      assert.deepEqual(await groups({ device: 'v0' }), ['224.1.1.1', 'ff05::1']);
      assert.deepEqual(await groups({ table: 'main' }), ['ff05::1', 'ff05::2']);
      assert.deepEqual(await groups({ table: 'default', source: '10.0.0.2' }), ['224.1.1.2']);
      assert.deepEqual(await groups({ group: 'ff05:0::2' }), ['ff05::2']);
      assert.equal((await multicastRoutes.get({ source: 'fd00::2', group: 'ff05::2' }))?.device, 'v1');
      assert.equal(await multicastRoutes.get({ group: '224.1.1.1' }), undefined);
      for await (const { family } of multicastRoutes.list({ device: 'v1', family: 'inet' }))
        assert.equal(family, 'inet');
    }));

  it('of IPv4 are made, changed, deleted and watched', () =>
    withRouter(async network => {
      const { multicastRoutes } = network;
      using watcher = network.watch(['multicastRoute', 'route']);
      await multicastRoutes.replace({ ...added, hops: [{ device: 'v1', ttl: 3 }] });
      const made = (await multicastRoutes.get(id))!;
      const [hop] = made.hops;
      assert.deepEqual([made.device, made.protocol, hop?.device, hop?.ttl], ['v0', 'static', 'v1', 3]);
      await multicastRoutes.replace({
        ...made,
        device: 'v0',
        hops: [{ device: 'v0' }, { device: 'v1', ttl: 7 }],
      });
      const changed = (await multicastRoutes.get(id))!;
      assert.deepEqual(
        changed.hops.map(({ device, ttl }) => [device, ttl]),
        [
          ['v0', 1],
          ['v1', 7],
        ],
      );
      await multicastRoutes.delete(changed);
      await multicastRoutes.replace(changed);
      assert.deepEqual(plain(await multicastRoutes.get(id)), plain(changed));
      assert.equal(await multicastRoutes.flush({ source: '10.0.0.9' }), 1);
      assert.equal(await multicastRoutes.get(id), undefined);
      const seen: string[] = [];
      for await (const { action, value } of changes(watcher)) {
        seen.push(
          `${action} ${value.group} ${value.hops.map(({ device, ttl }) => `${device}/${ttl}`).join(' ')}`,
        );
        if (seen.length === 5) break;
      }
      assert.deepEqual(seen, [
        'set 224.1.1.9 v1/3',
        'set 224.1.1.9 v0/1 v1/7',
        'delete 224.1.1.9 v0/1 v1/7',
        'set 224.1.1.9 v0/1 v1/7',
        'delete 224.1.1.9 v0/1 v1/7',
      ]);
    }));

  it('are a map that follows the daemon', () =>
    withRouter(async (network, stop) => {
      await using routes = await network.live('multicastRoute');
      assert.equal(routes.size, 6);
      assert.equal(routes.get('main fd00::2 ff05::2')?.device, 'v1');
      await network.multicastRoutes.replace(added);
      if (routes.size < 7) await once(routes, 'changed');
      const emptied = new Promise<void>(resolve => {
        routes.on('changed', () => {
          if (routes.size === 1) resolve();
        });
      });
      await stop();
      await emptied;
      // What was made as `static` stays when the daemon ends.
      assert.deepEqual([...routes.keys()], ['default 10.0.0.9 224.1.1.9']);
    }));

  it('say what is refused, by the kernel and before', () =>
    withRouter(async ({ multicastRoutes, links }) => {
      await links.add({ kind: 'bridge', name: 'br0' });
      const refusal = async (promise: Promise<unknown>) => {
        const error = await promise.then(
          () => assert.fail('not refused'),
          (reason: unknown) => reason,
        );
        if (error instanceof ArgumentError) return error.argument;
        assert.ok(error instanceof KernelError, String(error));
        return error.code;
      };
      const wide = { source: 'fd00::1', group: 'ff05::9', device: 'v0' } as const;
      assert.equal(await refusal(multicastRoutes.replace(wide)), 'EOPNOTSUPP');
      assert.equal(await refusal(multicastRoutes.delete({ group: 'ff05::9' })), 'EOPNOTSUPP');
      await assert.rejects(multicastRoutes.replace(wide), { hint: /routing daemon/ });
      assert.equal(await refusal(multicastRoutes.delete({ group: '224.9.9.9' })), 'ENOENT');
      assert.equal(await refusal(multicastRoutes.replace({ ...added, device: 'br0' })), 'device');
      assert.equal(
        await refusal(multicastRoutes.replace({ ...added, hops: [{ device: 'br0' }] })),
        'hops.0.device',
      );
      assert.equal(await refusal(multicastRoutes.replace({ ...added, source: 'fd00::1' })), 'source');
      assert.equal(await refusal(multicastRoutes.replace({ ...added, group: 'x' })), 'group');
      assert.equal(
        await refusal(multicastRoutes.replace({ ...added, hops: [{ device: 'v1', ttl: 255 }] })),
        'hops.0.ttl',
      );
      assert.equal(await refusal(multicastRoutes.flush({})), 'filter');
      assert.equal(await refusal(multicastRoutes.all({ table: 'nope' })), 'filter.table');
    }));

  it('are none where no daemon runs', async () => {
    await using namespace = await Namespace.create();
    await using network = await namespace.network();
    assert.deepEqual(await network.multicastRoutes.all(), []);
    await assert.rejects(network.multicastRoutes.replace({ ...added, device: 'lo' }), { argument: 'device' });
  });
});
