/** What `ip xfrm` prints of answers that are whole, cut or strange: numbers of states and policies, defaults, single objects, lists. */
import assert from 'node:assert/strict';
import { type CaptureOptions, original, ours } from '../../support/capture/capture.ts';
import { structFor, xfrmAttribute, xfrmMessage } from '../../support/capture/xfrm-messages.ts';
import { difference } from '../../support/difference.ts';
import { needs } from '../../support/requirements.ts';

const FLAGS = Buffer.alloc(4);
const OPTIONS = [[], ['-s'], ['-s', '-s'], ['-o'], ['-o', '-s', '-s'], ['-j']];

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, 4 * index);
  return bytes;
}

async function assertSame(words: readonly string[], options: CaptureOptions): Promise<void> {
  const [theirs, own] = [original(words, options), await ours(words, options)];
  const line = words.join(' ');
  assert.equal(difference(theirs.stdout, own.stdout), '', line);
  assert.equal(difference(theirs.stderr, own.stderr), '', line);
  assert.equal(own.status, theirs.status, line);
}

async function assertSameAnswer(words: readonly string[], answer: Buffer): Promise<void> {
  for (const options of OPTIONS) await assertSame([...options, ...words], { xfrmReplies: answer });
}

const STATES = {
  whole: [xfrmAttribute(1, numbers(5)), xfrmAttribute(2, numbers(6, 7))],
  'without hash table': [xfrmAttribute(1, numbers(0xffffffff))],
  'with a cut hash table': [xfrmAttribute(1, numbers(5)), xfrmAttribute(2, numbers(6))],
  'without number': [xfrmAttribute(2, numbers(6, 7))],
  empty: [],
};

const POLICIES = {
  whole: [
    xfrmAttribute(1, numbers(1, 2, 3, 4, 5, 6)),
    xfrmAttribute(2, numbers(7, 8)),
    xfrmAttribute(3, Buffer.from([1, 2])),
    xfrmAttribute(4, Buffer.from([3, 4])),
  ],
  'without hash tables': [xfrmAttribute(1, numbers(0xffffffff, 2, 3, 4, 5, 6))],
  'with cut hash tables': [xfrmAttribute(1, numbers(1, 2, 3, 4, 5, 6)), xfrmAttribute(4, Buffer.from([3]))],
  'with a cut number': [xfrmAttribute(1, numbers(1))],
  'without number': [xfrmAttribute(2, numbers(7, 8))],
  empty: [],
};

/** Requests and the errors that the kernel may have for them. */
const REFUSED: readonly (readonly [line: string, type: number])[] = [
  ['state', 0x12],
  ['state deleteall', 0x12],
  ['state get', 0x12],
  ['state add proto ipsec-any', 0x10],
  ['state allocspi proto esp', 0x16],
  ['state delete', 0x11],
  ['state flush', 0x1c],
  ['state count', 0x23],
  ['policy', 0x15],
  ['policy deleteall', 0x15],
  ['policy get dir in index 4', 0x15],
  ['policy add dir in', 0x13],
  ['policy flush', 0x1d],
  ['policy count', 0x25],
  ['policy set', 0x24],
  ['policy getdefault', 0x28],
];

describe('answers to ip xfrm', function () {
  this.timeout(60_000);

  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [name, attributes] of Object.entries(STATES))
    it(`that count states, ${name}, are printed alike`, () =>
      assertSameAnswer(['xfrm', 'state', 'count'], xfrmMessage(0x22, FLAGS, attributes)));

  for (const [name, attributes] of Object.entries(POLICIES))
    it(`that count policies, ${name}, are printed alike`, () =>
      assertSameAnswer(['xfrm', 'policy', 'count'], xfrmMessage(0x24, FLAGS, attributes)));

  it('without any struct are complained of alike', async () => {
    await assertSameAnswer(['xfrm', 'state', 'count'], xfrmMessage(0x22, Buffer.alloc(0)));
    await assertSameAnswer(['xfrm', 'policy', 'count'], xfrmMessage(0x24, Buffer.alloc(0)));
    await assertSameAnswer(['xfrm', 'state', 'get'], xfrmMessage(0x10, Buffer.alloc(0)));
    await assertSameAnswer(['xfrm', 'state'], xfrmMessage(0x10, Buffer.alloc(0)));
    await assertSameAnswer(
      ['xfrm', 'policy', 'get', 'dir', 'in', 'index', '1'],
      xfrmMessage(0x13, Buffer.alloc(0)),
    );
    await assertSameAnswer(['xfrm', 'policy'], xfrmMessage(0x13, Buffer.alloc(0)));
    await assertSameAnswer(['xfrm', 'policy', 'getdefault'], xfrmMessage(0x28, Buffer.from([1, 2])));
  });

  it('about defaults are printed alike', async () => {
    for (const defaults of [
      [0, 1, 2, 0],
      [3, 255, 1, 0],
    ])
      await assertSameAnswer(['xfrm', 'policy', 'getdefault'], xfrmMessage(0x28, Buffer.from(defaults)));
  });

  it('that list states and policies are filtered alike', async () => {
    const states = Array.from({ length: 30 }, (_, at) => xfrmMessage(0x10, structFor(0x10, `listed ${at}`)));
    const policies = Array.from({ length: 30 }, (_, at) =>
      xfrmMessage(0x13, structFor(0x13, `listed ${at}`)),
    );
    const replies = { xfrmReplies: Buffer.concat([...states, ...policies]) };
    for (const line of [
      'state list src 0.0.0.0/0',
      'state list src ::/1',
      'state list mode transport',
      'state list flag noecn icmp',
      'state list proto esp',
      'state list nokeys',
      'state list reqid 0',
      'state list spi 0',
      'policy list dir in',
      'policy list nosock',
      'policy list src 0.0.0.0/1',
      'policy list dst ::/2',
      'policy list action allow',
      'policy list priority 0',
      'policy list flag localok',
      'policy list ptype main',
      'policy list index 0',
      'policy list proto any',
      '-4 xfrm state',
      '-6 xfrm policy',
    ])
      await assertSame(line.startsWith('-') ? line.split(' ') : ['xfrm', ...line.split(' ')], replies);
  });

  for (const [line, type] of REFUSED)
    it(`that refuse ${line} end it alike`, async () => {
      for (const errno of [1, 2, 3, 95])
        await assertSame(['xfrm', ...line.split(' ')], { refusals: { [type]: errno } });
      await assertSame(['xfrm', ...line.split(' ')], { lateRefusals: { [type]: 95 } });
    });
});
