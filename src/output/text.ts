/** Writers for people: plain and coloured text, records on several lines or on one. */
import type { Colour, Output } from '../schema/output.ts';
import { NumberTexts } from './numbers.ts';
import type { Sink } from './sink.ts';

export interface TextOptions {
  /** -o: a break inside a record is a backslash. */
  readonly oneLine: boolean;
  readonly palette: Palette | undefined;
}

/** SGR parameters of each colour. */
export type Palette = Readonly<Record<Colour, string>>;

const ON_DARK: Palette = {
  ifname: '1;36',
  mac: '1;33',
  inet: '1;35',
  inet6: '1;94',
  up: '1;32',
  down: '1;31',
};
const ON_LIGHT: Palette = { ifname: '36', mac: '33', inet: '35', inet6: '34', up: '32', down: '31' };

/** The palette for the background that COLORFGBG names: its last field 0 to 6 or 8 is dark, unset is dark. */
export function paletteFor(colorFgBg: string | undefined): Palette {
  const background = colorFgBg?.split(';').at(-1);
  return background === undefined || /^([0-6]|8)$/.test(background) ? ON_DARK : ON_LIGHT;
}

/** An Output that prints only what people read. */
export function textOutput(sink: Sink, { oneLine, palette }: TextOptions): Output {
  const lineBreak = oneLine ? '\\' : '\n';
  /** Writes text, coloured as the palette says. */
  function write(text: string, colour: Colour | undefined): void {
    if (palette === undefined || colour === undefined || text === '') sink.write(text);
    else sink.write(`\x1b[${palette[colour]}m${text}\x1b[0m`);
  }
  /** Values by key as they were last written: most come again in the next record. */
  const labelled = new Map<string, { label: string; value: string | number; text: string }>();
  function labelledText(key: string, label: string, value: string | number): string {
    const last = labelled.get(key);
    if (last === undefined) {
      const text = `${label}${value} `;
      labelled.set(key, { label, value, text });
      return text;
    }
    if (last.value !== value || last.label !== label) {
      last.label = label;
      last.value = value;
      last.text = `${label}${value} `;
    }
    return last.text;
  }
  const numbers = new NumberTexts(({ label }, value) => `${label}${value} `);
  return {
    field: (_key, _value, text, colour) => write(text, colour),
    labelled(key, label, value, colour) {
      if (palette === undefined) {
        sink.write(labelledText(key, label, value));
        return;
      }
      sink.write(label);
      write(`${value} `, colour);
    },
    numbers: (row, source) => sink.write(numbers.textOf(row, source)),
    text: write,
    item: (_value, text, colour) => write(text, colour),
    list: (_key, text) => text === undefined || sink.write(text),
    end: text => text === undefined || sink.write(text),
    words: (_key, _words, text) => sink.write(text),
    newline: () => sink.write(lineBreak),
    lines: make => sink.write(make().join(lineBreak)),
    data: () => undefined,
    open: () => undefined,
    close: () => undefined,
  };
}
