/** A device name that was read as the abbreviation of a keyword. */
import { isPrefixOf } from '../../schema/args.ts';
import { findObject } from '../objects.ts';
import type { Failure, Hint } from './failure.ts';
import { complaintOf } from './request.ts';

/** Keywords that `link add` and `link set` take abbreviated, in the order in which they are tried. */
const ABBREVIABLE = [
  'link',
  'address',
  'broadcast',
  'brd',
  'txqueuelen',
  'qlen',
  'txqlen',
  'master',
  'nomaster',
  'dynamic',
  'type',
  'alias',
  'numtxqueues',
  'numrxqueues',
  'addrgenmode',
];

export const nameReadAsKeyword: Hint = failure => {
  const { words, error } = failure;
  if (error !== undefined && complaintOf(error) === undefined) return undefined;
  const keyword = eatenKeyword(words);
  if (keyword === undefined) return undefined;
  const word = words[2]!;
  const advice = isPrefixOf(words[1]!, 'add') ? `name ${word}` : `dev ${word}`;
  return `"${word}" was read as the keyword "${keyword}"; a device of that name is written '${advice}'`;
};

/** The keyword that the first word of a `link add` or `link set` abbreviates; undefined when that is a name. */
function eatenKeyword(words: Failure['words']): string | undefined {
  const [object, command, word] = words;
  if (object === undefined || command === undefined || word === undefined) return undefined;
  if (findObject(object)?.name !== 'link') return undefined;
  if (!['add', 'set', 'change', 'replace'].some(name => isPrefixOf(command, name))) return undefined;
  if (ABBREVIABLE.includes(word)) return undefined;
  return ABBREVIABLE.find(keyword => isPrefixOf(word, keyword));
}
