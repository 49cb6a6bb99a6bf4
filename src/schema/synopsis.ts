/** Synopses made of grammars: `[ dev DEV ] [ router ]`, as help texts print them. */
import type { Grammar, Keyword, Operand } from './keywords.ts';

/** Columns of a help text. */
const WIDTH = 80;

/** A keyword with what stands after it: `lladdr LLADDR`. */
export function keywordSynopsis({
  word,
  shownAs,
  operands,
}: Pick<Keyword, 'word' | 'shownAs' | 'operands'>): string {
  const shown = operands.filter(({ synopsis }) => synopsis !== '');
  return [shownAs ?? word, ...shown.map(operandSynopsis)].join(' ');
}

function operandSynopsis({ synopsis, isOptional }: Operand): string {
  return isOptional ? `[ ${synopsis} ]` : synopsis;
}

/**
 * What a synopsis shows of a grammar: each keyword in brackets. `alternatives` are keywords that exclude each other,
 * shown in one pair of brackets where the first of them stands; `without` are shown elsewhere; with `only`, all others
 * are.
 */
export function synopsisItems(
  grammar: Grammar,
  { alternatives = [], without = [], only }: SynopsisOptions = {},
): string[] {
  const shown = new Map(grammar.keywords.filter(({ isHidden }) => !isHidden).map(key => [key.word, key]));
  const items: string[] = [];
  for (const word of only ?? shown.keys()) {
    const keyword = shown.get(word);
    if (keyword === undefined || without.includes(word)) continue;
    const group = alternatives.find(words => words.includes(word));
    if (group === undefined) items.push(`[ ${keywordSynopsis(keyword)} ]`);
    else if (group[0] === word) {
      const together = group.map(other => keywordSynopsis(shown.get(other) ?? { word: other, operands: [] }));
      const isOfWords = group.every(other => shown.get(other)?.operands.length === 0);
      items.push(isOfWords ? `[ { ${together.join(' | ')} } ]` : `[ ${together.join(' | ')} ]`);
    }
  }
  return items;
}

/** The keywords that a synopsis shows. */
export function synopsisWords({ keywords }: Grammar): string[] {
  return keywords.filter(({ isHidden }) => !isHidden).map(({ word }) => word);
}

/** How {@link synopsisItems} arranges keywords. */
export interface SynopsisOptions {
  readonly alternatives?: readonly (readonly string[])[];
  readonly without?: readonly string[];
  /** Shows these only, in this order. */
  readonly only?: readonly string[];
}

/** `head` and after it the items, in lines of at most 80 columns, those after the first below the end of `head`. */
export function synopsisLines(head: string, items: readonly string[], indent = head.length + 1): string {
  const lines = [head];
  for (const item of items) {
    const last = lines.at(-1)!;
    if (last.length + 1 + item.length <= WIDTH || last.trim() === '')
      lines[lines.length - 1] = `${last} ${item}`;
    else lines.push(`${' '.repeat(indent)}${item}`);
  }
  return lines.join('\n');
}
