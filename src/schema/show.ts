/** Prints the values of a table in row order. */
import type { Output } from './output.ts';
import type { Row, Rows, Values, ValuesOf } from './row.ts';
import type { View } from './view.ts';

/** Prints each present value as its facets say; by default `label value ` for people, `key: value` for programs. */
export function showRows<R extends Rows>(rows: R, values: ValuesOf<R>, out: Output, view: View): void {
  for (const name in rows) showRow(name, rows[name] as Row<unknown>, values as Values, out, view);
}

function showRow(name: string, row: Row<unknown>, all: Values, out: Output, view: View): void {
  const value = all[name];
  if (value === undefined) {
    row.whenAbsent?.(out, all, view);
    return;
  }
  if (row.show === false || row.when?.(value, all, view) === false) return;
  if (row.show !== undefined) {
    row.show(value, out, all, view);
    return;
  }
  const shown = row.spelling.show(value, view);
  const label = row.label ?? name;
  const text = `${label}${label !== '' && shown !== '' ? ' ' : ''}${shown} `;
  out.field(row.key ?? name, row.spelling.datum?.(value, view) ?? shown, text, row.colour);
}
