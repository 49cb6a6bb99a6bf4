/**
 * Kernel and command-line strings: bytes that are usually UTF-8 but need not be.
 * Bytes that are not valid UTF-8 are carried as lone surrogates U+DC80..U+DCFF (as PEP 383 does), so that a
 * device name of any bytes survives the way in and out unchanged.
 */

const ESCAPED = /[\udc80-\udcff]/;

/** Text of `bytes[start..end)`; invalid UTF-8 becomes lone surrogates that {@link encodeText} turns back. */
export function decodeText(bytes: Buffer, start = 0, end = bytes.length): string {
  let ascii = true;
  for (let at = start; at < end; at++) {
    if (bytes[at]! >= 0x80) {
      ascii = false;
      break;
    }
  }
  if (ascii) return bytes.toString('latin1', start, end);
  const text = bytes.toString('utf8', start, end);
  return text.includes('\ufffd') ? decodeEscaping(bytes.subarray(start, end)) : text;
}

/** The same, up to the first NUL if there is one. */
export function decodeTextToNul(bytes: Buffer, start: number, end: number): string {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0) return bytes.toString('latin1', start, at);
    if (byte >= 0x80) {
      const nul = bytes.indexOf(0, at);
      return decodeText(bytes, start, nul < 0 || nul > end ? end : nul);
    }
  }
  return bytes.toString('latin1', start, end);
}

/** Bytes of `text`, the inverse of {@link decodeText}. */
export function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length === text.length || !ESCAPED.test(text)) return bytes;
  const parts: Buffer[] = [];
  for (const part of text.split(/([\udc80-\udcff]+)/)) {
    const isEscape = ESCAPED.test(part);
    parts.push(
      isEscape ? Buffer.from(Array.from(part, c => c.charCodeAt(0) & 0xff)) : Buffer.from(part, 'utf8'),
    );
  }
  return Buffer.concat(parts);
}

/** Length of `text` in bytes, as C's `%-16s` pads and IFNAMSIZ counts. */
export function byteLength(text: string): number {
  const length = Buffer.byteLength(text, 'utf8');
  return length !== text.length && ESCAPED.test(text) ? encodeText(text).length : length;
}

/** Pads `text` with spaces on the right to `width` bytes. */
export function padEndBytes(text: string, width: number): string {
  const missing = width - byteLength(text);
  return missing > 0 ? text + ' '.repeat(missing) : text;
}

function decodeEscaping(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    text += length === 0 ? String.fromCharCode(0xdc00 + bytes[at]!) : bytes.toString('utf8', at, at + length);
    at += length || 1;
  }
  return text;
}

/** Length of the valid UTF-8 sequence at `at`, 0 if there is none (RFC 3629 table 3-7). */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0;
  for (let next = 1; next < length; next++) if ((bytes[at + next]! & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  const isOverlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
  const isOutOfRange = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f);
  return isOverlong || isOutOfRange ? 0 : length;
}
