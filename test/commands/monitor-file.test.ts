/** What `ip monitor` prints of messages that this kernel does not send: the original's own printing is compared. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { original, ours } from '../capture.ts';
import { needs } from '../requirements.ts';

function attribute(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + payload.length, 0);
  head.writeUInt16LE(type, 2);
  return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
}

function message(type: number, header: string, ...attributes: Buffer[]): Buffer {
  const payload = Buffer.concat([Buffer.from(header.replaceAll(' ', ''), 'hex'), ...attributes]);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(16 + payload.length, 0);
  head.writeUInt16LE(type, 4);
  return Buffer.concat([head, payload]);
}

const u32 = (type: number, value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return attribute(type, bytes);
};
const hex = (type: number, digits: string) => attribute(type, Buffer.from(digits.replaceAll(' ', ''), 'hex'));

const address = hex(1, '20010db8 00000000 00000000 00000000');
const lifetimes = hex(2, '64000000 c8000000');
const prefixes = [
  message(52, '0a000000 0a000000 03 40 03 00', address, lifetimes),
  message(52, '0a000000 01000000 03 80 00 00', address),
  message(52, '0a000000 4d000000 03 40 01 00', lifetimes),
  message(52, '0a000000 01000000 09 40 02 00', address),
  message(52, '02000000 01000000 03 20 02 00', hex(1, '01020304')),
  message(53, '0a000000 0a000000 03 40 03 00', address, lifetimes),
];

const [group, source] = [hex(1, 'e0010101'), hex(2, '0a000001')];
const multicastRoutes = [24, 25].flatMap(type => [
  message(
    type,
    '80202000 fe110005 00000000',
    group,
    source,
    u32(3, 10),
    hex(9, '0800 00 01 0b000000 0800 00 05 63000000'),
  ),
  message(type, '80202000 fe110005 20000000', group, u32(3, 1), hex(9, '')),
  message(type, '80202000 fc110005 08000000', group, source, u32(15, 1000)),
  message(
    type,
    '81808000 fe110005 00000000',
    hex(1, 'ff020000 00000000 00000000 00000001'),
    u32(3, 1),
    hex(17, '0300000000000000 9001000000000000 0500000000000000'),
    hex(23, 'd204000000000000'),
  ),
  message(type, '80202000 fe110001 00000000', group, source),
]);

const switches = (type: number, ...values: Buffer[]) =>
  attribute(4, attribute(2, attribute(type, Buffer.concat(values))));
const statistics = [
  message(92, '00000000 0a000000 08000000', switches(3, hex(1, '01'), hex(2, '00'))),
  message(92, '00000000 01000000 08000000', switches(3, hex(2, '01'))),
  message(92, '00000000 4d000000 08000000', switches(1, hex(1, '01'))),
  message(92, '00000000 01000000 01000000', attribute(1, Buffer.alloc(192, 1))),
  message(93, '00000000 01000000 01000000'),
];

const settings = [80, 81].flatMap(type => [
  message(
    type,
    '02000000',
    u32(1, 10),
    u32(2, 1),
    u32(3, 2),
    u32(4, 0),
    u32(5, 1),
    u32(6, 1),
    u32(7, 1),
    u32(8, 1),
  ),
  message(type, '0a000000', u32(1, 0xffffffff), u32(2, 0)),
  message(type, '1c000000', u32(1, 0xfffffffe), u32(7, 0)),
  message(type, '80000000', u32(3, 9)),
]);

const others = [
  ...[72, 73].map(type => message(type, '0a004000 0a000000 00000000', address, u32(2, 7))),
  ...[116, 117].map(type =>
    message(type, '00000400 00000000', u32(1, 9), attribute(13, Buffer.concat([hex(1, '0300'), u32(3, 5)]))),
  ),
  ...[1, 2, 3, 4, 18, 36, 54, 120].map(type => message(type, '00000000')),
];

describe('ip monitor of a file', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tsip-monitor-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const [name, messages] of Object.entries({
    prefixes,
    multicastRoutes,
    statistics,
    settings,
    others,
  })) {
    it(`prints ${name} as the original does`, async function () {
      needs(this, 'oracle', 'compiler');
      const file = join(folder, name);
      writeFileSync(file, Buffer.concat(messages));
      for (const options of [[], ['-d'], ['-s'], ['-o', '-s'], ['-4'], ['-6'], ['-c=always'], ['-j']]) {
        for (const words of [['label'], ['dev', 'eth0'], ['route']]) {
          const line = [...options, 'monitor', ...words, 'file', file];
          const [wanted, got] = [original(line), await ours(line)];
          assert.deepEqual(
            [line, got.stdout, got.stderr, got.status],
            [line, wanted.stdout, wanted.stderr, wanted.status],
          );
        }
      }
    });
  }
});
