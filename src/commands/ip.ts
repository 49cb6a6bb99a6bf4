/** The program `tsip`: global options, then one object's command, or a batch of them. */

import { type Kernel, systemKernel } from '../kernel/kernel.ts';
import { dropCapabilities } from '../kernel/system/capabilities.ts';
import { switchNamespace } from '../namespaces/plans/switch.ts';
import { asksForRootless, isInside, ROOTLESS_VARIABLE } from '../namespaces/rootless/variable.ts';
import { Args, EXIT_FAILURE, EXIT_USAGE, isPrefixOf, UsageError } from '../schema/args.ts';
import { COMPLETION_OPTION } from './completion/answer.ts';
import type { Command } from './frame/command.ts';
import { commandLine } from './frame/command-line.ts';
import { Context } from './frame/context.ts';
import {
  COMMAND_HELP,
  defaultOptions,
  type GlobalOptions,
  OWN_VERSION,
  parseOptions,
} from './frame/options.ts';
import { mayBeMisread, reportFailure, reportOutcome, reportOutcomeIn } from './frame/outcome.ts';
import { BatchEnded, CallHandedOver, failureOf, systemCallText } from './frame/report.ts';
import { ProcessStreams, type Streams, writeNow } from './frame/streams.ts';
import type { StrictReport } from './frame/strict-report.ts';
import { exitCodeOfOutput } from './frame/whole-output.ts';
import { hintsEnabled } from './hints/enabled.ts';
import { findObject } from './objects.ts';

/** The versions that we stand in for; scripts read them. */
const IPROUTE2 = '7.3.0';
const LIBBPF = '1.7.0';

/** What the program runs on; without it, this process. */
export interface Host {
  readonly kernel: Kernel;
  readonly streams: Streams;
  /** Enters a named namespace, for `-n`. */
  enterNamespace(name: string | undefined): void;
}

/** Runs the program with these arguments; returns its exit code. */
export async function runIp(words: readonly string[], programName: string, host?: Host): Promise<number> {
  // `vrf exec` needs them and drops them itself.
  if (host === undefined && (words[0] !== 'vrf' || words[1] !== 'exec')) dropCapabilities();
  const options = defaultOptions();
  const streams = host?.streams ?? new ProcessStreams();
  const complain = (text: string) => streams.writeError(`${text}\n`);
  const observe = await kernelObserver(words, streams, host?.kernel ?? systemKernel);
  let objectAt: number;
  try {
    objectAt = parseOptions(words, options, {
      // Even a dry run is inside the namespace.
      enterNamespace: name => {
        if (host !== undefined) host.enterNamespace(name);
        else switchNamespace(observe({ ...options, dryRun: false }).calls, name ?? '(null)', complain);
      },
    });
  } catch (error) {
    const failure = failureOf(error);
    const exitCode = error instanceof UsageError ? failure.exitCode : EXIT_USAGE;
    const strict = words.some(isStrict) ? await strictReport(options, streams) : undefined;
    if (strict === undefined) complain(failure.text);
    else strict.complain(failure.text);
    const kernel = observe(options);
    await reportOutcome({ words, error, exitCode, strict, streams, complain, kernel });
    return exitCode;
  }
  const strict = options.strictJson ? await strictReport(options, streams) : undefined;
  if (options.version) return printVersion(streams, strict);
  const rest = [...objectOfName(programName), ...words.slice(objectAt)];
  if (options.help || (rest.length === 0 && options.batchFile === undefined && !options.check)) {
    const exitCode = await printUsage(streams, strict);
    strict?.finish(exitCode, undefined);
    return exitCode;
  }
  // Columns are made of whole records.
  if (options.table) Object.assign(options, { details: options.details || 1, brief: false, oneLine: 0 });
  const context = new Context(options, { kernel: observe(options), streams, strict });
  const exitCode = await runOrBatch(rest, context, options);
  context.sink.flush();
  return exitCode === 0 ? exitCodeOfOutput(rest, options, streams) : exitCode;
}

async function strictReport({ pretty }: GlobalOptions, streams: Streams): Promise<StrictReport> {
  const { StrictReport } = await import('./frame/strict-report.ts');
  return new StrictReport(streams.out, pretty > 0, text => streams.writeError(text));
}

function isStrict(word: string): boolean {
  return word === '--strict-json' || word === '-strict-json';
}

/** Words that may ask for a trace or a dry run. */
const OBSERVING: ReadonlySet<string> = new Set(['--trace', '-trace', '--dry-run', '-dry-run']);

/**
 * Makes the kernel that options ask for. What observes it is loaded here and only if a word may ask for it, because
 * options take effect as they are read.
 */
async function kernelObserver(
  words: readonly string[],
  streams: Streams,
  kernel: Kernel,
): Promise<(options: GlobalOptions) => Kernel> {
  if (!words.some(word => OBSERVING.has(word))) return () => kernel;
  const { observed } = await import('../trace/observe.ts');
  // What is traced is described without waiting.
  await (await import('../rtnetlink/kinds/load.ts')).loadKinds();
  const print = (lines: readonly string[]) => streams.writeError(`${lines.join('\n')}\n`);
  return options => observed(kernel, options, print);
}

async function runOrBatch(
  words: readonly string[],
  context: Context,
  options: GlobalOptions,
): Promise<number> {
  if (options.check) return checkLines(words, context, options);
  if (options.batchFile === undefined) return runCommand(words, context);
  const { runBatch } = await import('./batch/batch.ts');
  try {
    return await runBatch(options.batchFile, context, (line, enter) => runCommand(line, context, enter));
  } catch (error) {
    const failure = failureOf(error);
    if (failure.text !== '') context.complain(failure.text);
    await reportOutcomeIn(context, context.state.batchLine?.words ?? words, error, failure.exitCode);
    return failure.exitCode;
  }
}

/** `-batch FILE --check`, or `-batch --check FILE`. */
async function checkLines(
  [file]: readonly string[],
  context: Context,
  options: GlobalOptions,
): Promise<number> {
  const { checkBatch } = await import('./batch/check.ts');
  try {
    const path = options.batchFile ?? file;
    if (path === undefined) throw new UsageError('--check is about a batch: -batch FILE --check', EXIT_USAGE);
    return await checkBatch(path, { ...options, batchFile: path }, context, runObject);
  } catch (error) {
    const failure = failureOf(error);
    context.complain(failure.text);
    return failure.exitCode;
  }
}

/**
 * Runs `OBJECT COMMAND...`, after `enter` has gone where it is to run; reports failures on stderr; answers the exit code,
 * at once if there is nothing to wait for.
 */
export function runCommand(
  words: readonly string[],
  context: Context,
  enter?: () => void,
): number | Promise<number> {
  let outcome: number | Promise<number>;
  try {
    enter?.();
    outcome = runObject(words, context);
  } catch (error) {
    outcome = Promise.reject(error);
  }
  if (outcome === 0 && context.strict === undefined && !mayBeMisread(words, context.streams)) return 0;
  return endCommand(outcome, words, context);
}

async function endCommand(
  outcome: number | Promise<number>,
  words: readonly string[],
  context: Context,
): Promise<number> {
  let error: unknown;
  let exitCode: number;
  try {
    exitCode = await outcome;
  } catch (thrown) {
    if (thrown instanceof CallHandedOver) throw thrown;
    error = thrown;
    // What ends a batch is reported by the batch.
    if (context.isBatch && endsBatch(error)) throw error;
    exitCode = reportFailure(error, context);
  }
  if (error !== undefined || context.strict !== undefined || mayBeMisread(words, context.streams))
    await reportOutcomeIn(context, words, error, exitCode);
  return exitCode;
}

function endsBatch(error: unknown): boolean {
  return error instanceof BatchEnded || (error instanceof UsageError && error.endsBatch);
}

async function showInTable(object: string, command: Command, args: Args, context: Context): Promise<number> {
  const { inTable } = await import('./table/table.ts');
  return inTable(object, command)(args, context);
}

/** `ip run`, which makes calls of this program in turn. */
async function runInside(args: Args, context: Context): Promise<number> {
  return (await import('./run/run.ts')).run(args, context, runIp);
}

/** `netns exec NAME link show`: nothing can be said once the program has started. */
async function runAfterHint(words: readonly string[], context: Context): Promise<number> {
  const { objectAsProgram } = await import('./hints/exec-object.ts');
  const text = await objectAsProgram(words[2]!, words.slice(3));
  if (text !== undefined) context.complain(`hint: ${text}`);
  return findObject('netns')!.run!(new Args(words, 1), context);
}

function mayRunObject(
  [object = '', command = '', , program = '']: readonly string[],
  context: Context,
): boolean {
  if (program === '' || !command.startsWith('e') || context.options.all) return false;
  return (
    findObject(object)?.name === 'netns' &&
    findObject(program) !== undefined &&
    hintsEnabled(false, context.streams)
  );
}

function runObject(words: readonly string[], context: Context): number | Promise<number> {
  const [word = ''] = words;
  if (mayRunObject(words, context)) return runAfterHint(words, context);
  if (word === 'run') return runInside(new Args(words, 1), context);
  const object = findObject(word);
  if (object?.run !== undefined) {
    const args = new Args(words, 1);
    return context.options.table
      ? showInTable(object.name, object.run, args, context)
      : object.run(args, context);
  }
  if (object !== undefined) throw new UsageError(`Object "${object.name}" is not supported by tsip yet.`);
  if (isPrefixOf(word, 'help')) return printUsage(context.streams, context.strict);
  throw new UsageError(`Object "${word}" is unknown, try "ip help".`);
}

/** Linked as `ipaddr` or `tsiplink`, the rest of the name is the object. */
function objectOfName(programName: string): string[] {
  if (programName === 'ip') return [];
  const object = programName.replace(/^(ts)?ip/, '');
  return object !== programName && object !== '' && findObject(object) !== undefined ? [object] : [];
}

async function printUsage(streams: Streams, strict: StrictReport | undefined): Promise<number> {
  const { IP_USAGE } = await import('./frame/usage.ts');
  if (strict === undefined) streams.writeError(IP_USAGE);
  else strict.complain(IP_USAGE);
  return EXIT_USAGE;
}

function printVersion(streams: Streams, strict: StrictReport | undefined): number {
  if (strict === undefined) {
    streams.out.write(`ip utility, iproute2-${IPROUTE2}, libbpf ${LIBBPF}\n`);
    streams.out.flush();
    return 0;
  }
  strict.output.data('program', 'ip');
  strict.output.data('iproute2', IPROUTE2);
  strict.output.data('libbpf', LIBBPF);
  strict.finish(0, undefined);
  return 0;
}

/** Answers what the program answers under its own name only; everything else as the original does. */
async function runOwnForm(words: readonly string[], name: string): Promise<number> {
  const { ownAnswer, ownHelpWords } = await import('./own-forms.ts');
  const answer = await ownAnswer(words, `iproute2 ${IPROUTE2}`);
  if (answer === undefined) return runIp(ownHelpWords(words) ?? words, name);
  const streams = new ProcessStreams();
  streams.out.write(`${answer}\n`);
  streams.out.flush();
  return exitCodeOfOutput(words, defaultOptions(), streams);
}

/** Whether the call may be one that is to be made in the user's own namespaces. */
function mayBeRootless(words: readonly string[]): boolean {
  const wish = process.env[ROOTLESS_VARIABLE];
  if (isInside(wish)) return false;
  return asksForRootless(wish) || words.includes('--rootless') || words.includes('-rootless');
}

/** Runs the program with the words it was called with; answers its exit code. */
export async function run(): Promise<number> {
  try {
    const line = commandLine('ip');
    const { words, name, isOwn } = line;
    if (mayBeRootless(words)) {
      const refused = await (await import('./rootless/join.ts')).goRootless(line);
      if (refused !== undefined) return refused;
    }
    if (words[0] === COMPLETION_OPTION) {
      const { completeIp } = await import('./completion/completion.ts');
      await completeIp(words.slice(1), objectOfName(name), isOwn);
      return 0;
    }
    const isOwnForm = words[0] === OWN_VERSION || words[0] === 'help' || words.at(-1) === COMMAND_HELP;
    if (isOwn && isOwnForm) return await runOwnForm(words, name);
    return await runIp(words, name);
  } catch (error) {
    const unforeseen = error instanceof Error ? error.message : String(error);
    writeNow(2, `tsip: ${systemCallText(error) ?? `internal error: ${unforeseen}`}\n`);
    return EXIT_FAILURE;
  }
}
