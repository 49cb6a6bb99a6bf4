/** Calls whose output is of use only if all of it arrives: documents, tables, pictures, scripts. */
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { EXIT_FAILURE } from '../../schema/args.ts';
import { OWN_OBJECTS } from '../objects.ts';
import type { GlobalOptions } from './options.ts';
import type { Streams } from './streams.ts';

/** Whether a call promises that all of its output arrives; the original never looks whether it does. */
function isWhole([object = '']: readonly string[], { strictJson, table }: GlobalOptions): boolean {
  return strictJson || table || OWN_OBJECTS.some(({ name }) => name === object);
}

/** The exit code of a call that has succeeded: a failure, which is reported, if output is lost that must be whole. */
export function exitCodeOfOutput(words: readonly string[], options: GlobalOptions, streams: Streams): number {
  const { loss } = streams.out;
  if (loss === undefined || !isWhole(words, options)) return 0;
  const text = `Cannot write to standard output: ${strerror(errnoOf(loss))}`;
  const errno = (loss as NodeJS.ErrnoException).code;
  streams.writeError(`${options.strictJson ? JSON.stringify({ code: EXIT_FAILURE, errno, text }) : text}\n`);
  return EXIT_FAILURE;
}
