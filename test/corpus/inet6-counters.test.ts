/** Devices whose message has no counters but those of IPv6, as the kernel's dumps of that family. */
import assert from 'node:assert/strict';
import { original, ours } from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';

const RTM_NEWLINK = 16;
const RTM_NEWADDR = 20;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_PROTINFO = 12;
const IFA_ADDRESS = 1;
const INET6_STATS = 3;
/** How many counters today's kernel has. */
const COUNT = 38;

function attribute(type: number, ...parts: readonly Buffer[]): Buffer {
  const payload = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + payload.length, 0);
  head.writeUInt16LE(type, 2);
  return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
}

function message(type: number, ...parts: readonly Buffer[]): Buffer {
  const payload = Buffer.concat(parts);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(16 + payload.length, 0);
  head.writeUInt16LE(type, 4);
  return Buffer.concat([head, payload]);
}

const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);

/** Every counter with another value. */
const counters = (factor: bigint) =>
  Buffer.from(BigUint64Array.from({ length: COUNT }, (_, place) => BigInt(place) * factor).buffer);

function device(...attributes: readonly Buffer[]): Buffer {
  const header = Buffer.concat([Buffer.from([10, 0, 1, 0]), u32(7), u32(0x1003), u32(0)]);
  const name = attribute(IFLA_IFNAME, Buffer.from('d0\0'));
  const address = attribute(IFA_ADDRESS, Buffer.from('fd000000000000000000000000000001', 'hex'));
  return Buffer.concat([
    message(RTM_NEWLINK, header, name, attribute(IFLA_MTU, u32(1500)), ...attributes),
    message(RTM_NEWADDR, Buffer.from([10, 64, 128, 0]), u32(7), address),
  ]);
}

const REPLIES = {
  counters: device(attribute(IFLA_PROTINFO, attribute(INET6_STATS, counters(1001n)))),
  'large counters': device(attribute(IFLA_PROTINFO, attribute(INET6_STATS, counters(2n ** 58n - 1n)))),
  'nothing of IPv6': device(),
};

const LINES = [
  '-s -6 addr',
  '-s -s -6 addr',
  '-s -j -6 addr',
  '-s -s -j addr',
  '-s -h addr',
  '-s -4 addr',
  '-s link',
  '-s -s -j link',
  '-s -br -6 addr',
  '-s -d -o -6 addr',
];

describe('counters of IPv6 stand for those of a device that has no others', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [what, replies] of Object.entries(REPLIES)) {
    it(what, async () => {
      for (const line of LINES) {
        const words = line.split(' ');
        const [wanted, got] = [original(words, { replies }), await ours(words, { replies })];
        assert.deepEqual([got.stdout, got.stderr], [wanted.stdout, wanted.stderr], line);
      }
    });
  }
});
