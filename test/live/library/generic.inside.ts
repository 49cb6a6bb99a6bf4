/** What the library has over generic netlink: multipath TCP, and what TCP remembers of hosts. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, KernelError, Namespace, type Network } from '../../../src/index.ts';
import type { MptcpEvent } from '../../../src/rtnetlink.ts';
import { repository } from '../../support/requirements.ts';

const connections = join(repository, 'test/live/generic/connections.py');
/** Elsewhere the kernel lets nobody delete what TCP remembers. */
const isFirstUserNamespace = /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));

/** A network whose loopback is up, and a way to have connections made in it. */
async function withLoopback(
  test: (network: Network, connect: (...words: string[]) => Promise<void>) => Promise<void>,
): Promise<void> {
  await using namespace = await Namespace.create();
  await using network = await namespace.network();
  await network.links.change('lo', { up: true });
  await test(network, async (...words) => {
    const child = namespace.spawn('python3', [connections, ...words], { stdio: 'inherit' });
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
}

function isRefused(promise: Promise<unknown>, code: string): Promise<void> {
  return assert.rejects(promise, error => error instanceof KernelError && error.code === code);
}

function isWrong(promise: Promise<unknown>, argument: string): Promise<void> {
  return assert.rejects(promise, error => error instanceof ArgumentError && error.argument === argument);
}

describe('multipath TCP', () => {
  it('has endpoints, which are added, changed and deleted', () =>
    withLoopback(async ({ mptcp: { endpoints } }) => {
      await endpoints.add({ address: '10.0.0.1', id: 7, device: 'lo', flags: ['subflow', 'backup'] });
      await endpoints.add({ address: '::1', port: 5000, flags: ['signal'] });
      assert.deepEqual(await endpoints.all(), [
        { id: 7, address: '10.0.0.1', flags: ['subflow', 'backup'], device: 'lo', device_index: 1 },
        { id: 8, address: '::1', port: 5000, flags: ['signal'] },
      ]);
      await endpoints.change({ id: 7 }, ['fullmesh']);
      assert.deepEqual((await endpoints.get(7))?.flags, ['subflow', 'fullmesh']);
      await endpoints.change({ address: '10.0.0.1' }, []);
      assert.deepEqual((await endpoints.get(7))?.flags, ['subflow']);
      await endpoints.delete({ id: 7 });
      assert.equal(await endpoints.get(7), undefined);
      for await (const { id } of endpoints.list()) assert.equal(id, 8);
      await endpoints.flush();
      assert.deepEqual(await endpoints.all(), []);
    }));

  it('says what is refused, by the kernel and before', () =>
    withLoopback(async ({ mptcp: { endpoints, limits } }) => {
      await endpoints.add({ address: '10.0.0.1' });
      await isRefused(endpoints.add({ address: '10.0.0.1' }), 'EEXIST');
      await isRefused(endpoints.delete({ id: 9 }), 'EINVAL');
      await isRefused(endpoints.change({ id: 9 }, []), 'EINVAL');
      await isRefused(limits.set({ subflows: 1000 }), 'EINVAL');
      await isWrong(endpoints.add({ address: 'x' }), 'address');
      await isWrong(endpoints.add({ address: '10.0.0.2', id: 256 }), 'id');
      await isWrong(endpoints.delete({ id: 0 }), 'address');
      await isWrong(endpoints.change({ id: 1 }, ['signal' as 'backup']), 'flags.0');
      await isWrong(limits.set({ subflows: -1 }), 'subflows');
    }));

  it('has limits', () =>
    withLoopback(async ({ mptcp: { limits } }) => {
      await limits.set({ subflows: 3, add_addr_accepted: 1 });
      await limits.set({ subflows: 4 });
      assert.deepEqual(await limits.get(), { subflows: 4, add_addr_accepted: 1 });
    }));

  it('has events of connections, until the network is closed', () =>
    withLoopback(async (network, connect) => {
      const watched = network.mptcp.watch();
      const heard: MptcpEvent[] = [];
      const reading = (async () => {
        for await (const event of watched) if (event.event !== 'lost') heard.push(event);
      })();
      await connect('mptcp');
      while (!heard.some(({ event }) => event === 'closed')) await new Promise(setImmediate);
      await network.close();
      await reading;
      const created = heard.find(({ event }) => event === 'created');
      assert.ok(created?.token !== undefined);
      assert.ok([created.local_port, created.remote_port].includes(5000));
      assert.ok([created.local_address, created.remote_address].includes('127.0.0.1'));
    }));

  it('ends its events when it is asked to', () =>
    withLoopback(async ({ mptcp }) => {
      const stop = new AbortController();
      const watched = mptcp.watch({ signal: stop.signal });
      stop.abort();
      for await (const event of watched) assert.fail(event.event);
    }));
});

describe('what TCP remembers of hosts', () => {
  it('is listed, found and forgotten', () =>
    withLoopback(async ({ tcpMetrics }, connect) => {
      assert.deepEqual(await tcpMetrics.all(), []);
      await connect();
      const entries = await tcpMetrics.all();
      assert.ok(entries.some(({ address, source }) => address === '127.0.0.1' && source === '127.0.0.2'));
      assert.ok(entries.every(({ age, rtt }) => age !== undefined && age < 60_000 && rtt !== undefined));
      const one = await tcpMetrics.get({ address: '127.0.0.1', source: '127.0.0.2' });
      assert.equal(one?.rtt, entries.find(({ source }) => source === '127.0.0.2')?.rtt);
      await isWrong(tcpMetrics.all({ source: 'x' }), 'filter.source');
      if (!isFirstUserNamespace) {
        await isRefused(tcpMetrics.flush(), 'EPERM');
        return;
      }
      await tcpMetrics.delete({ address: '127.0.0.1', source: '127.0.0.2' });
      assert.equal(await tcpMetrics.get({ address: '127.0.0.1', source: '127.0.0.2' }), undefined);
      await isRefused(tcpMetrics.delete({ address: '127.0.0.1', source: '127.0.0.2' }), 'ESRCH');
      await tcpMetrics.flush({ address: '127.0.0.1' });
      const left = await tcpMetrics.all();
      assert.ok(left.length > 0 && left.every(({ address }) => address !== '127.0.0.1'));
      await tcpMetrics.flush();
      for await (const { address } of tcpMetrics.list()) assert.fail(address);
    }));
});
