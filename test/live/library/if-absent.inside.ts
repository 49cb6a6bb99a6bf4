/** `ifAbsent` and `ifPresent`: calls that may be made twice. */
import assert from 'node:assert/strict';
import type { Network } from '../../../src/index.ts';
import { ArgumentError } from '../../../src/index.ts';
import { withNetwork } from './lab.ts';

const ADD = { ifAbsent: true };
const DELETE = { ifPresent: true };

/** Something of each collection, in the order in which it is made. */
const OBJECTS = {
  addresses: { device: 'v0', address: '10.0.0.1/24' },
  routes: { destination: '10.5.0.0/16', gateway: '10.0.0.9' },
  rules: { priority: 100, from: '10.0.0.0/8', table: 100 },
  neighbours: { device: 'v0', address: '10.0.0.9', lladdr: '02:00:00:00:00:01' },
} as const;

/** The calls of a collection. */
interface Callable {
  add(given: object, options?: object): Promise<unknown>;
  delete(given: object, options?: object): Promise<unknown>;
  all(): Promise<readonly unknown[]>;
}

const collectionOf = (network: Network, name: keyof typeof OBJECTS) => network[name] as unknown as Callable;

describe('calls that may be made twice', () => {
  for (const [name, given] of Object.entries(OBJECTS))
    it(`make and delete something of ${name}`, () =>
      withNetwork(async network => {
        await network.links.add({ kind: 'ifb', name: 'v0', up: true });
        if (name !== 'addresses') await network.addresses.add(OBJECTS.addresses);
        const collection = collectionOf(network, name as keyof typeof OBJECTS);
        await collection.add(given, ADD);
        const before = (await collection.all()).length;
        await collection.add(given, ADD);
        assert.equal((await collection.all()).length, before);
        await assert.rejects(collection.add(given), { code: 'EEXIST' });
        const { lladdr: _kept, ...named } = given as { lladdr?: string; device?: string };
        await collection.delete(named, DELETE);
        await collection.delete(named, DELETE);
        await assert.rejects(collection.delete(named));
      }));

  it('resolve with the device that is there', () =>
    withNetwork(async ({ links, addresses, nexthops }) => {
      const made = await links.add({ kind: 'ifb', name: 'v0', mtu: 1300 }, ADD);
      const found = await links.add({ kind: 'ifb', name: 'v0', mtu: 1400 }, ADD);
      assert.deepEqual([found.index, found.mtu], [made.index, 1300]);
      await assert.rejects(links.add({ kind: 'ifb', name: 'v1', index: made.index }, ADD), {
        code: 'EEXIST',
      });
      await links.change('lo', { up: true });
      await nexthops.add({ id: 5, blackhole: true, family: 'inet' }, ADD);
      await nexthops.add({ id: 5, blackhole: true, family: 'inet' }, ADD);
      await nexthops.delete(5, DELETE);
      await nexthops.delete(5, DELETE);
      await links.delete('v0', DELETE);
      await links.delete('v0', DELETE);
      await addresses.delete(OBJECTS.addresses, DELETE);
    }));

  it('are refused for what is wrong otherwise', () =>
    withNetwork(async ({ links, routes, rules }) => {
      await assert.rejects(routes.add(OBJECTS.routes, ADD), { code: 'ENETUNREACH' });
      await assert.rejects(rules.add({ from: '10.0.0.0/8', table: 100 }, ADD), ArgumentError);
      await assert.rejects(links.add({ kind: 'ifb', name: 'v0' }, { ifAbsent: 1 as never }), {
        argument: 'options.ifAbsent',
      });
      await assert.rejects(links.delete('v0', { ifAbsent: true } as never), { argument: 'options.ifAbsent' });
    }));
});
