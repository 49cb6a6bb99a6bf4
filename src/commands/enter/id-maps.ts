/** The options of unshare that map user and group ids. Source: unshare(1), and runs of util-linux 2.42.4. */
import { readFileSync } from 'node:fs';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { native } from '../../kernel/system/native.ts';
import { type IdRange, NO_ID } from '../../namespaces/plans/id-maps.ts';
import { readSubordinateIds } from '../../namespaces/plans/subids.ts';
import { decodeText, encodeText } from '../../wire/text.ts';
import { CommandLineError } from './command-line-error.ts';
import { idOption, readLooseId, readNumber } from './numbers.ts';

/** The two kinds of id, and where they are looked up. */
export const USERS = { id: 'uid', file: '/etc/subuid', lookUp: native.userId } as const;
export const GROUPS = { id: 'gid', file: '/etc/subgid', lookUp: native.groupId } as const;
export type IdType = typeof USERS | typeof GROUPS;

/** A number, or the name of a user or group. */
export function readNamedId(type: IdType, word: string): number {
  const number = readNumber(word, 0, NO_ID - 1);
  if (number !== undefined) return number;
  const id = type.lookUp(encodeText(word));
  if (id < 0) throw new CommandLineError(`failed to parse ${type.id} '${word}'`);
  return id;
}

/** `INNER:OUTER:COUNT`, `OUTER,INNER,COUNT` as older versions had it, or a word for ranges known elsewhere. */
export function readRanges(type: IdType, word: string): readonly IdRange[] {
  switch (word) {
    case 'auto':
      return [{ ...readSubordinateRange(type), inner: undefined }];
    case 'subids':
      return [readSubordinateRange(type)];
    case 'all':
      return readOwnMap(type);
  }
  const separator = word.includes(',') ? ',' : ':';
  const numbers = word.split(separator).map(readLooseId);
  const [first, second, count] = numbers;
  if (numbers.length !== 3 || first === undefined || second === undefined || count === undefined)
    throw new CommandLineError(`invalid mapping '${word}'`);
  return [
    separator === ',' ? { inner: second, outer: first, count } : { inner: first, outer: second, count },
  ];
}

/** The first range that the caller was given, by name or number, mapped to itself. */
function readSubordinateRange({ file }: IdType): IdRange {
  const user = process.geteuid!();
  const name = userName(user);
  const lines = opening(file, () => readSubordinateIds(file));
  const found = lines.find(({ owner }) => owner === name || leadingNumber(owner) === user);
  if (found) {
    const start = idOption('subid map', found.start);
    return { inner: start, outer: start, count: idOption('subid map', found.count) };
  }
  throw new CommandLineError(`no line matching user "${name}" in ${file}`);
}

/** As in the original, what does not begin with a number is 0: root's ids are the first in the file. */
function leadingNumber(text: string): number {
  return Number(/^[\t-\r ]*[+-]?\d+/.exec(text)?.[0] ?? 0);
}

function userName(user: number): string {
  const entry = native.userName(user);
  if (typeof entry === 'number') throw new CommandLineError(`you (user ${user}) don't exist.`);
  return decodeText(entry);
}

/** Everything that is mapped for the caller, mapped to itself. */
function readOwnMap({ id }: IdType): readonly IdRange[] {
  const path = `/proc/self/${id}_map`;
  const lines = opening(path, () => readFileSync(path, 'latin1'))
    .trim()
    .split('\n');
  return lines.map(line => {
    const [inner = 0, , count = 0] = line.trim().split(/ +/).map(Number);
    return { inner, outer: inner, count };
  });
}

function opening<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CommandLineError(`could not open '${path}': ${strerror(errnoOf(error))}`);
  }
}
