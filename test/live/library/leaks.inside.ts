/** Nothing is left behind: descriptors, threads, listeners and memory, however networks, watchers and calls end. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Namespace } from '../../../src/index.ts';
import { withNetwork } from './lab.ts';

const NETWORKS = 5000;
const WATCHERS = 60;
/** More than the heap varies by, and much less than what a leak of a kibibyte for each network comes to. */
const MOST_GROWTH = 4 * 1024 * 1024;

const descriptors = () => readdirSync('/proc/self/fd').length;
const threads = () => /^Threads:\t(\d+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes that are in use once all that can be collected is. */
async function memoryInUse(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    collect();
    await nextTurn();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Checks that nothing grows while `work` is done a second time: the first fills caches. */
async function leavesNothing(work: () => Promise<void>): Promise<void> {
  await work();
  const before = { descriptors: descriptors(), threads: threads(), memory: await memoryInUse() };
  await work();
  const memory = await memoryInUse();
  assert.equal(descriptors(), before.descriptors);
  assert.equal(threads(), before.threads);
  const growth = memory - before.memory;
  assert.ok(growth < MOST_GROWTH, `${growth} bytes more are in use`);
}

describe('nothing is left', () => {
  it(`of ${NETWORKS} networks that were opened, used and closed`, async function () {
    this.timeout(120_000);
    await using namespace = await Namespace.create();
    await leavesNothing(async () => {
      for (let count = 0; count < NETWORKS / 2; count++) {
        const network = await namespace.network();
        if (count % 10 === 0) assert.equal((await network.links.get('lo'))?.index, 1);
        if (count % 10 === 1) void network.links.list().next();
        if (count % 10 === 2) await assert.rejects(network.links.delete('none'), { code: 'ENODEV' });
        network.close();
      }
    });
  });

  it('of watchers that were aborted, closed, left and dropped with their network', async () => {
    await using namespace = await Namespace.create();
    const controller = new AbortController();
    await leavesNothing(async () => {
      await using network = await namespace.network();
      for (let count = 0; count < WATCHERS; count++) {
        const own = new AbortController();
        const watcher = network.watch(['link'], { initial: true, signal: own.signal });
        const shared = network.watch(['route'], { signal: controller.signal });
        if (count % 3 === 0) own.abort();
        for await (const event of watcher) if (event.group === 'watch') break;
        shared.close();
        network.watch(['rule']);
        if (count % 20 === 19) await nextTurn();
      }
    });
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  });

  it('of calls with a signal, waits that end in every way, and live maps', () =>
    withNetwork(async network => {
      const { signal } = new AbortController();
      await leavesNothing(async () => {
        for (let count = 0; count < WATCHERS / 3; count++) {
          await network.links.add({ kind: 'ifb', name: 'd0' }, { signal });
          await network.waitForLink('d0', 'present', { signal });
          await assert.rejects(network.waitForLink('none', 'up', { timeout: 1, signal }), {
            code: 'ETIMEDOUT',
          });
          const map = await network.live('route', { signal });
          await network.links.delete('d0', { signal });
          map.close();
        }
      });
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    }));

  it('of a callback that throws: what is under way is answered', async () => {
    await using namespace = await Namespace.create();
    const thrown: string[] = [];
    process.setUncaughtExceptionCaptureCallback(error => thrown.push(error.message));
    try {
      await using network = await namespace.network({
        onWarning: () => {
          throw new Error('of the caller');
        },
      });
      const listing = network.links.list();
      for await (const link of listing) {
        const stopped = network.links.get(link.index).then(() => {
          throw new Error('in a chain');
        });
        await assert.rejects(stopped, /in a chain/);
      }
      await assert.rejects(async () => {
        for await (const _ of network.watch(['link'], { initial: true })) throw new Error('in a loop');
      }, /in a loop/);
      assert.equal((await network.links.all()).length, 1);
    } finally {
      process.setUncaughtExceptionCaptureCallback(null);
    }
    assert.deepEqual(thrown, []);
  });
});
