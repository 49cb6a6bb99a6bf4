/** How one type of encapsulation reads its words: some by place, then keywords. */
import { type Args, duplicateOrGarbage, EXIT_USAGE, UsageError } from '../../../schema/args.ts';
import {
  exact,
  type Grammar,
  type Keyword,
  type MemberFor,
  type Operand,
  readWords,
  type Value,
  value,
} from '../../../schema/keywords.ts';
import type { Names } from '../../../schema/names.ts';
import { addressText, parseAddress } from '../prefix.ts';

/** What the words need of a command's context. */
export interface Tools {
  readonly names: Names;
}

/** An encapsulation as a route carries it. */
export interface Encap {
  /** LWTUNNEL_ENCAP_*. */
  readonly type: number;
  /** The attributes inside RTA_ENCAP. */
  readonly payload: Buffer;
}

/** One type of encapsulation. */
export interface EncapKind {
  readonly word: string;
  /** LWTUNNEL_ENCAP_*. */
  readonly type: number;
  /** What stands after the word. */
  readonly operands: readonly Operand[];
  /** Reads it as the attributes inside RTA_ENCAP. */
  read(args: Args, tools: Tools): Buffer;
}

/** A type whose words are one grammar, maybe after an operand. */
interface Description<Draft> {
  readonly word: string;
  readonly type: number;
  /** What stands before the keywords. */
  readonly operand?: Operand;
  readonly grammar: Grammar<Draft, Tools>;
  /** Reads the operand. */
  start(args: Args): Draft;
  encode(draft: Draft): Buffer;
}

/** Makes a kind of its description. */
export function encapKind<Draft>(description: Description<Draft>): EncapKind {
  const { word, type, operand, grammar } = description;
  const keywords: Operand = { synopsis: 'OPTIONS', grammar: () => grammar as Grammar };
  return {
    word,
    type,
    operands: operand === undefined ? [keywords] : [operand, keywords],
    read(args, tools) {
      const draft = description.start(args);
      readWords(grammar, draft, args, tools);
      return description.encode(draft);
    },
  };
}

/** A keyword that may be given once. */
export function once<Draft, T>(
  word: string,
  read: Value<T, Tools>,
  member: MemberFor<Draft, T>,
): Keyword<Draft, Tools> {
  return exact<Draft, Tools, T>(word, read, member, { once: duplicateOrGarbage });
}

/** An IPv4 or IPv6 address; `any` and `all` are empty. */
export function address(synopsis: string, family: number, examples: readonly string[]): Value<string> {
  return value({ synopsis, examples }, word => addressText(parseAddress(word, family)), '');
}

/** A device that is looked up at once; its index. */
export function device(synopsis: string): Value<number, Tools> {
  return value(
    { synopsis, names: 'device' },
    (word, { names }) => names.deviceIndex(word),
    word => new UsageError(`Cannot find device "${word}"`, EXIT_USAGE),
  );
}
