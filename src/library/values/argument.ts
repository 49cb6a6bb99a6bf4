/** Arguments of the library: what is refused before the kernel is asked, and how numbers and flags are checked. */

/** An argument that cannot be meant. Nothing has been sent to the kernel. */
export class ArgumentError extends TypeError {
  /** As Node's own errors about arguments. */
  readonly code = 'ERR_INVALID_ARG_VALUE';
  /** Name of the argument, with the names that lead to it: `peer.mtu`. */
  readonly argument: string;

  /** `reason` says what the argument must be. */
  constructor(argument: string, reason: string) {
    super(`${argument}: ${reason}`);
    this.name = 'ArgumentError';
    this.argument = argument;
  }
}

const MOST_SHOWN = 60;

/** A value in an error: texts in quotes and not longer than a line, of objects no more than that they are. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return value.length > MOST_SHOWN
      ? `${JSON.stringify(value.slice(0, MOST_SHOWN))}...`
      : JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value.toString().slice(0, MOST_SHOWN)}n`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** Checks that `value` is a whole number from `least` to `most`. Throws {@link ArgumentError}. */
export function checkInteger(argument: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new ArgumentError(argument, `${show(value)} is not a whole number from ${least} to ${most}`);
  return value;
}

/** Checks that `value` fits 32 bits without sign; undefined stays so. Throws {@link ArgumentError}. */
export function check32<T extends number | undefined>(argument: string, value: T): T {
  if (value !== undefined) checkInteger(argument, value, 0, 0xffffffff);
  return value;
}

/** The number that `bits` has for `word`. Throws {@link ArgumentError} if it has none. */
export function bitOf(argument: string, bits: Readonly<Record<string, number>>, word: string): number {
  const bit = Object.hasOwn(bits, word) ? bits[word] : undefined;
  if (bit === undefined)
    throw new ArgumentError(argument, `${show(word)} is none of ${Object.keys(bits).join(', ')}`);
  return bit;
}

/** The names in `bits` of the bits that are set in `flags`, in the order of `bits`. */
export function wordsOf<N extends string>(bits: Readonly<Record<N, number>>, flags: number): N[] {
  return (Object.keys(bits) as N[]).filter(name => (flags & bits[name]) !== 0);
}

/** The bits of `words` together; 0 for none. Throws {@link ArgumentError}. */
export function flagsOf(
  argument: string,
  bits: Readonly<Record<string, number>>,
  words: readonly string[] | undefined,
): number {
  return (words ?? []).reduce((flags, word) => flags | bitOf(argument, bits, word), 0);
}

/** Removes the members that are undefined: a value that is not there has no key. */
export function compact<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  for (const key of Object.keys(value)) {
    if ((value as Record<string, unknown>)[key] === undefined) delete (value as Record<string, unknown>)[key];
  }
  return value as T;
}

/** Whether `value` has no member that says anything. */
export function isEmpty(value: object): boolean {
  return Object.values(value).every(member => member === undefined);
}
