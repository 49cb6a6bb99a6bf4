/** The complaint of `ip stats` about a word that it does not know. */
import { UsageError } from '../../schema/args.ts';

/** The original passes its error number, EINVAL, on as exit code. */
const EXIT_INVALID = 22;

/** Says which word it is, with the help text below. */
export async function unknownWord(word: string): Promise<UsageError> {
  const { STATS_USAGE } = await import('./usage.ts');
  return new UsageError(`What is "${word}"?\n${STATS_USAGE}`, EXIT_INVALID);
}
