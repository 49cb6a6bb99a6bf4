/** Reads arguments into a draft of attribute values, row by row. */
import { flag } from '../wire/codec.ts';
import { type Args, duplicateOrGarbage, wrongArgument } from './args.ts';
import {
  type BitChange,
  type ParseTools,
  type Range,
  type Switches,
  setAgain,
  type Values,
  type Words,
} from './facets.ts';
import { type Keyword, readKeyword } from './keywords.ts';
import type { AnyRow, Rows } from './row.ts';
import type { Operand, Spelling } from './spelling.ts';

/** A keyword of a row. */
export interface RowKeyword extends Keyword<Values, ParseTools> {
  /** The row's name. */
  readonly name: string;
  readonly row: AnyRow;
}

const compiled = new WeakMap<Rows, readonly RowKeyword[]>();

/** Every keyword of `rows` with its row, in order of precedence. */
export function keywordsOf(rows: Rows): readonly RowKeyword[] {
  let keywords = compiled.get(rows);
  if (keywords === undefined) {
    keywords = Object.entries(rows).flatMap(([name, row]) => keywordsOfRow(name, row));
    compiled.set(rows, keywords);
  }
  return keywords;
}

function keywordsOfRow(name: string, row: AnyRow): RowKeyword[] {
  const { words } = row;
  const alone = Object.keys(words.standalone ?? words.bits ?? {});
  const { keyword: given = alone.length > 0 ? [] : (words.word ?? name) } = words;
  if (given === false) return [];
  const valued = [given].flat();
  // Words that are read alike are synonyms of the first.
  const hasSynonyms = (words.parse ?? words.patch ?? words.switches) === undefined;
  return [...valued, ...alone].map((word, place) => {
    const isAlone = place >= valued.length || row.codec === flag;
    const keyword: RowKeyword = {
      word,
      name,
      row,
      abbreviable: abbreviationOf(word, words),
      operands: isAlone ? [] : operandsOf(word, words),
      isHidden: hasSynonyms && place > 0 && place < valued.length,
      read(draft, args, tools) {
        if (words.isUnique && !isUnset(keyword, draft)) refuseSecond(keyword, valued[0] ?? word, args, draft);
        const values = readRow(keyword, args, draft, tools);
        const containsEarlier = words.bits !== undefined || words.switches !== undefined;
        if (containsEarlier) Object.assign(draft, values);
        else for (const name in values) setAgain(draft, name, values[name]);
      },
    };
    return keyword;
  });
}

function abbreviationOf(word: string, { abbreviable = false }: Words<unknown>): boolean | string {
  if (typeof abbreviable === 'boolean') return abbreviable;
  return [abbreviable].flat().find(short => word.startsWith(short)) ?? false;
}

function operandsOf(word: string, { operands, switches, spelling }: Words<unknown>): readonly Operand[] {
  if (operands !== undefined) return typeof operands === 'function' ? operands(word) : operands;
  return [(switches?.spelling ?? spelling).operand ?? { synopsis: 'VALUE' }];
}

/**
 * Reads one keyword and its value, if the current word is a keyword of `rows`, into `draft`.
 * Returns false and reads nothing if it is not.
 */
export function parseRow(rows: Rows, args: Args, draft: Values, tools: ParseTools): boolean {
  return readKeyword(keywordsOf(rows), draft, args, tools);
}

/** Whether a row has been given the value that counts as none. */
function isUnset({ name, row }: RowKeyword, draft: Values): boolean {
  return row.words.unset !== undefined && draft[name] === row.words.unset;
}

/** The rows that a draft has been given, for those that may be given once only. */
const rowsOfDraft = new WeakMap<Values, Set<AnyRow>>();

/** Complains about a second keyword of a row: by the row's first keyword, or by the word itself if it stands alone. */
function refuseSecond({ row, word, operands }: RowKeyword, first: string, args: Args, draft: Values): void {
  const { isUnique } = row.words;
  const rows = rowsOfDraft.get(draft) ?? new Set();
  if (rows.has(row)) {
    if (typeof isUnique === 'function') throw isUnique(word, args);
    if (operands.length > 0) throw duplicateOrGarbage(first, args.peek() ?? args.next());
    // The word as it was given, which may be an abbreviation.
    args.back();
    const alone = args.next();
    throw duplicateOrGarbage(alone, alone);
  }
  rowsOfDraft.set(draft, rows.add(row));
}

/** Reads what follows a keyword; returns the values that it sets, by row name. */
function readRow({ word, name, row }: RowKeyword, args: Args, draft: Values, tools: ParseTools): Values {
  const { words } = row;
  if (words.standalone !== undefined && Object.hasOwn(words.standalone, word)) {
    return { [name]: words.standalone[word] };
  }
  const change = words.bits?.[word];
  if (change !== undefined) return { [name]: withBits(draft[name] as number | undefined, change) };
  if (words.patch !== undefined) return words.patch(args, word, draft, tools);
  if (words.parse !== undefined) return { [name]: words.parse(args, word, draft, tools) };
  if (words.switches !== undefined) {
    const { bits, spelling } = words.switches;
    const isOn = parseWord(spelling, words, word, args, tools) !== 0;
    return { [name]: switchBit(draft[name] as Switches | undefined, bits[word]!, isOn) };
  }
  if (row.codec === flag) return { [name]: true };
  return { [name]: parseWord(words.spelling, words, word, args, tools) };
}

/** Reads the word after `keyword`; complains as the row's words say if it is not such a value. */
function parseWord<T>(
  spelling: Spelling<T>,
  { range, complaint }: Words<unknown>,
  keyword: string,
  args: Args,
  tools: ParseTools,
): T {
  const word = args.next();
  const value = spelling.parse(word, tools);
  if (value === undefined) {
    if (typeof complaint === 'function') throw complaint(word, keyword);
    throw wrongArgument(word, complaint ?? `invalid ${keyword}`);
  }
  if (range !== undefined && isOutside(Number(value), range)) throw wrongArgument(word, range.complaint);
  return value;
}

function isOutside(value: number, { min = 0, max }: Range): boolean {
  return value < min || value > max;
}

/** A number with some of its bits changed. */
export function withBits(value: number | undefined, change: BitChange): number {
  const bits = value ?? 0;
  return ('set' in change ? bits | change.set : bits & ~change.clear) >>> 0;
}

/** `switches` with the flags of `bits` given too. */
export function switchBit(switches: Switches | undefined, bits: number, isOn: boolean): Switches {
  const { flags, mask } = switches ?? { flags: 0, mask: 0 };
  return { flags: withBits(flags, isOn ? { set: bits } : { clear: bits }), mask: (mask | bits) >>> 0 };
}
