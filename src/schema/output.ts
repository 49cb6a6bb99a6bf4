/**
 * Where printed values go: one call prints a field for people and for programs. The writers that implement it
 * (text, one line, colour, JSON, pretty JSON) are in output/; nothing outside them asks which one it is.
 */

/** A JSON number spelt by the caller, for numbers that JavaScript cannot spell (`0.00`). */
export class RawNumber {
  readonly spelling: string;

  constructor(spelling: string) {
    this.spelling = spelling;
  }
}

/** What a program reads: a JSON scalar. */
export type Datum = string | number | bigint | boolean | null | RawNumber;

/** What a piece of text is about; a colour writer knows how to paint it. */
export type Colour = 'ifname' | 'mac' | 'inet' | 'inet6' | 'up' | 'down';

/** A number of many devices or addresses: its attribute, its key, and what people read before it. */
export interface LabelledNumber {
  readonly type: number;
  readonly key: string;
  readonly label: string;
}

/** Where numbers are read: the attributes of a message. */
export interface NumberSource {
  u32(type: number): number | undefined;
}

export interface Output {
  /** A named value: `text` for people, exactly as it stands (colour wraps all of it), `key: value` for programs. */
  field(key: string, value: Datum, text: string, colour?: Colour): void;
  /** A named value that people read between `label` and a space; colour wraps the value and the space. */
  labelled(key: string, label: string, value: string | number, colour?: Colour): void;
  /** Labelled numbers in a row, those that are there. */
  numbers(row: readonly LabelledNumber[], source: NumberSource): void;
  /** For people only. */
  text(text: string, colour?: Colour): void;
  /** Lines for people only, with a break between them: `make` is called only where people read. */
  lines(make: () => readonly string[]): void;
  /** For programs only. */
  data(key: string, value: Datum): void;
  /** Begins an object, as the member `key` inside an object, without key inside a list. */
  open(key?: string): void;
  close(): void;
  /** Begins a list, as the member `key` inside an object; `text` is what people see before its items. */
  list(key?: string, text?: string): void;
  /** A scalar inside a list. */
  item(value: Datum, text: string, colour?: Colour): void;
  /** Ends a list; `text` is what people see after it. */
  end(text?: string): void;
  /** A whole list of words, as the member `key`; `text` is what people see of it. */
  words(key: string, words: readonly string[], text: string): void;
  /** A line break inside a record: `\` when every record is to stay on one line. */
  newline(): void;
}

/** Prints each number that is there by `labelled`. */
export function printNumbers(
  row: readonly LabelledNumber[],
  source: NumberSource,
  { labelled }: Pick<Output, 'labelled'>,
): void {
  for (const { type, key, label } of row) {
    const value = source.u32(type);
    if (value !== undefined) labelled(key, label, value);
  }
}
