/** Times, shares and rates of a file as numbers. */

import type { ImpairmentPatch } from '../impairment/live.ts';
import type { ImpairmentModel } from '../model.ts';
import { type Problems, pathText, unknownWord } from './problems.ts';
import type { Duration, Impairment } from './shape.ts';
import { type Path, placeAt, type Tree } from './tree.ts';

const MICROSECONDS: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000, m: 60_000_000 };
const BITS: Readonly<Record<string, number>> = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 };

/** A day in microseconds: what is longer is a mistake. */
const LONGEST = 86_400_000_000;
/** Bits in a second. */
const FASTEST = 1e15;

/** A number that may have been a text before its expression was replaced. */
export function readNumber(value: number | string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** Microseconds. */
export function readDuration(value: Duration): number {
  if (typeof value === 'number') return Math.round(value * 1000);
  const [, number = '0', unit = 'ms'] = /^([\d.]+)(us|ms|s|m)$/.exec(value) ?? [];
  return Math.round(Number(number) * MICROSECONDS[unit]!);
}

/** Milliseconds. */
export function readMilliseconds(value: Duration | undefined, otherwise: number): number {
  return value === undefined ? otherwise : readDuration(value) / 1000;
}

/** Millionths; undefined for more than the whole. */
function readShare(value: string): number | undefined {
  const share = Math.round(Number.parseFloat(value) * 10_000);
  return share > 1_000_000 ? undefined : share;
}

/** Bits in a second. */
function readRate(value: string): number {
  const [, number = '0', unit = 'bit'] = /^([\d.]+)([kmg]?bit)$/.exec(value) ?? [];
  return Math.round(Number(number) * BITS[unit]!);
}

/** An impairment in the kernel's terms; undefined where there is none. */
export function readImpairment(
  said: Impairment | undefined,
  path: Path,
  tree: Tree,
  problems: Problems,
): ImpairmentModel | undefined {
  if (said === undefined) return undefined;
  const model: Record<string, number> = {};
  for (const name of ['delay', 'jitter'] as const)
    if (said[name] !== undefined) {
      model[name] = readDuration(said[name]);
      if (model[name] > LONGEST)
        problems.add('is more than a day', pathText([...path, name]), placeAt(tree, [...path, name]));
    }
  for (const name of ['loss', 'duplicate', 'corrupt', 'reorder'] as const) {
    if (said[name] === undefined) continue;
    const share = readShare(said[name]);
    if (share === undefined)
      problems.add('is more than 100%', pathText([...path, name]), placeAt(tree, [...path, name]));
    else model[name] = share;
  }
  if (said.rate !== undefined) {
    model['rate'] = readRate(said.rate);
    if (model['rate'] > FASTEST)
      problems.add(
        'is more than a million gbit',
        pathText([...path, 'rate']),
        placeAt(tree, [...path, 'rate']),
      );
    if (model['rate'] < 8)
      problems.add(
        'is less than a byte a second',
        pathText([...path, 'rate']),
        placeAt(tree, [...path, 'rate']),
      );
  }
  if (said.limit !== undefined) model['limit'] = said.limit;
  for (const [name, other] of [
    ['jitter', 'delay'],
    ['reorder', 'delay'],
  ] as const)
    if (model[name] !== undefined && model[other] === undefined)
      problems.add(
        `has no effect without "${other}"`,
        pathText([...path, name]),
        placeAt(tree, [...path, name]),
      );
  return Object.keys(model).length === 0 ? undefined : (model as ImpairmentModel);
}

const DURATION = /^[0-9]+(\.[0-9]+)?(us|ms|s|m)$/;
const SHARE = /^[0-9]+(\.[0-9]+)?%$/;
const RATE = /^[0-9]+(\.[0-9]+)?[kmg]?bit$/;

/** How the values of an impairment are written, each with an example. */
const WRITTEN = {
  delay: [DURATION, '50ms'],
  jitter: [DURATION, '5ms'],
  loss: [SHARE, '0.5%'],
  duplicate: [SHARE, '0.5%'],
  corrupt: [SHARE, '0.5%'],
  reorder: [SHARE, '0.5%'],
  rate: [RATE, '20mbit'],
  limit: [/^[1-9][0-9]{0,9}$/, '1000'],
} as const satisfies Readonly<Record<keyof ImpairmentModel, readonly [RegExp, string]>>;

/** Names of the values of an impairment. */
export const IMPAIRMENT_NAMES = Object.keys(WRITTEN) as readonly (keyof ImpairmentModel)[];

/** What takes a value away. */
export const NONE = 'none';

/** Reads values that are to change; `none` takes one away. Throws `RangeError` for what is none. */
export function readPatch(said: Readonly<Record<string, string | number | undefined>>): ImpairmentPatch {
  const patch: Record<string, number | undefined> = {};
  for (const [word, value] of Object.entries(said)) {
    if (!Object.hasOwn(WRITTEN, word))
      throw new RangeError(unknownWord(word, 'a value of an impairment', IMPAIRMENT_NAMES));
    const name = word as keyof ImpairmentModel;
    patch[name] = value === undefined || value === NONE ? undefined : readValue(name, value);
  }
  return patch;
}

function readValue(name: keyof ImpairmentModel, value: string | number): number {
  const [pattern, example] = WRITTEN[name];
  const isTime = name === 'delay' || name === 'jitter';
  const isNumber = typeof value === 'number' && Number.isFinite(value) && value >= 0;
  if (!(isTime && isNumber) && !pattern.test(String(value)))
    throw new RangeError(`${name} "${value}" is not of the form ${example}`);
  const number = isTime
    ? readDuration(value)
    : name === 'rate'
      ? readRate(String(value))
      : name === 'limit'
        ? Number(value)
        : readShare(String(value));
  const [least, most] =
    name === 'rate' ? [8, FASTEST] : isTime ? [0, LONGEST] : name === 'limit' ? [1, 0xffffffff] : [0, 1e6];
  if (number === undefined || number > most) throw new RangeError(`${name} "${value}" is too much`);
  if (number < least) throw new RangeError(`${name} "${value}" is too little`);
  return number;
}
