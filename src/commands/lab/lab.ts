/** `tsip lab`: networks as files. The original has no such object. Loaded when it is called. */

import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { LabHelp, type LabOptions, readLabOptions, VERBS, type Verb } from './options.ts';
import { EXIT, reportFailure } from './report.ts';

type RunVerb = (options: LabOptions, context: Context) => Promise<number>;

const LOADERS: Readonly<Record<Verb, () => Promise<RunVerb>>> = {
  validate: async () => (await import('./apply.ts')).validate,
  plan: async () => (await import('./apply.ts')).plan,
  apply: async () => (await import('./apply.ts')).apply,
  diff: async () => (await import('./apply.ts')).diff,
  destroy: async () => (await import('./apply.ts')).destroy,
  list: async () => (await import('./show.ts')).list,
  show: async () => (await import('./show.ts')).show,
  exec: async () => (await import('./exec.ts')).exec,
  run: async () => (await import('./run.ts')).run,
  check: async () => (await import('./check.ts')).check,
  impair: async () => (await import('./impair.ts')).impair,
  capture: async () => (await import('./capture.ts')).capture,
  wait: async () => (await import('./check.ts')).wait,
  logs: async () => (await import('./check.ts')).logs,
  map: async () => (await import('./map.ts')).map,
  export: async () => (await import('./export.ts')).exportLab,
};

/** Runs the verb that the rest of the line begins with. */
export const lab: Command = async (args, context) => {
  const words = args.rest;
  const isJson = context.isJson || words.includes('--json');
  try {
    const options = await readLabOptions(words);
    const run = await LOADERS[options.verb]();
    return await run({ ...options, json: isJson }, context);
  } catch (error) {
    if (error instanceof LabHelp) {
      context.sink.write(`${error.message}\n`);
      return EXIT.done;
    }
    return reportFailure(error, context, isJson);
  }
};

/** What may come next: verbs, options, names of labs. */
export async function labCandidates(before: readonly string[]): Promise<readonly string[]> {
  const { labWords } = await import('./options.ts');
  const words = await labWords(before);
  const takesLab = Object.entries(VERBS).some(
    ([verb, { operands }]) => verb === before[0] && operands.startsWith('<lab'),
  );
  if (before[0] === 'impair' && before.length > 1)
    return [...(await (await import('./impair.ts')).impairCandidates(before.slice(1))), ...words];
  if (before[0] === 'capture' && before.length > 1)
    return [...(await import('./impair.ts')).endCandidates(before[1]!, before), ...words];
  if (!takesLab || before.length > 1) return words;
  const { labNames } = await import('./show.ts');
  return [...labNames(), ...words];
}
