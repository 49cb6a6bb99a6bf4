/** What listings return is accepted by the calls that make, change and delete: for everything that can be made here. */
import assert from 'node:assert/strict';
import {
  type ArgumentError,
  KernelError,
  type LinkArguments,
  Namespace,
  type Network,
} from '../../../src/index.ts';
import { withLab, withNetwork } from './lab.ts';

/** Devices of all kinds that this kernel may be able to make; those that it cannot are left out. */
const DEVICES: readonly LinkArguments[] = [
  { kind: 'bridge', name: 'm0', vlan_filtering: true, ageing_time: 1000, mcast_snooping: false },
  { kind: 'dummy', name: 'm1', address: '02:00:00:00:00:01', mtu: 1400, alias: 'one' },
  { kind: 'veth', name: 'm2', peer: { name: 'p2' } },
  { kind: 'vlan', name: 'm3', id: 5, link: 'm0' },
  { kind: 'macvlan', name: 'm4', link: 'm0', mode: 'private' },
  { kind: 'ipvlan', name: 'm5', link: 'm2', mode: 'l3' },
  { kind: 'vxlan', name: 'm6', id: 42, remote: '10.0.0.9', port: 4789, learning: false },
  { kind: 'vrf', name: 'm7', table: 10 },
  { kind: 'bond', name: 'm8', mode: '802.3ad', miimon: 100 },
  { kind: 'gre', name: 'm9', remote: '10.0.0.9', ttl: 5 },
  { kind: 'ipip', name: 'm10', remote: '10.0.0.8' },
  { kind: 'sit', name: 'm11', remote: '10.0.0.7' },
  { kind: 'geneve', name: 'm12', id: 7, remote: '10.0.0.9' },
  { kind: 'ifb', name: 'm13' },
  { kind: 'nlmon', name: 'm15' },
  { kind: 'netkit', name: 'm16' },
  { kind: 'ip6gre', name: 'm17', remote: 'fd00::9' },
  { kind: 'team', name: 'm18' },
  { kind: 'macvtap', name: 'm19', link: 'm0' },
];

/** Values without what differs between two of the same: when they were made, and who looked. */
function plain(values: readonly object[]): unknown[] {
  return JSON.parse(JSON.stringify(values, (name, value) => (VOLATILE.has(name) ? undefined : value)));
}

const VOLATILE = new Set([
  ...['index', 'device_index', 'link_index', 'master_index', 'valid_lifetime', 'preferred_lifetime'],
  ...[
    'flags',
    'operstate',
    'carrier',
    'bridge_id',
    'root_id',
    'gc_timer',
    'hello_timer',
    'port',
    'reserved_bits',
  ],
]);

/** Deletes each value, adds it, replaces it and changes nothing by that. */
async function goesAround<T extends object>(
  collection: {
    all(): Promise<T[]>;
    add(value: never): Promise<unknown>;
    replace(value: never): Promise<unknown>;
    delete(value: never): Promise<unknown>;
  },
  isOurs: (value: T) => boolean,
): Promise<number> {
  const before = (await collection.all()).filter(isOurs);
  for (const value of before) {
    await collection.replace(value as never);
    await collection.delete(value as never);
    await collection.add(value as never);
    await collection.replace(value as never);
  }
  const key = (value: unknown) => JSON.stringify(value);
  const after = (await collection.all()).filter(isOurs);
  assert.deepEqual(plain(after).map(key).sort(), plain(before).map(key).sort());
  return before.length;
}

async function makeDevices({ links }: Network): Promise<number> {
  let made = 0;
  for (const device of DEVICES) {
    try {
      await links.add(device);
      made++;
    } catch (error) {
      if (!(error instanceof KernelError) || !['EOPNOTSUPP', 'ENODEV', 'EEXIST'].includes(error.code))
        throw error;
    }
  }
  return made;
}

describe('what a listing returns', () => {
  it('of links makes, replaces and deletes the same devices', () =>
    withNetwork(async network => {
      const { links } = network;
      const made = await makeDevices(network);
      assert.ok(made >= 3);
      // From those above to those underneath: a device goes with the one that it stands on.
      for (const link of (await links.all()).reverse().filter(({ name }) => name.startsWith('m'))) {
        await links.replace(link);
        if (link.kind === 'veth' || link.kind === 'netkit') continue;
        await links.delete(link);
        const again = await links.add(link);
        assert.deepEqual(plain([again!]), plain([link]));
        await links.replace({ ...link, mtu: Math.min(1300, link.mtu ?? 1300) });
        await links.delete(again!.name);
      }
    })).timeout(60_000);

  it('of addresses, routes, rules, neighbours and next hops does so, too', () =>
    withLab(async ({ here }) => {
      const { links, addresses, routes, rules, neighbours, nexthops } = here;
      await links.add({ kind: 'bridge', name: 'br0', up: true });
      await addresses.add({
        device: 'br0',
        address: '10.1.0.1/16',
        broadcast: '+',
        label: 'br0:x',
        valid_lifetime: 500,
      });
      await addresses.add({ device: 'br0', address: '10.9.0.1', peer: '10.9.0.2/32', metric: 9 });
      await addresses.add({ device: 'br0', address: '2001:db8::1/64', flags: ['nodad', 'noprefixroute'] });
      await goesAround(addresses, ({ device }) => device === 'br0');

      await nexthops.add({ id: 7, gateway: '10.0.0.2', device: 'r0' });
      await nexthops.add({ id: 8, group: [{ id: 7, weight: 2 }] });
      await links.change('lo', { up: true });
      await nexthops.add({ id: 9, blackhole: true });
      assert.equal(await goesAround(nexthops, ({ id }) => id === 9), 1);
      for (const value of await nexthops.all()) await nexthops.replace(value);

      await routes.add({ destination: '30.0.0.0/8', nexthop_id: 8 });
      await routes.add({ destination: '30.1.0.0/16', nexthop_id: 7, table: 1000 });
      await routes.add({ destination: '192.168.0.0/16', gateway: '10.0.0.2', metrics: { mtu: 1000 } });
      await routes.add({
        destination: '172.16.0.0/12',
        hops: [{ gateway: '10.0.0.2', weight: 3 }, { device: 'br0' }],
      });
      await routes.add({ destination: '10.66.0.0/16', type: 'blackhole', metric: 5 });
      await routes.add({
        destination: '10.67.0.0/16',
        gateway: '10.0.0.2',
        device: 'r0',
        onlink: true,
        table: 1000,
      });
      await routes.add({ destination: '2001:db8:5::/48', device: 'br0', preference: 'high', expires: 900 });
      await routes.add({ destination: '2001:db8:6::/48', type: 'unreachable' });
      await routes.add({ destination: 'default', gateway: '10.0.0.2', table: 1000, tos: 4 });
      const listing = { ...bound(routes), all: () => routes.all({ table: 'all' }) };
      const count = await goesAround(listing, ({ protocol }) => protocol === 'boot');
      assert.equal(count, 9);

      await rules.add({
        priority: 100,
        from: '10.0.0.0/8',
        table: 1000,
        mark: 5,
        destination_ports: { start: 80, end: 90 },
      });
      await rules.add({ priority: 101, to: '2001:db8::/32', action: 'unreachable', inverted: true });
      await rules.add({ priority: 102, goto: 200, input_device: 'r0', tos: 16 });
      await rules.add({ priority: 103, table: 1001, users: { start: 0, end: 0 }, suppress_prefix_length: 0 });
      assert.equal(await goesAround(rules, ({ priority }) => priority >= 100 && priority < 200), 4);

      await neighbours.add({ device: 'r0', address: '10.0.0.77', lladdr: '02:00:00:00:00:77' });
      await neighbours.add({
        device: 'r0',
        address: '10.0.0.78',
        lladdr: '02:00:00:00:00:78',
        states: ['stale'],
      });
      assert.equal(await goesAround(neighbours, ({ address }) => address.startsWith('10.0.0.7')), 2);
      await neighbours.add({ device: 'r0', address: '10.0.0.99', flags: ['proxy'], states: [] });
      const proxies = (await neighbours.all({ proxy: true })).filter(({ device }) => device === 'r0');
      for (const proxy of proxies) {
        await neighbours.delete(proxy);
        await neighbours.add(proxy);
        await neighbours.replace(proxy);
      }
      assert.equal(proxies.length, 1);
    })).timeout(60_000);

  it('may be copied with other members', () =>
    withLab(async ({ here: { routes, links } }) => {
      await routes.add({ destination: '192.168.0.0/16', gateway: '10.0.0.2', metrics: { mtu: 1000 } });
      const [found] = await routes.all({ destination: '192.168.0.0/16' });
      await routes.add({ ...found!, metric: 7 });
      const both = await routes.all({ destination: '192.168.0.0/16' });
      assert.deepEqual(
        both.map(({ metric, gateway, metrics }) => [metric, gateway, metrics?.mtu]),
        [
          [undefined, '10.0.0.2', 1000],
          [7, '10.0.0.2', 1000],
        ],
      );
      await assert.rejects(
        routes.add({ ...found!, device_index: 77 } as never),
        (error: ArgumentError) => error.argument === 'device_index',
      );
      const link = (await links.get('r0'))!;
      await links.change(link, { alias: 'red' });
      assert.equal((await links.get('r0'))?.alias, 'red');
    }));
});

/** The calls of a collection, to be spread. */
function bound<C extends Network['routes']>(collection: C): Pick<C, 'add' | 'replace' | 'delete'> {
  return {
    add: collection.add.bind(collection),
    replace: collection.replace.bind(collection),
    delete: collection.delete.bind(collection),
  };
}

describe('replacing a device', () => {
  it('of another namespace changes it there', () =>
    withNetwork(async ({ links }) => {
      await using other = await Namespace.create();
      await using there = await other.network();
      await links.replace({ kind: 'bridge', name: 'br0', mtu: 1400, namespace: other });
      await links.replace({ kind: 'bridge', name: 'br0', mtu: 1300, namespace: other });
      assert.equal((await there.links.get('br0'))?.mtu, 1300);
      await links.add({
        kind: 'veth',
        name: 'v0',
        namespace: other,
        master: 'br0',
        port: { kind: 'bridge_slave', isolated: true },
      });
      const port = await there.links.get('v0');
      assert.deepEqual(
        [port?.master, port?.port?.kind === 'bridge_slave' && port.port.data.isolated],
        ['br0', 1],
      );
    }));
});
