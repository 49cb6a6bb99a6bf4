/**
 * Differential tests: the same command lines run with the originals and with ours, each in a separate sandbox, at the
 * same time. After each line standard output, standard error and exit code must be equal, at the end the state of the
 * kernel.
 *
 *     differential('a veth pair shows its peer', [
 *       'link add v0 type veth peer name v1',
 *       '-d link show v0',
 *       '$ ls /sys/class/net | wc -l',
 *       line('-batch -', { stdin: 'link set v0 up\n' }),
 *     ]);
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { difference } from './difference.ts';
import { inOneOrder, isMomentaryDifference } from './moments.ts';
import { alignTimers, Placeholders } from './placeholders.ts';
import { countRepeat } from './repeats.ts';
import { needs, originals, type Requirement, repository } from './requirements.ts';
import {
  type CommandLine,
  originalPrograms,
  ourPrograms,
  type Programs,
  quote,
  type Result,
  type RunOptions,
  Sandbox,
  type SandboxOptions,
  servedCalls,
} from './sandbox.ts';
import { kernelState } from './state.ts';

const settleFunctions = resolve(repository, 'test/support/settle.sh');

/** Text that the two sides may differ in, and why. Each match is replaced by its pattern. */
export interface Mask {
  pattern: RegExp;
  because: string;
}

export interface LineOptions extends RunOptions {
  mask?: readonly Mask[];
  /** Compares lines of output as a set, for the reason given. */
  unordered?: string;
  /** Changes what is compared, where masks cannot. */
  prepare?: (text: string) => string;
}

export type Step =
  | CommandLine
  | { readonly kind: 'line'; readonly line: CommandLine; readonly options: LineOptions }
  | { readonly kind: 'until'; readonly line: CommandLine; readonly condition: Condition }
  | {
      readonly kind: 'start';
      readonly name: string;
      readonly line: CommandLine;
      readonly options: RunOptions;
    }
  | { readonly kind: 'stop'; readonly name: string; readonly signal: string; readonly options: LineOptions };

/** What {@link until} waits for. */
export interface Condition {
  status?: number;
  stdout?: RegExp;
  /** How long it may take; default 10 seconds. */
  withinMs?: number;
}

export interface TwinOptions extends SandboxOptions {
  needs?: readonly Requirement[];
  /** Whether to compare the kernel's state at the end. Default true; not worth its time where lines only read. */
  state?: boolean;
  /** How long the kernel may take to reach the same state on both sides, as after ending a namespace. Default 3 seconds. */
  stateWithinMs?: number;
  /** How many lines a test of {@link alone} has, about: many are served by one `tsip run`. */
  lines?: number;
  /** A bound for what hangs of {@link alone}; default a minute. */
  timeoutMs?: number;
}

/** A command line with options. */
export function line(commandLine: CommandLine, options: LineOptions): Step {
  return { kind: 'line', line: commandLine, options };
}

/** Waits, on both sides, until the original's answer to `commandLine` is as wanted (default: it succeeds). */
export function until(commandLine: CommandLine, condition: Condition = { status: 0 }): Step {
  return { kind: 'until', line: commandLine, condition };
}

/**
 * Starts a line that runs while the following ones do, `$NAME.pid` in the working directory being its process
 * id. A line that subscribes to the kernel's messages has done so before the next line runs.
 */
export function start(name: string, commandLine: CommandLine, options: RunOptions = {}): Step {
  return { kind: 'start', name, line: commandLine, options };
}

/** Ends a line of {@link start} by a signal ('' waits for its own end) and compares what it did. */
export function stop(name: string, signal = 'INT', options: LineOptions = {}): Step {
  return { kind: 'stop', name, signal, options };
}

/** Defines a test that runs `steps` on both sides. */
export function differential(title: string, steps: readonly Step[], options: TwinOptions = {}): void {
  it(title, async function () {
    needs(this, 'namespaces', 'oracle', ...(options.needs ?? []));
    if (JSON.stringify(steps).includes('"user":"nobody"')) needs(this, 'root');
    const limitMs = limitOf(steps);
    this.timeout(limitMs);
    // TSIP_TWIN=original: shows that a test is sound, that is, finds no difference where there is none.
    const other = process.env.TSIP_TWIN === 'original' ? originalPrograms() : ourPrograms(steps.length);
    const report = await compareRepeatedly([originalPrograms(), other], steps, options, () => {
      countRepeat(this);
      this.timeout(limitMs);
    });
    if (report) assert.fail(report);
  });
}

/** A bound for what hangs: a step takes a third of a second where nothing else runs. */
function limitOf(steps: readonly Step[]): number {
  return 120_000 + 6_000 * steps.length;
}

/** How many calls of a test one `tsip run` serves, and how many start separate processes. */
export interface Service {
  served: number;
  startedByThemselves: number;
}

/** Defines a test as {@link differential} does, with all calls of our programs inside `tsip run`, which are counted. */
export function servedDifferential(
  title: string,
  steps: readonly Step[],
  service: Service,
  options: TwinOptions = {},
): void {
  it(title, async function () {
    needs(this, 'namespaces', 'oracle', ...(options.needs ?? []));
    const limitMs = limitOf(steps);
    this.timeout(limitMs);
    const ours = { ...ourPrograms(), name: 'tsip run', areServed: true };
    let before = { ...servedCalls };
    const report = await compareRepeatedly([originalPrograms(), ours], steps, options, () => {
      countRepeat(this);
      this.timeout(limitMs);
      before = { ...servedCalls };
    });
    if (report) assert.fail(report);
    assert.deepEqual(
      {
        served: servedCalls.served - before.served,
        startedByThemselves: servedCalls.startedByThemselves - before.startedByThemselves,
      },
      service,
    );
  });
}

/** How often a test is repeated whose only differences are moments of the kernel. */
const MAX_REPEATS = 2;

/**
 * Runs `steps` as {@link compareRuns} does, and again, after calling `onRepeat`, as long as all differences are momentary
 * ones of the kernel (moments.ts).
 */
export async function compareRepeatedly(
  programs: readonly [Programs, Programs],
  steps: readonly Step[],
  options: TwinOptions,
  onRepeat: () => void,
): Promise<string> {
  for (let repeats = 0; ; repeats++) {
    const { report, isMomentary } = await compareRuns(programs, steps, options);
    if (!isMomentary || repeats === MAX_REPEATS) return report;
    onRepeat();
  }
}

/** What two runs differ in. */
export interface Comparison {
  /** All differences, for people; '' if there are none. */
  readonly report: string;
  /** Whether there are differences, and the kernel makes all of them. */
  readonly isMomentary: boolean;
}

interface Difference {
  readonly text: string;
  readonly isMomentary: boolean;
}

/** Runs `steps` with two sets of programs and describes all differences. */
export async function compareRuns(
  programs: readonly [Programs, Programs],
  steps: readonly Step[],
  options: TwinOptions = {},
): Promise<Comparison> {
  const given = JSON.stringify([steps, options.files ?? {}]);
  const opened = await Promise.allSettled(programs.map(set => Side.open(set, given, options)));
  const sides = opened.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    for (const result of opened) if (result.status === 'rejected') throw result.reason;
    const [original, ours] = sides as [Side, Side];
    const found: Difference[] = [];
    for (const step of steps) {
      const [wanted, got] = await both([original, ours], side => side.take(step));
      for (const { text, isMomentary } of wanted && got ? compareResults(wanted, got, maskOf(step)) : [])
        found.push({ text: `${describe(step)}\n${indent(text)}`, isMomentary });
    }
    if (options.state !== false) {
      for (const { text, isMomentary } of await compareStates(original, ours, options.stateWithinMs ?? 3_000))
        found.push({ text: `the state of the kernel differs:\n${indent(text)}`, isMomentary });
    }
    if (found.length === 0) return { report: '', isMomentary: false };
    const key = `- ${programs[0].name}\n+ ${programs[1].name}\n`;
    const more = found.length > 8 ? [`... and ${found.length - 8} more`] : [];
    const report = [key, ...found.slice(0, 8).map(({ text }) => text), ...more].join('\n');
    return { report, isMomentary: found.every(({ isMomentary }) => isMomentary) };
  } finally {
    await Promise.all(sides.map(side => side.sandbox.close()));
  }
}

/** The differences in the state of the kernel that remain after `withinMs`. */
async function compareStates(original: Side, ours: Side, withinMs: number): Promise<Difference[]> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const [wanted, shown] = await both([original, ours], side => side.state());
    const got = alignTimers(wanted, shown);
    if (wanted === got) return [];
    if (Date.now() > deadline)
      return [{ text: difference(wanted, got), isMomentary: isMomentaryDifference(wanted, got) }];
    await original.sandbox.shell('pause');
  }
}

/** Runs `body` with a sandbox that has only our programs, as {@link differential} does with two. */
export function alone(
  title: string,
  body: (sandbox: Sandbox) => Promise<void>,
  options: TwinOptions = {},
): void {
  it(title, async function () {
    needs(this, 'namespaces', ...(options.needs ?? []));
    if (options.timeoutMs !== undefined) this.timeout(options.timeoutMs);
    const sandbox = await Sandbox.open(ourPrograms(options.lines), options);
    try {
      await body(sandbox);
    } finally {
      await sandbox.close();
    }
  });
}

/** One of the two runs. */
class Side {
  readonly sandbox: Sandbox;
  readonly #placeholders: Placeholders;

  private constructor(sandbox: Sandbox, given: string) {
    this.sandbox = sandbox;
    this.#placeholders = new Placeholders(given);
  }

  static async open(programs: Programs, given: string, options: SandboxOptions): Promise<Side> {
    const sandbox = await Sandbox.open(programs, options);
    await sandbox.shell(`source ${quote(settleFunctions)}`);
    return new Side(sandbox, given);
  }

  async take(step: Step): Promise<Result | undefined> {
    if (typeof step === 'string' || !('kind' in step)) return this.#run(step, {});
    switch (step.kind) {
      case 'line':
        return this.#run(step.line, step.options);
      case 'until':
        await this.#until(step.line, step.condition);
        return undefined;
      case 'start':
        await this.sandbox.shell('listeners=$(count_listeners)');
        await this.sandbox.start(step.name, step.line, step.options);
        if (/\bmonitor\b/.test(String(step.line)))
          await this.#until('$ true', {}, 'await_listener "$listeners" && await_quiet');
        return undefined;
      case 'stop':
        if (step.signal !== '') await this.sandbox.shell('await_quiet; true');
        return this.#masked(await this.sandbox.stop(step.name, step.signal, step.options.timeoutMs));
    }
  }

  async state(): Promise<string> {
    // The kernel keeps some tables in the order of random addresses.
    const lines = this.#placeholders.apply(await kernelState(this.sandbox)).split('\n');
    return lines.sort().join('\n');
  }

  async #run(commandLine: CommandLine, options: RunOptions): Promise<Result> {
    const file = join(this.sandbox.folder, 'locals');
    const result = await this.sandbox.run(commandLine, options, `settle ${quote(file)}`);
    this.#placeholders.expect(linkLocalAddresses(readFileSync(file, 'utf8')));
    return this.#masked(result);
  }

  #masked(result: Result): Result {
    const [stdout, stderr] = [
      this.#placeholders.apply(result.stdout),
      this.#placeholders.apply(result.stderr),
    ];
    return { ...result, stdout, stderr };
  }

  async #until(commandLine: CommandLine, condition: Condition, before = ''): Promise<void> {
    const withinMs = condition.withinMs ?? 10_000;
    const deadline = Date.now() + withinMs;
    if (before) await this.sandbox.shell(before);
    const env = { PATH: `${originals()}:/mnt/bin:/usr/sbin:/usr/bin:/sbin:/bin` };
    for (;;) {
      const result = await this.sandbox.run(commandLine, { env });
      const isStatus = condition.status === undefined || result.status === condition.status;
      if (isStatus && (condition.stdout === undefined || condition.stdout.test(result.stdout))) return;
      if (Date.now() > deadline)
        throw new Error(
          `waited ${withinMs} ms in vain for: ${commandLine}\n${result.stdout}${result.stderr}`,
        );
      await this.sandbox.shell('pause');
    }
  }
}

/** Entries with random addresses, which the kernel sorts by them. */
const RANDOM = /<local /;

function compareResults(wanted: Result, got: Result, options: LineOptions): Difference[] {
  const found: Difference[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    const before = prepared(wanted[stream], options);
    const after = alignTimers(before, prepared(got[stream], options));
    if (before !== after && inOneOrder(before, RANDOM) !== inOneOrder(after, RANDOM))
      found.push({
        text: `${stream} differs:\n${indent(difference(before, after))}`,
        isMomentary: isMomentaryDifference(before, after),
      });
  }
  for (const result of [wanted, got])
    if (result.timedOut)
      found.push({ text: `${result === got ? '+' : '-'} did not end in time`, isMomentary: false });
  if (wanted.status !== got.status)
    found.push({
      text: `exit code differs:\n  - ${wanted.status}\n  + ${got.status}`,
      isMomentary: false,
    });
  return found;
}

/** The addresses that settle() has written, in the order of namespaces and devices, as they are spelt. */
function linkLocalAddresses(written: string): string[] {
  return written
    .split('\n')
    .filter(Boolean)
    .map(line => line.split(' '))
    .sort(([a, i = ''], [b, j = '']) =>
      a === b ? Number.parseInt(i, 16) - Number.parseInt(j, 16) : a! < b! ? -1 : 1,
    )
    .map(([, , address = '']) => {
      const groups = address.slice(16).match(/.{4}/g) ?? [];
      return `fe80::${groups.map(group => group.replace(/^0{1,3}/, '')).join(':')}`;
    });
}

/** Help texts are in our own words: whether and where one is shown, and what stands before it, must be equal. */
const usage = /^Usage:[\s\S]*/m;

function prepared(text: string, { mask = [], unordered, prepare }: LineOptions): string {
  let masked = (prepare?.(text) ?? text).replace(usage, 'Usage: <in our own words>\n');
  for (const { pattern } of mask) masked = masked.replace(new RegExp(pattern, 'g'), `<${pattern.source}>`);
  return unordered === undefined ? masked : masked.split('\n').sort().join('\n');
}

function maskOf(step: Step): LineOptions {
  return typeof step === 'object' && 'options' in step ? step.options : {};
}

function describe(step: Step): string {
  if (typeof step === 'string') return step.startsWith('$ ') ? step : `$ ip ${step}`;
  if (!('kind' in step)) return `$ ip ${step.map(quote).join(' ')}`;
  return step.kind === 'stop' ? `the end of ${step.name}` : describe(step.line);
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}

async function both<T>([a, b]: readonly [Side, Side], act: (side: Side) => Promise<T>): Promise<[T, T]> {
  const [first, second] = await Promise.allSettled([act(a), act(b)]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return [first.value, second.value];
}
