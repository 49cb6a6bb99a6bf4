/** What `ip monitor` prints of messages that this kernel does not send: the original's own printing is compared. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { original, ours } from '../../support/capture/capture.ts';
import { needs } from '../../support/requirements.ts';

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

const name = (text: string) => attribute(3, Buffer.from(`${text}\0`));
const links = [16, 17].flatMap(type =>
  [name('x0'), Buffer.alloc(0), name(''), name('a/b'), name('a b'), name('abcdefghijklmnop')].map(own =>
    message(type, '00 00 0100 88130000 00000000 00000000', own),
  ),
);

/** Of rtmon: seconds and microseconds before a message. */
const times = [
  message(15, '80414965 05000000'),
  message(16, '00 00 0100 88130000 00000000 00000000', name('x0')),
  message(15, 'f0ffffff ffffffff'),
  message(15, '00000080 80841e00 01020304'),
  message(15, '01000000 02000000'),
];

const TYPES = [16, 17, 20, 21, 28, 29, 32, 33, 52, 56, 60, 72, 80, 88, 89, 92, 104, 116, 24];
const short = TYPES.flatMap(type => [message(type, ''), message(type, '00')]);
const [link, route] = [
  message(16, '00 00 0100 88130000 00000000 00000000', name('x0')),
  message(24, '02 08 00 00 fe 03 00 01 00000000', u32(4, 10)),
];

/** Files that end in something else than a message, or hold one whose attributes do not fit. */
const DAMAGED: Readonly<Record<string, readonly Buffer[]>> = {
  'messages shorter than their structs': short,
  'a header that is cut': [link, link.subarray(0, 8)],
  'a message that is cut': [link, link.subarray(0, 20)],
  'a length of nothing': [link, Buffer.alloc(16)],
  'a length beyond all bounds': [link, Buffer.alloc(16, 0xff)],
  'a message longer than is read': [link, message(1, '', Buffer.alloc(20_000)), link],
  'an attribute longer than its message': [
    withRest(link, '2800 0100 00000000'),
    withRest(route, '2800 0100'),
    link,
  ],
  'an attribute shorter than its header': [withRest(link, '0200 0100'), withRest(route, '0000 0000'), link],
  'bytes that are no attribute': [withRest(link, '000000'), withRest(route, '00'), link],
};

/** `whole` with bytes at its end that count as its own. */
function withRest(whole: Buffer, digits: string): Buffer {
  const rest = Buffer.from(digits.replaceAll(' ', ''), 'hex');
  const longer = Buffer.concat([whole, rest, Buffer.alloc(-rest.length & 3)]);
  longer.writeUInt32LE(whole.length + rest.length, 0);
  return longer;
}

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
    links,
    times,
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

  it('prints when each was read, with -timestamp', async function () {
    needs(this, 'oracle', 'compiler');
    const file = join(folder, 'read');
    writeFileSync(file, Buffer.concat(times));
    const read = /^Timestamp: .* \d+ usec\n/gm;
    const line = ['-timestamp', 'monitor', 'file', file];
    const [wanted, got] = [original(line), await ours(line)];
    assert.equal(got.stdout.replace(read, 'now '), wanted.stdout.replace(read, 'now '));
    assert.equal(got.stdout.match(read)?.length, 1);
  });

  for (const [title, messages] of Object.entries(DAMAGED)) {
    it(`complains as the original does of ${title}`, async function () {
      needs(this, 'oracle', 'compiler');
      const file = join(folder, 'damaged');
      writeFileSync(file, Buffer.concat(messages));
      const line = ['monitor', 'label', 'file', file];
      const [wanted, got] = [original(line), await ours(line)];
      assert.deepEqual([got.stdout, got.stderr, got.status], [wanted.stdout, wanted.stderr, wanted.status]);
    });
  }
});
