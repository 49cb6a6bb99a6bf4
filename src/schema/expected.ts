/** What may stand next in a line, by the grammar alone: for completion, hints and generators of lines. */
import { findKeyword, type Grammar, type Keyword, type Operand } from './keywords.ts';

/** A place in a line. */
export interface Expected {
  /** Keywords that may stand there. */
  readonly keywords: readonly Keyword[];
  /** Values that may stand there, without or after a keyword. */
  readonly operands: readonly Operand[];
  /** Keywords of the same list that stand before, and may not stand there again. */
  readonly given: ReadonlySet<Keyword>;
}

/**
 * What a command reads after a keyword that ends its grammar; `word` is the last one that the keyword has read. The
 * same keyword again if it is undefined.
 */
export type Follow = (keyword: Keyword, word: string) => Grammar | undefined;

const NOTHING_FOLLOWS: Follow = () => undefined;

/** What may stand after `words`, which follow `before`: operands that a command takes by place. */
export function expectedAfter(
  grammar: Grammar,
  words: readonly string[],
  before: readonly Operand[] = [],
  follow = NOTHING_FOLLOWS,
): Expected {
  const { at, expected, isComplete } = readOperands(before, words, 0, follow);
  const after = readGrammar(grammar, words, at, follow).expected;
  if (expected === undefined || at < words.length) return after;
  return isComplete ? union(expected, after) : expected;
}

interface Walk {
  /** Index of the first word that has not been read. */
  readonly at: number;
  readonly expected: Expected;
  /** What is expected may be missing as well. */
  readonly isComplete: boolean;
}

function readGrammar(grammar: Grammar, words: readonly string[], start: number, follow: Follow): Walk {
  const given = new Set<Keyword>();
  let at = start;
  while (at < words.length) {
    const keyword = findKeyword(grammar.keywords, words[at]!);
    if (keyword === undefined) {
      if (grammar.operand === undefined) break;
      at++;
      continue;
    }
    if (!keyword.repeats && !keyword.endsReading) given.add(keyword);
    const inside = readOperands(keyword.operands, words, at + 1, follow);
    at = inside.at;
    if (keyword.endsReading && inside.expected === undefined)
      return readGrammar(follow(keyword, words[at - 1]!) ?? { keywords: [keyword] }, words, at, follow);
    if (at < words.length || inside.expected === undefined) continue;
    if (!inside.isComplete) return { at, expected: inside.expected, isComplete: false };
    const next = keyword.endsReading ? startOf({ keywords: [keyword] }) : startOf(grammar, given);
    return { at, expected: union(inside.expected, next), isComplete: true };
  }
  return { at, expected: startOf(grammar, given), isComplete: true };
}

/** Reads one keyword of a grammar with what stands after it. */
function readChoice(
  grammar: Grammar,
  words: readonly string[],
  at: number,
  isOptional: boolean,
  follow: Follow,
): Walk {
  if (at >= words.length) return { at, expected: startOf(grammar), isComplete: isOptional };
  const keyword = findKeyword(grammar.keywords, words[at]!);
  if (keyword === undefined) return { at: isOptional ? at : at + 1, expected: NOTHING, isComplete: true };
  const { expected = NOTHING, ...inside } = readOperands(keyword.operands, words, at + 1, follow);
  return { expected, ...inside };
}

const NONE: ReadonlySet<Keyword> = new Set();
const NOTHING: Expected = { keywords: [], operands: [], given: NONE };

function startOf({ keywords, operand }: Grammar, given = NONE): Expected {
  return { keywords, operands: operand === undefined ? [] : [operand], given };
}

function union(first: Expected, second: Expected): Expected {
  return {
    keywords: [...first.keywords, ...second.keywords],
    operands: [...first.operands, ...second.operands],
    given: new Set([...first.given, ...second.given]),
  };
}

/** Reads operands as far as there are words. Nothing is expected if none of them can stand next. */
function readOperands(
  operands: readonly Operand[],
  words: readonly string[],
  start: number,
  follow: Follow,
): Omit<Walk, 'expected'> & { readonly expected?: Expected } {
  let at = start;
  let expected: Expected | undefined;
  for (const operand of operands) {
    if (operand.grammar !== undefined) {
      const nested = operand.isChoice
        ? readChoice(operand.grammar(), words, at, operand.isOptional ?? false, follow)
        : readGrammar(operand.grammar(), words, at, follow);
      const isEmpty = nested.at === at && operand.isNonEmpty === true;
      at = nested.at;
      if (at < words.length) continue;
      expected = expected === undefined ? nested.expected : union(expected, nested.expected);
      if (!nested.isComplete || isEmpty) return { at, expected, isComplete: false };
      continue;
    }
    if (at < words.length) {
      const isMissing = operand.isOptional && !(operand.words?.includes(words[at]!) ?? true);
      if (!isMissing) at += operand.hasValue ? 2 : 1;
      continue;
    }
    const here = { ...NOTHING, operands: [operand] };
    expected = expected === undefined ? here : union(expected, here);
    if (!operand.isOptional) return { at, expected, isComplete: false };
  }
  return expected === undefined ? { at, isComplete: true } : { at, expected, isComplete: true };
}
