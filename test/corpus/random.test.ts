/**
 * Random lines: words of the grammars with values right and wrong, run by the original and by ours in twin sandboxes. The
 * same seed gives the same lines; TSIP_SEED takes others, TSIP_LINES more of them. A failure prints the seed and the
 * fewest and shortest lines that still differ.
 */
import fc from 'fast-check';
import { encodeText } from '../../src/wire/text.ts';
import { linkMessages } from '../support/capture/capture.ts';
import { randomLine } from '../support/random/lines.ts';
import { randomObjectLine } from '../support/random/object-lines.ts';
import { SEED } from '../support/random/sample.ts';
import { countRepeat } from '../support/repeats.ts';
import { needs } from '../support/requirements.ts';
import { originalPrograms, ourPrograms, quote } from '../support/sandbox.ts';
import { assertSame } from '../support/sweep.ts';
import { compareRepeatedly, line, type Mask, type Step, type TwinOptions, until } from '../support/twin.ts';

const LINES = Number(process.env.TSIP_LINES ?? 150);

/** Lines that one pair of sandboxes runs at most; their number is random, too. */
const MAX_LINES = 50;
const MAX_TOGETHER = 40;
/** A bound for what hangs. */
const RUN_MS = 600_000;
const LINE_MS = 2_000;

/** How long a failure may be shrunk. */
const SHRINK_MS = 120_000;

const DEVICES = [
  'link add v0 address 02:00:00:00:00:a0 type veth peer name v1 address 02:00:00:00:00:a1',
  'link add br0 address 02:00:00:00:00:b0 type bridge',
];

const ADDRESSES = ['address add 10.0.0.1/24 dev v0', 'address add fd00::1/64 dev v0 nodad'];

/** Switches IPv6 of devices on or off; the order in which it is makes the order of its routes. */
const inet6 = (isOn: boolean) =>
  `$ for name in v0 v1; do echo ${isOn ? 0 : 1} >/proc/sys/net/ipv6/conf/$name/disable_ipv6; done`;

/** Devices and addresses that lines may find. */
const WORLD: readonly Step[] = [
  ...DEVICES,
  inet6(false),
  ...['lo', 'v0', 'v1'].map(device => `link set ${device} up`),
  until('-o link show v0 up', { stdout: / state UP / }),
  until('-o link show v1 up', { stdout: / state UP / }),
  inet6(true),
  ...ADDRESSES,
];

/** Objects whose family this kernel lacks: another one is pretended, and what is sent is compared. */
const PRETENDED = ['l2tp', 'fou', 'ila', 'macsec'];

/** Objects whose families this kernel has; some of them have more to say. */
const PRESENT = [
  'xfrm',
  'xfrm',
  'xfrm',
  'mptcp',
  'tcp_metrics',
  'mroute',
  'mrule',
  'sr',
  'mptcp',
  'ioam',
  'stats',
];

/** No device is up, so that nothing is counted; states that are not completed stay as long as the test runs. */
const QUIET_WORLD: readonly Step[] = [
  '$ echo 3600 > /proc/sys/net/core/xfrm_acq_expires',
  ...DEVICES,
  ...ADDRESSES,
];

/** What the lines have made. */
const MADE = [
  'xfrm state',
  'xfrm policy',
  'xfrm policy list ptype sub',
  'xfrm policy getdefault',
  '-s -s xfrm policy count',
  'mptcp endpoint',
  'mptcp limits',
  'sr hmac show',
  'sr tunsrc show',
  'ioam namespace show',
  'ioam schema show',
  'mrule',
  '-6 mrule',
  'stats show group offload',
];

/** What one kernel that serves both sides cannot do twice in the same way. */
const UNLIKE: readonly Mask[] = [
  { pattern: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, because: 'the second in which it was made' },
  { pattern: /\bindex \d+/, because: 'the kernel counts the policies of all namespaces together' },
  {
    pattern: / [^ -~]{3}[\s\S]{8}/,
    because: 'what is saved of a rule has the sequence number and the port of the request',
  },
];

/** The kernel hashes neighbours with a number of each boot and device. */
const NEIGHBOURS = /(^| )n[eighbour]*( [sl]|$)/;

function step(text: string): Step {
  return NEIGHBOURS.test(text)
    ? line(text, { unordered: 'neighbours are hashed', prepare: eachObject })
    : text;
}

/** Each JSON object on a line, without what depends on its place. */
function eachObject(output: string): string {
  return output
    .replace(/},\{/g, '}\n{')
    .replace(/^\[\{/gm, '[\n{')
    .replace(/}]( ?)$/gm, '}\n]$1');
}

/** Between a line and what it prints. */
const MARK = '\u001e';

/** These tables are hashed with a random seed: their lines, and in JSON their objects, are sorted. */
const HASHED = /^(-\S+ )*(sr?|i|io|ioa|ioam) /;

/**
 * All lines as one step, which takes a tenth of the time: what each prints and its exit code. A key that is asked for is
 * read from the standard input.
 */
function together(lines: readonly string[]): Step {
  const script = lines.map(text => {
    const words = text.split(' ').map(quote).join(' ');
    return `echo ${quote(MARK + text)}; ip ${words} 2>&1 <<<secret; echo "[$?]"`;
  });
  return line(`$ ${script.join('\n')}`, { mask: UNLIKE, prepare: eachSorted, timeoutMs: RUN_MS });
}

/** What each line prints, a character for each byte; of help texts, which are our own, that they are printed. */
function eachSorted(output: string): string {
  return encodeText(output).toString('latin1').split(MARK).map(asPrinted).join(MARK);
}

function asPrinted(output: string): string {
  const text = output.replace(/^Usage:[\s\S]*(?=^\[\d+\]$)/m, 'Usage\n');
  if (!HASHED.test(text)) return text;
  const parts = text.split(/[\n{]/).map(part => part.replace(/[\s,\]]+$/, ''));
  return `${[parts[0], ...parts.slice(1).sort()].join('\n')}\n`;
}

describe(`random lines, seed ${SEED}`, () => {
  it('have the same effect as with the original', async function () {
    await compareInTwins(this, randomLine, LINES, lines => [...WORLD, ...lines.map(step)]);
  });

  it(`of ${[...new Set(PRESENT)].join(', ')} have the same effect as with the original`, async function () {
    this.timeout(RUN_MS);
    await compareInTwins(
      this,
      await randomObjectLine(PRESENT),
      LINES / 4,
      lines => [...QUIET_WORLD, together([...lines, ...MADE])],
      MAX_TOGETHER,
      { state: false },
    );
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
async function compareInTwins(
  test: Mocha.Context,
  lines: fc.Arbitrary<string>,
  count: number,
  steps: (lines: readonly string[]) => readonly Step[],
  maxLines = MAX_LINES,
  options: TwinOptions = {},
): Promise<void> {
  needs(test, 'namespaces', 'oracle');
  const runs = Math.ceil((3 * count) / maxLines);
  test.timeout(runs * RUN_MS + SHRINK_MS);
  const programs = [originalPrograms(), ourPrograms(maxLines)] as const;
  let deadline = Number.POSITIVE_INFINITY;
  await fc.assert(
    fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: maxLines, size: 'max' }), async chosen => {
      // Past the deadline what has been found so far is shown.
      if (Date.now() > deadline) return;
      const report = await compareRepeatedly(programs, steps(chosen), options, () => countRepeat(test));
      if (report === '') return;
      deadline = Math.min(deadline, Date.now() + SHRINK_MS);
      throw new Error(report);
    }),
    { seed: SEED, numRuns: runs },
  );
}
