/**
 * Saved messages of multicast routes, rules and counters: every attribute with right and wrong lengths, as
 * `monitor file` prints them, compared with the original.  */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { original, ours } from '../support/capture/capture.ts';
import { CLEARING } from '../support/capture/xfrm-messages.ts';
import { difference } from '../support/difference.ts';
import { hashOf } from '../support/random/sample.ts';
import { needs } from '../support/requirements.ts';

const [RTM_NEWROUTE, RTM_DELROUTE, RTM_NEWRULE, RTM_NEWSTATS] = [24, 25, 32, 92];
const [IPMR, IP6MR] = [128, 129];
const MULTICAST = 5;
const TABLE = 253;
/** RTA_MFC_STATS. */
const COUNTERS = 17;
const OPTIONS = [[], ['-s'], ['-d'], ['-o'], ['-j'], ['-j', '-p', '-s'], ['-s', '-d', '-o']];

function attribute(type: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(4 + payload.length, 0);
  header.writeUInt16LE(type, 2);
  return Buffer.concat([header, payload, Buffer.alloc(-payload.length & 3)]);
}

function message(type: number, header: Buffer, attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.alloc(16), header, ...attributes]);
  body.writeUInt32LE(body.length, 0);
  body.writeUInt16LE(type, 4);
  return body;
}

/** Small numbers, so that they are devices and lengths that there may be. */
function payload(length: number, text: string): Buffer {
  return Buffer.from(
    Array.from({ length }, (_, at) => (at % 4 === 0 ? 1 + (hashOf(`${text} ${at}`) % 7) : 0)),
  );
}

/** Lengths of a value; not cut where the original would read what follows it. */
const lengths = (size: number, isWhole = size <= 8) => [
  ...new Set([size, size + 1, size * 2, ...(isWhole ? [] : [size - 1, size >> 1, 0])]),
];

const routeHeader = (family: number) => Buffer.from([family, 32, 32, 0, TABLE, 17, 0, MULTICAST, 0, 0, 0, 0]);
const ruleHeader = (family: number) => Buffer.from([family, 0, 0, 0, TABLE, 0, 0, 1, 0, 0, 0, 0]);

function address(family: number, text: string): Buffer {
  return family === IPMR ? payload(4, text) : payload(16, text);
}

/** Sizes of the attributes of multicast routes (RTA_*); those of a destination and source depend on the family. */
const ROUTE_SIZES: Readonly<Record<number, number>> = { 1: 4, 2: 4, 3: 4, 4: 4, 8: 4, 15: 4, 17: 24, 23: 8 };

function routes(): Buffer[] {
  return [IPMR, IP6MR].flatMap(family =>
    Object.entries(ROUTE_SIZES).flatMap(([type, plain]) => {
      const size = family === IP6MR && Number(type) <= 2 ? 16 : plain;
      return lengths(size, size <= 8 || Number(type) === COUNTERS).map(length => {
        const text = `route ${family} ${type} ${length}`;
        const others = [1, 2, 15]
          .filter(other => other !== Number(type))
          .map(other =>
            attribute(
              other,
              other === 15 ? Buffer.from([TABLE, 0, 0, 0]) : address(family, `${text} ${other}`),
            ),
          );
        return message(length % 3 === 1 ? RTM_DELROUTE : RTM_NEWROUTE, routeHeader(family), [
          ...others,
          attribute(Number(type), payload(length, text)),
        ]);
      });
    }),
  );
}

/** Next hops (struct rtnexthop), whole, cut, and longer than their attribute. */
function hops(): Buffer[] {
  const hop = (length: number, index: number) => Buffer.from([length, 0, 0, index, index, 0, 0, 0]);
  return [
    [hop(8, 1)],
    [hop(8, 1), hop(8, 2)],
    [hop(8, 1), hop(4, 2)],
    [hop(99, 1)],
    [hop(8, 1).subarray(0, 7)],
  ].map(parts =>
    message(RTM_NEWROUTE, routeHeader(IPMR), [
      attribute(1, payload(4, 'group')),
      attribute(2, payload(4, 'source')),
      attribute(15, Buffer.from([TABLE, 0, 0, 0])),
      attribute(9, Buffer.concat(parts)),
    ]),
  );
}

/** FRA_* of rules. */
const RULE_SIZES: Readonly<Record<number, number>> = {
  3: 5,
  6: 4,
  10: 4,
  14: 4,
  15: 4,
  16: 4,
  17: 5,
  20: 8,
  21: 1,
};

function rules(): Buffer[] {
  return [IPMR, IP6MR].flatMap(family =>
    Object.entries(RULE_SIZES).flatMap(([type, size]) =>
      lengths(size).map(length =>
        message(RTM_NEWRULE, ruleHeader(family), [
          attribute(Number(type), payload(length, `rule ${family} ${type} ${length}`)),
        ]),
      ),
    ),
  );
}

/** IFLA_STATS_*: the counters themselves, and nests that hold something of the wrong length. */
function counters(): Buffer[] {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(1, 4);
  const one = (...attributes: Buffer[]) => message(RTM_NEWSTATS, header, attributes);
  return [
    ...lengths(200).map(length => one(attribute(1, payload(length, `link ${length}`)))),
    ...lengths(200).map(length => one(attribute(4, attribute(1, payload(length, `cpu ${length}`))))),
    ...lengths(72).map(length => one(attribute(4, attribute(3, payload(length, `l3 ${length}`))))),
    ...lengths(72).map(length =>
      one(attribute(5, attribute(28, attribute(1, payload(length, `mpls ${length}`))))),
    ),
    ...lengths(1).map(length =>
      one(attribute(4, attribute(2, attribute(3, attribute(1, payload(length, `info ${length}`)))))),
    ),
  ];
}

async function compare(messages: readonly Buffer[], options: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-messages-'));
  try {
    const file = join(folder, 'messages');
    writeFileSync(file, Buffer.concat(messages.flatMap(bytes => [bytes, CLEARING])));
    const words = [...options, 'monitor', 'file', file];
    const [wanted, got] = [original(words), await ours(words)];
    assert.notEqual(wanted.stdout, '');
    assert.equal(difference(wanted.stdout, got.stdout), '');
    assert.equal(difference(wanted.stderr, got.stderr), '');
    assert.equal(got.status, wanted.status);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('saved messages', function () {
  this.timeout(120_000);

  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [what, messages] of Object.entries({
    'multicast routes': routes(),
    'next hops of multicast routes': hops(),
    'multicast rules': rules(),
    counters: counters(),
  }))
    for (const options of OPTIONS)
      it(`of ${what} are printed alike with ${options.join(' ') || 'no options'}`, () =>
        compare(messages, options));
});
