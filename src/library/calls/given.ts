/**
 * Arguments of calls that take what listings return: as it is, or a copy with other members. Of those the call gets
 * arguments that describe the whole object, also what has no member.
 */
import { noteChanges } from '../values/changes.ts';
import { type Check, members, reading, type Shape } from '../values/shape.ts';
import { ORIGIN, Value } from '../values/value.ts';
import type { Parameter } from './call.ts';

/** What makes arguments of a value, and what is to be checked besides the members one by one. */
export interface GivenOptions<T, V> {
  readonly required?: readonly (keyof T & string)[];
  /** The arguments that make the same object. */
  readonly argumentsOf: (value: V) => T;
  /** Throws {@link ArgumentError} for members that do not go together. */
  readonly verify?: (given: T) => void;
}

/** A parameter that may be a value of a listing, a copy of one, or plain arguments. */
export function given<T extends object, V extends object>(
  name: string,
  shape: Shape<T>,
  options: GivenOptions<T, V>,
): Parameter {
  return { name, check: givenCheck(shape, options), settings: Object.keys(shape) };
}

function givenCheck<T extends object, V extends object>(
  shape: Shape<T>,
  { required = [], argumentsOf, verify }: GivenOptions<T, V>,
): Check<T> {
  return (argument, value) => {
    const origin = originOf(argument, value);
    if (origin === undefined) {
      const checked = members(argument, value, shape, { prefix: '', required });
      verify?.(checked);
      return checked;
    }
    const own = argumentsOf(origin as V);
    if (value === origin) {
      noteChanges(own, {});
      return own;
    }
    const changed = members(argument, changesOf(origin, value as object), shape, { prefix: '' });
    const kept = Object.entries(own).filter(([member]) => !(member in origin) || member in (value as object));
    const merged = { ...(Object.fromEntries(kept) as T), ...changed };
    verify?.(changed);
    noteChanges(merged, changed);
    return merged;
  };
}

/** The value that something is, or is a copy of. */
export function originOf(argument: string, value: unknown): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const origin = reading(argument, () => (value as { readonly [ORIGIN]?: unknown })[ORIGIN]);
  return origin instanceof Value ? origin : undefined;
}

/** The members of a copy that are not those of the original. */
export function changesOf(origin: object, copy: object): object {
  const before = origin as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(copy).filter(([name, member]) => member !== before[name]));
}
