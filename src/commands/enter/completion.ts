/**
 * What could be the next word of a command line of nsenter or unshare. yargs, which lays out their help, knows the
 * options and what they are for; what values they take is said here. Loaded only when a shell asks.
 */

import type { Argv } from 'yargs';
import { STDOUT } from '../../linux/descriptors.ts';
import { type Answer, type Candidate, NO_ANSWER, printAnswer, questionOf } from '../completion/answer.ts';
import { type OptionRule, readOptions } from './getopt.ts';

/** What an option takes; files or folders in addition to the candidates. */
export interface OptionValues {
  readonly candidates?: () => readonly Candidate[];
  readonly paths?: 'files' | 'folders';
}

export interface OptionSet {
  readonly parser: () => Promise<Argv>;
  readonly rules: readonly OptionRule[];
  readonly values: Readonly<Record<string, OptionValues>>;
}

/** Answers the completion script of a shell, whose words follow the hidden option. Never complains. */
export async function completeOptions(words: readonly string[], options: OptionSet): Promise<void> {
  const question = questionOf(words);
  try {
    const answer = await answerTo(question.before, question.current, options);
    printAnswer(STDOUT, answer, question.current);
  } catch {
    // There is nobody to report to.
  }
}

async function answerTo(before: readonly string[], current: string, options: OptionSet): Promise<Answer> {
  const { rules, values } = options;
  const awaiting = optionAwaitingValue(before, rules);
  if (awaiting !== undefined) return answerOf(values[awaiting.name], '');
  const operands = operandsOf(before, rules);
  if (operands === undefined) return NO_ANSWER;
  const commandAt = before.length + 1 - operands.length;
  if (operands.length > 0 || before.includes('--') || !current.startsWith('-'))
    return { candidates: [], commandAt };
  const glued = gluedValue(current, rules);
  if (glued !== undefined) return answerOf(values[glued.rule.name], glued.prefix);
  return { candidates: await optionCandidates(options) };
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
function optionAwaitingValue(words: readonly string[], rules: readonly OptionRule[]): OptionRule | undefined {
  const last = words.at(-1);
  if (last === undefined || operandsOf(words, rules) !== undefined) return undefined;
  if (operandsOf(words.slice(0, -1), rules)?.length !== 0) return undefined;
  if (last.startsWith('--')) {
    const typed = last.slice(2);
    return (
      rules.find(({ name }) => name === typed) ??
      rules.find(({ name, argument }) => argument === 'required' && name.startsWith(typed))
    );
  }
  return rules.find(({ letter }) => letter !== undefined && last.endsWith(letter));
}

/** `--name=VALUE` or `-nVALUE`: the option, and what stands before its value. */
function gluedValue(
  current: string,
  rules: readonly OptionRule[],
): { readonly rule: OptionRule; readonly prefix: string } | undefined {
  const long = /^--([^=]+)=/.exec(current);
  if (long !== null) {
    const typed = long[1]!;
    const rule = rules.find(({ name }) => name === typed) ?? rules.find(({ name }) => name.startsWith(typed));
    return rule && rule.argument !== 'none' ? { rule, prefix: long[0] } : undefined;
  }
  if (current.startsWith('--') || current.length < 3) return undefined;
  const rule = rules.find(({ letter }) => letter === current[1]);
  const argument = rule?.letterArgument ?? rule?.argument;
  return rule && argument !== 'none' ? { rule, prefix: current.slice(0, 2) } : undefined;
}

function answerOf(values: OptionValues | undefined, prefix: string): Answer {
  const found = values?.candidates?.() ?? [];
  const candidates = found.map(({ word, ...rest }) => ({ word: `${prefix}${word}`, ...rest }));
  return values?.paths === undefined ? { candidates } : { candidates, paths: { kind: values.paths, prefix } };
}

/** The options by yargs, which separates name and description by a tab where it thinks that fish is asking. */
async function optionCandidates({ parser, rules }: OptionSet): Promise<Candidate[]> {
  process.env['SHELL'] = 'fish';
  const lines = await (await parser()).getCompletion(['-']);
  const takes = new Map(rules.map(({ name, argument }) => [`--${name}`, argument]));
  return lines.flatMap(line => {
    const [word = '', about = ''] = line.split('\t');
    const argument = takes.get(word);
    if (argument === 'required') return [{ word: `${word}=`, about }];
    return argument === 'optional'
      ? [
          { word, about },
          { word: `${word}=`, about },
        ]
      : [{ word, about }];
  });
}
