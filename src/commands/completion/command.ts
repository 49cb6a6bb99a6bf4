/** `tsip completion SHELL`, which none of the originals has: its options are those of yargs. */
import { basename } from 'node:path';
import { EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Command } from '../frame/command.ts';

export const completion: Command = async (args, context) => {
  // yargs and the scripts are read only here.
  const { completionText } = await import('./script.ts');
  let text: string;
  try {
    text = await completionText(args.rest, basename(process.argv0));
  } catch (error) {
    throw new UsageError(`completion: ${(error as Error).message}, try "tsip completion help".`, EXIT_USAGE);
  }
  context.sink.write(text);
  return 0;
};
