/**
 * `-batch FILE --check`: reads every line of a batch and reports each that is wrong, whatever the others are. Nothing
 * is sent that changes anything, no program runs, and devices that do not exist yet are taken for granted.
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { STDIN } from '../../linux/descriptors.ts';
import { EXIT_FAILURE, UsageError, UsageRequest } from '../../schema/args.ts';
import { dryRun } from '../../trace/dry-run.ts';
import { decodeText } from '../../wire/text.ts';
import { Context } from '../frame/context.ts';
import type { GlobalOptions } from '../frame/options.ts';
import { CommandFailed } from '../frame/report.ts';
import type { Streams } from '../frame/streams.ts';
import { hintsEnabled } from '../hints/enabled.ts';
import { findObject, OWN_OBJECTS } from '../objects.ts';
import { openBatch, textOf } from './batch.ts';
import { batchLines } from './lines.ts';
import { indexOfWrongWord, type LineSource, placeOfWord } from './place.ts';

/** Index of the first device that does not exist. */
const FIRST_PRETENDED = 0x4000_0000;

/** Runs the words of a line. */
type Run = (words: readonly string[], context: Context) => number | Promise<number>;

/** Checks the file `path`; answers 0 if every line is right. */
export async function checkBatch(
  path: string,
  options: GlobalOptions,
  { kernel, streams }: Pick<Context, 'kernel' | 'streams'>,
  run: Run,
): Promise<number> {
  const pretended = pretendedKernel(kernel);
  const source: LineSource = { pieces: [] };
  const report = (text: string) => streams.writeError(`${text}\n`);
  /** Names that earlier lines give to namespaces. */
  const made = new Set<string>();
  let errors = 0;
  for (const { words, number } of batchLines(
    textOf(path === '-' ? STDIN : openBatch(path), () => undefined),
    report,
    source,
  )) {
    if (!isChecked(words)) continue;
    if (/^netns a/.test(words.slice(0, 2).join(' ')) && words[2] !== undefined) made.add(words[2]);
    const failed = await failureIn(words, options, pretended, streams, run);
    if (failed === undefined || made.has(missingNamespace(failed.said) ?? '')) continue;
    errors++;
    const { line, column } = placeOfWord(source, indexOfWrongWord(words, failed.said)) ?? {
      line: number,
      column: 1,
    };
    report(`${path}:${line}:${column}: ${failed.said.split('\n', 1)[0]!.trim()}`);
    if (!hintsEnabled(false, streams)) continue;
    const { hintOn } = await import('../hints/hint.ts');
    const hint = await hintOn({ words, error: failed.error }, kernel);
    if (hint !== undefined) report(`hint: ${hint}`);
  }
  return errors === 0 ? 0 : EXIT_FAILURE;
}

/** What waits for events, reads standard input or is not of the original is not run. */
function isChecked([object = '', command = '']: readonly string[]): boolean {
  const name = findObject(object)?.name;
  if (OWN_OBJECTS.some(own => own.name === name) || name === 'monitor') return false;
  return !(name === 'netns' && command.startsWith('m')) && command !== 'restore' && command !== 'save';
}

function missingNamespace(complaint: string): string | undefined {
  return /argument "(.*?)" is wrong: Invalid "(?:link-)?netns" value/.exec(complaint)?.[1];
}

interface FailedLine {
  readonly error: unknown;
  /** What is said about it. */
  readonly said: string;
}

/** Runs a line without effect; undefined if nothing is wrong with its words. */
async function failureIn(
  words: readonly string[],
  options: GlobalOptions,
  kernel: Kernel,
  streams: Streams,
  run: Run,
): Promise<FailedLine | undefined> {
  let complaints = '';
  const quiet: Streams = {
    out: { write: () => undefined, flush: () => undefined },
    isTerminal: false,
    isErrorTerminal: false,
    variable: name => streams.variable(name),
    writeError: text => {
      complaints += text;
    },
    beforeWrite: undefined,
    readSecret: () => Buffer.alloc(0),
  };
  const context = new Context({ ...options, force: false }, { kernel, streams: quiet });
  try {
    await run(words, context);
    return undefined;
  } catch (error) {
    // A request for help is no mistake, and what only asks the kernel may be refused by it.
    if (error instanceof UsageRequest) return undefined;
    if (error instanceof UsageError) return { error, said: error.message };
    if (!(error instanceof CommandFailed) || error.cause !== undefined) return undefined;
    return complaints === '' ? undefined : { error, said: complaints };
  }
}

/** A kernel that holds changes back and knows every device. */
function pretendedKernel(kernel: Kernel): Kernel {
  const held = dryRun(kernel, () => undefined);
  const devices = new Map<string, number>();
  return {
    ...held,
    calls: {
      ...held.calls,
      ifNameToIndex(bytes) {
        const found = held.calls.ifNameToIndex(bytes);
        if (found > 0) return found;
        const name = decodeText(Buffer.from(bytes));
        const known = devices.get(name) ?? FIRST_PRETENDED + devices.size;
        devices.set(name, known);
        return known;
      },
    },
  };
}
