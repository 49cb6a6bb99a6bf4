/**
 * Queueing disciplines against the original `tc` 7.3.0: tc-options.json has the options of what `tc qdisc replace dev v root
 * WORDS` sent, recorded by strace.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { WantedLink } from '../../src/lab/desired.ts';
import { impairmentChange, qdiscOf } from '../../src/lab/impairment/qdiscs.ts';
import type { ImpairmentModel } from '../../src/lab/model.ts';
import { decodeQdisc, qdiscDeletion, qdiscHeader, qdiscRequest } from '../../src/rtnetlink/qdisc.ts';
import * as codec from '../../src/wire/codec.ts';
import { splitDatagram } from '../../src/wire/message.ts';
import { MessageWriter } from '../../src/wire/writer.ts';

const recorded = JSON.parse(readFileSync(new URL('tc-options.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, string>
>;

/** The recorded words as impairments: times in microseconds, shares in millionths, rates in bits. */
const IMPAIRMENTS: Readonly<Record<string, ImpairmentModel>> = {
  'tbf rate 20mbit burst 25000 limit 1514000': { rate: 20e6 },
  'tbf rate 1kbit burst 3028 limit 1514000': { rate: 1e3 },
  'tbf rate 40gbit burst 50000000 limit 1514000': { rate: 40e9 },
  'netem delay 100ms': { delay: 100_000 },
  'netem loss 1%': { loss: 10_000 },
  'netem delay 100ms 10ms loss 0.5% duplicate 1% corrupt 0.1% reorder 25% rate 20mbit limit 2000': {
    delay: 100_000,
    jitter: 10_000,
    loss: 5000,
    duplicate: 10_000,
    corrupt: 1000,
    reorder: 250_000,
    rate: 20e6,
    limit: 2000,
  },
  'netem delay 1500us rate 40gbit limit 7431': { delay: 1500, rate: 40e9 },
  'netem loss 33.3333% limit 1000': { loss: 333_333 },
  'netem corrupt 100%': { corrupt: 1_000_000 },
};

/** The kernel's answer about the longest of them: ticks besides nanoseconds, and attributes that were not sent. */
function netemAnswer(): Buffer {
  const out = new MessageWriter(36, 0);
  qdiscHeader.write(out, { family: 0, ifindex: 7, handle: 0x80010000, parent: 0xffffffff, info: 2 });
  out.attribute(1, codec.text, 'netem');
  const mark = out.open(2, 0);
  for (const value of [1_562_500, 2000, 21474836, 1, 42949673, 156_250]) out.u32(value);
  out.attribute(10, codec.u64, 100_000_000n);
  out.attribute(11, codec.u64, 10_000_000n);
  const words = (type: number, values: readonly number[]) =>
    out.attribute(type, codec.bytes, Buffer.from(Uint32Array.from(values).buffer));
  words(1, [0, 0, 0]);
  words(3, [0x40000000, 0]);
  words(4, [4294967, 0]);
  words(6, [2_500_000, 0, 0, 0]);
  words(7, [0]);
  out.close(mark);
  return out.finish(1);
}

const DEVICE_OF_LAB: WantedLink = {
  ...{ node: 'a', name: 'eth0', index: 7, kind: 'veth', data: undefined, request: undefined },
  ...{ pair: undefined, network: undefined, isMain: true, mac: undefined, mtu: undefined, up: true },
  ...{ master: undefined, link: undefined, alias: undefined, place: undefined, path: 'links[0]' },
  impair: undefined,
};

const HEADER = 16 + 20;
const ROOT = 'ffffffff';
const DEVICE = '07000000';

describe('queueing disciplines', () => {
  for (const [words, options] of Object.entries(recorded)) {
    it(`are sent as "tc qdisc replace ... root ${words}" sends them`, () => {
      const bytes = qdiscRequest(7, qdiscOf(IMPAIRMENTS[words]!)).finish(1);
      const kind = Buffer.from(`${words.split(' ')[0]}\0`);
      const kindLength = 4 + ((kind.length + 3) & ~3);
      assert.deepEqual([bytes.readUInt16LE(4), bytes.readUInt16LE(6) & ~4], [36, 0x501]);
      assert.equal(bytes.toString('hex', 16, HEADER), `00000000${DEVICE}00000000${ROOT}00000000`);
      assert.deepEqual([bytes.readUInt16LE(HEADER), bytes.readUInt16LE(HEADER + 2)], [4 + kind.length, 1]);
      assert.deepEqual(bytes.subarray(HEADER + 4, HEADER + 4 + kind.length), kind);
      const at = HEADER + kindLength;
      assert.deepEqual([bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)], [4 + options.length / 2, 2]);
      assert.equal(bytes.toString('hex', at + 4), options);
    });
  }

  it('are read as they were sent', () => {
    for (const impair of Object.values(IMPAIRMENTS)) {
      const wanted = qdiscOf(impair);
      const [message] = splitDatagram(qdiscRequest(7, wanted).finish(1)).messages;
      const read = decodeQdisc(message!);
      assert.equal(read?.ifindex, 7);
      for (const name of [
        'kind',
        'delay',
        'jitter',
        'loss',
        'corrupt',
        'reorder',
        'rate',
        'limit',
      ] as const) {
        const value = (qdisc: object) => (qdisc as Readonly<Record<string, unknown>>)[name];
        assert.equal(value(read.qdisc), value(wanted), name);
      }
    }
  });

  it('are as they are to be when the kernel reports so, and name what is to go', () => {
    const impair = IMPAIRMENTS[Object.keys(IMPAIRMENTS).find(words => words.includes('reorder'))!]!;
    const live = decodeQdisc(splitDatagram(netemAnswer()).messages[0]!)!.qdisc;
    const link = { ...DEVICE_OF_LAB, impair };
    const there = { index: 7, qdisc: live };
    assert.equal(impairmentChange(link, link, there), undefined);
    const change = impairmentChange({ ...link, impair: { delay: 100_000, loss: 5000 } }, link, there)!;
    assert.deepEqual(change.reasons, ['jitter', 'duplicate', 'corrupt', 'reorder', 'rate', 'limit']);
    const sent = change.steps[0]!.request!({ namespace: () => 0 }).finish(1);
    assert.deepEqual(decodeQdisc(splitDatagram(sent).messages[0]!)!.qdisc, {
      kind: 'netem',
      ...{ delay: 100_000_000, limit: 1000, loss: 21474836, duplicate: 0, reorder: 0, corrupt: 0, rate: 0 },
    });
    assert.equal(impairmentChange({ ...link, impair: undefined }, link, there)?.action, 'destroy');
    assert.equal(impairmentChange({ ...link, impair: undefined }, undefined, there), undefined);
  });

  it('are taken away as "tc qdisc del dev v root" does', () => {
    const bytes = qdiscDeletion(7).finish(1);
    assert.deepEqual([bytes.readUInt16LE(4), bytes.readUInt16LE(6) & ~4], [37, 1]);
    assert.equal(bytes.toString('hex', 16), `00000000${DEVICE}00000000${ROOT}00000000`);
  });

  it('are not read from messages that are too short, whatever they say', () => {
    for (const impair of Object.values(IMPAIRMENTS)) {
      const bytes = Buffer.from(qdiscRequest(7, qdiscOf(impair)).finish(1));
      for (let end = 16; end < Math.min(bytes.length, 160); end++)
        assert.doesNotThrow(() => decodeQdisc({ bytes: bytes.subarray(0, end), payload: 16, end }));
    }
  });
});
