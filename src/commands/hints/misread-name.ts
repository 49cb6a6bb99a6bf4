/** A device name that was read as the abbreviation of a keyword. */
import { isPrefixOf } from '../../schema/args.ts';
import { findKeyword, type Keyword } from '../../schema/keywords.ts';
import { LINK_GRAMMAR } from '../link/words.ts';
import { findObject } from '../objects.ts';
import type { Failure, Hint } from './failure.ts';
import { complaintOf, systemErrorOf } from './request.ts';

const CHANGES: readonly string[] = ['add', 'set', 'change', 'replace'];

export const nameReadAsKeyword: Hint = ({ words, error }) => {
  if (error !== undefined && complaintOf(error) === undefined && systemErrorOf(error) === undefined)
    return undefined;
  const keyword = abbreviatedKeyword(words);
  if (keyword === undefined) return undefined;
  // A keyword that has found its value was meant.
  if (error === undefined && keyword.operands.length > 0) return undefined;
  const word = words[2]!;
  const advice = isPrefixOf(words[1]!, 'add') ? `name ${word}` : `dev ${word}`;
  return `"${word}" was read as the keyword "${keyword.word}"; a device of that name is written '${advice}'`;
};

/** The keyword that the first word of a `link add` or `link set` abbreviates; undefined if that is a name. */
function abbreviatedKeyword([object, command, word]: Failure['words']):
  | Pick<Keyword, 'word' | 'operands'>
  | undefined {
  if (object === undefined || command === undefined || word === undefined) return undefined;
  if (findObject(object)?.name !== 'link') return undefined;
  if (!CHANGES.some(name => isPrefixOf(command, name))) return undefined;
  const keyword = findKeyword(LINK_GRAMMAR.keywords, word);
  return keyword?.word === word ? undefined : keyword;
}
