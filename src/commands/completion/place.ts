/** What may stand next in a line of `ip`, by the tables of its objects. */

import type { LinkKind } from '../../rtnetlink/kind.ts';
import { loadedKind, loadKind } from '../../rtnetlink/kinds/load.ts';
import { linkMessage } from '../../rtnetlink/link.ts';
import { type Expected, expectedAfter } from '../../schema/expected.ts';
import type { Grammar, Keyword, Named, Operand } from '../../schema/keywords.ts';
import { keywordsOf, type RowKeyword } from '../../schema/parse.ts';
import { findSubcommand, type ObjectCommands, type Subcommand } from '../frame/subcommands.ts';
import { LINK_GRAMMAR } from '../link/words.ts';

/** The end of a line. */
export interface Place {
  /** Commands that may stand there, where no command has been named. */
  readonly commands: readonly Subcommand[];
  readonly usage: () => Promise<string>;
  /** What may stand there otherwise. */
  readonly expected: Expected;
  /** What a word without a keyword names, if it may stand there. */
  readonly existing: Named | undefined;
  /** An option of ours that may stand there; offered to who has begun one. */
  readonly option?: string | undefined;
  /** A program begins at this word of the line after the object. */
  readonly programAt?: number;
}

const NOTHING: Expected = { keywords: [], operands: [], given: new Set() };
const NO_KEYWORDS: Grammar = { keywords: [] };

/** The place after `words`, which follow the object; undefined if its command is unknown. `all`: -all is given. */
export async function placeAfter(
  object: ObjectCommands,
  words: readonly string[],
  all: boolean,
): Promise<Place | undefined> {
  const { usage } = object;
  const place: Place = { commands: [], usage, expected: NOTHING, existing: undefined };
  if (!('commands' in object)) return { ...place, expected: expectedAfter(await object.grammar(), words) };
  const [word, ...following] = words;
  if (word === undefined) return { ...place, commands: object.commands };
  const command = findSubcommand(object, word);
  if (command === undefined) return undefined;
  const { tolerates, ending } = command;
  const rest = following[0] !== undefined && following[0] === tolerates ? following.slice(1) : following;
  if (command.subcommands !== undefined) return placeAfter(command.subcommands, rest, all);
  const operands = (command.operands ?? []).filter(({ names }) => !(all && names === 'namespace'));
  const programAt = programStart(operands, rest);
  if (programAt !== undefined) return { ...place, programAt: programAt + 1 };
  const grammar = (await command.grammar?.()) ?? NO_KEYWORDS;
  await Promise.all(rest.map(loadKind));
  const expected = expectedAfter(grammar, rest, operands, followKind);
  const takesOperand = grammar.operand !== undefined && expected.operands.includes(grammar.operand);
  const isEnding = ending !== undefined && following.at(-2) === ending.after;
  const option = following.length === 0 ? tolerates : isEnding ? ending.option : undefined;
  return { ...place, expected, option, existing: takesOperand ? command.existing : undefined };
}

/** At which of the words after a command a program begins, if they reach so far: after options and other operands. */
function programStart(operands: readonly Operand[], words: readonly string[]): number | undefined {
  const before = operands.findIndex(({ names }) => names === 'program');
  if (before < 0) return undefined;
  const options = operands.filter(({ isOptional }) => isOptional);
  let at = 0;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    const [name = ''] = word.split('=');
    const option = options.find(({ words: spellings }) => spellings?.includes(name));
    if (option === undefined) break;
    at += option.hasValue && name === word ? 2 : 1;
  }
  at += before - options.length;
  return at <= words.length ? at : undefined;
}

/** The words of a kind of device after `type KIND`. */
function followKind(keyword: Keyword, word: string): Grammar | undefined {
  if (!keyword.operands.some(({ names }) => names === 'kind')) return undefined;
  const kind = loadedKind(word);
  return kind === undefined ? NO_KEYWORDS : kindGrammar(kind);
}

/** The keywords of a kind as a grammar; a second device is described like the first. */
export function kindGrammar({ table }: LinkKind): Grammar {
  const peer: Operand = { synopsis: '[ name ] NAME', grammar: () => LINK_GRAMMAR };
  return {
    keywords: keywordsOf(table.rows).map((keyword: RowKeyword) =>
      described(keyword, keyword.row.codec === linkMessage ? [peer] : keyword.operands),
    ),
  };
}

/** A keyword of a row, for code that does not read it. */
function described({ word, abbreviable }: RowKeyword, operands: readonly Operand[]): Keyword {
  return {
    word: word === 'peer_info' ? 'peer' : word,
    abbreviable,
    operands,
    isHidden: false,
    read: () => undefined,
  };
}
