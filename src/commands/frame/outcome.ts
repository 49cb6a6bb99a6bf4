/** What there is to say when a command has ended: what it has thrown, a hint, the document of --strict-json. */
import type { Kernel } from '../../kernel/kernel.ts';
import { EXIT_FAILURE, EXIT_USAGE, UsageError, UsageRequest } from '../../schema/args.ts';
import type { BatchPlace } from '../batch/place.ts';
import { hintsEnabled } from '../hints/enabled.ts';
import { findObject } from '../objects.ts';
import type { Context } from './context.ts';
import { failureOf } from './report.ts';
import type { Streams } from './streams.ts';
import type { StrictReport } from './strict-report.ts';

/** Reports what a command has thrown; returns the exit code. */
export function reportFailure(error: unknown, context: Context): number {
  if (error instanceof UsageRequest) {
    const { usage, mode } = error;
    if (mode === 'error' || mode === 'notice' || (context.strict !== undefined && mode === 'refusal'))
      context.complain(usage);
    else if (context.strict === undefined) context.sink.write(`${usage}\n`);
    else context.strict.output.data('usage', usage);
    return { error: EXIT_USAGE, help: 0, refusal: EXIT_FAILURE, notice: 0 }[mode];
  }
  const failure = failureOf(error);
  if (failure.text !== '') context.complain(failure.text);
  return failure.exitCode;
}

/** What there is to say when a command has ended. */
interface Outcome {
  readonly words: readonly string[];
  readonly error: unknown;
  readonly exitCode: number;
  readonly strict: StrictReport | undefined;
  readonly streams: Streams;
  readonly complain: (text: string) => void;
  readonly kernel: Kernel;
  /** The line, if it is one of a batch. */
  readonly batchLine?: BatchPlace | undefined;
}

/** Gives a hint where one is wanted and known, and ends the documents of --strict-json. */
export async function reportOutcome({
  words,
  error,
  exitCode,
  strict,
  streams,
  complain,
  kernel,
  batchLine,
}: Outcome): Promise<void> {
  let hint: string | undefined;
  if ((error !== undefined || mayBeMisread(words, streams)) && hintsEnabled(strict !== undefined, streams))
    hint = await (await import('../hints/hint.ts')).hintOn({ words, error }, kernel);
  if (strict !== undefined) strict.finish(exitCode, error, hint);
  else if (batchLine !== undefined && (hint !== undefined || error instanceof UsageError)) {
    if (hintsEnabled(false, streams))
      complain(`hint: ${placeText(batchLine, error)}${hint ?? 'what is wrong begins here'}`);
  } else if (hint !== undefined) complain(`hint: ${hint}`);
}

/** The same for a command that ran in a context. */
export function reportOutcomeIn(
  context: Context,
  words: readonly string[],
  error: unknown,
  exitCode: number,
): Promise<void> {
  const { strict, streams, kernel, state } = context;
  return reportOutcome({
    words,
    error,
    exitCode,
    strict,
    streams,
    kernel,
    batchLine: state.batchLine,
    complain: text => context.complain(text),
  });
}

/** `FILE:LINE:COLUMN: ` of the word that a failure in a batch is about. */
function placeText(line: BatchPlace, error: unknown): string {
  const place = line.placeOf(error instanceof UsageError ? error.message : '');
  return place === undefined ? '' : `${line.file}:${place.line}:${place.column}: `;
}

/**
 * `link add no type veth` succeeds, but makes a device of another name: `no` is short for `nomaster`. `netns delete
 * NAME WORD` does not read the word.
 */
export function mayBeMisread([object, , word]: readonly string[], streams: Streams): boolean {
  if (word === undefined || (object?.[0] !== 'l' && object?.[0] !== 'n')) return false;
  const name = findObject(object)?.name;
  return (name === 'link' || name === 'netns') && hintsEnabled(false, streams);
}
