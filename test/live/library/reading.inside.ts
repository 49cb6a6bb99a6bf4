/** Listings and watchers while tables change, families are empty, and nobody reads to the end. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../support/requirements.ts';
import { withNetwork } from './lab.ts';

const STEADY = 1500;

describe('a listing', () => {
  it('has the routes of one family where the other has none in the table', () =>
    withNetwork(async ({ links, routes }) => {
      await links.add({ kind: 'bridge', name: 'br0', up: true });
      await routes.add({ destination: '2001:db8::/32', device: 'br0', table: 100 });
      assert.deepEqual(
        (await routes.all({ table: 100 })).map(({ destination }) => destination),
        ['2001:db8::/32'],
      );
      await routes.add({ destination: '10.0.0.0/8', device: 'br0', table: 101 });
      assert.deepEqual(
        (await routes.all({ table: 101 })).map(({ destination }) => destination),
        ['10.0.0.0/8'],
      );
      assert.equal(await routes.flush({ table: 100 }), 1);
      assert.deepEqual(await routes.all({ table: 100 }), []);
    }));

  it('that is begun and dropped has no descriptor after the network is closed', () =>
    withNetwork(async network => {
      await network.links.add({ kind: 'bridge', name: 'br0', up: true });
      const destinations = Array.from({ length: 2000 }, (_, at) => `20.${at >> 8}.${at & 255}.0/24`);
      await Promise.all(destinations.map(destination => network.routes.add({ destination, device: 'br0' })));
      const before = descriptors();
      const listings = Array.from({ length: 20 }, () => network.routes.list({ family: 'inet' }));
      for (const listing of listings) await listing.next();
      assert.ok(descriptors() >= before + listings.length);
      network.close();
      assert.ok(descriptors() < before, 'the network itself had some, too');
      await assert.rejects(async () => {
        for await (const _ of listings[0]!);
      }, /closed/);
    }));
});

describe('a watcher that begins with what there is', () => {
  it('misses nothing that was there all the time, though the table changes at the same time', () =>
    withNetwork(async network => {
      await network.links.add({ kind: 'bridge', name: 'br0', up: true });
      const steady = Array.from({ length: STEADY }, (_, at) => `10.${at >> 8}.${at & 255}.1/32`);
      await Promise.all(steady.map(address => network.addresses.add({ device: 'br0', address })));
      const changes = Array.from({ length: 300 }, (_, at) => {
        const address = `11.${at >> 8}.${at & 255}.1/32`;
        return `addr add ${address} dev br0\naddr del ${address} dev br0\n`;
      });
      writeFileSync('/run/changes', changes.join(''));
      const program = join(repository, 'native', process.arch, 'tsip');
      const loop = `while :; do "${program}" -force -batch /run/changes; done`;
      const changer = spawn('sh', ['-c', `${loop} 2>/dev/null`], { detached: true });
      try {
        using changed = network.watch(['address']);
        for await (const event of changed) if (event.group === 'address') break;
        for (let round = 0; round < 5; round++) {
          const missing = new Set(steady);
          using watcher = network.watch(['address'], { initial: true });
          for await (const event of watcher) {
            if (event.group === 'address' && event.action === 'present') missing.delete(event.value.address);
            if (event.group !== 'watch') continue;
            assert.equal(event.action === 'synchronized' && event.isWhole, true);
            break;
          }
          assert.deepEqual([...missing], []);
        }
      } finally {
        process.kill(-changer.pid!, 'SIGKILL');
        await once(changer, 'exit');
      }
    }));
});

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
