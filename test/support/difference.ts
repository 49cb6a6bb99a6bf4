/** Differences of two texts, line by line, for people. */
import { diffArrays } from 'diff';

/** How many lines are shown; and how many may differ: of more, the first 50 of each text are shown. */
const MAX_SHOWN = 60;
const MAX_EDITS = 500;

/** The lines of `before` and `after` that differ, marked `-` and `+`, with a line of context; '' if none do. */
export function difference(before: string, after: string): string {
  if (before === after) return '';
  const [a, b] = [before.split('\n'), after.split('\n')];
  const changes = diffArrays(a, b, { maxEditLength: MAX_EDITS });
  const shown =
    changes === undefined
      ? [...a.slice(0, 50).map(line => marked('-', line)), ...b.slice(0, 50).map(line => marked('+', line))]
      : changes.flatMap(({ added, removed, value }, at) => {
          if (added || removed) return value.map(line => marked(added ? '+' : '-', line));
          return context(value, at === 0, at === changes.length - 1);
        });
  const more = shown.length - MAX_SHOWN;
  return [...shown.slice(0, MAX_SHOWN), ...(more > 0 ? [`  ... ${more} more lines`] : [])].join('\n');
}

/** Equal lines: the nearest one at the beginning and at the end, and how many there are in between. */
function context(lines: readonly string[], isFirst: boolean, isLast: boolean): string[] {
  if (isFirst) return lines.slice(-1).map(line => marked(' ', line));
  if (isLast) return lines.slice(0, 1).map(line => marked(' ', line));
  return lines.length === 1 ? lines.map(line => marked(' ', line)) : [`  ... ${lines.length} equal lines`];
}

/** `line` with its blanks at the end and its control characters made visible. */
function marked(mark: string, line: string): string {
  const shown = JSON.stringify(line).slice(1, -1).replaceAll('\\"', '"');
  return `${mark} ${shown.replace(/ +$/, blanks => '·'.repeat(blanks.length))}`;
}
