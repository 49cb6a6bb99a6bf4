/** Differences of two texts, line by line, for people. */

const longest = 60;

/** The lines of `before` and `after` that differ, marked `-` and `+`, with a line of context; '' if none do. */
export function difference(before: string, after: string): string {
  if (before === after) return '';
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middle = compare(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const context = (line: string | undefined) => (line === undefined ? [] : [`  ${visible(line)}`]);
  const shown =
    middle.length > longest
      ? [...middle.slice(0, longest), `  ... ${middle.length - longest} more lines`]
      : middle;
  return [...context(a[start - 1]), ...shown, ...context(end > 0 ? a[a.length - end] : undefined)].join('\n');
}

/** `text` with its blanks at the end and its control characters made visible. */
function visible(text: string): string {
  const shown = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return shown.replace(/ +$/, blanks => '·'.repeat(blanks.length));
}

/** Longest common subsequence; large texts are shown one after the other instead. */
function compare(a: readonly string[], b: readonly string[]): string[] {
  const removed = (line: string) => `- ${visible(line)}`;
  const added = (line: string) => `+ ${visible(line)}`;
  if (a.length * b.length > 4_000_000) return [...a.slice(0, 50).map(removed), ...b.slice(0, 50).map(added)];
  const width = b.length + 1;
  const length = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * width + j] =
        a[i] === b[j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
  const lines: string[] = [];
  let skipped = 0;
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      skipped++;
      i++;
      j++;
      continue;
    }
    if (skipped > 0) lines.push(skipped === 1 ? `  ${visible(a[i - 1]!)}` : `  ... ${skipped} equal lines`);
    skipped = 0;
    const isRemoval =
      j >= b.length || (i < a.length && length[(i + 1) * width + j]! >= length[i * width + j + 1]!);
    lines.push(isRemoval ? removed(a[i++]!) : added(b[j++]!));
  }
  return lines;
}
