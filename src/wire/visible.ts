/**
 * Untrusted text made safe to show. Names of devices, namespaces and processes may hold any byte: what moves a
 * terminal's cursor, turns the direction of writing, is no UTF-8 or cannot be seen becomes an escape like `\x1b`.
 */
import { lazy } from './lazy.ts';

/**
 * Controls, blanks that are no space, marks of direction and format, surrogates, what is not assigned. V8 takes 0.3 ms to
 * read this.
 */
const unseen = lazy(() => /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu);

/** `text` with every character that cannot be seen for what it is spelt as an escape, and backslashes doubled. */
export function visible(text: string): string {
  if (/^[\x20-\x5b\x5d-\x7e]*$/.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replace(unseen(), escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  // A byte that is not UTF-8; see text.ts.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code & 0xff).toString(16)}`;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
