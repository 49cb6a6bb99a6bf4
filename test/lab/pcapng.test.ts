/** Files of captures, read by a parser that knows the draft alone. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileTarget } from '../../src/lab/capture/files.ts';
import {
  interfaceBlock,
  LINK_TYPES,
  packetBlock,
  sectionBlock,
  statisticsBlock,
} from '../../src/lab/capture/pcapng.ts';
import { readPcapng } from './pcapng-reader.ts';

const HEADER = Buffer.concat([
  sectionBlock(),
  interfaceBlock({ name: 'a:eth0', description: 'a:eth0', linkType: LINK_TYPES.ethernet, snap: 64 }),
  interfaceBlock({ name: 'b:tun0', description: 'b:tun0', linkType: LINK_TYPES.raw, snap: 64 }),
]);

describe('a file of packets', () => {
  it('has devices, packets of any length with their times, and counts', () => {
    const time = 1_790_000_000_123_456_789n;
    const packets = Array.from({ length: 9 }, (_, length) =>
      packetBlock({
        device: length % 2,
        time: time + BigInt(length),
        bytes: Buffer.alloc(length, length),
        length: length * 10,
        direction: length === 0 ? undefined : length % 2 === 0 ? 'in' : 'out',
      }),
    );
    const end = [0, 1].map(device =>
      statisticsBlock(device, [time, time], { received: device + 5, dropped: 0 }),
    );
    const read = readPcapng(Buffer.concat([HEADER, ...packets, ...end]));
    assert.deepEqual(
      read.interfaces.map(({ name, linkType, snap }) => [name, linkType, snap]),
      [
        ['a:eth0', 1, 64],
        ['b:tun0', 101, 64],
      ],
    );
    assert.deepEqual(read.received, [5, 6]);
    read.packets.forEach((packet, length) => {
      assert.deepEqual(packet.bytes, Buffer.alloc(length, length));
      assert.equal(packet.length, length * 10);
      assert.equal(packet.device, length % 2 === 0 ? 'a:eth0' : 'b:tun0');
      assert.equal(packet.direction, length === 0 ? 0 : length % 2 === 0 ? 1 : 2);
      assert.ok(Math.abs(packet.time - 1_790_000_000.123) < 1e-3);
    });
  });

  it('is followed by others, the oldest of which go', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsip-pcapng-'));
    try {
      const packet = packetBlock({
        device: 0,
        time: 1n,
        bytes: Buffer.alloc(100),
        length: 100,
        direction: 'in',
      });
      const target = new FileTarget(join(folder, 'x.pcapng'), HEADER, {
        size: HEADER.length + 2 * packet.length,
        files: 2,
      });
      for (let count = 0; count < 7; count++) target.write(packet);
      target.end(Buffer.alloc(0));
      assert.deepEqual(readdirSync(folder).sort(), ['x.3.pcapng', 'x.4.pcapng']);
      const counts = target.files.map(file => readPcapng(readFileSync(file)).packets.length);
      assert.deepEqual(counts, [2, 1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('cannot be written where there is no folder', () => {
    assert.throws(() => new FileTarget('/nowhere/at/all', HEADER), /cannot write \/nowhere\/at\/all/);
  });
});
