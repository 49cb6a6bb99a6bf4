/** All fixtures: our requests are the original's, and what we show of its replies is what it shows. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { attributeSet, splitMessages } from '../support/capture/bytes.ts';
import { original, ours, type Recorded, requests } from '../support/capture/capture.ts';
import {
  argumentLines,
  fixtureFolders,
  fixturesFolder,
  type RecordedRequest,
  repliesOf,
  requestsOf,
  viewsOf,
} from '../support/capture/fixtures.ts';
import { difference } from '../support/difference.ts';
import { needs } from '../support/requirements.ts';
import { words } from '../support/sandbox.ts';

/** How many damaged forms of each reply are tried. */
const damages = 24;

describe('fixtures', () => {
  for (const [index, folder] of fixtureFolders().entries()) {
    describe(relative(fixturesFolder, folder), () => {
      if (existsSync(join(folder, 'arguments'))) {
        it('sends what the original sends, and refuses what it refuses', async function () {
          this.timeout(60_000);
          const recorded = requestsOf(folder);
          const lines = argumentLines(folder).map(({ line }) => line);
          assert.deepEqual(
            recorded.map(({ line }) => line),
            lines,
            'arguments have changed: record the fixture again',
          );
          await assertAll(recorded, async wanted =>
            compare(await oursUninitialized(words(wanted.line)), wanted),
          );
        });

        it('is what the original does', async function () {
          needs(this, 'oracle', 'compiler');
          this.timeout(120_000);
          await assertAll(requestsOf(folder), async wanted => compare(original(words(wanted.line)), wanted));
        });
      }
      if (existsSync(join(folder, 'reply.hex'))) {
        for (const view of viewsOf(folder)) {
          it(`shows ip ${view.words.join(' ')} as the original does`, async () => {
            const shown = await ours(view.words, { replies: repliesOf(folder) });
            const wanted = readFileSync(join(folder, view.file), 'utf8');
            const found = difference(lines(wanted), lines(shown.stdout));
            if (found) assert.fail(found);
            assert.equal(shown.stderr, '');
          });
        }

        it('shows it in other ways as the original does', async function () {
          needs(this, 'oracle', 'compiler');
          const show = viewsOf(folder)[0]!.words.filter(word => !word.startsWith('-'));
          const replies = repliesOf(folder);
          for (const options of waysFor(index)) {
            const words = [...options, ...show];
            const [wanted, got] = [original(words, { replies }), await ours(words, { replies })];
            const found = difference(lines(wanted.stdout), lines(got.stdout));
            if (found) assert.fail(`ip ${words.join(' ')}\n${found}`);
            assert.deepEqual([got.stderr, got.status], [wanted.stderr, wanted.status]);
          }
        });

        it('shows damaged replies somehow, without a crash', async function () {
          this.timeout(60_000);
          const messages = splitMessages(repliesOf(folder));
          for (const [index, message] of messages.entries()) {
            for (let turn = 0; turn < damages; turn++) {
              const damaged =
                turn % 2 === 0 ? cut(message, turn / damages) : flipped(message, index * damages + turn);
              for (const view of viewsOf(folder)) await ours(view.words, { replies: damaged });
            }
          }
        });
      }
    });
  }
});

/** Combinations of options beside those that fixtures have files for. */
const WAYS = [
  '-br -j',
  '-d -o -N',
  '-s -h',
  '-s -h -iec',
  '-j -p -d -s -s',
  '-d -d',
  '-o -br',
  '-s -s -s -j',
  '-c=always -br',
  '-d -N -j',
  '-j -N -s -h',
  '-o -s -d -h',
  '-p -d',
  '-c=always -j -d',
  '-4 -d',
  '-6',
  '-br -d -s',
].map(options => options.split(' '));

/** A fixture is shown in colours, and in two other ways. */
function waysFor(index: number): string[][] {
  return [['-c=always', '-d'], WAYS[index % WAYS.length]!, WAYS[(index * 7 + 3) % WAYS.length]!];
}

/** A line of JSON as many lines, so that a difference is a short one. */
function lines(text: string): string {
  return text.startsWith('[{"') ? text.replace(/,(?=[{"])/g, ',\n') : text;
}

/** Ours, with memory that is not zero where nothing has been written. */
async function oursUninitialized(line: readonly string[]): Promise<Recorded> {
  const { allocUnsafe } = Buffer;
  Buffer.allocUnsafe = size => Buffer.alloc(size, 0xff);
  try {
    return await ours(line);
  } finally {
    Buffer.allocUnsafe = allocUnsafe;
  }
}

/** How `got` differs from what was recorded; '' if it does not. Help texts are our own, so only their place counts. */
function compare(got: Recorded, wanted: RecordedRequest): string {
  const sent = (messages: readonly Buffer[]) => messages.map(attributeSet).join('\n\n');
  const isRefused = wanted.status !== 0;
  const bytes = difference(sent(splitMessages(wanted.bytes)), isRefused ? '' : sent(requests(got)));
  const changed = isRefused && requests(got).some(message => (message.readUInt16LE(4) & 3) !== 2);
  const words = (text: string) => text.replace(/^Usage:[\s\S]*/m, 'Usage\n');
  const found = [
    bytes,
    changed ? 'sends a request although the original refuses' : '',
    isRefused || wanted.bytes.length === 0 ? difference(words(wanted.stdout), words(got.stdout)) : '',
    difference(words(wanted.stderr), words(got.stderr)),
    got.status === wanted.status ? '' : `exit code ${got.status} instead of ${wanted.status}`,
  ];
  return found.filter(text => text !== '').join('\n');
}

/** Checks each of `all`, and fails with all differences together. */
async function assertAll(
  all: readonly RecordedRequest[],
  check: (wanted: RecordedRequest) => Promise<string>,
): Promise<void> {
  const reports: string[] = [];
  for (const wanted of all) {
    const found = await check(wanted);
    if (found) reports.push(`ip ${wanted.line}\n${found.replace(/^/gm, '    ')}`);
  }
  const title = `${reports.length} of ${all.length} lines differ`;
  if (reports.length > 0) assert.fail([title, ...reports.slice(0, 20)].join('\n\n'));
}

/** The message without its end, its length set right. */
function cut(message: Buffer, part: number): Buffer {
  const length = Math.max(16, Math.floor(message.length * part)) & ~3;
  const shorter = Buffer.from(message.subarray(0, length));
  shorter.writeUInt32LE(length, 0);
  return shorter;
}

/** The message with some bits after its header turned, always the same ones for the same `seed`. */
function flipped(message: Buffer, seed: number): Buffer {
  const damaged = Buffer.concat([message, Buffer.alloc(-message.length & 3)]);
  let state = seed * 2654435761 + 1;
  for (let count = 0; count < 3; count++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const at = 16 + (state % Math.max(1, message.length - 16));
    if (at < message.length) damaged[at]! ^= 1 << (state >>> 29);
  }
  return damaged;
}
