/**
 * Untrusted text made safe to show. Names of devices, namespaces and processes may hold any byte: what moves a
 * terminal's cursor, turns the direction of writing, is no UTF-8 or cannot be seen becomes an escape like `\x1b`.
 */

/** Controls, blanks that are no space, marks of direction and format, surrogates, what is not assigned. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** `text` with every character that cannot be seen for what it is spelt as an escape, and backslashes doubled. */
export function visible(text: string): string {
  if (/^[\x20-\x5b\x5d-\x7e]*$/.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replace(UNSEEN, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  // A byte that is not UTF-8; see text.ts.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code & 0xff).toString(16)}`;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** Columns that a text takes on a terminal, where many scripts and pictures take two each and marks above none. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x300) columns++;
    else if (!/\p{M}/u.test(character)) columns += isWide(code) ? 2 : 1;
  }
  return columns;
}

/** `text` cut to so many columns, with a mark where something is missing. */
export function shortened(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (columnsOf(kept + character) >= columns) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Scripts of East Asia, and pictures. Source: Unicode's East_Asian_Width W and F, in blocks. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
