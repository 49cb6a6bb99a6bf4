/** Prints the values of a table in row order. */
import type { Values, Words } from './facets.ts';
import type { Datum, Output } from './output.ts';
import type { Rows, ValuesOf } from './row.ts';
import type { View } from './view.ts';

/** Prints each present value as its facets say; by default `label value ` for people, `key: value` for programs. */
export function showRows<R extends Rows>(rows: R, values: ValuesOf<R>, out: Output, view: View): void {
  for (const name in rows) showRow(name, rows[name]!.words, values as Values, out, view);
}

function showRow(name: string, words: Words<unknown>, all: Values, out: Output, view: View): void {
  const value = all[name];
  if (value === undefined) {
    const { absent } = words;
    if (absent !== undefined) showField(name, words, absent.datum, absent.text, absent.text !== '', out);
    words.whenAbsent?.(out, all, view);
    return;
  }
  if (words.show === false || words.when?.(value, all, view) === false) return;
  if (words.show !== undefined) {
    words.show(value, out, all, view);
    return;
  }
  const { spelling, textWhen } = words;
  const text = spelling.show(value, view);
  const datum = spelling.datum === undefined ? text : spelling.datum(value, view);
  showField(name, words, datum, text, textWhen === undefined || textWhen(value, view), out);
}

function showField(
  name: string,
  { label = name, key = name, colour }: Words<unknown>,
  datum: Datum,
  shown: string,
  isForPeople: boolean,
  out: Output,
): void {
  const text = isForPeople ? `${label}${label !== '' && shown !== '' ? ' ' : ''}${shown} ` : '';
  out.field(key, datum, text, colour);
}

/** Prints flags as `<NAME,NAME> `; bits without name as one hexadecimal number. */
export function showFlags(flags: number, names: Readonly<Record<string, number>>, out: Output): void {
  const entries = Object.entries(names);
  const words = entries.filter(([, bit]) => flags & bit).map(([name]) => name);
  const rest = entries.reduce((left, [, bit]) => left & ~bit, flags) >>> 0;
  if (rest !== 0) words.push(rest.toString(16));
  out.words('flags', words, `<${words.join(',')}> `);
}
