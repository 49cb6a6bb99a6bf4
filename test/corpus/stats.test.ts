/** `ip stats`, and stats in a monitor, of counters that this kernel has no hardware or bond for: made messages. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { original, ours } from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';

const RTM_NEWSTATS = 92;
const NLM_F_MULTI = 2;
/** IFLA_STATS_*. */
const [LINK_64, XSTATS, XSTATS_SLAVE, OFFLOAD, AF_SPEC] = [1, 2, 3, 4, 5];
const AF_MPLS = 28;

function attribute(type: number, payload: Buffer): Buffer {
  const length = 4 + payload.length;
  const bytes = Buffer.alloc((length + 3) & ~3);
  bytes.writeUInt16LE(length, 0);
  bytes.writeUInt16LE(type, 2);
  payload.copy(bytes, 4);
  return bytes;
}

const nest = (type: number, ...parts: readonly Buffer[]) => attribute(type, Buffer.concat(parts));
const flagged = (type: number, ...parts: readonly Buffer[]) => nest(type | 0x8000, ...parts);

/** Counters 1, 2, 3 ... times `factor`. */
function counters(count: number, factor: number): Buffer {
  const bytes = Buffer.alloc(8 * count);
  for (let at = 0; at < count; at++) bytes.writeBigUInt64LE(BigInt((at + 1) * factor), 8 * at);
  return bytes;
}

function message(index: number, ...attributes: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(28);
  const body = Buffer.concat([header, ...attributes]);
  body.writeUInt32LE(body.length, 0);
  body.writeUInt16LE(RTM_NEWSTATS, 4);
  body.writeUInt16LE(NLM_F_MULTI, 6);
  body.writeUInt32LE(index, 20);
  return body;
}

function vlan(id: number, flags: number, factor: number): Buffer {
  const bytes = Buffer.alloc(48);
  counters(4, factor).copy(bytes);
  bytes.writeUInt16LE(id, 32);
  bytes.writeUInt16LE(flags, 34);
  return attribute(1, bytes);
}

function bondCounters(factor: number): Buffer {
  return nest(2, nest(1, ...Array.from({ length: 9 }, (_, at) => attribute(at, counters(1, at * factor)))));
}

const isOn = (type: number, value: number) => attribute(type, Buffer.from([value]));

function everything(index: number, factor: number): Buffer {
  const bridge = [attribute(2, counters(26, factor)), attribute(4, counters(6, factor))];
  const vlans = [vlan(1, 6, factor), vlan(10, 8, 1), vlan(4094, 0, factor), vlan(7, 4, 1)];
  return message(
    index,
    attribute(LINK_64, counters(25, factor)),
    nest(XSTATS, nest(1, ...vlans, ...bridge), bondCounters(factor)),
    nest(XSTATS_SLAVE, nest(1, vlan(1, 2, factor), ...bridge), bondCounters(factor)),
    nest(
      OFFLOAD,
      attribute(1, counters(25, factor)),
      flagged(2, flagged(3, isOn(1, 1), isOn(2, factor > 1 ? 1 : 0))),
      attribute(3, counters(9, factor)),
    ),
    nest(AF_SPEC, nest(AF_MPLS, attribute(1, counters(9, factor)))),
  );
}

const REPLIES: Readonly<Record<string, Buffer>> = {
  'all counters of two devices': Buffer.concat([everything(10, 1), everything(11, 123_456_789)]),
  'no counters': message(10),
  'hardware that counts unasked': message(10, nest(OFFLOAD, nest(2, nest(3, isOn(2, 1))))),
  'hardware that is asked to count': message(
    10,
    nest(OFFLOAD, nest(2, nest(3, isOn(1, 1))), attribute(3, counters(9, 1))),
  ),
  'another suite of hardware': message(
    10,
    nest(OFFLOAD, nest(2, nest(3, isOn(1, 0), isOn(2, 0)), nest(4, isOn(1, 1)))),
  ),
  'empty nests': message(10, nest(OFFLOAD, nest(2)), nest(XSTATS), nest(XSTATS_SLAVE), nest(AF_SPEC)),
  'nests that say that they are nests': message(
    10,
    flagged(XSTATS, nest(1, attribute(4, counters(6, 1)))),
    flagged(OFFLOAD, nest(2, nest(3, isOn(1, 1)))),
  ),
  'counters of an older kernel': message(
    10,
    attribute(LINK_64, counters(10, 1)),
    nest(OFFLOAD, attribute(1, counters(3, 1)), attribute(3, counters(4, 1))),
  ),
};

const LINES = [
  'stats',
  '-s stats',
  '-d stats',
  '-s -s stats',
  '-j stats',
  '-j -p stats',
  '-o stats',
  '-h stats',
  '-h -iec -s stats show',
  '-c=always stats',
  'stats show group offload',
  '-j stats show dev eth0 group xstats group link',
  '-d stats show dev eth0',
];

/** Names of groups and subgroups that are keywords as well. */
const AMBIGUOUS = [
  'group subgroup',
  'group subgroup afstats mpls',
  'group subgroup mpls',
  'group subgroup mpls suite',
  'group subgroup suite x',
  'group subgroup suite suite',
  'group suite mpls',
  'group suite subgroup x',
  'group group mpls',
  'group link subgroup suite x',
  'group link suite suite x',
];

/** The requests of counters, without the number that pairs them with their answers. */
function asked(sent: readonly Buffer[]): string[] {
  return sent
    .filter(bytes => bytes.readUInt16LE(4) >= RTM_NEWSTATS)
    .map(bytes => bytes.toString('hex', 4, 8) + bytes.toString('hex', 16, bytes.readUInt32LE(0)));
}

describe('ip stats shows as the original does', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  it('reads a name that is a keyword as both', async () => {
    // The synopsis that follows some complaints is written otherwise.
    const complaint = ({ stderr }: { readonly stderr: string }) => stderr.split('\n', 1)[0];
    for (const line of AMBIGUOUS) {
      const words = ['stats', 'show', ...line.split(' ')];
      const [wanted, got] = [original(words), await ours(words)];
      assert.equal(complaint(got), complaint(wanted), line);
      assert.equal(got.status, wanted.status, line);
    }
  });

  for (const [what, replies] of Object.entries(REPLIES)) {
    it(what, async () => {
      for (const line of LINES) {
        const [wanted, got] = [
          original(line.split(' '), { replies }),
          await ours(line.split(' '), { replies }),
        ];
        assert.equal(got.stdout, wanted.stdout, line);
        assert.equal(got.stderr, wanted.stderr, line);
        assert.deepEqual(asked(got.sent), asked(wanted.sent), line);
      }
    });

    it(`${what}, in a monitor`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'tsip-stats-'));
      try {
        const file = join(folder, 'messages');
        writeFileSync(file, replies);
        for (const options of [[], ['-o'], ['-s', '-d']]) {
          const words = [...options, 'monitor', 'label', 'file', file];
          const [wanted, got] = [original(words), await ours(words)];
          assert.equal(got.stdout, wanted.stdout, words.join(' '));
          assert.equal(got.stderr, wanted.stderr, words.join(' '));
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
