/** Labs in private namespaces, by the library: see lab.test.ts, which runs this file. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ipWords } from '../../../src/commands/lab/ip-words.ts';
import { ApplyError } from '../../../src/lab/engine.ts';
import type { LabFile } from '../../../src/lab/format/shape.ts';
import { NamedLab } from '../../../src/lab/lab.ts';
import { loadLab } from '../../../src/lab/load.ts';
import { startTime } from '../../../src/lab/processes.ts';
import { LabBusyError, StateFolder } from '../../../src/lab/state.ts';
import { faultyKernel } from './faulty-kernel.ts';
import { snapshot } from './snapshot.ts';

const ROUTER: LabFile = {
  networks: { lan: {}, wan: { mtu: 1400 } },
  nodes: {
    r1: {
      forward: true,
      devices: {
        lo: { address: '10.255.0.1/32' },
        eth0: { to: 'lan', address: '10.0.1.1/24' },
        eth1: { to: 'wan', address: ['10.0.2.1/24', 'fd00:2::1/64'] },
      },
    },
    h1: {
      devices: { eth0: { to: 'lan', address: '10.0.1.11/24' } },
      routes: [
        'default via 10.0.1.1',
        '10.8.0.0/16 via 10.0.1.1 mtu 1300 proto static',
        'blackhole 10.7.0.0/16',
      ],
      neighbours: ['10.0.1.99 lladdr 02:00:00:00:00:99 dev eth0'],
      rules: ['from 10.0.1.11 lookup 100 pref 1000'],
    },
    h2: {
      devices: {
        eth0: { to: 'wan', address: ['10.0.2.12/24', 'fd00:2::12/64'] },
        br0: { type: 'bridge ageing_time 1000' },
        tun: { type: 'vxlan id 7 dstport 4789 remote 10.0.2.1 dev eth0', master: 'br0' },
      },
      routes: ['default via 10.0.2.1', 'fd00:9::/64 via fd00:2::1 metric 50'],
    },
  },
  links: ['r1:x0 10.3.0.1/30 -- h1:x0 10.3.0.2/30'],
};

/** The same with one thing of each kind otherwise. */
const CHANGED: LabFile = {
  ...ROUTER,
  nodes: {
    ...ROUTER.nodes,
    h1: {
      devices: { eth0: { to: 'lan', address: '10.0.1.21/24', mtu: 1300 } },
      routes: ['default via 10.0.1.1 metric 5', '10.8.0.0/16 via 10.0.1.1 mtu 1200 proto static'],
      sysctls: { 'net.ipv4.conf.eth0.rp_filter': 2 },
    },
    h2: { devices: { eth0: { to: 'lan', address: '10.0.1.12/24' } } },
    h3: { devices: { d: { to: 'wan', address: '10.0.2.13/24' } } },
  },
};

const load = (file: LabFile, name: string) => loadLab(file, ipWords, { name });

function nothingIsLeft(name: string): void {
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  assert.deepEqual(
    namespaces.filter(entry => entry.startsWith(`${name}.`)),
    [],
  );
  assert.equal(existsSync(`/run/tsip/labs/${name}`), false);
}

describe('a lab', () => {
  it('is as its file says, and applying it again sends nothing that changes', async () => {
    const model = await load(ROUTER, 'twice');
    await new NamedLab('twice', ipWords).apply(model);
    const { kernel, count } = faultyKernel();
    const { changes } = await new NamedLab('twice', ipWords, kernel).apply(model);
    assert.deepEqual(changes, []);
    assert.equal(count(), 0);
    const { leftovers } = await new NamedLab('twice', ipWords).destroy();
    assert.deepEqual(leftovers, []);
    nothingIsLeft('twice');
  });

  it('is changed where it is otherwise, and there alone', async () => {
    const lab = new NamedLab('change', ipWords);
    await lab.apply(await load(ROUTER, 'change'));
    const { kernel, count } = faultyKernel();
    const mtu = structuredClone(ROUTER) as { nodes: { h1: { devices: { eth0: { mtu?: number } } } } };
    mtu.nodes.h1.devices.eth0.mtu = 1350;
    const { changes } = await new NamedLab('change', ipWords, kernel).apply(
      await load(mtu as unknown as LabFile, 'change'),
    );
    // Of a pair that leads to a network both ends have the MTU.
    assert.deepEqual(
      changes.map(({ node, kind, reasons }) => [node, kind, reasons]),
      [
        ['_net', 'device', ['mtu 1500 -> 1350']],
        ['h1', 'device', ['mtu 1500 -> 1350']],
      ],
    );
    assert.equal(count(), 2);
    await lab.destroy();
  });

  it('becomes another one, and that is what is there', async () => {
    const lab = new NamedLab('other', ipWords);
    await lab.apply(await load(ROUTER, 'other'));
    await lab.apply(await load(CHANGED, 'other'));
    const { changes, foreign } = await lab.plan(await load(CHANGED, 'other'), { hasForeign: true });
    assert.deepEqual(changes, []);
    assert.deepEqual(foreign, []);
    await lab.destroy();
    nothingIsLeft('other');
  });

  it('leaves nothing when any step of making it fails', async function () {
    this.timeout(120_000);
    const model = await load(ROUTER, 'fails');
    const whole = faultyKernel();
    await new NamedLab('fails', ipWords, whole.kernel).apply(model);
    await new NamedLab('fails', ipWords).destroy();
    for (let step = 1; step <= whole.count(); step++) {
      const lab = new NamedLab('fails', ipWords, faultyKernel(step).kernel);
      const outcome = await lab.apply(model).then(
        () => 'applied',
        (error: unknown) => error,
      );
      // The run directory is made a shared mount where it can be: its failure is tried in two ways.
      if (outcome === 'applied') await new NamedLab('fails', ipWords).destroy();
      else assert.ok(outcome instanceof ApplyError, `step ${step}: ${String(outcome)}`);
      if (outcome instanceof ApplyError) assert.deepEqual(outcome.leftovers, [], `step ${step}`);
      nothingIsLeft('fails');
    }
  });

  it('is as it was before when any step of changing it fails', async function () {
    this.timeout(120_000);
    const [from, to] = [await load(ROUTER, 'undo'), await load(CHANGED, 'undo')];
    const whole = faultyKernel();
    await new NamedLab('undo', ipWords).apply(from);
    await new NamedLab('undo', ipWords, whole.kernel).apply(to);
    const steps = whole.count();
    await new NamedLab('undo', ipWords).apply(from);
    for (let step = 1; step <= steps; step++) {
      const lab = new NamedLab('undo', ipWords, faultyKernel(step).kernel);
      const outcome = await lab.apply(to).then(
        () => 'applied',
        (error: unknown) => error,
      );
      const untouched = new NamedLab('undo', ipWords);
      if (outcome === 'applied') {
        await untouched.apply(from);
        continue;
      }
      assert.ok(outcome instanceof ApplyError, `step ${step}: ${String(outcome)}`);
      assert.deepEqual(outcome.leftovers, [], `step ${step}`);
      const { changes, foreign } = await untouched.plan(from, { hasForeign: true });
      assert.deepEqual([changes, foreign], [[], []], `step ${step}`);
      assert.deepEqual(untouched.nodes(), ['h1', 'h2', 'r1'], `step ${step}`);
    }
    await new NamedLab('undo', ipWords).destroy();
    nothingIsLeft('undo');
  });

  it('ends services that have not reached their namespace yet', async () => {
    const file: LabFile = { nodes: { a: { run: { wait: { command: 'exec sleep 1000' } } } } };
    await new NamedLab('early', ipWords).apply(await load(file, 'early'));
    const outside = spawn('sleep', ['1000'], { stdio: 'ignore' });
    await once(outside, 'spawn');
    const folder = new StateFolder('early');
    const state = folder.read()!;
    const pid = outside.pid!;
    const late = { ...state.services[0]!, key: 'a/late', pid, started: startTime(pid)! };
    folder.write({ ...state, services: [...state.services, late] });
    const ended = once(outside, 'exit');
    const { processes, leftovers } = await new NamedLab('early', ipWords).destroy();
    assert.deepEqual([processes, leftovers], [2, []]);
    assert.deepEqual(await ended, [null, 'SIGTERM']);
  });

  it('ends services that nobody has recorded', async () => {
    const file: LabFile = { nodes: { a: { run: { wait: { command: 'exec sleep 1000' } } } } };
    await new NamedLab('killed', ipWords).apply(await load(file, 'killed'));
    const folder = new StateFolder('killed');
    const output = openSync(join(folder.subfolder('logs'), 'a.late.log'), 'a');
    // As nsexec is, until it has entered its namespace.
    const outside = spawn('sleep', ['1000'], { stdio: ['ignore', output, output] });
    closeSync(output);
    const ended = once(outside, 'exit');
    const { processes, leftovers } = await new NamedLab('killed', ipWords).destroy();
    assert.deepEqual([processes, leftovers], [2, []]);
    assert.deepEqual(await ended, [null, 'SIGTERM']);
  });

  it('leaves everything outside as it was when any step fails', async function () {
    this.timeout(300_000);
    const file: LabFile = {
      external: { host: {} },
      nodes: {
        a: { internet: true, run: { wait: { command: 'exec sleep 1000' } } },
        r: { nat: 'eth0' },
      },
      links: [
        { ends: ['a:eth0 10.3.0.1/30', 'r:eth0 10.3.0.2/30'], impair: { rate: '10mbit' } },
        'r:up 10.4.0.1/30 -- host:tor 10.4.0.2/30',
      ],
    };
    const bare: LabFile = { nodes: { a: file.nodes['a']! } };
    const [first, second] = [await load(bare, 'proof'), await load(file, 'proof')];
    // The folder of namespaces stays, as after `ip netns add`.
    await new NamedLab('proof', ipWords).apply(first);
    await new NamedLab('proof', ipWords).destroy();
    const before = await snapshot();
    const whole = faultyKernel();
    await new NamedLab('proof', ipWords, whole.kernel).apply(second);
    assert.deepEqual((await new NamedLab('proof', ipWords).destroy()).leftovers, []);
    assert.deepEqual(await snapshot(), before);
    for (let step = 1; step <= whole.count(); step++) {
      const outcome = await new NamedLab('proof', ipWords, faultyKernel(step).kernel).apply(second).then(
        () => 'applied',
        (error: unknown) => error,
      );
      if (outcome === 'applied') await new NamedLab('proof', ipWords).destroy();
      else assert.ok(outcome instanceof ApplyError, `step ${step}: ${String(outcome)}`);
      assert.deepEqual(await snapshot(), before, `step ${step}`);
    }
    // The same from a lab that is there.
    await new NamedLab('proof', ipWords).apply(first);
    const counted = faultyKernel();
    await new NamedLab('proof', ipWords, counted.kernel).apply(second);
    await new NamedLab('proof', ipWords).apply(first);
    const small = await snapshot();
    for (let step = 1; step <= counted.count(); step++) {
      const outcome = await new NamedLab('proof', ipWords, faultyKernel(step).kernel).apply(second).then(
        () => 'applied',
        (error: unknown) => error,
      );
      if (outcome === 'applied') await new NamedLab('proof', ipWords).apply(first);
      else assert.ok(outcome instanceof ApplyError, `step ${step}: ${String(outcome)}`);
      assert.deepEqual(await snapshot(), small, `step ${step}`);
      assert.deepEqual((await new NamedLab('proof', ipWords).plan(first)).changes, [], `step ${step}`);
    }
    await new NamedLab('proof', ipWords).destroy();
    assert.deepEqual(await snapshot(), before);
  });

  it('is one of several that are made of one file at once', async () => {
    const names = Array.from({ length: 8 }, (_, at) => `copy${at}`);
    await Promise.all(names.map(async name => new NamedLab(name, ipWords).apply(await load(ROUTER, name))));
    for (const name of names) {
      assert.deepEqual((await new NamedLab(name, ipWords).plan(await load(ROUTER, name))).changes, []);
    }
    await Promise.all(names.map(name => new NamedLab(name, ipWords).destroy()));
    for (const name of names) nothingIsLeft(name);
  });

  it('is found by its marks in the kernel when its state is lost', async () => {
    const { rmSync } = await import('node:fs');
    await new NamedLab('lost', ipWords).apply(await load(ROUTER, 'lost'));
    rmSync('/run/tsip/labs/lost', { recursive: true });
    const lab = new NamedLab('lost', ipWords);
    assert.equal(await lab.isMarked(), true);
    const { changes } = await lab.apply(await load(ROUTER, 'lost'));
    assert.deepEqual(changes, []);
    rmSync('/run/tsip/labs/lost', { recursive: true });
    assert.equal((await new NamedLab('lost', ipWords).destroy()).namespaces, 4);
    nothingIsLeft('lost');
  });

  it('is changed by one process at a time', async () => {
    const model = await load(ROUTER, 'busy');
    const one = new NamedLab('busy', ipWords);
    const first = one.apply(model);
    await assert.rejects(new NamedLab('busy', ipWords).apply(model), LabBusyError);
    await first;
    await one.destroy();
  });

  it('gets back the values that sysctls had before', async () => {
    const lab = new NamedLab('sysctl', ipWords);
    await lab.apply(await load({ nodes: { a: { sysctls: { 'net.ipv4.ip_default_ttl': 32 } } } }, 'sysctl'));
    const { changes } = await lab.apply(await load({ nodes: { a: {} } }, 'sysctl'));
    assert.deepEqual(
      changes.map(({ name }) => name),
      ['net.ipv4.ip_default_ttl = 64'],
    );
    await lab.destroy();
  });
});
