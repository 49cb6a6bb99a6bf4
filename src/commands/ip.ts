/** The program `tsip`: global options, then one object's command, or a batch of them. */

import { dropCapabilities } from '../kernel/capabilities.ts';
import { native } from '../kernel/native.ts';
import { switchNamespace } from '../namespaces/switch.ts';
import { Args, EXIT_FAILURE, EXIT_USAGE, isPrefixOf, UsageError, UsageRequest } from '../schema/args.ts';
import { commandLine } from './command-line.ts';
import { Context, writeNow } from './context.ts';
import { findObject } from './objects.ts';
import type { Observation } from './observation.ts';
import { defaultOptions, type GlobalOptions, parseOptions } from './options.ts';
import { failureOf } from './report.ts';

/** The version that we stand in for; scripts read it. */
const VERSION = 'ip utility, iproute2-7.3.0, libbpf 1.7.0\n';

/** Runs the program with these arguments; answers its exit code. */
export async function runIp(words: readonly string[], programName: string): Promise<number> {
  // `vrf exec` needs them and drops them itself.
  if (words[0] !== 'vrf' || words[1] !== 'exec') dropCapabilities();
  const options = defaultOptions();
  const complain = (text: string) => writeNow(2, `${text}\n`);
  // Loaded beforehand, because options take effect as they are read; a word that is no option does no harm.
  const loaded = words.some(isObserving) ? await import('./observation.ts') : undefined;
  let observation: Observation | undefined;
  let objectAt: number;
  try {
    objectAt = parseOptions(words, options, {
      enterNamespace(name) {
        const enter = () => switchNamespace(name ?? '(null)', complain);
        if (observation === undefined) enter();
        else observation.reallyDo(enter);
      },
      observe() {
        observation ??= loaded?.observe(options, printNow);
      },
    });
  } catch (error) {
    const failure = failureOf(error);
    complain(failure.text);
    return error instanceof UsageError ? failure.exitCode : EXIT_USAGE;
  }
  if (options.version) {
    writeNow(1, VERSION);
    return 0;
  }
  const rest = [...objectOfName(programName), ...words.slice(objectAt)];
  if (options.help || (rest.length === 0 && options.batchFile === undefined)) return printUsage();
  const context = new Context(options);
  context.observation = observation;
  const exitCode = await runOrBatch(rest, context, options);
  context.sink.flush();
  return exitCode;
}

function isObserving(word: string): boolean {
  return /^--?(trace|dry-run)$/.test(word);
}

/** Lines that `--trace` tells. */
function printNow(lines: readonly string[]): void {
  writeNow(2, `${lines.join('\n')}\n`);
}

async function runOrBatch(
  words: readonly string[],
  context: Context,
  options: GlobalOptions,
): Promise<number> {
  if (options.batchFile === undefined) return runCommand(words, context);
  const { runBatch } = await import('./batch.ts');
  context.isBatch = true;
  try {
    return await runBatch(options.batchFile, context, line => runCommand(line, context));
  } catch (error) {
    const failure = failureOf(error);
    if (failure.text !== '') context.complain(failure.text);
    return failure.exitCode;
  }
}

/** Runs `OBJECT COMMAND...`; tells failures on stderr; answers the exit code. */
export async function runCommand(words: readonly string[], context: Context): Promise<number> {
  const [word = '', ...rest] = words;
  try {
    const object = findObject(word);
    if (object?.load !== undefined) return await (await object.load())(new Args(rest), context);
    if (object !== undefined) throw new UsageError(`Object "${object.name}" is not supported by tsip yet.`);
    if (isPrefixOf(word, 'help')) return printUsage();
    throw new UsageError(`Object "${word}" is unknown, try "ip help".`);
  } catch (error) {
    if (error instanceof UsageRequest) {
      if (error.mode === 'error') context.complain(error.usage);
      else context.sink.write(`${error.usage}\n`);
      return { error: EXIT_USAGE, help: 0, refusal: EXIT_FAILURE }[error.mode];
    }
    // What ends a batch is told by whoever runs the batch.
    if (context.isBatch && error instanceof UsageError && error.endsBatch) throw error;
    const failure = failureOf(error);
    if (failure.text !== '') context.complain(failure.text);
    return failure.exitCode;
  }
}

/** Linked as `ipaddr` or `tsiplink`, the rest of the name is the object. */
function objectOfName(programName: string): string[] {
  const object = programName.replace(/^(ts)?ip/, '');
  return object !== programName && object !== '' && findObject(object) !== undefined ? [object] : [];
}

async function printUsage(): Promise<number> {
  const { IP_USAGE } = await import('./ip-usage.ts');
  writeNow(2, IP_USAGE);
  return EXIT_USAGE;
}

/** Runs the program with the words it was called with; answers its exit code. */
export async function run(): Promise<number> {
  try {
    const { words, name } = commandLine('ip');
    return await runIp(words, name);
  } catch (error) {
    writeNow(2, `tsip: internal error: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_FAILURE;
  }
}

/** Entry point of the bundled program. */
export async function main(): Promise<void> {
  native.exit(await run());
}
