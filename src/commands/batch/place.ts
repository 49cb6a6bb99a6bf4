/** Where in a batch a word stands: line and column, for reports. */

/** A line of the file, or a part of one that is continued. */
export interface Piece {
  /** From 1. */
  readonly number: number;
  /** What of the line is read: no comment, and no backslash at its end. */
  readonly text: string;
}

/** What the words of the command that was read last stand in. Filled by {@link batchLines}. */
export interface LineSource {
  pieces: readonly Piece[];
}

/** The line of a batch that is run. */
export interface BatchPlace {
  readonly file: string;
  words: readonly string[];
  /** Where the word stands that a complaint is about. */
  placeOf(complaint: string): PlaceInFile | undefined;
}

/** Line and column, both from 1. */
export interface PlaceInFile {
  readonly line: number;
  readonly column: number;
}

const WORD = /[ \t\r\n]*(?:(["'])(.*?)\1|([^ \t\r\n]+))/gsy;

/** Where word `index` begins; for an index past the last word, where the last one ends. */
export function placeOfWord({ pieces }: LineSource, index: number): PlaceInFile | undefined {
  const text = pieces.map(piece => piece.text).join('');
  const pattern = new RegExp(WORD);
  let offset = 0;
  for (let at = 0; at <= index; at++) {
    const end = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      offset = end;
      break;
    }
    offset = pattern.lastIndex - (match[3]?.length ?? match[0].trimStart().length);
  }
  for (const { number, text } of pieces) {
    if (offset < text.length || number === pieces.at(-1)!.number) {
      return { line: number, column: offset + 1 };
    }
    offset -= text.length;
  }
  return undefined;
}

/**
 * The word of a line that a complaint is about: the last that it quotes, or the end of a line that is too short. 0 for
 * complaints about the line as a whole.
 */
export function indexOfWrongWord(words: readonly string[], complaint: string): number {
  if (/^Command line is not complete/.test(complaint)) return words.length;
  const quoted = [...complaint.matchAll(/"([^"]*)"/g)].map(([, word]) => words.lastIndexOf(word!));
  return Math.max(0, ...quoted.slice(0, MAX_QUOTED));
}

/** Help texts, which may follow a complaint, quote too. */
const MAX_QUOTED = 8;
