/** A terminal session as an SVG picture that plays once; what does not play shows its end. */
import { escapeMarkup } from '../../../src/layouts/map/markup.ts';

/** A command line and what it prints. */
export interface RecordedLine {
  readonly command: string;
  readonly output: string;
}

const COLUMN = 8.4;
const ROW = 20;
const MARGIN = 16;
const BAR = 30;
/** Seconds before a command, for each character of it, and before what it prints. */
const PAUSE = 0.7;
const KEY = 0.03;
const ANSWER = 0.25;

const STYLE = `
text{font:14px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:#e6edf3}
.command{fill:#79b8ff}
.hint{fill:#e3b341}
g{animation:appear .01s both}
@keyframes appear{from{opacity:0}}
@media(prefers-reduced-motion:reduce){g{animation:none}}
`;

/** The picture. Lines must be of ordinary characters, one column each. */
export function recordingSvg(title: string, lines: readonly RecordedLine[]): string {
  let seconds = PAUSE;
  let row = 0;
  let columns = 0;
  const groups: string[] = [];
  const show = (texts: readonly string[], className: (text: string) => string) => {
    const spans = texts.map(text => {
      columns = Math.max(columns, [...text].length);
      row++;
      const kind = className(text);
      const y = BAR + MARGIN + row * ROW - 6;
      return `<text x="${MARGIN}" y="${y}"${kind === '' ? '' : ` class="${kind}"`}>${escapeMarkup(text)}</text>`;
    });
    groups.push(`<g style="animation-delay:${seconds.toFixed(2)}s">${spans.join('')}</g>`);
  };
  for (const { command, output } of lines) {
    seconds += command.length * KEY;
    show([`$ ${command}`], () => 'command');
    seconds += ANSWER;
    const printed = output.trimEnd();
    if (printed !== '') show(printed.split('\n'), text => (text.startsWith('hint:') ? 'hint' : ''));
    seconds += PAUSE;
  }
  const width = Math.ceil(columns * COLUMN) + 2 * MARGIN;
  const height = BAR + 2 * MARGIN + row * ROW;
  const lights = ['#ff5f56', '#ffbd2e', '#27c93f'].map(
    (fill, at) => `<circle cx="${MARGIN + 6 + at * 18}" cy="${BAR / 2 + 2}" r="5.5" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xml:space="preserve" role="img" aria-label="${escapeMarkup(title)}">
<style>${STYLE}</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${lights.join('')}
${groups.join('\n')}
</svg>
`;
}
