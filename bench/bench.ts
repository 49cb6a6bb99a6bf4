/**
 * `npm run bench`: tsip, the original and bare Node run in turn, in a private sandbox. Fetches the original if it is not
 * there (test/oracle.sh), and runs its bare program, not the shell wrapper that the tests use.
 *
 *     npm run bench -- [--only REGEXP] [--rounds N] [--json FILE]
 *     npm run bench -- --growth ...    (lists and batches with 1, 2, 4 and 8 times as many items)
 *     npm run bench -- --table FILE    (the table for BENCHMARKS.md, from the results in --json FILE)
 *     npm run bench -- library [--only REGEXP] [--rounds N] [--large]    (bench/library.ts)
 *
 * What contenders print and the state that they leave behind must be the same. Prints medians, ratios of runs in the same
 * round with their spread (10th to 90th percentile) and peak memory. Exits with 1 if a limit is exceeded or a case fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { originals, repository, whyMissing } from '../test/support/requirements.ts';
import { ourPrograms, quote, Sandbox } from '../test/support/sandbox.ts';
import { type Case, cases, type Growth, growths } from './cases.ts';
import { measureInstall } from './install.ts';
import { measureLab } from './lab.ts';
import { median, quantile } from './rows.ts';
import { measureRunLists, measureRunMemory } from './run-engine.ts';

interface Contender {
  readonly medianMs: number;
  /** Peak resident memory; `undefined` where GNU time is not installed. */
  readonly peakMegabytes: number | undefined;
  readonly runsMs: readonly number[];
}

interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly limit: number | undefined;
}

interface Outcome {
  readonly name: string;
  readonly contenders: Readonly<Record<string, Contender>>;
  readonly toOriginal: Ratio;
  readonly toNode: Ratio | undefined;
  /** To bare Node and the original together: the least that a program needs which starts in Node and becomes another. */
  readonly toBoth: Ratio | undefined;
  readonly toScript: Ratio | undefined;
  readonly isWithinLimits: boolean;
}

/** Times with more and more items. */
interface GrowthOutcome {
  readonly name: string;
  readonly steps: readonly { readonly count: number; readonly outcome: Outcome }[];
  /** How many times longer one of the last half of the items takes than one before. */
  readonly growth: Readonly<Record<'tsip' | 'original', number>>;
}

/** The file of --json. */
interface Kept {
  readonly machine: Readonly<Record<string, string>>;
  readonly outcomes: readonly Outcome[];
  readonly growths: readonly GrowthOutcome[];
}

/** Peak resident memory that tsip may take at most. */
const LIMIT_MEGABYTES = 150;
const FACTORS = [1, 2, 4, 8];

const gnuTime = '/usr/bin/time';

if (process.argv[2] === 'library') {
  await import('./library.ts');
  process.exit();
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    table: { type: 'string' },
    growth: { type: 'boolean', default: false },
  },
});

if (options.table !== undefined) {
  printTable(JSON.parse(readFileSync(options.table, 'utf8')) as Kept);
  process.exit();
}

const fetched = spawnSync(resolve(repository, 'test/oracle.sh'), { stdio: ['ignore', 'ignore', 'inherit'] });
if (fetched.status !== 0) fail('the benchmark needs the original programs');
for (const requirement of ['namespaces', 'oracle'] as const) {
  const missing = whyMissing(requirement);
  if (missing !== undefined) fail(`the benchmark needs ${requirement}: ${missing}`);
}

const wanted = new RegExp(options.only ?? '');
const machine = describeMachine();
console.log(
  Object.entries(machine)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n'),
);
const outcomes: Outcome[] = [];
const growthOutcomes: GrowthOutcome[] = [];
let failures = 0;
for (const each of options.growth ? [] : cases.filter(({ name }) => wanted.test(name)))
  await attempt(each.name, async () => {
    const outcome = await measure(each);
    outcomes.push(outcome);
    print(outcome);
  });
for (const each of options.growth ? growths.filter(({ name }) => wanted.test(name)) : [])
  await attempt(each.name, async () => {
    const outcome = await measureGrowth(each);
    growthOutcomes.push(outcome);
    printGrowth(outcome);
  });
let areOthersWithinLimits = true;
if (!options.growth) {
  const rounds = options.rounds === undefined ? undefined : Number(options.rounds);
  for (const [name, measureRows] of Object.entries({
    'tsip run: memory': () => measureRunMemory(wanted),
    'tsip run: lists': () => measureRunLists(wanted, originalCommand('ip')),
    lab: () => measureLab(wanted, rounds),
    install: () => measureInstall(wanted, rounds),
  }))
    await attempt(name, async () => {
      const isWithin = await measureRows();
      areOthersWithinLimits &&= isWithin;
    });
}
if (options.json !== undefined) {
  const kept: Kept = { machine, outcomes, growths: growthOutcomes };
  writeFileSync(options.json, `${JSON.stringify(kept, null, 2)}\n`);
}
process.exitCode =
  failures === 0 && areOthersWithinLimits && outcomes.every(({ isWithinLimits }) => isWithinLimits) ? 0 : 1;

async function attempt(name: string, measuring: () => Promise<void>): Promise<void> {
  try {
    await measuring();
  } catch (error) {
    failures++;
    console.log(`\n${name}   FAILS\n${(error as Error).message.replace(/^/gm, '  ')}`);
  }
}

async function measureGrowth({ name, count, caseOf }: Growth): Promise<GrowthOutcome> {
  const steps: { count: number; outcome: Outcome }[] = [];
  for (const factor of FACTORS) {
    const measured = { ...caseOf(count * factor), rounds: 3 };
    steps.push({ count: count * factor, outcome: await measure(measured) });
  }
  // Of the items that are added, so that what each call costs does not count.
  const growth = (contender: string) => {
    const ms = steps.map(({ outcome }) => outcome.contenders[contender]!.medianMs);
    return (ms[3]! - ms[2]!) / 4 / ((ms[2]! - ms[0]!) / 3);
  };
  return { name, steps, growth: { tsip: growth('tsip'), original: growth('original') } };
}

/** Builds the world of a case and runs its contenders in it. */
async function measure({ name, world, prepare, check, contenders, rounds, limit }: Case): Promise<Outcome> {
  const programs = ourPrograms();
  const sandbox = await Sandbox.open(programs);
  try {
    const variables =
      `original=${quote(originalCommand('ip'))} tsip=/mnt/bin/tsip node=/mnt/bin/node ` +
      `nsenter=${quote(originalCommand('nsenter'))} tsnsenter=/mnt/bin/tsnsenter`;
    const long = { timeoutMs: 600_000 };
    if (world !== undefined) await succeed(sandbox, `${variables}; ${world}`, long);
    const lines = Object.entries(contenders).map(([contender, command]) => `${contender} ${command}\n`);
    const file = join(sandbox.folder, 'contenders');
    const around = Object.entries({ prepare, check }).flatMap(([word, text]) =>
      text ? [`${word} ${text}\n`] : [],
    );
    writeFileSync(file, [...around, ...lines].join(''));
    const script = resolve(repository, 'bench/measure.sh');
    const count = Number(options.rounds ?? rounds);
    const measured = await succeed(
      sandbox,
      `${variables}; source ${quote(script)} ${count} ${quote(file)}`,
      long,
    );
    const runs = new Map<string, number[]>();
    for (const line of measured.split('\n').filter(Boolean)) {
      const [contender = '', microseconds] = line.split(' ');
      runs.set(contender, [...(runs.get(contender) ?? []), Number(microseconds) / 1000]);
    }
    const found: Record<string, Contender> = {};
    for (const [contender, command] of Object.entries(contenders)) {
      const runsMs = runs.get(contender) ?? [];
      const peakMegabytes = existsSync(gnuTime)
        ? await peakMemory(sandbox, `${variables}; ${prepare ?? ':'}`, command)
        : undefined;
      found[contender] = { medianMs: median(runsMs), peakMegabytes, runsMs };
    }
    const toOriginal = ratio(runs, ['original'], limit?.original);
    const [toNode, toBoth] =
      contenders.node === undefined
        ? []
        : [ratio(runs, ['node'], limit?.node), ratio(runs, ['node', 'original'], limit?.both)];
    const toScript = contenders.script === undefined ? undefined : ratio(runs, ['script'], limit?.script);
    const ratios = [toOriginal, toNode, toBoth, toScript];
    const isWithinLimits =
      ratios.every(part => part?.limit === undefined || part.median <= part.limit) &&
      (found.tsip?.peakMegabytes ?? 0) <= LIMIT_MEGABYTES;
    return { name, contenders: found, toOriginal, toNode, toBoth, toScript, isWithinLimits };
  } finally {
    await sandbox.close();
  }
}

async function succeed(sandbox: Sandbox, script: string, how: { timeoutMs: number }): Promise<string> {
  const { stdout, stderr, status } = await sandbox.run(`$ ${script}`, how);
  if (status !== 0) throw new Error(`fails with ${status}: ${script}\n${stderr}`);
  return stdout;
}

/** GNU time reports what wait4(2) says of the child, which began as a small process and not as a copy of Node. */
async function peakMemory(sandbox: Sandbox, before: string, command: string): Promise<number> {
  const file = join(sandbox.folder, 'peak');
  await succeed(sandbox, `${before}; ${gnuTime} -o ${quote(file)} -f %M ${command} >/dev/null`, {
    timeoutMs: 600_000,
  });
  return Number(readFileSync(file, 'utf8').trim()) / 1024;
}

/**
 * A command that starts the bare program: its loader with its libraries, where the file in the folder of the originals is
 * the shell wrapper of test/oracle.sh around them.
 */
function originalCommand(name: string): string {
  const file = join(originals(), name);
  const start = readFileSync(file);
  if (!start.subarray(0, 2).equals(Buffer.from('#!'))) return file;
  const wrapped = /^#!\/bin\/sh\nexec (.*) "\$@"\n$/.exec(start.toString('latin1'))?.[1];
  if (wrapped === undefined)
    fail(`${file} is a script of an unknown form: a ratio to it would not be honest`);
  return wrapped.replace('"${0##*/}"', name);
}

/** How many times longer tsip took than other contenders together in the same round. */
function ratio(
  runs: ReadonlyMap<string, readonly number[]>,
  others: readonly string[],
  limit: number | undefined,
): Ratio {
  const taken = (index: number) => others.reduce((sum, other) => sum + runs.get(other)![index]!, 0);
  const ratios = (runs.get('tsip') ?? []).map((value, index) => value / taken(index));
  return { median: median(ratios), low: quantile(ratios, 0.1), high: quantile(ratios, 0.9), limit };
}

function print({ name, contenders, toOriginal, toNode, toBoth, toScript, isWithinLimits }: Outcome): void {
  console.log(`\n${name}${isWithinLimits ? '' : '   OVER THE LIMIT'}`);
  for (const [contender, { medianMs, peakMegabytes }] of Object.entries(contenders)) {
    const memory = peakMegabytes === undefined ? '' : `${peakMegabytes.toFixed(1).padStart(9)} MB`;
    console.log(`  ${contender.padEnd(10)}${medianMs.toFixed(1).padStart(9)} ms${memory}`);
  }
  for (const [other, part] of Object.entries({
    original: toOriginal,
    node: toNode,
    'node and original together': toBoth,
    'a script of calls': toScript,
  })) {
    if (part === undefined) continue;
    const { median: middle, low, high, limit } = part;
    const bound = limit === undefined ? '' : `, at most ${limit}`;
    console.log(`  ${middle.toFixed(2)} times ${other} (${low.toFixed(2)} to ${high.toFixed(2)}${bound})`);
  }
}

function printGrowth({ name, steps, growth }: GrowthOutcome): void {
  console.log(`\n${name}`);
  for (const { count, outcome } of steps) {
    const cells = (['tsip', 'original'] as const).map(contender => {
      const { medianMs, peakMegabytes } = outcome.contenders[contender]!;
      const each = ((medianMs * 1000) / count).toFixed(2);
      const memory = peakMegabytes === undefined ? '' : `${peakMegabytes.toFixed(1).padStart(7)} MB`;
      return `${contender} ${medianMs.toFixed(1).padStart(8)} ms ${each.padStart(8)} us each${memory}`;
    });
    console.log(
      `  ${String(count).padStart(7)}  ${[...cells, `${outcome.toOriginal.median.toFixed(2)} times`].join('  ')}`,
    );
  }
  const { tsip, original } = growth;
  console.log(
    `  an item of the last half takes ${tsip.toFixed(2)} times as long as one before (original: ${original.toFixed(2)}): ${(tsip / original).toFixed(2)} times the growth`,
  );
}

/** Milliseconds are medians; ratios are medians of the ratios of neighbouring runs. */
function printTable({ machine, outcomes }: Kept): void {
  const {
    date = 'undated',
    tsip = 'of an unknown version',
    machine: processors,
    kernel,
    node,
    original,
    load,
  } = machine;
  console.log(`## ${date}, tsip ${tsip}\n`);
  console.log(`${processors}, kernel ${kernel}, Node ${node}, ${original}, load ${load} at the start.\n`);
  console.log('| work | tsip | original | times the original | bare Node | times Node | peak memory |');
  console.log('|---|---:|---:|---:|---:|---:|---:|');
  for (const { name, contenders, toOriginal, toNode } of outcomes) {
    const time = (contender: string) => {
      const ms = contenders[contender]?.medianMs;
      return ms === undefined ? '' : `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;
    };
    const cells = [name, time('tsip'), time('original'), toOriginal.median.toFixed(2), time('node')];
    const peak = contenders['tsip']?.peakMegabytes;
    const memory = peak === undefined ? '' : `${peak.toFixed(0)} MB`;
    console.log(`| ${[...cells, toNode?.median.toFixed(2) ?? '', memory].join(' | ')} |`);
  }
}

function describeMachine(): Record<string, string> {
  const { stdout } = spawnSync(join(originals(), 'ip'), ['-V'], { encoding: 'utf8' });
  return {
    date: new Date().toISOString().slice(0, 10),
    tsip: describeVersion(),
    machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: release(),
    node: process.version,
    original: /iproute2-[\d.]+/.exec(stdout)?.[0] ?? 'unknown',
    load: loadavg()
      .map(value => value.toFixed(1))
      .join(' '),
  };
}

/** The version of tsip, with the commit if this is a clone. */
function describeVersion(): string {
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    version: string;
  };
  const { status, stdout } = spawnSync('git', ['-C', repository, 'rev-parse', '--short', 'HEAD'], {
    encoding: 'utf8',
  });
  return status === 0 ? `${version} (${stdout.trim()})` : version;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
