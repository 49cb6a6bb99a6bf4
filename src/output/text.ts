/** Writers for people: plain and coloured text, records on several lines or on one. */
import type { Colour, RepeatableOutput } from '../schema/output.ts';
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

/** The palette for the background that COLORFGBG tells: its last field 0 to 6 or 8 is dark, unset is dark. */
export function paletteFor(colorFgBg: string | undefined): Palette {
  const background = colorFgBg?.split(';').at(-1);
  return background === undefined || /^([0-6]|8)$/.test(background) ? ON_DARK : ON_LIGHT;
}

/** An Output that prints only the faces for people. */
export function textOutput(sink: Sink, options: TextOptions): RepeatableOutput {
  const lineBreak = options.oneLine ? '\\' : '\n';
  const { palette } = options;
  const write = palette === undefined ? sink.write : painter(sink, palette);
  return {
    hasMembers: false,
    field: (_key, _value, text, colour) => write(text, colour),
    labelled(_key, label, value, colour) {
      sink.write(label);
      write(`${value} `, colour);
    },
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

/** Writes text, coloured as `palette` says. */
function painter(sink: Sink, palette: Palette): (text: string, colour?: Colour) => void {
  return (text, colour) =>
    sink.write(colour === undefined || text === '' ? text : `\x1b[${palette[colour]}m${text}\x1b[0m`);
}
