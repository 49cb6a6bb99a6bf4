/** The grammar of batch files: which lines are commands, and what their words are. */
import { UsageError } from '../../schema/args.ts';
import type { LineSource, Piece } from './place.ts';

const MAX_WORDS = 511;
const NUL = 0;
const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const QUOTE = 39;
const BACKSLASH = 92;

/** One command of a batch. */
export interface BatchLine {
  readonly words: readonly string[];
  /** Number of the last physical line that belongs to it, from 1. */
  readonly number: number;
}

/**
 * Joins continued lines, drops comments and empty lines, and splits the rest into words. The pieces of text end where
 * lines end. `complain` is called if the last line is continued by none. `source` is filled before each command.
 */
export function* batchLines(
  texts: Iterable<string>,
  complain: (text: string) => void,
  source?: LineSource,
): Generator<BatchLine, void> {
  let number = 0;
  let joined = '';
  let pieces: Piece[] = [];
  let isContinued = false;
  let before: readonly string[] = [];
  for (const text of texts) {
    for (let start = 0; start < text.length; ) {
      number++;
      const plain: string[] = [];
      const end = !isContinued && joined === '' ? readPlainLine(text, start, before, plain) : undefined;
      if (end !== undefined) {
        if (source !== undefined) source.pieces = [new PlainPiece(number, text, start, end)];
        start = end;
        if (plain.length > 0) yield { words: plain, number };
        before = plain;
        continue;
      }
      const physical = text.slice(start, text.indexOf('\n', start) + 1 || text.length);
      start += physical.length;
      const [used = ''] = physical.split(UNUSED, 1);
      joined += used;
      isContinued = joined.endsWith('\\\n');
      if (isContinued) joined = joined.slice(0, -2);
      pieces.push({ number, text: isContinued ? used.slice(0, -2) : used });
      if (isContinued) continue;
      if (source !== undefined) source.pieces = pieces;
      pieces = [];
      const line = joined;
      joined = '';
      const words = splitWords(line);
      if (words.length > 0) yield { words, number };
    }
  }
  if (isContinued) complain('Missing continuation line');
}

/** A line that is cut out of its text only when somebody asks for it. */
class PlainPiece implements Piece {
  readonly number: number;
  readonly #whole: string;
  readonly #start: number;
  readonly #end: number;

  constructor(number: number, whole: string, start: number, end: number) {
    this.number = number;
    this.#whole = whole;
    this.#start = start;
    this.#end = end;
  }

  get text(): string {
    return this.#whole.slice(this.#start, this.#end);
  }
}

/** What begins the rest of a line that is not read: a comment, or a NUL, which ends the line as a text of C. */
const UNUSED = /[#\0]/;

/**
 * Reads the words of the line that begins at `start`; returns where the next one begins, or undefined if this one has
 * quotes, comments, NULs or backslashes. Words that are those of the line `before` are the same strings: V8 knows them
 * already.
 */
function readPlainLine(
  text: string,
  start: number,
  before: readonly string[],
  words: string[],
): number | undefined {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) return at + 1;
    if (isSpace(code)) {
      at++;
      continue;
    }
    const known = before[words.length];
    if (known !== undefined && isWordAt(text, at, known)) {
      addWord(words, known);
      at += known.length;
      continue;
    }
    const end = endOfPlainWord(text, at);
    if (end === undefined) return undefined;
    addWord(words, text.slice(at, end));
    at = end;
  }
  return at;
}

function isWordAt(text: string, at: number, word: string): boolean {
  const end = at + word.length;
  return text.startsWith(word, at) && (end >= text.length || isSpace(text.charCodeAt(end)));
}

function endOfPlainWord(text: string, start: number): number | undefined {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) break;
    if (code === HASH || code === BACKSLASH || code === DOUBLE_QUOTE || code === QUOTE || code === NUL)
      return undefined;
  }
  return at;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === NEWLINE || code === TAB || code === RETURN;
}

function addWord(words: string[], word: string): void {
  if (words.length >= MAX_WORDS) throw new UsageError('Too many arguments to command');
  words.push(word);
}

/**
 * Splits a line at white space. A quote that begins a word goes to the next such quote, without escapes; what is
 * glued to it begins a new word.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  const pattern = /[ \t\r\n]*(?:(["'])(.*?)\1|(["'])|([^ \t\r\n]+))/gsy;
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    if (match[3] !== undefined) throw new UsageError('Unterminated quoted string');
    addWord(words, match[2] ?? match[4] ?? '');
  }
  return words;
}
