/** Captures by the library, in private namespaces: see capture.test.ts, which runs this file. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemKernel } from '../../../src/kernel/kernel.ts';
import { insideNamespace } from '../../../src/kernel/system/namespace.ts';
import { native } from '../../../src/kernel/system/native.ts';
import { Lab, type LabFile } from '../../../src/testing/lab.ts';
import { isEcho, readPcapng } from '../../lab/pcapng-reader.ts';

const PAIR = {
  nodes: { a: {}, b: {} },
  links: ['a:eth0 10.0.0.1/24 -- b:eth0 10.0.0.2/24'],
} as const satisfies LabFile;

const AF_PACKET = 17;
const SOCK_RAW = 3;

describe('a capture of a program', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tsip-capture-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('has what both ends send and receive, cut where asked, with times and directions', async () => {
    await using net = await Lab.apply(PAIR);
    const file = join(folder, 'both.pcapng');
    await using capture = await net.capture(['a:eth0', 'b:eth0'], { file, snap: 60 });
    const before = Date.now() / 1000;
    await net.node('a').exec('ping', ['-c3', '-i0.01', '-s', '200', 'b']);
    const { packets, dropped } = await capture.stop();
    const read = readPcapng(readFileSync(file));
    assert.deepEqual([read.packets.length, dropped], [packets, 0]);
    for (const device of ['a:eth0', 'b:eth0']) {
      const echoes = read.packets.filter(one => one.device === device && isEcho(one.bytes));
      assert.deepEqual(
        echoes.map(({ direction, bytes }) => [direction, bytes[34]]),
        Array.from({ length: 3 }, () =>
          device === 'a:eth0'
            ? [
                [2, 8],
                [1, 0],
              ]
            : [
                [1, 8],
                [2, 0],
              ],
        ).flat(),
      );
      for (const { bytes, length, time } of echoes) {
        assert.deepEqual([bytes.length, length], [60, 242]);
        assert.ok(time >= before - 1 && time <= Date.now() / 1000 + 1);
      }
    }
  });

  it('has the tags of VLANs where they were', async () => {
    await using net = await Lab.apply(PAIR, { name: 'tagged' });
    const file = join(folder, 'tags.pcapng');
    await using capture = await net.capture('b:eth0', { file });
    const frame = Buffer.from(`ffffffffffff0200000000018100200788b5${'00'.repeat(50)}`, 'hex');
    using network = await net.node('a').network();
    const { index } = (await network.links.get('eth0'))!;
    const { openNamespace } = await import('../../../src/namespaces/anonymous.ts');
    const { closeSync } = await import('node:fs');
    const namespace = openNamespace('/run/netns/tagged.a');
    const socket = insideNamespace(systemKernel.calls, namespace, () =>
      native.socket(AF_PACKET, SOCK_RAW, 0),
    );
    const address = Buffer.alloc(20);
    address.writeUInt16LE(AF_PACKET, 0);
    address.writeInt32LE(index, 4);
    assert.equal(native.bind(socket, address), 0);
    assert.equal(native.send(socket, frame, 0), frame.length);
    native.close(socket);
    closeSync(namespace);
    await capture.stop();
    const sent = readPcapng(readFileSync(file)).packets.filter(
      ({ bytes }) => bytes.readUInt16BE(12) === 0x8100,
    );
    assert.deepEqual(
      sent.map(({ bytes, length }) => [bytes.toString('hex'), length]),
      [[frame.toString('hex'), frame.length]],
    );
  });

  it('ends after so many packets, and with the lab', async () => {
    const file = join(folder, 'few.pcapng');
    const whole = join(folder, 'whole.pcapng');
    {
      await using net = await Lab.apply(PAIR);
      const few = await net.capture('a:eth0', { file, count: 2 });
      await net.capture('a:eth0', { file: whole });
      await net.node('a').exec('ping', ['-c2', '-i0.01', 'b']);
      assert.equal((await few.stop()).packets, 2);
    }
    assert.equal(readPcapng(readFileSync(file)).packets.length, 2);
    const { packets, received } = readPcapng(readFileSync(whole));
    assert.ok(packets.filter(({ bytes }) => isEcho(bytes)).length === 4 && received[0]! >= 4);
  });

  it('says what is wrong', async () => {
    await using net = await Lab.apply(PAIR);
    await assert.rejects(net.capture('a:eth7', { file: join(folder, 'x') }), /has no end "a:eth7"/);
    await assert.rejects(net.capture('a:eth0', { file: '/nowhere/x' }), /cannot write \/nowhere\/x/);
  });

  it('is kept when a call of the lab fails, and only then', async () => {
    const captures = join(folder, 'captures');
    {
      await using net = await Lab.apply(PAIR, { captureOnFailure: captures });
      await net.node('a').exec('ping', ['-c1', 'b']);
      assert.equal(readdirSync(captures).length, 1);
    }
    assert.deepEqual(readdirSync(captures), []);
    {
      await using net = await Lab.apply(PAIR, { captureOnFailure: captures });
      await net.node('a').exec('ping', ['-c1', 'b']);
      const failure = await net
        .node('a')
        .exec('false')
        .catch((error: Error) => error.message);
      const [, named] = /\nPackets: (.*)$/.exec(failure as string) ?? [];
      assert.ok(existsSync(named!), String(failure));
    }
    const [kept] = readdirSync(captures);
    const echoes = readPcapng(readFileSync(join(captures, kept!))).packets.filter(({ bytes }) =>
      isEcho(bytes),
    );
    assert.equal(echoes.length, 4, 'at both ends');
  });
});
