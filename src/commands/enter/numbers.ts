/** Decimal numbers as util-linux reads them from options: blanks before and a sign are fine, nothing may follow. */

import { strerror } from '../../kernel/system/errors.ts';
import { ERANGE } from '../../linux/errno.ts';
import { CommandLineError } from './command-line-error.ts';

const DECIMAL = /^[\t-\r ]*([+-]?\d+)$/;
const LARGEST_64 = (1n << 64n) - 1n;
const LARGEST_SIGNED_64 = (1n << 63n) - 1n;

/** A user or group id: 64 bits are read, 32 of them count, as in the original. Complains about `what` else. */
export function idOption(what: string, word: string): number {
  return Number(BigInt.asUintN(32, numberOption(what, word, 0n, LARGEST_64)));
}

/** A signed number of 32 bits. */
export function integerOption(what: string, word: string): number {
  return Number(numberOption(what, word, -0x8000_0000n, 0x7fff_ffffn));
}

/** A signed number of 64 bits, as text. */
export function longOption(what: string, word: string): string {
  return String(numberOption(what, word, -LARGEST_SIGNED_64 - 1n, LARGEST_SIGNED_64));
}

function numberOption(what: string, word: string, least: bigint, most: bigint): bigint {
  const number = readDecimal(word);
  if (number !== undefined && number >= least && number <= most) return number;
  const reason = number === undefined ? '' : `: ${strerror(ERANGE)}`;
  throw new CommandLineError(`failed to parse ${what}: '${word}'${reason}`);
}

/** A number from `least` to `most`, both of which a double holds exactly; undefined if the word is none. */
export function readNumber(word: string, least: number, most: number): number | undefined {
  const number = readDecimal(word);
  return number === undefined || number < least || number > most ? undefined : Number(number);
}

/** An unsigned number of 64 bits, as text; undefined if the word is none. */
export function readUnsignedLong(word: string): string | undefined {
  const number = readDecimal(word);
  return number === undefined || number < 0n || number > LARGEST_64 ? undefined : String(number);
}

/** As strtoul(3) does, negative numbers wrap and large ones stop at the largest; 32 bits count. */
export function readLooseId(word: string): number | undefined {
  const number = readDecimal(word);
  if (number === undefined) return undefined;
  const magnitude = number < 0n ? -number : number;
  return Number(BigInt.asUintN(32, magnitude > LARGEST_64 ? LARGEST_64 : number));
}

function readDecimal(word: string): bigint | undefined {
  const digits = DECIMAL.exec(word)?.[1];
  return digits === undefined ? undefined : BigInt(digits.replace('+', ''));
}
