/** What a real browser makes of a picture or a page: Chromium without a window, and a script that measures. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Rendering {
  /** Pairs of texts whose boxes overlap. */
  readonly overlaps: readonly string[];
  /** Texts outside of the picture, or of the card that they belong to. */
  readonly outside: readonly string[];
  /** How many texts were measured. */
  readonly texts: number;
  /** Whether the page's own script ran under the page's own policy. */
  readonly ready: boolean;
  /** What the page's own script has marked: cards found by a search for a title, lines lit at one of their devices. */
  readonly marked: { readonly found: readonly string[]; readonly lit: number };
  /** Elements that only markup in a name could have made. */
  readonly foreign: number;
}

/** Runs in the page, in a separate scope next to the page's script. Boxes may touch by less than a pixel. */
const MEASURE = `{
  const svg = document.querySelector('svg');
  const texts = [...svg.querySelectorAll('text')].map(text => ({ text, box: text.getBoundingClientRect() }));
  const frame = svg.getBoundingClientRect();
  const isInside = (box, around) =>
    box.left >= around.left && box.right <= around.right + 0.5 && box.top >= around.top && box.bottom <= around.bottom + 0.5;
  const say = text => text.textContent + ' at ' + Math.round(text.getBoundingClientRect().left) + ',' + Math.round(text.getBoundingClientRect().top);
  const overlaps = [];
  for (let one = 0; one < texts.length; one++)
    for (let other = one + 1; other < texts.length; other++) {
      const [a, b] = [texts[one].box, texts[other].box];
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // A box has room above and below the letters.
      if (width > 1 && height > 4) overlaps.push(say(texts[one].text) + ' | ' + say(texts[other].text));
    }
  const outside = texts.filter(({ text, box }) => {
    const card = text.closest('.namespace')?.querySelector('.card').getBoundingClientRect();
    // Without fonts there would be nothing to measure.
    return box.width < 3 || !isInside(box, frame) || (card && !isInside(box, card));
  }).map(({ text }) => say(text));
  const cards = [...svg.querySelectorAll('.card')].map(card => card.getBoundingClientRect());
  for (let one = 0; one < cards.length; one++)
    for (let other = one + 1; other < cards.length; other++) {
      const [a, b] = [cards[one], cards[other]];
      if (Math.min(a.right, b.right) > Math.max(a.left, b.left) && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top))
        overlaps.push('cards ' + one + ' and ' + other);
    }
  const marked = { found: [], lit: 0 };
  const search = document.querySelector('input');
  if (search) {
    const wire = svg.querySelector('.wire[data-ends]');
    const device = wire && document.getElementById(wire.dataset.ends.split(' ')[0]);
    device?.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
    marked.lit = svg.querySelectorAll('.wire.lit').length;
    search.value = [...svg.querySelectorAll('.title')].at(-1).textContent;
    search.dispatchEvent(new Event('input'));
    marked.found = [...svg.querySelectorAll('.namespace.found .title')].map(title => title.textContent);
  }
  document.documentElement.dataset.measured = JSON.stringify({
    overlaps, outside, texts: texts.length, marked,
    ready: document.documentElement.dataset.ready === 'true',
    foreign: document.querySelectorAll('b, img, script[src], iframe, [onerror]').length,
  });
}`;

/** Renders a page, or a picture put into one, and measures it. */
export function render(content: string): Rendering {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-browser-'));
  try {
    const page = join(folder, 'page.html');
    writeFileSync(page, measured(content));
    const { stdout, stderr, error } = spawnSync(
      'chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        `--user-data-dir=${join(folder, 'profile')}`,
        '--window-size=1600,1200',
        '--dump-dom',
        `file://${page}`,
      ],
      { encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
    );
    const found = /data-measured="([^"]*)"/.exec(stdout ?? '')?.[1];
    if (found === undefined)
      throw new Error(`chromium has measured nothing: ${error?.message ?? stderr.slice(-2000)}`);
    return JSON.parse(
      found
        .replaceAll('&quot;', '"')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&'),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The page with the script that measures at its end, which its policy is made to let run next to its own. */
function measured(content: string): string {
  if (!content.startsWith('<!DOCTYPE html>')) {
    const svg = content.replace(/^<\?xml[^>]*\?>\n/, '');
    return `<!DOCTYPE html><meta charset="utf-8"><body>${svg}<script>${MEASURE}</script>`;
  }
  return content
    .replace("script-src 'sha256-", "script-src 'nonce-measure' 'sha256-")
    .replace('</body>', `<script nonce="measure">${MEASURE}</script></body>`);
}
