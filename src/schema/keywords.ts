/**
 * Grammars as data: keywords in order of precedence, each with what may stand after it. Parsing, completion, synopses,
 * hints and the tests that generate command lines read the same tables.
 */
import {
  type Args,
  duplicateArgument,
  isPrefixOf,
  type UsageError,
  UsageRequest,
  wrongArgument,
} from './args.ts';
import type { NameTable } from './names.ts';

/** What a word names, besides the entries of a {@link NameTable}. */
export type Named =
  | NameTable
  | 'device'
  | 'vrf'
  | 'kind'
  | 'address'
  | 'route'
  | 'namespace'
  | 'nsid'
  | 'process'
  | 'user'
  | 'userGroup'
  | 'file'
  | 'program';

/** What may stand at a place in a line, for code that does not read it: completion, synopses, generators of tests. */
export interface Operand {
  /** As in a synopsis: `METRIC`, `PREFIX`, `{ on | off }`; empty if synopses do not show it. */
  readonly synopsis: string;
  /** Words that stand for themselves, in the order in which abbreviations of them are tried. */
  readonly words?: readonly string[];
  /** What the word names. */
  readonly names?: Named;
  /** Keywords that follow in the place of one word, up to the first word that is not one of them. */
  readonly grammar?: () => Grammar;
  /** At least one keyword of the grammar must stand there. */
  readonly isNonEmpty?: boolean;
  /** Only one keyword of the grammar may stand there. */
  readonly isChoice?: boolean;
  /** The word may be missing. */
  readonly isOptional?: boolean;
  /** An option's value stands in the word after it, unless it is given as `OPTION=VALUE`. */
  readonly hasValue?: boolean;
  /** Words like it that a generator of tests may try: right ones first. */
  readonly examples?: readonly string[];
}

/** An operand that is read as a value. */
export interface Value<T, Tools = unknown> extends Operand {
  /** Reads it; throws the original's complaint if it is wrong. `keyword` is the keyword that it stands after. */
  read(args: Args, tools: Tools, keyword: string): T;
}

/** One keyword of a grammar. */
export interface Keyword<Draft = never, Tools = never> {
  readonly word: string;
  /** Any beginning of the word stands for it too, or any beginning that itself begins with this text. */
  readonly abbreviable: boolean | string;
  /** What stands after it, in order. */
  readonly operands: readonly Operand[];
  /** Not in the synopsis: another spelling of a keyword before it, or a word that the original does not document. */
  readonly isHidden: boolean;
  /** The keyword as synopses spell it, if they do not spell it out: `proto` for `protocol`. */
  readonly shownAs?: string;
  /** {@link readWords} ends before this keyword: the command itself reads it, after it has looked at the words before. */
  readonly endsReading?: boolean;
  /** It may be given several times with an effect each time. */
  readonly repeats?: boolean;
  /** Reads what stands after the keyword, which has been read and was typed as `typed`, into `draft`. */
  read(draft: Draft, args: Args, tools: Tools, typed: string): void;
}

/** The words that a command, or an operand of one, takes. */
export interface Grammar<Draft = never, Tools = never> {
  /** In order of precedence: the first that a word is, or abbreviates, is meant. */
  readonly keywords: readonly Keyword<Draft, Tools>[];
  /** What a word is that is not a keyword. */
  readonly operand?: Operand;
  /** Reads such a word. If absent, reading ends there. */
  readOperand?(draft: Draft, args: Args, tools: Tools): void;
}

/** The members of a draft that a value of this type may be put into. */
export type MemberFor<Draft, T> = { [K in keyof Draft]-?: T extends Draft[K] ? K : never }[keyof Draft];

/** Where a value goes: a member of the draft, or what a function makes of it. */
type Setter<Draft, Tools, T> = MemberFor<Draft, T> | ((draft: Draft, value: T, tools: Tools) => void);

function put<Draft, Tools, T>(set: Setter<Draft, Tools, T>, draft: Draft, value: T, tools: Tools): void {
  if (typeof set === 'function') set(draft, value, tools);
  // The member's type takes the value: see MemberFor.
  else draft[set] = value as Draft[typeof set];
}

/** How often a keyword may be given, and whether a synopsis shows it. */
export interface KeywordOptions<Draft> {
  /** The keyword may be given once: this is what is wrong with a second value. */
  readonly once?: (keyword: string, word: string) => UsageError;
  /** Whether the keyword has been given before. If absent: whether the member that it sets has a value. */
  readonly isGiven?: (draft: Draft) => boolean;
  /** The keyword that the complaint about a second value names, if not this one. */
  readonly duplicateOf?: string;
  readonly isHidden?: boolean;
  readonly shownAs?: string;
}

function isGiven<Draft, Tools, T>(
  set: Setter<Draft, Tools, T>,
  options: KeywordOptions<Draft>,
  draft: Draft,
): boolean {
  if (options.isGiven !== undefined) return options.isGiven(draft);
  return options.once !== undefined && typeof set !== 'function' && draft[set] !== undefined;
}

/** A keyword with one value, which goes into the draft. It must be spelt out. */
export function exact<Draft, Tools, T>(
  word: string,
  value: Value<T, Tools>,
  set: Setter<Draft, Tools, T>,
  options: KeywordOptions<Draft> = {},
): Keyword<Draft, Tools> {
  return {
    word,
    abbreviable: false,
    operands: [value],
    isHidden: options.isHidden ?? false,
    ...(options.shownAs === undefined ? {} : { shownAs: options.shownAs }),
    read(draft, args, tools) {
      if (isGiven(set, options, draft)) {
        throw (options.once ?? duplicateArgument)(options.duplicateOf ?? word, args.next());
      }
      put(set, draft, value.read(args, tools, word), tools);
    },
  };
}

/** The same as {@link exact} for a keyword that any of its beginnings stands for. */
export function abbreviable<Draft, Tools, T>(
  word: string,
  value: Value<T, Tools>,
  set: Setter<Draft, Tools, T>,
  options: KeywordOptions<Draft> = {},
): Keyword<Draft, Tools> {
  return { ...exact(word, value, set, options), abbreviable: true };
}

/** A keyword that stands alone. It must be spelt out. */
export function flag<Draft, Tools>(
  word: string,
  set: (draft: Draft, tools: Tools) => void,
): Keyword<Draft, Tools> {
  return reads(word, [], (draft, _args, tools) => set(draft, tools));
}

/** A keyword that reads what stands after it by itself; `operands` describe that. It must be spelt out. */
export function reads<Draft, Tools>(
  word: string,
  operands: readonly Operand[],
  read: Keyword<Draft, Tools>['read'],
): Keyword<Draft, Tools> {
  return { word, abbreviable: false, operands, isHidden: false, read };
}

/** The same keyword, which any of its beginnings stands for. */
export function shortened<Draft, Tools>(keyword: Keyword<Draft, Tools>): Keyword<Draft, Tools> {
  return { ...keyword, abbreviable: true };
}

/** A keyword, and other words with the same meaning, which synopses do not show. */
export function withSynonyms<Draft, Tools>(
  keyword: Keyword<Draft, Tools>,
  ...words: readonly string[]
): Keyword<Draft, Tools>[] {
  return [keyword, ...words.map(word => ({ ...keyword, word, isHidden: true }))];
}

/** The same keyword, spelt differently in synopses. */
export function shownAs<Draft, Tools>(
  spelling: string,
  keyword: Keyword<Draft, Tools>,
): Keyword<Draft, Tools> {
  return { ...keyword, shownAs: spelling };
}

/** The same keyword, which synopses do not show. */
export function hidden<Draft, Tools>(keyword: Keyword<Draft, Tools>): Keyword<Draft, Tools> {
  return { ...keyword, isHidden: true };
}

/** The part of a grammar that reads the value of `keyword` where it stands without the keyword; `help` asks for help. */
export function withoutKeyword<Draft, Tools>(
  keyword: Keyword<Draft, Tools>,
): Required<Pick<Grammar<Draft, Tools>, 'operand' | 'readOperand'>> {
  return {
    operand: keyword.operands[0]!,
    readOperand(draft, args, tools) {
      if (args.matches('help')) throw new UsageRequest();
      keyword.read(draft, args, tools, keyword.word);
    },
  };
}

/**
 * A value of one word. `parse` returns undefined for a wrong word, which `complaint` then says:
 * `argument "WORD" is wrong: COMPLAINT`.
 */
export function value<T, Tools>(
  operand: string | Operand,
  parse: (word: string, tools: Tools) => T | undefined,
  complaint: string | ((word: string, keyword: string) => Error),
): Value<T, Tools> {
  return {
    ...(typeof operand === 'string' ? { synopsis: operand } : operand),
    read(args, tools, keyword) {
      const word = args.next();
      const found = parse(word, tools);
      if (found !== undefined) return found;
      throw typeof complaint === 'string' ? wrongArgument(word, complaint) : complaint(word, keyword);
    },
  };
}

/** Any word, as it is. */
export function anyWord(operand: string | Operand): Value<string> {
  return {
    ...(typeof operand === 'string' ? { synopsis: operand } : operand),
    read: args => args.next(),
  };
}

/** Whether `word` is this keyword or abbreviates it. */
export function stands(word: string, keyword: Pick<Keyword, 'word' | 'abbreviable'>): boolean {
  const { word: whole, abbreviable } = keyword;
  if (word === whole) return true;
  if (abbreviable === false || !isPrefixOf(word, whole)) return false;
  return abbreviable === true || word.startsWith(abbreviable);
}

/** Keywords of a list by the first letter of their words: most words of a line need not be compared with all. */
const byFirstLetter = new WeakMap<readonly unknown[], Map<number, unknown[]>>();

/** The keyword that `word` is or abbreviates: the first in order of precedence. */
export function findKeyword<K extends Pick<Keyword, 'word' | 'abbreviable'>>(
  keywords: readonly K[],
  word: string,
): K | undefined {
  let letters = byFirstLetter.get(keywords);
  if (letters === undefined) {
    letters = new Map();
    for (const keyword of keywords) {
      const letter = keyword.word.charCodeAt(0);
      const others = letters.get(letter);
      if (others === undefined) letters.set(letter, [keyword]);
      else others.push(keyword);
    }
    byFirstLetter.set(keywords, letters);
  }
  const candidates = letters.get(word.charCodeAt(0)) as K[] | undefined;
  if (candidates !== undefined) for (const keyword of candidates) if (stands(word, keyword)) return keyword;
  return undefined;
}

/** Reads a keyword with what stands after it. Returns false and reads nothing if the current word is not a keyword. */
export function readKeyword<Draft, Tools>(
  keywords: readonly Keyword<Draft, Tools>[],
  draft: Draft,
  args: Args,
  tools: Tools,
): boolean {
  const word = args.peek();
  if (word === undefined) return false;
  const keyword = findKeyword(keywords, word);
  if (keyword === undefined) return false;
  args.skip();
  keyword.read(draft, args, tools, word);
  return true;
}

/** Reads one keyword with what stands after it, or one word that is not a keyword. Returns false if it ends reading. */
export function readWord<Draft, Tools>(
  grammar: Grammar<Draft, Tools>,
  draft: Draft,
  args: Args,
  tools: Tools,
): boolean {
  const word = args.peek();
  if (word === undefined) return false;
  const keyword = findKeyword(grammar.keywords, word);
  if (keyword === undefined) {
    if (grammar.readOperand === undefined) return false;
    grammar.readOperand(draft, args, tools);
  } else {
    if (keyword.endsReading) return false;
    args.skip();
    keyword.read(draft, args, tools, word);
  }
  return true;
}

/** Reads words to the end of the line, or up to the first that the grammar does not take. */
export function readWords<Draft, Tools>(
  grammar: Grammar<Draft, Tools>,
  draft: Draft,
  args: Args,
  tools: Tools,
): void {
  while (readWord(grammar, draft, args, tools));
}
