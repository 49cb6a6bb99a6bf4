/** What may stand next in a line, by the grammar alone: for completion, hints and generators of lines. */
import { findKeyword, type Grammar, type Keyword, type Operand } from './keywords.ts';

/** A place in a line. */
export interface Expected {
  /** Keywords that may stand there. */
  readonly keywords: readonly Keyword[];
  /** Values that may stand there, without or after a keyword. */
  readonly operands: readonly Operand[];
}

/** What may stand after `words`, which follow `before`: operands that a command takes by place. */
export function expectedAfter(
  grammar: Grammar,
  words: readonly string[],
  before: readonly Operand[] = [],
): Expected {
  const { at, expected } = readOperands(before, words, 0);
  if (expected !== undefined && at >= words.length) return expected;
  return readGrammar(grammar, words, at).expected;
}

interface Walk {
  /** Index of the first word that has not been read. */
  readonly at: number;
  readonly expected: Expected;
  /** What is expected may be missing as well. */
  readonly isComplete: boolean;
}

function readGrammar(grammar: Grammar, words: readonly string[], start: number): Walk {
  let at = start;
  while (at < words.length) {
    const keyword = findKeyword(grammar.keywords, words[at]!);
    if (keyword === undefined) {
      if (grammar.operand === undefined) break;
      at++;
      continue;
    }
    const inside = readOperands(keyword.operands, words, at + 1);
    at = inside.at;
    if (at < words.length || inside.expected === undefined) continue;
    return inside.isComplete
      ? { at, expected: union(inside.expected, startOf(grammar)), isComplete: true }
      : { at, expected: inside.expected, isComplete: false };
  }
  return { at, expected: startOf(grammar), isComplete: true };
}

/** Reads one keyword of a grammar with what stands after it. */
function readChoice(grammar: Grammar, words: readonly string[], at: number, isOptional = false): Walk {
  if (at >= words.length) return { at, expected: startOf(grammar), isComplete: isOptional };
  const keyword = findKeyword(grammar.keywords, words[at]!);
  if (keyword === undefined) return { at: isOptional ? at : at + 1, expected: NOTHING, isComplete: true };
  const { expected = NOTHING, ...inside } = readOperands(keyword.operands, words, at + 1);
  return { expected, ...inside };
}

const NOTHING: Expected = { keywords: [], operands: [] };

function startOf({ keywords, operand }: Grammar): Expected {
  return { keywords, operands: operand === undefined ? [] : [operand] };
}

function union(first: Expected, second: Expected): Expected {
  return {
    keywords: [...first.keywords, ...second.keywords],
    operands: [...first.operands, ...second.operands],
  };
}

/** Reads operands as far as there are words. Nothing is expected if none of them can stand next. */
function readOperands(
  operands: readonly Operand[],
  words: readonly string[],
  start: number,
): Omit<Walk, 'expected'> & { readonly expected?: Expected } {
  let at = start;
  let expected: Expected | undefined;
  for (const operand of operands) {
    if (operand.grammar !== undefined) {
      const nested = operand.isChoice
        ? readChoice(operand.grammar(), words, at, operand.isOptional)
        : readGrammar(operand.grammar(), words, at);
      at = nested.at;
      if (at < words.length) continue;
      expected = expected === undefined ? nested.expected : union(expected, nested.expected);
      if (!nested.isComplete) return { at, expected, isComplete: false };
      continue;
    }
    if (at < words.length) {
      const isMissing = operand.isOptional && !(operand.words?.includes(words[at]!) ?? true);
      if (!isMissing) at++;
      continue;
    }
    const here = { keywords: [], operands: [operand] };
    expected = expected === undefined ? here : union(expected, here);
    if (!operand.isOptional) return { at, expected, isComplete: false };
  }
  return expected === undefined ? { at, isComplete: true } : { at, expected, isComplete: true };
}
