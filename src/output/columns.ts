/** Tables for people: aligned columns, fitted to a width by breaking cells into lines. The only user of cli-table3. */
import Table from 'cli-table3';
import type { Colour } from '../schema/output.ts';
import { columnsOf } from '../wire/columns.ts';
import type { Palette } from './text.ts';

/** A cell: lines of text that is safe to show. */
export interface Cell {
  readonly lines: readonly string[];
  readonly colour?: Colour | undefined;
}

export interface TableColumn {
  readonly heading: string;
  readonly cells: readonly Cell[];
}

const GAP = 2;
/** No column is made narrower than that or than its heading, unless it is. */
const MIN_WIDTH = 8;

/**
 * The table, without columns that are empty. `width` is that of the terminal; undefined where lines may be as long as
 * they are. Lines carry no blanks at their end.
 */
export function tableText(
  columns: readonly TableColumn[],
  width: number | undefined,
  palette: Palette | undefined,
): string {
  const used = columns.filter(({ cells }) => cells.some(({ lines }) => lines.some(line => line !== '')));
  if (used.length === 0) return '';
  const headed = used.map(({ heading }) => Math.max(MIN_WIDTH, columnsOf(heading)));
  const worded = used.map((column, at) => Math.max(headed[at]!, longestWord(column)));
  // Words stay whole unless not even that makes room.
  const widths = fittedWidths(fittedWidths(used.map(naturalWidth), worded, width), headed, width);
  const cut = used.map(({ heading, cells }, at) => ({
    heading: wrapped([heading], widths[at]!),
    cells: cells.map(({ lines, colour }) => ({ lines: wrapped(lines, widths[at]!), colour })),
  }));
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP, compact: true },
  });
  table.push(cut.map(({ heading }) => heading.join('\n')));
  for (let row = 0; row < used[0]!.cells.length; row++) {
    table.push(cut.map(({ cells }) => painted(cells[row]!, palette)));
  }
  return `${table.toString().replace(TRAILING_BLANKS, '')}\n`;
}

const TRAILING_BLANKS = / +(?=\n|$)/g;

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

function painted({ lines, colour }: Cell, palette: Palette | undefined): string {
  if (palette === undefined || colour === undefined) return lines.join('\n');
  return lines.map(line => (line === '' ? '' : `\x1b[${palette[colour]}m${line}\x1b[0m`)).join('\n');
}

function naturalWidth({ heading, cells }: TableColumn): number {
  return Math.max(columnsOf(heading), ...cells.flatMap(({ lines }) => lines.map(columnsOf)));
}

/** Columns that the longest word of any line takes. */
function longestWord({ cells }: TableColumn): number {
  const words = cells.flatMap(({ lines }) => lines.flatMap(line => line.split(/(?<=[ ,])/)));
  return Math.max(0, ...words.map(word => columnsOf(word.trimEnd())));
}

/** Takes from the widest column, none becoming narrower than its least width, until all fit or none can give. */
export function fittedWidths(
  natural: readonly number[],
  least: readonly number[],
  width: number | undefined,
): number[] {
  const widths = [...natural];
  if (width === undefined) return widths;
  let excess = widths.reduce((sum, one) => sum + one + GAP, -GAP) - width;
  while (excess > 0) {
    let widest = -1;
    for (const [at, one] of widths.entries())
      if (one > least[at]! && (widest < 0 || one > widths[widest]!)) widest = at;
    if (widest < 0) break;
    widths[widest]!--;
    excess--;
  }
  return widths;
}

/** Where a long line is broken, the best first: between the items of a list, between words. */
const BREAKS = [', ', ' ', ','];

/** Breaks lines longer than `width`: at one of {@link BREAKS}, else anywhere. */
export function wrapped(lines: readonly string[], width: number): string[] {
  return lines.flatMap(line => {
    const parts: string[] = [];
    let rest = line;
    while (columnsOf(rest) > width) {
      const head = fitting(rest, width);
      const mark = BREAKS.find(one => head.lastIndexOf(one) > 0);
      const part = mark === undefined ? head : head.slice(0, head.lastIndexOf(mark) + mark.length);
      parts.push(part.trimEnd());
      rest = rest.slice(part.length).trimStart();
    }
    return [...parts, rest];
  });
}

/** As much of `text` as fits, one character at least. */
function fitting(text: string, width: number): string {
  let kept = '';
  for (const character of text) {
    if (kept !== '' && columnsOf(kept + character) > width) break;
    kept += character;
  }
  return kept;
}
