/** All fixtures: our requests are the original's, and what we show of its replies is what it shows. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
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
import { damaged } from '../support/random/damage.ts';
import { pick, SEED } from '../support/random/sample.ts';
import { needs } from '../support/requirements.ts';
import { words } from '../support/sandbox.ts';

/** How many damaged forms of each reply are tried, on average. */
const DAMAGES = process.env.TSIP_EXHAUSTIVE === '1' ? 200 : 8;

describe('fixtures', () => {
  for (const folder of fixtureFolders()) {
    const name = relative(fixturesFolder, folder);
    describe(name, () => {
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
          for (const options of waysFor(name)) {
            const words = [...options, ...show];
            const [wanted, got] = [original(words, { replies }), await ours(words, { replies })];
            const found = difference(lines(wanted.stdout), lines(got.stdout));
            if (found) assert.fail(`ip ${words.join(' ')}\n${found}`);
            assert.deepEqual([got.stderr, got.status], [wanted.stderr, wanted.status]);
          }
        });

        it('shows the values of damaged replies, or one error, and ends as the original may', async function () {
          this.timeout(60_000);
          const messages = splitMessages(repliesOf(folder));
          const reply = fc.constantFrom(...messages).chain(damaged);
          await fc.assert(
            fc.asyncProperty(
              reply.map(bytes => bytes.toString('hex')),
              async hex => {
                const replies = Buffer.from(hex, 'hex');
                for (const view of viewsOf(folder))
                  assertBounded(await ours(view.words, { replies }), view.words, replies.length);
              },
            ),
            { seed: SEED, numRuns: DAMAGES * messages.length },
          );
        });
      }
    });
  }
});

/** Combinations of options for which fixtures have no files. */
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

/** The fixture `name` is shown in colours, and in two other ways. */
function waysFor(name: string): string[][] {
  return [['-c=always', '-d'], pick(WAYS, `first: ${name}`), pick(WAYS, `second: ${name}`)];
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

/** What is printed of a message is at most so many times as long, besides a separate line. */
const MAX_GROWTH = 16;
const MAX_LINE = 1024;

/** Complaints about messages that lack what they must have, as the original words them. */
const COMPLAINT =
  /^(BUG: [ -~]+\n)*(Truncated VF list: [^\n]*\n)*((BUG: [ -~]+\n|incomplete dump message\n)?(Dump terminated\n)?)?$/;

/** Fails unless `shown` is either values or values and one error, of bounded length. */
function assertBounded(shown: Recorded, words: readonly string[], length: number): void {
  const line = `ip ${words.join(' ')}`;
  assert.ok([0, 1, 2].includes(shown.status), `${line}: exit code ${shown.status}`);
  if (shown.stderr !== '') assert.match(shown.stderr, COMPLAINT, line);
  if (shown.status !== 0) assert.match(shown.stderr, /Dump terminated/, line);
  assert.ok(shown.stdout.length <= MAX_GROWTH * length + MAX_LINE, `${line}: ${shown.stdout.length} bytes`);
  assert.doesNotMatch(shown.stdout, /\bundefined\b|\bNaN\b|\[object /, line);
  if (words.includes('-j')) assert.ok(Array.isArray(JSON.parse(shown.stdout)), line);
  else if (shown.stdout !== '') assert.match(shown.stdout, words.includes('-o') ? /[\n\\]$/ : /\n$/, line);
}
