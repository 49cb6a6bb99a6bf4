/**
 * What could be the next word of a command line of nsenter or unshare. yargs, which lays out their help, knows the
 * options and what they are for; what values they take is said here. Loaded only when a shell asks.
 */

import { STDOUT } from '../../linux/descriptors.ts';
import { type Answer, type Candidate, NO_ANSWER, printAnswer, questionOf } from '../completion/answer.ts';
import { groupIds, groups, namespaceFiles, processes, userIds, users } from '../completion/live.ts';
import { type OptionRule, readOptions } from './getopt.ts';
import { optionParser, type ProgramTexts } from './help.ts';
import type { OptionValues } from './option.ts';

/** Answers the completion script of a shell, whose words follow the hidden option. Never complains. */
export async function completeOptions(words: readonly string[], texts: ProgramTexts): Promise<void> {
  const question = questionOf(words);
  try {
    const answer = await answerByOptions(question.before, question.current, texts);
    printAnswer(STDOUT, answer, question.current);
  } catch {
    // There is nobody to report to.
  }
}

/** What is found on this machine, by the name that options have for it. */
const LIVE: Readonly<Record<NonNullable<OptionValues['live']>, () => readonly Candidate[]>> = {
  namespaceFiles,
  processes,
  users,
  groups,
  userIds,
  groupIds,
};

type Option = ProgramTexts['options'][number];

/** What may come after the words `before`; `current` is what has been typed of it. The place of a command counts from 1. */
export async function answerByOptions(
  before: readonly string[],
  current: string,
  texts: ProgramTexts,
): Promise<Answer> {
  const { options } = texts;
  const awaiting = optionAwaitingValue(before, options);
  if (awaiting !== undefined) return answerOf(awaiting.values, '');
  const operands = operandsOf(before, options);
  if (operands === undefined) return NO_ANSWER;
  const commandAt = before.length + 1 - operands.length;
  if (operands.length > 0 || before.includes('--') || !current.startsWith('-'))
    return { candidates: [], commandAt };
  const glued = gluedValue(current, options);
  if (glued !== undefined) return answerOf(glued.option.values, glued.prefix);
  return { candidates: await optionCandidates(texts) };
}

/** The words after the options; undefined when the options are wrong. */
function operandsOf(words: readonly string[], rules: readonly OptionRule[]): readonly string[] | undefined {
  const options = readOptions(words, rules);
  try {
    for (let next = options.next(); ; next = options.next()) if (next.done) return next.value;
  } catch {
    return undefined;
  }
}

/** The option whose value is the word after `words`. */
function optionAwaitingValue(words: readonly string[], options: readonly Option[]): Option | undefined {
  const last = words.at(-1);
  if (last === undefined || operandsOf(words, options) !== undefined) return undefined;
  if (operandsOf(words.slice(0, -1), options)?.length !== 0) return undefined;
  if (last.startsWith('--')) {
    const typed = last.slice(2);
    return (
      options.find(({ name }) => name === typed) ??
      options.find(({ name, argument }) => argument === 'required' && name.startsWith(typed))
    );
  }
  return options.find(({ letter }) => letter !== undefined && last.endsWith(letter));
}

/** `--name=VALUE` or `-nVALUE`: the option, and what stands before its value. */
function gluedValue(
  current: string,
  options: readonly Option[],
): { readonly option: Option; readonly prefix: string } | undefined {
  const long = /^--([^=]+)=/.exec(current);
  if (long !== null) {
    const typed = long[1]!;
    const option =
      options.find(({ name }) => name === typed) ?? options.find(({ name }) => name.startsWith(typed));
    return option && option.argument !== 'none' ? { option, prefix: long[0] } : undefined;
  }
  if (current.startsWith('--') || current.length < 3) return undefined;
  const option = options.find(({ letter }) => letter === current[1]);
  const argument = option?.letterArgument ?? option?.argument;
  return option && argument !== 'none' ? { option, prefix: current.slice(0, 2) } : undefined;
}

function answerOf({ words, live, paths }: OptionValues = {}, prefix: string): Answer {
  const found: readonly Candidate[] = [
    ...(words?.() ?? []).map(word => ({ word })),
    ...(live === undefined ? [] : LIVE[live]()),
  ];
  const candidates = found.map(({ word, ...rest }) => ({ word: `${prefix}${word}`, ...rest }));
  return paths === undefined ? { candidates } : { candidates, paths: { kind: paths, prefix } };
}

/** The options by yargs, which separates name and description by a tab where it thinks that fish is asking. */
async function optionCandidates(texts: ProgramTexts): Promise<Candidate[]> {
  process.env['SHELL'] = 'fish';
  const lines = await (await optionParser('', texts)).getCompletion(['-']);
  const takes = new Map(texts.options.map(({ name, argument }) => [`--${name}`, argument]));
  return lines.flatMap(line => {
    const [word = '', about = ''] = line.split('\t');
    const argument = takes.get(word);
    const withValue = { word: `${word}=`, about };
    if (argument === 'required') return [withValue];
    return argument === 'optional' ? [{ word, about }, withValue] : [{ word, about }];
  });
}
