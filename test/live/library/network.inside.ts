import assert from 'node:assert/strict';
import {
  type Address,
  ArgumentError,
  KernelError,
  Namespace,
  Network,
  type WatchEvent,
} from '../../../src/index.ts';
import { withLab, withNetwork } from './lab.ts';

/** Passes if `promise` is refused by the kernel with `code`. */
function isRefused(promise: Promise<unknown>, code: string): Promise<void> {
  return assert.rejects(promise, error => error instanceof KernelError && error.code === code);
}

/** Passes if `promise` is refused because of the argument named. */
function isWrong(promise: Promise<unknown>, argument: string): Promise<void> {
  return assert.rejects(promise, error => error instanceof ArgumentError && error.argument === argument);
}

describe('links', () => {
  it('are added, distinguished by kind, changed, renamed and deleted', () =>
    withNetwork(async ({ links }) => {
      await links.add({ kind: 'bridge', name: 'br0', forward_delay: 300, stp_state: true, mtu: 1400 });
      const bridge = await links.get('br0');
      assert.equal(bridge?.kind, 'bridge');
      assert.ok(bridge.kind === 'bridge');
      assert.deepEqual(
        [bridge.data.forward_delay, bridge.data.stp_state, bridge.mtu, bridge.up],
        [300, 1, 1400, false],
      );
      await links.change('br0', { name: 'br1', up: true, alias: 'the bridge', group: 7 });
      const renamed = await links.get('br1');
      assert.deepEqual(
        [renamed?.index, renamed?.up, renamed?.alias, renamed?.group],
        [bridge.index, true, 'the bridge', '7'],
      );
      assert.equal(await links.get('br0'), undefined);
      await links.delete('br1');
      assert.deepEqual(
        (await links.all()).map(({ name }) => name),
        ['lo'],
      );
    }));

  it('take words, devices by name, and addresses as text for the parameters of kinds', () =>
    withNetwork(async ({ links }) => {
      await links.add({ kind: 'bridge', name: 'br0', address: '02:00:00:00:00:01' });
      await links.add({ kind: 'macvlan', name: 'mv0', link: 'br0', mode: 'private' });
      await links.add({
        kind: 'vxlan',
        name: 'vx0',
        id: 42,
        link: 'br0',
        remote: '10.0.0.9',
        port: 4789,
        learning: false,
      });
      const [macvlan, vxlan] = [await links.get('mv0'), await links.get('vx0')];
      assert.ok(macvlan?.kind === 'macvlan' && vxlan?.kind === 'vxlan');
      assert.deepEqual([macvlan.link, macvlan.data.mode], ['br0', 1]);
      const { id, group, link, learning, port } = vxlan.data;
      assert.deepEqual([id, group, link, learning, port], [42, '10.0.0.9', macvlan.link_index, 0, 4789]);
      assert.equal((await links.get('br0'))?.address, '02:00:00:00:00:01');
    }));

  it('of pairs know the other end, in another namespace too', () =>
    withLab(async ({ here, there }) => {
      const [red, blue] = [await here.links.get('r0'), await there.links.get('b0')];
      assert.deepEqual([red?.kind, red?.link_index, blue?.link_index], ['veth', blue?.index, red?.index]);
      assert.equal(typeof red?.link_netnsid, 'number');
      assert.equal(red?.link, undefined);
    }));

  it('are ports of others, with own parameters', () =>
    withLab(async ({ here: { links } }) => {
      await links.add({ kind: 'bridge', name: 'br0' });
      await links.change('r0', { master: 'br0' });
      await links.change('r0', { port: { kind: 'bridge_slave', cost: 55, isolated: true } });
      const port = await links.get('r0');
      assert.equal(port?.master, 'br0');
      assert.ok(port?.port?.kind === 'bridge_slave');
      assert.deepEqual([port.port.data.cost, port.port.data.isolated], [55, 1]);
      assert.deepEqual(
        (await links.all({ master: 'br0' })).map(({ name }) => name),
        ['r0'],
      );
      await links.change('r0', { master: null });
      assert.equal((await links.get('r0'))?.master, undefined);
    }));

  it('are filtered and flushed by kind', () =>
    withNetwork(async ({ links }) => {
      await Promise.all([1, 2, 3].map(number => links.add({ kind: 'bridge', name: `br${number}` })));
      await links.add({ kind: 'ifb', name: 'ifb0', up: true });
      assert.deepEqual((await links.all({ kind: 'bridge' })).map(({ name }) => name).sort(), [
        'br1',
        'br2',
        'br3',
      ]);
      assert.deepEqual(
        (await links.all({ up: true })).map(({ name }) => name),
        ['ifb0'],
      );
      await isWrong(links.flush({}), 'filter');
      assert.equal(await links.flush({ kind: 'bridge' }), 3);
      assert.deepEqual(
        (await links.all()).map(({ name }) => name),
        ['lo', 'ifb0'],
      );
    }));

  it('have counters if asked for', () =>
    withNetwork(async ({ links }) => {
      assert.equal((await links.get('lo', { statistics: true }))?.statistics?.rx_packets, 0n);
    }));

  it('are replaced: made, or changed', () =>
    withNetwork(async ({ links }) => {
      await links.replace({ kind: 'bridge', name: 'br0', mtu: 1300 });
      await links.replace({ kind: 'bridge', name: 'br0', mtu: 1200 });
      assert.equal((await links.get('br0'))?.mtu, 1200);
    }));
});

describe('what is refused', () => {
  it('by the kernel has a code, its words, and the attribute', () =>
    withNetwork(async ({ links }) => {
      await assert.rejects(
        links.add({ kind: 'vxlan', name: 'vx0', id: 1 << 25, remote: '10.0.0.1', port: 4789 }),
        error => {
          assert.ok(error instanceof KernelError);
          assert.deepEqual([error.code, error.attribute], ['ERANGE', 'linkinfo.data.id']);
          assert.match(error.reason ?? '', /VXLAN ID/);
          return true;
        },
      );
      await links.add({ kind: 'bridge', name: 'br0' });
      await isRefused(links.add({ kind: 'bridge', name: 'br0' }), 'EEXIST');
      await isRefused(links.delete('br9'), 'ENODEV');
      await isRefused(links.change('br9', { up: true }), 'ENODEV');
    }));

  it('here names the argument, and nothing is sent', () =>
    withNetwork(async ({ links, addresses, routes, rules, neighbours, nexthops }) => {
      await isWrong(links.add({ kind: 'bridge', name: 'a name' }), 'name');
      await isWrong(links.add({ kind: 'bridge', name: 'br0', priority: 65536 }), 'priority');
      await isWrong(links.add({ kind: 'bridge', name: 'br0', address: 'xx' }), 'address');
      await isWrong(links.add({ kind: 'macvlan', link: 'lo', mode: 'sideways' as never }), 'mode');
      await isWrong(links.add({ kind: 'veth', peer: { name: '' } }), 'peer.name');
      await isWrong(links.add({ kind: 'veth', peer: { up: true } as object }), 'peer.up');
      await isWrong(links.add({ kind: 'unheard' } as never), 'kind');
      await isWrong(links.add({ kind: 'bridge', wheels: 4 } as never), 'wheels');
      await isWrong(links.add({ kind: 'vxlan', name: 'vx0' }), 'vxlan');
      await isWrong(links.get(''), 'device');
      await isWrong(addresses.add({ device: 'lo', address: '10.1' }), 'address');
      await isWrong(addresses.add({ device: 'lo', address: '10.0.0.1/33' }), 'address');
      await isWrong(routes.add({ destination: '10.0.0.0/8', metric: -1, device: 'lo' }), 'metric');
      await isWrong(routes.add({ destination: '10.0.0.0/8', table: 'nowhere' }), 'table');
      await isWrong(rules.add({ from: 'me' }), 'from');
      await isWrong(neighbours.add({ device: 'lo', address: '10.0.0.1', lladdr: 'zz' }), 'lladdr');
      await isWrong(nexthops.add({ id: 0 }), 'id');
      assert.deepEqual(
        (await links.all()).map(({ name }) => name),
        ['lo'],
      );
    }));
});

describe('addresses', () => {
  it('are added, found, changed and deleted as text', () =>
    withLab(async ({ here: { addresses } }) => {
      const found = (await addresses.get({ device: 'r0', family: 'inet' })) as Address;
      assert.deepEqual(
        [found.address, found.scope, found.valid_lifetime],
        ['10.0.0.1/24', 'global', Infinity],
      );
      await addresses.add({
        device: 'r0',
        address: '10.1.0.1/16',
        broadcast: '+',
        label: 'r0:x',
        valid_lifetime: 500,
      });
      const other = await addresses.get({ address: '10.1.0.1' });
      assert.deepEqual([other?.broadcast, other?.label, other?.device], ['10.1.255.255', 'r0:x', 'r0']);
      assert.ok(other!.valid_lifetime! > 490 && other!.valid_lifetime! <= 500);
      await addresses.change({ device: 'r0', address: '10.1.0.1/16', metric: 9 });
      assert.equal((await addresses.get({ address: '10.1.0.1/16' }))?.metric, 9);
      await addresses.delete({ device: 'r0', address: '10.1.0.1/16' });
      assert.equal(await addresses.get({ address: '10.1.0.1/16' }), undefined);
      await isRefused(addresses.delete({ device: 'r0', address: '10.1.0.1/16' }), 'EADDRNOTAVAIL');
      await addresses.add({ device: 'r0', address: '10.9.0.1', peer: '10.9.0.2/32' });
      const pair = await addresses.get({ address: '10.9.0.1' });
      assert.deepEqual([pair?.address, pair?.peer], ['10.9.0.1/32', '10.9.0.2/32']);
      await addresses.add({ device: 'r0', address: '2001:db8::1/64', flags: ['nodad', 'noprefixroute'] });
      const wide = await addresses.get({ family: 'inet6', scope: 'global' });
      assert.deepEqual([wide?.address, wide?.flags.includes('noprefixroute')], ['2001:db8::1/64', true]);
    }));

  it('may be added 2000 at once, and flushed', () =>
    withNetwork(async ({ links, addresses }) => {
      await links.add({ kind: 'bridge', name: 'br0' });
      const texts = Array.from({ length: 2000 }, (_, number) => `10.${number >> 8}.${number & 255}.1/32`);
      await Promise.all(texts.map(address => addresses.add({ device: 'br0', address })));
      assert.equal((await addresses.all({ device: 'br0', family: 'inet' })).length, 2000);
      assert.equal(await addresses.flush({ device: 'br0' }), 2000);
      assert.equal((await addresses.all({ device: 'br0' })).length, 0);
    }));
});

describe('routes', () => {
  it('are added, looked up, filtered, changed and flushed', () =>
    withLab(async ({ here: { routes } }) => {
      await routes.add({ destination: '192.168.0.0/16', gateway: '10.0.0.2', metrics: { mtu: 1000 } });
      await routes.add({ destination: 'default', gateway: '10.0.0.2', table: 1000, protocol: 'static' });
      await routes.add({
        destination: '172.16.0.0/12',
        hops: [{ gateway: '10.0.0.2', weight: 3 }, { device: 'r0' }],
      });
      await routes.add({ destination: '10.66.0.0/16', type: 'blackhole' });
      const way = await routes.get('192.168.3.4');
      assert.deepEqual([way.gateway, way.device, way.source], ['10.0.0.2', 'r0', '10.0.0.1']);
      const [first] = await routes.all({ destination: '192.168.0.0/16' });
      assert.deepEqual([first?.metrics, first?.table, first?.protocol], [{ mtu: 1000 }, 'main', 'boot']);
      const [other] = await routes.all({ table: 1000 });
      assert.deepEqual([other?.destination, other?.table, other?.protocol], ['default', '1000', 'static']);
      const [many] = await routes.all({ destination: '172.16.0.0/12' });
      assert.deepEqual(
        many?.hops?.map(({ weight, device }) => [weight, device]),
        [
          [3, 'r0'],
          [1, 'r0'],
        ],
      );
      assert.deepEqual(
        (await routes.all({ type: 'blackhole' })).map(({ destination }) => destination),
        ['10.66.0.0/16'],
      );
      await routes.replace({ destination: '192.168.0.0/16', gateway: '10.0.0.3' });
      assert.equal((await routes.get('192.168.3.4')).gateway, '10.0.0.3');
      await routes.delete({ destination: '192.168.0.0/16' });
      await isRefused(routes.get('192.168.3.4'), 'ENETUNREACH');
      assert.equal(await routes.flush({ table: 1000 }), 1);
      assert.equal(await routes.flush({ protocol: 'boot', family: 'inet' }), 2);
      assert.deepEqual(
        (await routes.all({ family: 'inet' })).map(({ destination }) => destination),
        ['10.0.0.0/24'],
      );
      assert.deepEqual(await routes.all({ table: 4242 }), []);
    }));

  it('of IPv6 have their preference', () =>
    withLab(async ({ here: { routes } }) => {
      await routes.add({ destination: '2001:db8::/32', device: 'r0', preference: 'high', metric: 7 });
      const [found] = await routes.all({ destination: '2001:db8::/32' });
      assert.deepEqual([found?.preference, found?.metric, found?.family], ['high', 7, 'inet6']);
    }));

  it('are listed as they are consumed, and no further', () =>
    withLab(async ({ here: { routes } }) => {
      const numbers = Array.from({ length: 3000 }, (_, number) => number);
      await Promise.all(
        numbers.map(number =>
          routes.add({ destination: `20.${number >> 8}.${number & 255}.0/24`, device: 2 }),
        ),
      );
      let count = 0;
      for await (const _ of routes.list({ family: 'inet' })) if (++count === 10) break;
      assert.equal(count, 10);
      const [one, other] = await Promise.all([
        routes.all({ family: 'inet' }),
        routes.all({ family: 'inet' }),
      ]);
      assert.deepEqual([one.length, other.length], [3001, 3001]);
    }));
});

describe('rules, neighbours and next hops', () => {
  it('rules are added once, changed, found and flushed', () =>
    withNetwork(async ({ rules }) => {
      await rules.add({
        priority: 100,
        from: '10.0.0.0/8',
        table: 1000,
        mark: 5,
        destination_ports: { start: 80, end: 90 },
      });
      await isRefused(
        rules.add({
          priority: 100,
          from: '10.0.0.0/8',
          table: 1000,
          mark: 5,
          destination_ports: { start: 80, end: 90 },
        }),
        'EEXIST',
      );
      const found = await rules.get({ priority: 100 });
      assert.deepEqual(
        [found?.from, found?.table, found?.mark, found?.destination_ports],
        ['10.0.0.0/8', '1000', 5, { start: 80, end: 90 }],
      );
      await rules.replace({ priority: 200, to: '2001:db8::/32', action: 'unreachable' });
      await rules.replace({ priority: 200, to: '2001:db8::/32', action: 'unreachable' });
      assert.equal((await rules.all({ priority: 200 })).length, 1);
      await rules.change({ priority: 100 }, { to: '10.9.0.0/16', table: 1001 });
      assert.deepEqual(
        (await rules.all({ priority: 100 })).map(({ to, table }) => [to, table]),
        [['10.9.0.0/16', '1001']],
      );
      await isRefused(rules.change({ priority: 9 }, { table: 5 }), 'ENOENT');
      await rules.delete({ priority: 200, family: 'inet6' });
      assert.equal(await rules.flush({ table: 1001 }), 1);
      assert.deepEqual(
        (await rules.all({ family: 'inet' })).map(({ priority }) => priority),
        [0, 32766, 32767],
      );
    }));

  it('neighbours', () =>
    withLab(async ({ here: { neighbours } }) => {
      const one = { device: 'r0', address: '10.0.0.77' };
      await neighbours.add({ ...one, lladdr: '02:00:00:00:00:77' });
      await isRefused(neighbours.add({ ...one, lladdr: '02:00:00:00:00:77' }), 'EEXIST');
      await neighbours.replace({ ...one, lladdr: '02:00:00:00:00:78' });
      const found = await neighbours.get(one);
      assert.deepEqual(
        [found?.lladdr, found?.states, found?.device],
        ['02:00:00:00:00:78', ['permanent'], 'r0'],
      );
      await neighbours.add({ device: 'r0', address: '10.0.0.99', flags: ['proxy'], states: [] });
      // The kernel shows those without device of namespaces that are gone, too.
      const proxies = (await neighbours.all({ proxy: true })).filter(({ device }) => device === 'r0');
      assert.deepEqual(
        proxies.map(({ address }) => address),
        ['10.0.0.99'],
      );
      await neighbours.delete(one);
      assert.equal(await neighbours.get(one), undefined);
    }));

  it('next hops', () =>
    withLab(async ({ here: { nexthops, routes } }) => {
      await nexthops.add({ id: 7, gateway: '10.0.0.2', device: 'r0' });
      await nexthops.add({ id: 8, group: [{ id: 7, weight: 2 }] });
      await routes.add({ destination: '30.0.0.0/8', nexthop_id: 8 });
      assert.deepEqual(
        [(await nexthops.get(7))?.gateway, (await nexthops.get(8))?.group],
        ['10.0.0.2', [{ id: 7, weight: 2 }]],
      );
      assert.deepEqual(
        (await nexthops.all({ groups: true })).map(({ id }) => id),
        [8],
      );
      assert.equal((await routes.all({ destination: '30.0.0.0/8' }))[0]?.nexthop_id, 8);
      await nexthops.delete(8);
      assert.equal(await nexthops.get(8), undefined);
    }));
});

describe('a watcher', () => {
  it('reports what is there, then what changes, with names of devices', () =>
    withNetwork(async network => {
      const seen: string[] = [];
      for await (const event of network.watch(['link', 'address'], { initial: true })) {
        seen.push(describeEvent(event));
        if (event.group === 'watch') {
          await network.links.add({ kind: 'bridge', name: 'br0' });
          await network.addresses.add({ device: 'br0', address: '10.0.0.1/24' });
          await network.links.delete('br0');
        }
        if (seen.at(-1) === 'delete link br0') break;
      }
      assert.deepEqual(seen, [
        'present link lo',
        'watch synchronized',
        'set link br0',
        'set address 10.0.0.1/24 br0',
        'delete address 10.0.0.1/24 br0',
        'delete link br0',
      ]);
    }));

  it('reports a loss, and begins again', () =>
    withNetwork(async network => {
      const watcher = network.watch(['route'], { receiveBuffer: 4096 });
      await network.links.add({ kind: 'bridge', name: 'br0', up: true });
      const { index } = (await network.links.get('br0'))!;
      const added = Array.from({ length: 300 }, (_, number) =>
        network.routes.add({
          destination: `20.0.${number}.0/24`.replace(
            /20\.0\.(\d+)/,
            (_all, text) => `20.${Number(text) >> 8}.${Number(text) & 255}`,
          ),
          device: index,
        }),
      );
      await Promise.all(added);
      const present = new Set<string>();
      let isResynced = false;
      for await (const event of watcher) {
        if (event.group === 'watch' && event.action === 'resync') {
          isResynced = true;
          present.clear();
        }
        if (event.group === 'route') present.add(event.value.destination);
        if (event.group === 'watch' && event.action === 'synchronized') break;
      }
      assert.ok(isResynced);
      assert.ok(['20.0.0.0/24', '20.1.43.0/24'].every(destination => present.has(destination)));
    }));

  it('ends with its signal, with the network, and by being disposed of', () =>
    withNetwork(async network => {
      const controller = new AbortController();
      const watchers = [
        network.watch(['link'], { signal: controller.signal }),
        network.watch(),
        network.watch(['rule']),
      ];
      const ends = watchers.map(async watcher => {
        for await (const _ of watcher);
      });
      controller.abort();
      watchers[1]!.close();
      await Promise.all(ends.slice(0, 2));
      network.close();
      await ends[2];
      assert.throws(() => network.watch(['wheels'] as never), ArgumentError);
    }));
});

describe('a network', () => {
  it('stays where it was opened, and refuses calls after its end', async () => {
    await using namespace = await Namespace.create('passing');
    const network = await Network.open({ namespace: 'passing' });
    await network.links.add({ kind: 'bridge', name: 'br0' });
    await Namespace.delete('passing');
    assert.equal((await network.links.get('br0'))?.name, 'br0');
    const pending = network.links.get('br0');
    network.close();
    await assert.rejects(pending, { code: 'ECANCELED' });
    await assert.rejects(network.links.all(), { code: 'ECANCELED' });
    assert.equal(
      await Network.open({ namespace }).then(async again => (await again.links.get('br0'))?.name),
      'br0',
    );
  });

  it('cannot be opened where there is none', async () => {
    await assert.rejects(Network.open({ namespace: 'nobody' }), { name: 'SystemError', code: 'ENOENT' });
    await assert.rejects(Network.open({ namespace: '/proc/self/ns/uts' }), {
      name: 'SystemError',
      code: 'EINVAL',
    });
    await assert.rejects(Network.open({ namespace: '..' }), ArgumentError);
  });
});

function describeEvent(event: WatchEvent<'link' | 'address'>): string {
  if (event.group === 'watch') return `watch ${event.action}`;
  const { group, action, value } = event;
  return `${action} ${group} ${'address' in value && group === 'address' ? `${value.address} ${value.device}` : (value as { name: string }).name}`;
}
