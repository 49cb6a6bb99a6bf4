/** Values that several objects read: devices, numbers, names out of the name files. */
import type { Args } from '../../schema/args.ts';
import {
  EXIT_FAILURE,
  isPrefixOf,
  mustBeOneOf,
  mustBeOnOrOff,
  NoSuchDevice,
  UsageError,
} from '../../schema/args.ts';
import { anyWord, type Operand, type Value, value } from '../../schema/keywords.ts';
import type { Names, NameTable } from '../../schema/names.ts';
import { parseSigned, parseUnsigned } from '../../schema/number.ts';

/** What the values need of a command's context. */
interface Tools {
  readonly names: Names;
}

/** A device by name, looked up when the whole line has been read. */
export const DEVICE_NAME: Value<string> = anyWord({ synopsis: 'DEV', names: 'device' });

/** A device that is looked up at once; its index. */
export const DEVICE: Value<number, Tools> = value(
  { synopsis: 'DEVICE', names: 'device' },
  (word, { names }) => names.deviceIndex(word),
  'Device does not exist\n',
);

/** The device of a VRF, looked up at once; its index. */
export const VRF: Value<number, Tools> = value(
  { synopsis: 'NAME', names: 'vrf' },
  (word, { names }) => {
    const index = names.deviceIndex(word);
    return index !== undefined && names.vrf(index) !== undefined ? index : undefined;
  },
  'Not a valid VRF name\n',
);

/** `operand` as synopses call it elsewhere. */
export function called<T extends Operand>(synopsis: string, operand: T): T {
  return { ...operand, synopsis };
}

/** A word that may stand before an operand and that synopses show, as in `[ to ] ADDRESS`. */
export function optionalWord(word: string): Operand {
  return { synopsis: word, words: [word], isOptional: true };
}

/** An unsigned number up to `max`. */
export function number(synopsis: string, complaint: string, max = 0xffffffff): Value<number> {
  const examples = ['0', '1', String(max)];
  return value({ synopsis, examples }, word => parseUnsigned(word, max), complaint);
}

/** A signed number of 32 bits. */
export function signed(synopsis: string, complaint: string): Value<number> {
  return value({ synopsis, examples: ['0', '1', '-1'] }, parseSigned, complaint);
}

const ON_AND_OFF: Operand = { synopsis: '{ on | off }', words: ['on', 'off'] };

/** `on` or `off`. */
export const ON_OFF: Value<boolean> = value(
  ON_AND_OFF,
  word => (word === 'on' ? true : word === 'off' ? false : undefined),
  (word, keyword) => mustBeOnOrOff(keyword, word),
);

/** `off` or `on` as 0 or 1, with the other complaint that the original has about them. */
export const OFF_ON: Value<number> = offOn(EXIT_FAILURE);

/** The same as {@link OFF_ON}, with another exit code for a wrong word. */
export function offOn(exitCode: number): Value<number> {
  return value(
    ON_AND_OFF,
    word => (word === 'on' ? 1 : word === 'off' ? 0 : undefined),
    (word, keyword) => new UsageError(mustBeOneOf(keyword, ['off', 'on'], word).message, exitCode),
  );
}

/** A name or number of a table of names. */
export function named(synopsis: string, table: NameTable, complaint: string): Value<number, Tools> {
  return value({ synopsis, names: table }, (word, { names }) => names.number(table, word), complaint);
}

/** The same, or `all`. A name `all` in the table comes first. */
export function namedOrAll(
  synopsis: string,
  table: NameTable,
  complaint: string,
): Value<number | 'all', Tools> {
  const parse = (word: string, { names }: Tools) =>
    names.number(table, word) ?? (word === 'all' ? word : undefined);
  return value({ synopsis, names: table, words: ['all'] }, parse, complaint);
}

/** One of `words`, each spelt out, as its value. */
export function oneOf<T>(
  words: Readonly<Record<string, T>>,
  complaint: string | ((word: string, keyword: string) => Error),
  synopsis = `{ ${Object.keys(words).join(' | ')} }`,
): Value<T> {
  const parse = (word: string) => (Object.hasOwn(words, word) ? words[word] : undefined);
  return value({ synopsis, words: Object.keys(words) }, parse, complaint);
}

/** One of `words` or a beginning of one, as its value: the first that it begins. */
export function abbreviationOf<T>(
  words: Readonly<Record<string, T>>,
  complaint: string | ((word: string, keyword: string) => Error),
  synopsis = `{ ${Object.keys(words).join(' | ')} }`,
): Value<T> {
  const names = Object.keys(words);
  const parse = (word: string) => {
    const name = names.find(name => isPrefixOf(word, name));
    return name === undefined ? undefined : words[name];
  };
  return value({ synopsis, words: names }, parse, complaint);
}

/** An optional word before an operand: `[ to ] PREFIX`. */
export function operandAfter(keyword: string, operand: Operand): Operand {
  return { ...operand, synopsis: `[ ${keyword} ] ${operand.synopsis}` };
}

/** The index of a device that has been named; throws the original's complaint if there is no such device. */
export function deviceIndex(name: string, names: Names): number {
  const index = names.deviceIndex(name);
  if (index === undefined) throw new NoSuchDevice(name);
  return index;
}

/** Reads one value without a keyword. */
export function readValue<T>(value: Value<T, Tools>, args: Args, tools: Tools): T {
  return value.read(args, tools, '');
}
