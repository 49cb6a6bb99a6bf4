/** The object, command, option or keyword that comes nearest to a word that is none. */
import { loadKind } from '../../rtnetlink/kinds/load.ts';
import { nearest } from '../../schema/nearest.ts';
import { keywordsOf } from '../../schema/parse.ts';
import { wordsAfter } from '../completion/completion.ts';
import { defaultOptions, OPTIONS } from '../frame/options.ts';
import { findObject, OBJECTS, OWN_OBJECTS } from '../objects.ts';
import type { Hint } from './failure.ts';
import { spelledOut } from './line.ts';
import { complaintOf } from './request.ts';

export const typingError: Hint = async ({ words, error }) => {
  const complaint = complaintOf(error);
  if (complaint === undefined) return undefined;
  const [wrong, candidates] = (await wrongWord(complaint, words)) ?? [];
  if (wrong === undefined || candidates === undefined) return undefined;
  const similar = beginning(wrong, candidates) ?? nearest(wrong, candidates);
  const dashes = /^Option "/.test(complaint) ? '--' : '';
  if (similar !== undefined) return `did you mean "${dashes}${similar}"?`;
  const isKeyword = words.includes(wrong) && words.length > 2 && words[0] !== wrong;
  if (!isKeyword || candidates.length === 0) return undefined;
  return `"${wrong}" is not a word of '${await spelledOut(words)}'; '${words[0]} help' shows those that are`;
};

/** The candidate that a word of several parts begins with: of `list-all` it is `list`. */
function beginning(word: string, candidates: readonly string[]): string | undefined {
  const [first = '', second] = word.split(/[-_]/);
  return second === undefined ? undefined : candidates.find(candidate => candidate === first);
}

type WrongWord = readonly [word: string, candidates: readonly string[]];

async function wrongWord(complaint: string, words: readonly string[]): Promise<WrongWord | undefined> {
  const found = (pattern: RegExp) => pattern.exec(complaint)?.[1];

  const unknownObject = found(/^Object "(.*?)" is unknown/);
  if (unknownObject !== undefined) {
    const supported = [...OBJECTS, ...OWN_OBJECTS].filter(({ run }) => run !== undefined);
    return [unknownObject, supported.map(({ name }) => name)];
  }

  const option = found(/^Option "-(.*?)" is unknown/);
  if (option !== undefined) return [option, OPTIONS.flatMap(({ names }) => names)];

  const [, kindName, argument] = /^(\S+): unknown (?:command|option) "(.*?)"\?/.exec(complaint) ?? [];
  const kind = kindName === undefined ? undefined : await loadKind(kindName);
  if (kind !== undefined && argument !== undefined)
    return [argument, keywordsOf(kind.table.rows).map(({ word }) => word)];

  const wrong =
    found(/^Command "(.*?)" is unknown/) ??
    found(/^Error: either ".*?" is duplicate, or "(.*?)" is garbage/) ??
    found(/^Argument "(.*?)" is unknown/) ??
    found(/^Garbage instead of arguments "(\S+)/);
  return wrong === undefined ? undefined : [wrong, await wordsInPlaceOf(wrong, words)];
}

/** The words that TAB would offer where the wrong one stands, names aside. */
async function wordsInPlaceOf(wrong: string, [object = '', ...rest]: readonly string[]): Promise<string[]> {
  if (findObject(object) === undefined) return [];
  const place = rest.indexOf(wrong);
  const { candidates } = await wordsAfter(
    object,
    place < 0 ? rest : rest.slice(0, place),
    '',
    defaultOptions(),
  );
  return candidates.filter(({ about }) => about === 'command' || about === 'keyword').map(({ word }) => word);
}
