/**
 * The library's calls as data: what each parameter may be. A call is checked before anything is sent, and what the kernel
 * refuses says which call it was, with which arguments, where.
 */
import { KernelError, strerror } from '../../kernel/system/errors.ts';
import { EEXIST } from '../../linux/errno.ts';
import { isNotFound } from '../collections/collection.ts';
import type { AddOptions, CallOptions, Connection, DeleteOptions } from '../connection.ts';
import { ArgumentError, show } from '../values/argument.ts';
import { type Check, flag, members, reading, type Shape, signal } from '../values/shape.ts';
import { hintFor } from './hint.ts';
import { withoutKeys } from './keys.ts';

/** A parameter: what it is called after, and what it may be. */
export interface Parameter {
  readonly name: string;
  readonly check: Check<unknown>;
  /** Whether it may be left out. */
  readonly isOptional?: boolean;
  /** Of an object, the names of its settings. */
  readonly settings?: readonly string[];
}

const parametersOfCalls = new Map<string, readonly Parameter[]>();

/** The parameters of every call that is checked, by its name: `addresses.add`. */
export const CALLS: ReadonlyMap<string, readonly Parameter[]> = parametersOfCalls;

/** Names of the methods of `C` that are calls. */
type CallName<C> = {
  [M in keyof C]: M extends 'predicate'
    ? never
    : C[M] extends (...parameters: never[]) => unknown
      ? M
      : never;
}[keyof C];

/** The parameters of each call of `C`. */
export type Calls<C> = { readonly [M in CallName<C>]: readonly Parameter[] };

/** What a collection has that calls need to be explained. */
interface Caller {
  readonly connection: Connection;
}

type Method = (this: object, ...given: unknown[]) => unknown;

const CALL_OPTIONS: Shape<CallOptions> = { signal };

/** The options that every call takes, and those that some take besides. */
export function options<T extends object = object>(others: Shape<T> = {} as Shape<T>): Parameter {
  const shape = { ...CALL_OPTIONS, ...others } as Shape<CallOptions & T>;
  return {
    name: 'options',
    check: (argument, value) => members(argument, value, shape),
    isOptional: true,
    settings: Object.keys(shape),
  };
}

/** The options of calls that make something, and of those that delete something. */
export const addOptions = options<Pick<AddOptions, 'ifAbsent'>>({ ifAbsent: flag });
export const deleteOptions = options<Pick<DeleteOptions, 'ifPresent'>>({ ifPresent: flag });

/** A parameter that must be there. */
export function parameter(name: string, check: Check<unknown>): Parameter {
  return { name, check };
}

/** An object whose members are called by their names alone. */
export function settings<T extends object>(
  name: string,
  shape: Shape<T>,
  required: readonly (keyof T & string)[] = [],
): Parameter {
  return {
    name,
    check: (argument, value) => members(argument, value, shape, { prefix: '', required }),
    settings: Object.keys(shape),
  };
}

/** The conditions of a listing. */
export function filter<T extends object>(shape: Shape<T>): Parameter {
  return {
    name: 'filter',
    check: (argument, value) => members(argument, value, shape),
    settings: Object.keys(shape),
  };
}

/** The same where everything is meant without it. */
export function optional(one: Parameter): Parameter {
  return { ...one, isOptional: true };
}

/** Has the calls of a collection checked and explained; `name` is that of the collection in a network. */
export function checkCalls<C extends object>(
  collection: { readonly prototype: C },
  name: string,
  calls: Calls<C>,
): void {
  const { prototype } = collection;
  for (const [call, parameters] of Object.entries(calls) as [string, readonly Parameter[]][]) {
    parametersOfCalls.set(`${name}.${call}`, parameters);
    const method = (prototype as Record<string, unknown>)[call] as Method;
    const checked =
      call === 'list'
        ? checkedListing(method, parameters)
        : checkedCall(`${name}.${call}`, method, parameters);
    Object.defineProperty(prototype, call, { value: checked, writable: true, configurable: true });
  }
}

/** Checks the arguments of a call. Throws {@link ArgumentError}. */
export function checkArguments(parameters: readonly Parameter[], given: readonly unknown[]): unknown[] {
  const extra = given.findIndex((value, at) => at >= parameters.length && value !== undefined);
  if (extra >= 0)
    throw new ArgumentError(
      `argument ${extra + 1}`,
      `is one too many: there are ${parameters.map(({ name }) => name).join(', ')}`,
    );
  return parameters.map(({ name, check, isOptional }, at) => {
    const value = given[at];
    return value === undefined && isOptional ? undefined : check(name, value);
  });
}

function checkedCall(call: string, method: Method, parameters: readonly Parameter[]): Method {
  return async function (...given) {
    const checked = checkArguments(parameters, given);
    try {
      return await method.apply(this, checked);
    } catch (error) {
      if (isTolerated(error, call, checked.at(-1) ?? {})) return undefined;
      throw explainRefusal(error, call, given, (this as Caller).connection);
    }
  };
}

/** Whether the options say that a refusal is none. Of devices, the one that is there is the answer: `links.add` finds it. */
function isTolerated(
  error: unknown,
  call: string,
  { ifAbsent, ifPresent }: AddOptions & DeleteOptions,
): boolean {
  if (!(error instanceof KernelError)) return false;
  if (ifPresent === true) return isNotFound(error);
  return ifAbsent === true && call !== 'links.add' && error.errno === EEXIST;
}

function checkedListing(method: Method, parameters: readonly Parameter[]): Method {
  return function (...given) {
    return method.apply(this, checkArguments(parameters, given));
  };
}

/** Says in an error of the kernel which call it refused. The outermost call counts, and its caller's stack. */
export function explainRefusal(
  error: unknown,
  call: string,
  given: readonly unknown[],
  connection: Connection,
): unknown {
  if (!(error instanceof KernelError)) return error;
  const words = given.map(describe).filter(text => text !== '');
  const place = connection.place === undefined ? [] : [`in ${connection.place}`];
  error.call = call;
  error.arguments = call.startsWith('xfrm.') ? given.map(withoutKeys) : given;
  error.hint = hintFor(error, connection);
  error.message = `${[call, ...words, ...place].join(' ')}: ${error.reason ?? strerror(error.errno)}`;
  Error.captureStackTrace(error);
  return error;
}

/** Members that say which object is meant, with the words before them. */
const TELLING: Readonly<Record<string, string>> = {
  kind: '',
  name: '',
  id: '',
  destination: '',
  group: '',
  direction: '',
  address: '',
  spi: 'SPI ',
  priority: 'priority ',
  from: 'from ',
  to: 'to ',
  gateway: 'via ',
  device: 'on ',
  table: 'table ',
};
const QUOTED: ReadonlySet<string> = new Set(['name', 'device']);

/** An argument in a few words: `10.0.0.1/24 on "eth0"`. */
function describe(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return show(value);
  if (typeof value !== 'object' || value === null) return '';
  try {
    return reading('argument', () => describeMembers(value as Record<string, unknown>));
  } catch {
    return '';
  }
}

function describeMembers(object: Readonly<Record<string, unknown>>): string {
  return Object.entries(TELLING)
    .flatMap(([name, before]) => {
      const value = object[name];
      if (typeof value !== 'string' && typeof value !== 'number') return [];
      return [`${before}${QUOTED.has(name) ? show(value) : String(value)}`];
    })
    .join(' ');
}
