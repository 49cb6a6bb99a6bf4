/** Reads arguments into a draft of attribute values, row by row. */
import { type Args, isPrefixOf, wrongArgument } from './args.ts';
import type { ParseTools, Row, Rows, Values } from './row.ts';

interface Keyword {
  readonly word: string;
  readonly name: string;
  readonly row: Row<unknown>;
}

const compiled = new WeakMap<Rows, readonly Keyword[]>();

/** Every keyword of `rows` with its row, in order of precedence. */
export function keywordsOf(rows: Rows): readonly Keyword[] {
  let keywords = compiled.get(rows);
  if (keywords === undefined) {
    keywords = Object.entries(rows).flatMap(([name, row]) => {
      const words = row.keyword === false ? [] : (row.keyword ?? name);
      return (typeof words === 'string' ? [words] : words).map(word => ({
        word,
        name,
        row: row as Row<unknown>,
      }));
    });
    compiled.set(rows, keywords);
  }
  return keywords;
}

/**
 * Reads one keyword and its value, if the current word is a keyword of `rows`, into `draft`.
 * Answers false and reads nothing when it is none.
 */
export function parseRow(rows: Rows, args: Args, draft: Values, tools: ParseTools): boolean {
  const word = args.peek();
  if (word === undefined) return false;
  const keyword = keywordsOf(rows).find(entry => isKeyword(word, entry));
  if (keyword === undefined) return false;
  args.skip();
  const { row, name } = keyword;
  if (row.parse !== undefined) row.parse(args, draft, tools, keyword.word);
  else draft[name] = parseValue(row, keyword.word, args, tools);
  return true;
}

function isKeyword(word: string, { word: keyword, row: { abbreviable } }: Keyword): boolean {
  if (!abbreviable) return word === keyword;
  return isPrefixOf(word, keyword) && (abbreviable === true || word.startsWith(abbreviable));
}

/** Reads the value after `keyword` as the row spells it; complains as the row says when it is no such value. */
export function parseValue<T>(row: Row<T>, keyword: string, args: Args, tools: ParseTools): T {
  if (row.isBare) return true as T;
  const word = args.next();
  const value = row.spelling.parse(word, tools);
  if (value !== undefined) return value;
  const { complaint = `invalid ${keyword}` } = row;
  throw typeof complaint === 'string' ? wrongArgument(word, complaint) : complaint(word, keyword);
}
