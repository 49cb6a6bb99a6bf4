/** Reads arguments into a draft of attribute values, row by row. */
import { type Args, duplicateOrGarbage, isPrefixOf, wrongArgument } from './args.ts';
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
      return keywordsOfRow(name, row).map(word => ({
        word,
        name,
        row: row as Row<unknown>,
      }));
    });
    compiled.set(rows, keywords);
  }
  return keywords;
}

function keywordsOfRow(name: string, { keyword = name, standalone }: Row<unknown>): readonly string[] {
  if (keyword === false) return [];
  if (standalone !== undefined) return Object.keys(standalone);
  return typeof keyword === 'string' ? [keyword] : keyword;
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
  if (row.isUnique) refuseSecond(keyword, word, args, draft);
  if (row.parse !== undefined) row.parse(args, draft, tools, keyword.word, name);
  else if (row.standalone !== undefined) draft[name] = row.standalone[keyword.word];
  else draft[name] = parseValue(row, keyword.word, args, tools);
  return true;
}

function isKeyword(word: string, { word: keyword, row: { abbreviable } }: Keyword): boolean {
  if (word === keyword) return true;
  if (!abbreviable || !isPrefixOf(word, keyword)) return false;
  if (abbreviable === true) return true;
  return (typeof abbreviable === 'string' ? [abbreviable] : abbreviable).some(short =>
    word.startsWith(short),
  );
}

/** The rows that a draft has been given, for those that may be given once only. */
const given = new WeakMap<Values, Set<Row<unknown>>>();

/** Complains about a second keyword of a row: by the row's first keyword, or by the word itself if it stands alone. */
function refuseSecond({ row, name }: Keyword, word: string, args: Args, draft: Values): void {
  const rows = given.get(draft) ?? new Set();
  const isAlone = row.isBare || row.standalone !== undefined;
  const value = isAlone ? word : (args.peek() ?? args.next());
  if (rows.has(row)) throw duplicateOrGarbage(isAlone ? word : keywordsOfRow(name, row)[0]!, value);
  given.set(draft, rows.add(row));
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
