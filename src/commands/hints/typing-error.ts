/** The object, command, option or keyword that comes nearest to a word that is none. */
import { findKind } from '../../rtnetlink/kinds/index.ts';
import { keywordsOf } from '../../schema/parse.ts';
import { findObject, OBJECTS } from '../objects.ts';
import type { Hint } from './hint.ts';
import { nearest } from './nearest.ts';
import { complaintOf } from './request.ts';
import { COMMAND_WORDS, KEYWORDS, OPTION_WORDS } from './vocabulary.ts';

export const typingError: Hint = ({ words, error }) => {
  const complaint = complaintOf(error);
  if (complaint === undefined) return undefined;
  const [wrong, candidates] = wrongWord(complaint, words) ?? [];
  if (wrong === undefined || candidates === undefined) return undefined;
  const similar = nearest(wrong, candidates);
  return similar === undefined ? undefined : `did you mean "${similar}"?`;
};

type WrongWord = readonly [word: string, candidates: readonly string[]];

function wrongWord(complaint: string, words: readonly string[]): WrongWord | undefined {
  const object = findObject(words[0] ?? '')?.name ?? '';
  const found = (pattern: RegExp) => pattern.exec(complaint)?.[1];

  const unknownObject = found(/^Object "(.*?)" is unknown/);
  if (unknownObject !== undefined) return [unknownObject, OBJECTS.map(({ name }) => name)];

  const option = found(/^Option "-(.*?)" is unknown/);
  if (option !== undefined) return [option, OPTION_WORDS];

  const command = found(/^Command "(.*?)" is unknown/);
  if (command !== undefined) return [command, COMMAND_WORDS[object] ?? []];

  const [, kindName, argument] = /^(\S+): unknown (?:command|option) "(.*?)"\?/.exec(complaint) ?? [];
  const kind = kindName === undefined ? undefined : findKind(kindName);
  if (kind !== undefined && argument !== undefined)
    return [argument, keywordsOf(kind.table.rows).map(({ word }) => word)];

  const garbage =
    found(/^Error: either ".*?" is duplicate, or "(.*?)" is garbage/) ??
    found(/^Argument "(.*?)" is unknown/) ??
    found(/^Garbage instead of arguments "(\S+)/);
  return garbage === undefined ? undefined : [garbage, KEYWORDS[object] ?? []];
}
