/** Reads pcapng files, by the draft alone: what captures are compared with. Source: draft-ietf-opsawg-pcapng. */
import assert from 'node:assert/strict';

export interface ReadInterface {
  readonly linkType: number;
  readonly snap: number;
  readonly name: string;
}

export interface ReadPacket {
  readonly device: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly bytes: Buffer;
  readonly length: number;
  /** Of the flags: 1 inbound, 2 outbound. */
  readonly direction: number;
}

export interface ReadFile {
  readonly interfaces: readonly ReadInterface[];
  readonly packets: readonly ReadPacket[];
  /** Packets received by each device, of its statistics. */
  readonly received: readonly number[];
}

/** Reads a whole file; every length in it must be right. */
export function readPcapng(file: Buffer): ReadFile {
  const interfaces: (ReadInterface & { unit: number })[] = [];
  const packets: ReadPacket[] = [];
  const received: number[] = [];
  let at = 0;
  assert.equal(file.readUInt32LE(0), 0x0a0d0d0a, 'begins with a section');
  while (at < file.length) {
    const type = file.readUInt32LE(at);
    const length = file.readUInt32LE(at + 4);
    assert.equal(length % 4, 0);
    assert.ok(length >= 12 && at + length <= file.length, `length of the block at ${at}`);
    assert.equal(file.readUInt32LE(at + length - 4), length, `both lengths of the block at ${at}`);
    const body = file.subarray(at + 8, at + length - 4);
    if (type === 0x0a0d0d0a) {
      assert.equal(body.readUInt32LE(0), 0x1a2b3c4d);
      assert.deepEqual([body.readUInt16LE(4), body.readUInt16LE(6)], [1, 0]);
      options(body.subarray(16));
    } else if (type === 1) {
      const found = options(body.subarray(8));
      const resolution = found.get(9)?.[0] ?? 6;
      interfaces.push({
        linkType: body.readUInt16LE(0),
        snap: body.readUInt32LE(4),
        name: found.get(2)?.toString() ?? '',
        unit: 10 ** -resolution,
      });
    } else if (type === 6) {
      const device = interfaces[body.readUInt32LE(0)]!;
      const kept = body.readUInt32LE(12);
      const padded = Math.ceil(kept / 4) * 4;
      const found = options(body.subarray(20 + padded));
      packets.push({
        device: device.name,
        time: (body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8)) * device.unit,
        bytes: body.subarray(20, 20 + kept),
        length: body.readUInt32LE(16),
        direction: found.get(2)?.readUInt32LE(0) ?? 0,
      });
    } else if (type === 5) {
      received[body.readUInt32LE(0)] = Number(options(body.subarray(12)).get(4)?.readBigUInt64LE(0));
    } else assert.fail(`a block of type ${type}`);
    at += length;
  }
  return { interfaces, packets, received };
}

function options(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const [code, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    if (code === 0) {
      assert.equal(at + 4, bytes.length, 'nothing follows the end of options');
      break;
    }
    found.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return found;
}

/** Whether a frame of Ethernet is an echo request or answer of ICMP. */
export function isEcho(frame: Buffer): boolean {
  return frame.readUInt16BE(12) === 0x0800 && frame[23] === 1 && [0, 8].includes(frame[34]!);
}
