/** Labelled numbers in a row, which writers remember. */
import type { LabelledNumber, NumberSource } from '../schema/output.ts';

/** The text of each row as it was last printed: of most devices the numbers are those of the device before. */
export class NumberTexts {
  readonly #known = new Map<readonly LabelledNumber[], { values: (number | undefined)[]; text: string }>();
  readonly #textOf: (number: LabelledNumber, value: number) => string;

  constructor(textOf: (number: LabelledNumber, value: number) => string) {
    this.#textOf = textOf;
  }

  textOf(row: readonly LabelledNumber[], source: NumberSource): string {
    let known = this.#known.get(row);
    if (known === undefined) {
      known = { values: row.map(() => undefined), text: '' };
      this.#known.set(row, known);
    }
    const { values } = known;
    let isSame = true;
    for (let at = 0; at < row.length; at++) {
      const value = source.u32(row[at]!.type);
      if (value === values[at]) continue;
      values[at] = value;
      isSame = false;
    }
    if (!isSame) known.text = this.#print(row, values);
    return known.text;
  }

  #print(row: readonly LabelledNumber[], values: readonly (number | undefined)[]): string {
    let text = '';
    row.forEach((number, at) => {
      const value = values[at];
      if (value !== undefined) text += this.#textOf(number, value);
    });
    return text;
  }
}
