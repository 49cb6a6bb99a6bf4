/**
 * What the library's calls take, as data: a check for each place, and for objects one for each member, typed by the
 * interface, so that none can be missing. A check reads its value once and returns what it has read: getters, proxies
 * and objects that change later cannot slip past it.
 */
import { ArgumentError, show } from './argument.ts';

/** Checks a value and returns it as the calls use it. Throws {@link ArgumentError} that names `argument`. */
export type Check<T> = (argument: string, value: unknown) => T;

/** A check for each member of `T`; those in `required` must be there. */
export type Shape<T> = { readonly [K in keyof Required<T>]: Check<unknown> };

/** Longer texts fit no attribute and no path. */
const MAX_TEXT = 4096;
const MAX_ITEMS = 65536;
const MAX_32 = 0xffffffff;

/** A text that is not empty and has no NUL, which the kernel would take for its end. */
export const text: Check<string> = (argument, value) => {
  const read = anyText(argument, value);
  if (read === '') throw new ArgumentError(argument, 'is an empty text');
  return read;
};

/** A text that may be empty. */
export const anyText: Check<string> = (argument, value) => {
  if (typeof value !== 'string') throw new ArgumentError(argument, `${show(value)} is not a text`);
  if (value.includes('\0')) throw new ArgumentError(argument, `${show(value)} has a NUL inside`);
  if (value.length > MAX_TEXT)
    throw new ArgumentError(argument, `is a text of ${value.length} characters: at most ${MAX_TEXT}`);
  return value;
};

/** True or false. */
export const flag: Check<boolean> = (argument, value) => {
  if (typeof value !== 'boolean')
    throw new ArgumentError(argument, `${show(value)} is neither true nor false`);
  return value;
};

/** A whole number. */
export function integer(least: number, most: number): Check<number> {
  return (argument, value) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
      throw new ArgumentError(argument, `${show(value)} is not a whole number from ${least} to ${most}`);
    return value;
  };
}

/** A number of 32 bits without sign. */
export const unsigned = integer(0, MAX_32);

/** A number that may be written as bigint, of 64 bits without sign. */
export const unsigned64: Check<bigint> = (argument, value) => {
  if (typeof value === 'bigint' && BigInt.asUintN(64, value) === value) return value;
  throw new ArgumentError(argument, `${show(value)} is not a bigint of 64 bits`);
};

/** Seconds, or Infinity. */
export function seconds(least: number): Check<number> {
  const finite = integer(least, MAX_32 - 1);
  return (argument, value) => (value === Number.POSITIVE_INFINITY ? value : finite(argument, value));
}

/** One of some words. */
export function oneOf<W extends string>(words: readonly W[]): Check<W> {
  return (argument, value) => {
    const found = words.find(word => word === value);
    if (found === undefined)
      throw new ArgumentError(argument, `${show(value)} is none of ${words.join(', ')}`);
    return found;
  };
}

/** A name of a table of names, or a number. */
export const nameOrNumber: Check<string | number> = (argument, value) =>
  typeof value === 'number' ? unsigned(argument, value) : text(argument, value);

/** A function. */
export const callback: Check<(...parameters: never[]) => unknown> = (argument, value) => {
  if (typeof value !== 'function') throw new ArgumentError(argument, `${show(value)} is not a function`);
  return value as (...parameters: never[]) => unknown;
};

/** What Node itself checks. */
export const passed: Check<unknown> = (_argument, value) => value;

/** An array. */
export function list<T>(item: Check<T>): Check<T[]> {
  return (argument, value) => {
    const items = reading(argument, () =>
      Array.isArray(value) ? Array.from(value as unknown[]) : undefined,
    );
    if (items === undefined) throw new ArgumentError(argument, `${show(value)} is not an array`);
    if (items.length > MAX_ITEMS) throw new ArgumentError(argument, `has more than ${MAX_ITEMS} items`);
    return items.map((one, at) => item(`${argument}.${at}`, one));
  };
}

/** An AbortSignal. */
export const signal: Check<AbortSignal> = (argument, value) => {
  const isSignal = reading(argument, () => {
    const { aborted, addEventListener } = (value ?? {}) as Partial<AbortSignal>;
    return typeof aborted === 'boolean' && typeof addEventListener === 'function';
  });
  if (!isSignal) throw new ArgumentError(argument, `${show(value)} is not an AbortSignal`);
  return value as AbortSignal;
};

/** What `members` of an object are called after: those of arguments by their names, those of a filter `filter.NAME`. */
export interface ObjectNames {
  /** Before the names of members. */
  readonly prefix?: string;
  /** Members that must be there. */
  readonly required?: readonly string[];
}

/**
 * The members of `value` that are defined, each checked. Throws {@link ArgumentError} for what is no object and for
 * members that the shape does not have.
 */
export function members<T extends object>(
  argument: string,
  value: unknown,
  shape: Shape<T>,
  { prefix = `${argument}.`, required = [] }: ObjectNames = {},
): T {
  const checked: Record<string, unknown> = {};
  const checks = shape as Readonly<Record<string, Check<unknown>>>;
  for (const [name, member] of allEntriesOf(argument, value)) {
    if (member === undefined) continue;
    if (!Object.hasOwn(checks, name))
      throw new ArgumentError(`${prefix}${name}`, `is unknown; there are ${Object.keys(checks).join(', ')}`);
    checked[name] = checks[name]!(`${prefix}${name}`, member);
  }
  const missing = required.find(name => checked[name] === undefined);
  if (missing !== undefined) throw new ArgumentError(`${prefix}${missing}`, 'is needed');
  // Each member has passed the check for it.
  return checked as T;
}

/** The check of an object by a shape. */
export function object<T extends object>(
  shape: Shape<T>,
  required: readonly (keyof T & string)[] = [],
): Check<T> {
  return (argument, value) => members(argument, value, shape, { required });
}

/** Names and values of the members of an object that are defined, read once. Throws {@link ArgumentError}. */
export function entriesOf(argument: string, value: unknown): [string, unknown][] {
  return allEntriesOf(argument, value).filter(([, member]) => member !== undefined);
}

function allEntriesOf(argument: string, value: unknown): [string, unknown][] {
  const entries = reading(argument, () => (isObject(value) ? Object.entries(value) : undefined));
  if (entries === undefined) throw new ArgumentError(argument, `${show(value)} is not an object`);
  return entries;
}

/** Maps, dates, errors and what else is no record of members are none. */
function isObject(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]'
  );
}

/** What `read` answers; what a getter or a proxy throws becomes an {@link ArgumentError}. */
export function reading<T>(argument: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    throw new ArgumentError(argument, 'cannot be read');
  }
}
