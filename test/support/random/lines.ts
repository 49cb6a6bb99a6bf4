/** Random command lines of `ip`, as arbitraries of fast-check, which shrinks a failing one to the words that matter. */
import fc from 'fast-check';
import { GRAMMAR } from './grammar.ts';

const MAX_REPEATS = 3;

/** Weights of a line as the grammar has it, and of one with a changed word. */
const INTACT = 7;
const CHANGED = 5;

const symbols = new Map<string, fc.Arbitrary<string>>();

/** A phrase of the grammar: `<name>` is one of the name's phrases, `[...]` is there or not, `{...}` up to three times. */
function phrase(text: string): fc.Arbitrary<string> {
  const parts = text.match(/\{.*?\}|\[.*?\]|<\w+>|[^{[<]+/g) ?? [];
  return fc.tuple(...parts.map(partOf)).map(words => words.join(''));
}

function partOf(text: string): fc.Arbitrary<string> {
  const inner = text.slice(1, -1);
  switch (text[0]) {
    case '{':
      return fc.array(phrase(inner), { maxLength: MAX_REPEATS }).map(words => words.join(' '));
    case '[':
      return fc.oneof(fc.constant(''), phrase(inner));
    case '<':
      return symbol(inner);
    default:
      return fc.constant(text);
  }
}

/** Any phrase of the name; made once for all places that use the name. */
function symbol(name: string): fc.Arbitrary<string> {
  let found = symbols.get(name);
  if (found === undefined) {
    const choices = GRAMMAR[name];
    if (choices === undefined) throw new Error(`the grammar has no <${name}>`);
    found = fc.oneof(...choices.map(phrase));
    symbols.set(name, found);
  }
  return found;
}

/** A word that is cut short, left out, given twice, or exchanged with the next one. */
const change = fc.record({
  how: fc.constantFrom('cut', 'cut', 'omit', 'repeat', 'exchange'),
  at: fc.nat(),
  length: fc.nat(),
});

/** A line of the grammar; in some of them a word is changed. */
export const randomLine: fc.Arbitrary<string> = withChanges(symbol('line'));

/** `lines`, in some of which a word is changed. */
export function withChanges(lines: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const changes = fc.oneof(
    { weight: INTACT, arbitrary: fc.constant(undefined) },
    { weight: CHANGED, arbitrary: change },
  );
  return fc.tuple(lines, changes).map(([line, changed]) => {
    const words = line.split(' ').filter(word => word !== '');
    if (changed === undefined || words.length === 0) return words.join(' ');
    const at = changed.at % words.length;
    const word = words[at] ?? '';
    switch (changed.how) {
      case 'cut':
        words[at] = word.slice(0, 1 + (changed.length % word.length));
        break;
      case 'omit':
        words.splice(at, 1);
        break;
      case 'repeat':
        words.splice(at, 0, word);
        break;
      case 'exchange':
        words.splice(at, 2, ...words.slice(at, at + 2).reverse());
    }
    return words.join(' ');
  });
}
