/**
 * Command-line options as getopt_long(3) of glibc reads them, with `+`: options end at the first operand, short
 * ones may be clustered, long ones abbreviated. Complaints are in glibc's words.
 */

import { decodeText, encodeText } from '../../wire/text.ts';

export type ArgumentRule = 'none' | 'required' | 'optional';

export interface OptionRule {
  /** Long name. The order of the rules is that in which ambiguous names are listed. */
  readonly name: string;
  readonly argument: ArgumentRule;
  readonly letter?: string;
  /** What the letter takes, where that is not what the long name takes. */
  readonly letterArgument?: ArgumentRule;
  /** An option that the original does not have: it is found by its whole name only, and never listed. */
  readonly isOurs?: true;
}

/** An option as it was given, under its full name. */
export interface GivenOption {
  readonly name: string;
  readonly value: string | undefined;
}

/** The options were wrong; `message` says how. */
export class OptionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OptionError';
  }
}

/**
 * Yields the options in order and returns the operands. Throws {@link OptionError} when it comes to a wrong one,
 * so that what its caller does about those before it has been done.
 */
export function* readOptions(
  words: readonly string[],
  rules: readonly OptionRule[],
): Generator<GivenOption, readonly string[]> {
  const rest = [...words];
  for (let word = rest[0]; word !== undefined; word = rest[0]) {
    if (word === '--') return rest.slice(1);
    if (!word.startsWith('-') || word === '-') break;
    rest.shift();
    if (word.startsWith('--')) yield readLong(word, rest, rules);
    else yield* readLetters(word.slice(1), rest, rules);
  }
  return rest;
}

function readLong(word: string, rest: string[], rules: readonly OptionRule[]): GivenOption {
  const equals = word.indexOf('=');
  const typed = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const given = equals < 0 ? undefined : word.slice(equals + 1);
  const { name, argument } = findLong(typed, word, rules);
  if (argument === 'none' && given !== undefined)
    throw new OptionError(`option '--${name}' doesn't allow an argument`);
  if (argument !== 'required' || given !== undefined) return { name, value: given };
  const value = rest.shift();
  if (value === undefined) throw new OptionError(`option '--${name}' requires an argument`);
  return { name, value };
}

/** The rule with this name, or the only one that it abbreviates. */
function findLong(typed: string, word: string, rules: readonly OptionRule[]): OptionRule {
  const exact = rules.find(({ name }) => name === typed);
  if (exact) return exact;
  const candidates = rules.filter(({ name, isOurs }) => !isOurs && name.startsWith(typed));
  const [only] = candidates;
  if (only === undefined) throw new OptionError(`unrecognized option '${word}'`);
  if (candidates.length === 1) return only;
  const possibilities = candidates.map(({ name }) => ` '--${name}'`).join('');
  throw new OptionError(`option '${word}' is ambiguous; possibilities:${possibilities}`);
}

/** Reads a cluster of letters; what follows a letter that takes an argument is that. */
function* readLetters(letters: string, rest: string[], rules: readonly OptionRule[]): Generator<GivenOption> {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at]!;
    const rule = rules.find(candidate => candidate.letter === letter);
    if (rule === undefined) throw new OptionError(`invalid option -- '${firstByte(letters.slice(at))}'`);
    const { name } = rule;
    const argument = rule.letterArgument ?? rule.argument;
    const glued = letters.slice(at + 1);
    if (argument === 'none') {
      yield { name, value: undefined };
      continue;
    }
    if (glued !== '' || argument === 'optional') {
      yield { name, value: glued === '' ? undefined : glued };
      return;
    }
    const value = rest.shift();
    if (value === undefined) throw new OptionError(`option requires an argument -- '${letter}'`);
    yield { name, value };
    return;
  }
}

/** glibc looks at bytes: of a letter that takes several it complains about the first. */
function firstByte(text: string): string {
  return decodeText(encodeText(text), 0, 1);
}
