/**
 * Numbers as strtoul(3) and strtol(3) with base 0 read them, within the bounds that iproute2 sets, and as printf(3)
 * writes them.
 */

const UNSIGNED = /^[\t-\r ]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/;
const UNSIGNED_BASE_10 = /^[\t-\r ]*([+-]?)(\d+)$/;
const UNSIGNED_BASE_16 = /^[\t-\r ]*([+-]?)(?:0[xX])?([0-9a-fA-F]+)$/;
/** Decimal digits that every base but 16 reads alike, and that a double holds. */
const PLAIN = /^(0|[1-9]\d{0,14})$/;
const TWO_TO_64 = 1n << 64n;

/** Reads an unsigned number up to `max`; undefined if the word is not one. Base 0 takes decimal, 0 octal and 0x hex. */
export function parseUnsigned(word: string, max: number, base: 0 | 10 | 16 = 0): number | undefined {
  if (base !== 16 && PLAIN.test(word)) {
    const value = Number(word);
    return value > max ? undefined : value;
  }
  const value = parseUnsigned64(word, base);
  return value === undefined || value > BigInt(max) ? undefined : Number(value);
}

/** Reads an unsigned 64-bit number; a minus sign wraps around, as strtoull does. */
export function parseUnsigned64(word: string, base: 0 | 10 | 16 = 0): bigint | undefined {
  const match = (base === 0 ? UNSIGNED : base === 10 ? UNSIGNED_BASE_10 : UNSIGNED_BASE_16).exec(word);
  if (match === null) return undefined;
  const digits = match[2]!;
  const value = BigInt(
    base === 16 ? `0x${digits}` : base === 0 && /^0[0-7]+$/.test(digits) ? `0o${digits}` : digits,
  );
  if (value >= TWO_TO_64) return undefined;
  return match[1] === '-' && value !== 0n ? TWO_TO_64 - value : value;
}

/** Reads a signed 32-bit number; undefined if the word is not one. */
export function parseSigned(word: string): number | undefined {
  const match = UNSIGNED.exec(word);
  if (match === null) return undefined;
  const digits = match[2]!;
  const size = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  const value = match[1] === '-' ? -size : size;
  return value < -0x80000000 || value > 0x7fffffff ? undefined : value;
}

/** The number that `word` begins with, as atoi(3) reads it: 0 without one, the lowest 32 bits of a longer one. */
export function parseLeading(word: string): number {
  const digits = /^[\t-\r ]*([+-]?\d+)/.exec(word)?.[1];
  if (digits === undefined) return 0;
  const [least, most] = [-(1n << 63n), (1n << 63n) - 1n];
  const value = BigInt(digits.replace('+', ''));
  return Number(BigInt.asIntN(32, value < least ? least : value > most ? most : value));
}

/** A number as printf's `%.DIGITSg` writes it: that many significant digits, without zeros at the end. */
export function formatGeneral(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
  const power = Number(exponent);
  const trim = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (power >= -4 && power < digits) return trim(value.toFixed(digits - 1 - power));
  return `${trim(mantissa)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** A number as printf's `%#x` writes it: 0 stays bare. */
export function formatHex(value: number | bigint): string {
  return Number(value) === 0 ? '0' : `0x${value.toString(16)}`;
}

const DECIMAL_FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const HEX_FLOAT = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?$/i;

/** Reads a number as strtof(3) does, in single precision; undefined if the word is not one. */
export function parseFloat32(word: string): number | undefined {
  const text = word.replace(/^[\t-\r ]+/, '');
  if (DECIMAL_FLOAT.test(text)) return Math.fround(Number(text));
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^[+-]?nan(\([0-9a-z_]*\))?$/i.test(text)) return Number.NaN;
  const [, sign, whole = '', fraction = '', power = '0'] = HEX_FLOAT.exec(text) ?? [];
  if (whole + fraction === '') return undefined;
  const size = Number.parseInt(whole + fraction, 16) * 2 ** (Number(power) - 4 * fraction.length);
  return Math.fround(sign === '-' ? -size : size);
}
