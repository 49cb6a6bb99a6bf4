/**
 * What the objects of long listings have in common: members that are always there, in one order, undefined where the
 * kernel says nothing, and what is seldom wanted read when it is asked for.
 */
import { type InspectOptions, inspect } from 'node:util';
import { load32 } from '../../wire/integers.ts';
import { HEADER_LENGTH, type Message } from '../../wire/message.ts';

/** Where the message lies that a value was read from. */
export type Source = Pick<Message, 'bytes' | 'payload' | 'end'>;

/** The value that a copy of its members, such as `{ ...route, metric: 5 }`, was made of. */
export const ORIGIN = Symbol('tsip.origin');

let sourceIn: (value: object) => Source;

/** An object that is printed and turned to JSON by its members, without what is read when it is asked for. */
export abstract class Value {
  /** @internal */
  declare readonly [ORIGIN]: this;
  readonly #bytes: Buffer;
  readonly #start: number;

  static {
    sourceIn = value => {
      if (!(#bytes in value)) throw new TypeError('this is no value that was read from a message');
      const bytes = value.#bytes;
      const start = value.#start;
      return { bytes, payload: start + HEADER_LENGTH, end: start + load32(bytes, start) };
    };
  }

  /** `start` is where the header of the message begins that it is read from. */
  constructor(bytes: Buffer, start: number) {
    this[ORIGIN] = this;
    this.#bytes = bytes;
    this.#start = start;
  }

  /** The members that are defined. Numbers of 64 bits are numbers where those are exact, else texts. */
  toJSON(): object {
    return plain(this.membersOfJson()) as object;
  }

  /** What JSON has of it. @internal */
  protected membersOfJson(): object {
    return this;
  }

  /** @internal */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return inspect(Object.fromEntries(definedMembers(this)), options);
  }
}

/** Where the message lies that a value was read from. Throws TypeError for other objects. */
export function sourceOf(value: object): Source {
  return sourceIn(value);
}

function definedMembers(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** `value` as JSON can have it. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : String(value);
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(definedMembers(value).map(([name, member]) => [name, plain(member)]));
}

function isSafe(value: bigint): boolean {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
}

/** Lists of the flags that are set, by their bits: most objects share theirs with many others. */
export class FlagLists<N extends string> {
  readonly #names: readonly (readonly [N, number])[];
  readonly #lists = new Map<number, readonly N[]>();

  constructor(bits: Readonly<Record<N, number>>) {
    this.#names = Object.entries(bits) as [N, number][];
  }

  /** The names of the bits that are set; the same frozen list for the same bits. */
  of(flags: number): readonly N[] {
    const known = this.#lists.get(flags);
    if (known !== undefined) return known;
    const made = Object.freeze(this.#names.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name));
    this.#lists.set(flags, made);
    return made;
  }
}
