/** Waiting for what the kernel does in its time, what calls resolve with, names that the kernel chooses, signals. */
import assert from 'node:assert/strict';
import { Namespace, WaitError } from '../../../src/index.ts';
import { withLab, withNetwork } from './lab.ts';

const SHORT_MS = 50;

async function isOverdue(waiting: Promise<unknown>, lastSeen: RegExp): Promise<void> {
  await assert.rejects(waiting, error => {
    assert.ok(error instanceof WaitError);
    assert.equal(error.code, 'ETIMEDOUT');
    assert.match(error.message, /^waited (50 ms )?for .+; last seen: /);
    assert.match(error.lastSeen, lastSeen);
    return true;
  });
}

describe('waiting', () => {
  it('for a device ends when it is there, is up, has a carrier, is gone', () =>
    withNetwork(async network => {
      const { links } = network;
      const present = network.waitForLink('v0', 'present');
      const up = network.waitForLink('v0', 'up');
      const carrier = network.waitForLink('v0', 'carrier');
      const order: string[] = [];
      for (const [name, waiting] of Object.entries({ present, up, carrier }))
        void waiting.then(() => order.push(name));
      await links.add({ kind: 'veth', name: 'v0', peer: { name: 'v1' } });
      assert.equal((await present).name, 'v0');
      assert.deepEqual(order, ['present']);
      await links.change('v0', { up: true });
      assert.equal((await up).up, true);
      await isOverdue(
        network.waitForLink('v0', 'carrier', { timeout: SHORT_MS }),
        /v0 is up without carrier/,
      );
      assert.deepEqual(order, ['present', 'up']);
      await links.change('v1', { up: true });
      assert.equal((await carrier).carrier, true);
      const gone = network.waitForLink('v1', 'absent');
      await links.delete('v0');
      assert.equal(await gone, undefined);
      await isOverdue(network.waitForLink('v0', 'up', { timeout: SHORT_MS }), /no such device/);
      assert.equal(await network.waitForLink('v0', 'absent'), undefined);
    }));

  it('for a name follows a device that is renamed', () =>
    withNetwork(async network => {
      const { links } = network;
      const { index } = await links.add({ kind: 'bridge', name: 'before' });
      const gone = network.waitForLink('before', 'absent');
      const there = network.waitForLink('after', 'present');
      await links.change(index, { name: 'after' });
      assert.equal((await there).index, index);
      assert.equal(await gone, undefined);
    }));

  it('for an address ends when no other host has claimed it', () =>
    withLab(async ({ here, there }) => {
      const address = '2001:db8::1/64';
      const waiting = here.waitForAddress({ address, device: 'r0' });
      await here.waitForLink('r0', 'carrier');
      await there.waitForLink('b0', 'carrier');
      await here.addresses.add({ device: 'r0', address });
      const usable = await waiting;
      assert.deepEqual([usable.address, usable.flags.includes('tentative')], [address, false]);
      await there.addresses.add({ device: 'b0', address });
      await isOverdue(there.waitForAddress({ address, device: 'b0' }), /another host has the address/);
      await isOverdue(here.waitForAddress({ address: '10.9.9.9' }, { timeout: SHORT_MS }), /no such address/);
    }));

  it('for a neighbour ends when it has answered', () =>
    withLab(async ({ here, there }) => {
      await here.waitForLink('r0', 'carrier');
      await there.waitForLink('b0', 'carrier');
      const neighbour = { address: '10.0.0.2', device: 'r0' };
      const waiting = here.waitForNeighbour(neighbour);
      await here.neighbours.replace({ ...neighbour, states: [], flags: ['use'] });
      const reached = await waiting;
      const [port] = await there.links.all({ kind: 'veth' });
      assert.equal(reached.lladdr, port?.address);
      const stranger = { address: '10.0.0.99', device: 'r0' };
      await isOverdue(here.waitForNeighbour(stranger, { timeout: SHORT_MS }), /no such neighbour/);
    }));

  it('for a route ends when it is there, and not with another one', () =>
    withLab(async ({ here: network }) => {
      const { routes } = network;
      const waiting = network.waitForRoute({ destination: '20.0.0.0/8', device: 'r0', protocol: 'static' });
      await routes.add({ destination: '20.1.0.0/16', device: 'r0', protocol: 'static' });
      await routes.add({ destination: '20.0.0.0/8', device: 'r0', metric: 5 });
      await routes.add({ destination: '20.0.0.0/8', device: 'r0', protocol: 'static', metric: 9 });
      assert.equal((await waiting).metric, 9);
      const none = network.waitForRoute({ destination: '30.0.0.0/8' }, { timeout: SHORT_MS });
      await isOverdue(none, /no such route/);
    }));

  it('ends with its signal, by its reason', () =>
    withNetwork(async network => {
      const controller = new AbortController();
      const waiting = network.waitForLink('v0', 'present', { signal: controller.signal });
      controller.abort(new Error('enough'));
      await assert.rejects(waiting, /enough/);
      await assert.rejects(network.waitForLink('v0', 'up', { signal: controller.signal }), /enough/);
      await assert.rejects(network.waitForLink('v0', 'wide' as never), { name: 'ArgumentError' });
    }));

  it('for the end of a name ends when it is deleted', async () => {
    await using namespace = await Namespace.create('waited-for');
    const limited = Namespace.waitForDeletion('waited-for', { timeout: SHORT_MS });
    await isOverdue(limited, /the name is there/);
    const waiting = Namespace.waitForDeletion('waited-for');
    await Namespace.delete('waited-for');
    await waiting;
    await Namespace.waitForDeletion('waited-for');
    void namespace;
  });
});

describe('a call', () => {
  it('that makes a device resolves with it: the kernel chose its index and name', () =>
    withNetwork(async ({ links }) => {
      const first = await links.add({ kind: 'bridge', name: 'tb%d' });
      const second = await links.add({ kind: 'bridge', name: 'tb%d', mtu: 1400 });
      assert.deepEqual([first.name, second.name, second.mtu, second.kind], ['tb0', 'tb1', 1400, 'bridge']);
      assert.equal((await links.get(second.index))?.name, 'tb1');
      const pair = await links.add({ kind: 'veth', peer: { name: 'other' } });
      assert.deepEqual([pair.kind, pair.link], ['veth', 'other']);
      await using namespace = await Namespace.create();
      assert.equal(await links.add({ kind: 'bridge', name: 'away', namespace }), undefined);
    }));

  it('is refused once its signal is aborted, and nothing is sent of what waits', () =>
    withNetwork(async ({ links, addresses }) => {
      const controller = new AbortController();
      const { signal } = controller;
      const refused = links.add({ kind: 'bridge', name: 'br0' }, { signal });
      controller.abort(new Error('enough'));
      await assert.rejects(refused, /enough/);
      assert.deepEqual(await links.all({ kind: 'bridge' }), []);
      await assert.rejects(links.all({}, { signal }), /enough/);
      await assert.rejects(addresses.add({ device: 'lo', address: '10.0.0.1' }, { signal }), /enough/);
    }));

  it('made with others at once is refused alone', () =>
    withLab(async ({ here: { routes, links } }) => {
      const destinations = ['20.0.0.0/24', '20.0.1.0/24', '20.0.0.0/24', '20.0.2.0/24'];
      const results = await Promise.allSettled(
        destinations.map(destination => routes.add({ destination, device: 'r0' })),
      );
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
      );
      const [, , third] = results;
      assert.equal(third?.status === 'rejected' && third.reason.code, 'EEXIST');
      // Not awaited: the second finds the device by the name that the first gives it.
      const made = links.add({ kind: 'bridge', name: 'br9', up: true });
      await routes.add({ destination: '20.9.0.0/24', device: 'br9' });
      assert.equal((await made).name, 'br9');
    }));

  it('gives and takes alternative names, by which a device is found', () =>
    withNetwork(async ({ links, addresses }) => {
      const { index } = await links.add({ kind: 'bridge', name: 'br0' });
      const long = 'a name that is longer than a device may have';
      await links.addAlternativeNames('br0', [long, 'short']);
      assert.deepEqual((await links.get(long))?.altnames, [long, 'short']);
      await addresses.add({ device: 'short', address: '10.0.0.1/24' });
      await addresses.add({ device: long, address: '10.0.0.2/24' });
      assert.equal((await addresses.all({ device: index, family: 'inet' })).length, 2);
      await links.deleteAlternativeNames('br0', [long]);
      assert.deepEqual((await links.get('br0'))?.altnames, ['short']);
      await assert.rejects(links.addAlternativeNames('br0', ['']), {
        name: 'ArgumentError',
        argument: 'names.0',
      });
    }));
});

describe('forwarding entries and neighbours', () => {
  it('of a bridge are made, found, changed, watched and deleted', () =>
    withNetwork(async network => {
      const { links, bridge } = network;
      await links.add({ kind: 'bridge', name: 'br0', up: true });
      await links.add({ kind: 'veth', name: 'p0', master: 'br0', peer: { name: 'p1' } });
      const lladdr = '02:00:00:00:00:01';
      const entry = { lladdr, device: 'p0', flags: ['master'] } as const;
      using watcher = network.watch(['forwarding']);
      await bridge.forwarding.add({ ...entry, state: 'static' });
      await assert.rejects(bridge.forwarding.add(entry), { code: 'EEXIST' });
      const [found] = await bridge.forwarding.all({ master: 'br0', lladdr });
      assert.deepEqual([found?.device, found?.master, found?.state], ['p0', 'br0', 'static']);
      await bridge.forwarding.replace({ ...entry, state: 'permanent' });
      await bridge.forwarding.delete(entry);
      assert.equal(await bridge.forwarding.get({ lladdr, state: 'static' }), undefined);
      const seen: string[] = [];
      for await (const event of watcher) {
        if (event.group !== 'forwarding' || event.value.lladdr !== lladdr) continue;
        seen.push(`${event.action} ${event.value.state}`);
        if (event.action === 'delete') break;
      }
      assert.equal(seen[0], 'set static');
    }));

  it('managed and learnt by a control plane have these flags', () =>
    withLab(async ({ here: { neighbours } }) => {
      const one = { address: '10.0.0.50', device: 'r0' };
      await neighbours.add({ ...one, flags: ['managed', 'extern_learn'] });
      const found = await neighbours.get(one);
      assert.deepEqual([...found!.flags].sort(), ['extern_learn', 'managed']);
    }));
});

describe('events', () => {
  it('say whether a route took the place of another, or came after others', () =>
    withLab(async ({ here: network }) => {
      const { routes } = network;
      using watcher = network.watch(['route']);
      const route = { destination: '20.0.0.0/24', device: 'r0' };
      await routes.add(route);
      await routes.append({ ...route, gateway: '10.0.0.7' });
      await routes.replace({ ...route, gateway: '10.0.0.8' });
      await routes.delete(route);
      const seen: (readonly [string, boolean, boolean])[] = [];
      for await (const event of watcher) {
        if (event.group !== 'route' || event.value.destination !== route.destination) continue;
        seen.push([event.action, event.replaced, event.appended]);
        if (event.action === 'delete') break;
      }
      assert.deepEqual(seen, [
        ['set', false, false],
        ['set', false, true],
        ['set', true, false],
        ['delete', false, false],
      ]);
    }));
});
