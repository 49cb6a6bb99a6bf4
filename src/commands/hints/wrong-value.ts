/** A value that its keyword does not take: which ones it does take, by the grammar. */
import { NameFiles } from '../../rtnetlink/names/name-files.ts';
import type { Operand } from '../../schema/keywords.ts';
import type { NameTable } from '../../schema/names.ts';
import { nearest } from '../../schema/nearest.ts';
import type { Hint } from './failure.ts';
import { joined, listed, operandAt, placeAt } from './line.ts';
import { complaintOf } from './request.ts';

const COMPLAINTS: readonly RegExp[] = [
  /^Error: argument "(.*?)" is wrong/,
  /^Error: argument of ".*?" must be .*, not "(.*?)"$/,
  /^Unknown tunnel mode "(.*?)"$/,
  /^Error: no (?:group|subgroup|suite) named (.*?) found/,
];

/** The files that names of tables stand in. */
const FILES: Partial<Readonly<Record<NameTable, string>>> = {
  tables: 'rt_tables',
  protocols: 'rt_protos',
  scopes: 'rt_scopes',
  groups: 'group',
  realms: 'rt_realms',
  dsfield: 'rt_dsfield',
};

/** Tables of names; `names` may also be of things that exist. */
const isTable = (names: string): names is NameTable => Object.hasOwn(FILES, names);

export const wrongValue: Hint = async ({ words, error }) => {
  const complaint = complaintOf(error) ?? '';
  const word = COMPLAINTS.map(pattern => pattern.exec(complaint)?.[1]).find(found => found !== undefined);
  const index = word === undefined ? -1 : words.lastIndexOf(word);
  if (word === undefined || index < 1) return undefined;
  const operand = operandAt(await placeAt(words, index));
  return operand && suggestion(word, words[index - 1]!, operand);
};

function suggestion(word: string, keyword: string, operand: Operand): string | undefined {
  const { words: choices = [], names } = operand;
  if (names !== undefined && isTable(names)) return fromTable(word, keyword, names, choices);
  if (choices.length > 0) {
    const similar = nearest(word, choices);
    const range = rangeOf(operand);
    const numbers = range === undefined ? [] : [`a number from ${range}`];
    const all = `${keyword} is ${joined([...numbers, ...choices], 'or')}`;
    return similar === undefined ? all : `did you mean "${similar}"? ${all}`;
  }
  const range = rangeOf(operand);
  if (range === undefined)
    return operand.synopsis === '' ? undefined : `${keyword} takes ${operand.synopsis}`;
  return /^[-+]?(0x[\da-f]+|\d+)$/i.test(word)
    ? `${word} is outside of what ${keyword} takes: ${range}`
    : `${keyword} takes a number, ${range}`;
}

/** Examples of numbers end with the largest, unless they are mere examples. */
const LEAST_MAXIMUM = 255;

/** `0 to 255`; undefined for an operand that is not a number. */
function rangeOf(operand: Operand & { readonly range?: readonly (number | bigint)[] }): string | undefined {
  if (operand.range !== undefined) return `${operand.range[0]} to ${operand.range[1]}`;
  const numbers = (operand.examples ?? []).map(Number);
  if (numbers.length < 2 || numbers.some(Number.isNaN) || Math.max(...numbers) < LEAST_MAXIMUM)
    return undefined;
  return `${Math.min(...numbers)} to ${Math.max(...numbers)}`;
}

function fromTable(word: string, keyword: string, table: NameTable, more: readonly string[]): string {
  const known = [...new NameFiles(() => undefined).words(table), ...more];
  const similar = nearest(word, known);
  if (similar !== undefined) return `did you mean "${similar}"?`;
  const file = `/etc/iproute2/${FILES[table]}`;
  return `${keyword} takes a number, or a name out of ${file}: ${listed(known)}`;
}
