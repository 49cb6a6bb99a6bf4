/**
 * Random lines: words of the grammars with values right and wrong, run by the original and by ours in twin sandboxes. The
 * same seed gives the same lines; TSIP_SEED takes others, TSIP_LINES more of them. A failure prints the seed and the
 * fewest and shortest lines that still differ.
 */
import fc from 'fast-check';
import { linkMessages } from '../support/capture/capture.ts';
import { randomLine } from '../support/random/lines.ts';
import { randomObjectLine } from '../support/random/object-lines.ts';
import { SEED } from '../support/random/sample.ts';
import { countRepeat } from '../support/repeats.ts';
import { needs } from '../support/requirements.ts';
import { originalPrograms, ourPrograms } from '../support/sandbox.ts';
import { assertSame } from '../support/sweep.ts';
import { compareRepeatedly } from '../support/twin.ts';

const LINES = Number(process.env.TSIP_LINES ?? 150);

/** Lines that one pair of sandboxes runs at most; their number is random, too. */
const MAX_LINES = 50;
const RUNS = Math.ceil((3 * LINES) / MAX_LINES);
const RUN_MS = 60_000;
const LINE_MS = 2_000;

/** How long a failure may be shrunk. */
const SHRINK_MS = 120_000;

/** Devices and addresses that lines may find. */
const WORLD = [
  'link add v0 address 02:00:00:00:00:a0 type veth peer name v1 address 02:00:00:00:00:a1',
  'link add br0 address 02:00:00:00:00:b0 type bridge',
  'address add 10.0.0.1/24 dev v0',
  'address add fd00::1/64 dev v0 nodad',
  ...['lo', 'v0', 'v1'].map(device => `link set ${device} up`),
];

/** Objects whose family this kernel lacks: another one is pretended, and what is sent is compared. */
const PRETENDED = ['l2tp', 'fou', 'ila', 'macsec'];

describe(`random lines, seed ${SEED}`, () => {
  it('have the same effect as with the original', async function () {
    await compareInTwins(this, randomLine);
  });

  it(`of ${PRETENDED.join(', ')} send and print what the original does`, async function () {
    needs(this, 'oracle', 'compiler');
    this.timeout(RUN_MS + LINES * LINE_MS);
    const lines = fc.sample(await randomObjectLine(PRETENDED), { seed: SEED, numRuns: LINES });
    await assertSame(
      lines.map(words => words.split(' ')),
      { replies: linkMessages() },
    );
  });
});

/** Runs random lines in twin sandboxes. */
async function compareInTwins(test: Mocha.Context, lines: fc.Arbitrary<string>): Promise<void> {
  needs(test, 'namespaces', 'oracle');
  test.timeout(RUNS * RUN_MS + SHRINK_MS);
  const programs = [originalPrograms(), ourPrograms()] as const;
  let deadline = Number.POSITIVE_INFINITY;
  await fc.assert(
    fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: MAX_LINES, size: 'max' }), async chosen => {
      // Past the deadline what has been found so far is shown.
      if (Date.now() > deadline) return;
      const report = await compareRepeatedly(programs, [...WORLD, ...chosen], {}, () => countRepeat(test));
      if (report === '') return;
      deadline = Math.min(deadline, Date.now() + SHRINK_MS);
      throw new Error(report);
    }),
    { seed: SEED, numRuns: RUNS },
  );
}
