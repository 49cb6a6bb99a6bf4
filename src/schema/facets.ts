/**
 * Facets: everything about a row that its name and codec do not imply. Those for reading describe the command line,
 * those for printing the text for people and the JSON for programs.
 */
import type { Args, UsageError } from './args.ts';
import type { Names } from './names.ts';
import type { Colour, Datum, Output } from './output.ts';
import type { Operand, PlainSpelling, Spelling } from './spelling.ts';
import type { View } from './view.ts';

/** Decoded or drafted attribute values by row name. */
export type Values = Record<string, unknown>;

/**
 * Key of a draft for the values that later ones of the same row have taken the place of, by row name: the original
 * appends a value to its request whenever it is given. A draft without the key keeps the last value only.
 */
export const EARLIER: unique symbol = Symbol('earlier values');

/** The {@link EARLIER} values of a draft, if it keeps them. */
export function earlierValues(values: Values): Record<string, unknown[]> | undefined {
  return (values as { readonly [EARLIER]?: Record<string, unknown[]> })[EARLIER];
}

/** Sets a value of a draft, and keeps the one that was there if the draft keeps {@link EARLIER} values. */
export function setAgain<V extends object, N extends keyof V & string>(draft: V, name: N, value: V[N]): void {
  const before = draft[name];
  const earlier = earlierValues(draft as Values);
  if (before !== undefined && earlier !== undefined) {
    earlier[name] ??= [];
    earlier[name].push(before);
  }
  draft[name] = value;
}

/** What reading an argument may need to know. */
export interface ParseTools {
  readonly names: Names;
  /** Whether the object is being created; some keywords exist only then. */
  readonly isAdd: boolean;
  /** Reports something that does not stop the command. */
  warn(text: string): void;
}

/** The bounds of a number, and the complaint about one outside of them: `argument "V" is wrong: COMPLAINT`. */
export interface Range {
  readonly min?: number;
  readonly max: number;
  readonly complaint: string;
}

/** The bits that a word sets or clears. */
export type BitChange = { readonly set: number } | { readonly clear: number };

/** Flags, and which of them are given. */
export interface Switches {
  readonly flags: number;
  readonly mask: number;
}

/** The keywords of flags, each with its bit, and how what follows is written: 0 clears the flag. */
export interface SwitchWords {
  readonly bits: Readonly<Record<string, number>>;
  readonly spelling: PlainSpelling<number>;
}

/** Functions of a row that are given the other values, of type `V`. Methods, so that rows of any `V` make a table. */
interface Irregular<T, V> {
  parse(args: Args, keyword: string, draft: Readonly<V>, tools: ParseTools): T | undefined;
  patch(args: Args, keyword: string, draft: Readonly<V>, tools: ParseTools): Readonly<Partial<V>>;
  when(value: T, all: Readonly<V>, view: View): boolean;
  show(value: T, out: Output, all: Readonly<V>, view: View): void;
  whenAbsent(out: Output, all: Readonly<V>, view: View): void;
}

/** How a row is read from the command line. */
export interface ReadingFacets<T, V = Values> {
  /** Keyword or keywords that a value follows; false if the row cannot be set. */
  readonly keyword?: string | readonly string[] | false;
  /** Keywords may be abbreviated, if words are given down to them; the first row that matches wins. */
  readonly abbreviable?: boolean | string | readonly string[];
  /** Keywords that stand alone, each with the value that it sets. Without `keyword` the row has no others. */
  readonly standalone?: Readonly<Record<string, T | undefined>>;
  /** Keywords that stand alone, each with the bits that it changes in the number. */
  readonly bits?: Readonly<Record<string, BitChange>>;
  /** Keywords whose values switch one flag each. */
  readonly switches?: SwitchWords;
  /** The row may be given once only; the function makes the complaint if it is not the usual one. */
  readonly isUnique?: boolean | ((keyword: string, args: Args) => UsageError);
  /** A value that counts as none: a row that may be given once only takes another after it. */
  readonly unset?: T;
  /** Complaint about a wrong value: `argument "V" is wrong: COMPLAINT`; `invalid KEYWORD` if left out. */
  readonly complaint?: string | ((word: string, keyword: string) => UsageError);
  /** Bounds within what the spelling reads. */
  readonly range?: Range;
  /** What follows a keyword that `parse` or `patch` reads. */
  readonly operands?: readonly Operand[] | ((keyword: string) => readonly Operand[]);
  /** Reads the words after `keyword` in an irregular way and returns the value. */
  readonly parse?: Irregular<T, V>['parse'];
  /** Reads the words after `keyword` and returns the values that they set, of this row and of others. */
  readonly patch?: Irregular<T, V>['patch'];
}

/** How a row is printed. */
export interface PrintingFacets<T, V = Values> {
  /** Word before the value in text; nothing if empty. */
  readonly label?: string;
  /** Key in JSON; the row's name if left out. */
  readonly key?: string;
  /** What paints the label and the value. */
  readonly colour?: Colour;
  /** The value is printed only then. */
  readonly when?: Irregular<T, V>['when'];
  /** People see the value only then; programs always do. */
  readonly textWhen?: (value: T, view: View) => boolean;
  /** What is printed if the attribute is absent; people see nothing if the text is empty. */
  readonly absent?: { readonly datum: Datum; readonly text: string };
  /** Prints the value in an irregular way; false prints nothing. */
  readonly show?: false | Irregular<T, V>['show'];
  /** Prints something irregular if the attribute is absent. */
  readonly whenAbsent?: Irregular<T, V>['whenAbsent'];
}

/** The facets of a row whose value has type `T` and may be written as one of the words `W`. */
export interface Facets<T, W extends string = string, V = Values>
  extends ReadingFacets<T, V>,
    PrintingFacets<T, V> {
  /** Keyword and label, if they are not the row's name. */
  readonly word?: string;
  /** How the value is written, for people and in arguments; as usual for the codec if left out. */
  readonly spelling?: Spelling<T, W>;
}

/** The facets of a row, with a spelling. */
export interface Words<T, W extends string = string> extends Facets<T, W> {
  readonly spelling: Spelling<T, W>;
}
