/** Users and groups of this system, by the C library's databases. Source: passwd(5), getpwuid(3), getgrouplist(3). */
import { decodeText, encodeText } from '../../wire/text.ts';
import { native } from './native.ts';

/** What a login as a user begins with. */
export interface Account {
  readonly id: number;
  readonly name: string;
  /** The id of its group. */
  readonly group: number;
  readonly home: string;
  readonly shell: string;
}

/** The id of a user by its name or number; undefined if no user has that name. */
export function userIdOf(word: string): number | undefined {
  return idOf(word, native.userId);
}

/** The id of a group by its name or number; undefined if no group has that name. */
export function groupIdOf(word: string): number | undefined {
  return idOf(word, native.groupId);
}

/** The largest id: the one above it stands for none. */
const MAX_ID = 0xffff_fffe;

function idOf(word: string, lookUp: (name: Buffer) => number): number | undefined {
  if (/^\d{1,10}$/.test(word)) return Number(word) <= MAX_ID ? Number(word) : undefined;
  if (word.includes('\0')) return undefined;
  const id = lookUp(encodeText(word));
  return id < 0 ? undefined : id;
}

/** The user with this id; undefined if there is none. */
export function accountOf(id: number): Account | undefined {
  const answer = native.userAccount(id);
  if (typeof answer === 'number') return undefined;
  const [name = '', group = '', home = '', shell = ''] = decodeText(answer).split(':');
  return { id, name, group: Number(group), home, shell };
}

/** The ids of all groups of a user whose first is `group`; that one alone if they cannot be read. */
export function groupsOf(name: string, group: number): readonly number[] {
  const answer = native.userGroups(encodeText(name), group);
  if (typeof answer === 'number') return [group];
  return Array.from({ length: answer.length / 4 }, (_, at) => answer.readUInt32LE(at * 4));
}
