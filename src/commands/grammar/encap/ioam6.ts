/** `encap ioam6`: a packet notes its way. The words have a fixed order. */
import { ENCAP_IOAM6, encapPayload, IOAM6_MODES, ioam6Encap } from '../../../rtnetlink/encap.ts';
import { type Args, missingArgument, wrongArgument } from '../../../schema/args.ts';
import {
  exact,
  type Grammar,
  type Keyword,
  type Operand,
  readKeyword,
  reads,
  type Value,
  value,
} from '../../../schema/keywords.ts';
import { parseUnsigned } from '../../../schema/number.ts';
import type { ValuesOf } from '../../../schema/row.ts';
import { encodeText } from '../../../wire/text.ts';
import { number } from '../values.ts';
import type { EncapKind, Tools } from './kind.ts';
import { specificAddress } from './segments.ts';

type Draft = ValuesOf<typeof ioam6Encap.rows>;

const INLINE = 1;
const U32 = 0xffffffff;
const MAX_FREQUENCY = 1_000_000;
const MAX_FREQUENCY_LENGTH = 15;
const MAX_TRACE_SIZE = 244;

/** `K/N`: K of N packets. */
const FREQUENCY: Value<readonly [k: number, n: number]> = {
  synopsis: 'K/N',
  examples: ['1/10'],
  read(args) {
    const word = args.next();
    if (encodeText(word).length > MAX_FREQUENCY_LENGTH)
      throw wrongArgument(word, 'Invalid frequency (too long)');
    const match = /^[\t-\r ]*\+?(\d+)\/[\t-\r ]*\+?(\d+)$/.exec(word);
    const [k, n] = [Number(match?.[1]), Number(match?.[2])];
    if (!(k <= U32 && n <= U32)) throw wrongArgument(word, 'Invalid frequency (malformed)');
    if (k < 1 || k > MAX_FREQUENCY) throw wrongArgument(word, 'Out of bound "k" frequency');
    if (n < 1 || n > MAX_FREQUENCY) throw wrongArgument(word, 'Out of bound "n" frequency');
    if (k > n) throw wrongArgument(word, 'Frequency with k > n is forbidden');
    return [k, n];
  },
};

const MODE = value(
  { synopsis: '{ inline | encap | auto }', words: IOAM6_MODES },
  word => (IOAM6_MODES as readonly string[]).indexOf(word) + 1 || undefined,
  'Invalid mode',
);

function tunnelEnd(word: 'tunsrc' | 'tundst'): Keyword<Draft, Tools> {
  const end = specificAddress(`Invalid IPv6 address for ${word}`);
  return reads(word, [end], (draft, args, tools) => {
    if (draft.mode === INLINE) throw wrongArgument(word, `Inline mode does not need ${word}`);
    draft[word] = end.read(args, tools, word);
  });
}

const TUNNEL_DESTINATION = tunnelEnd('tundst');

/** Words that may be missing, in their order. */
const OPTIONAL: readonly Keyword<Draft, Tools>[] = [
  exact('freq', FREQUENCY, (draft, [k, n]) => {
    draft.freq_k = k;
    draft.freq_n = n;
  }),
  exact('mode', MODE, 'mode'),
  tunnelEnd('tunsrc'),
  TUNNEL_DESTINATION,
];

const TRACE_TYPE = value(
  { synopsis: 'IOAM6_TRACE_TYPE', examples: ['0x800000'] },
  word => parseUnsigned(word, U32) || undefined,
  'Invalid trace type',
);
const NAMESPACE = number('IOAM6_NAMESPACE', 'Invalid namespace ID', 0xffff);
const TRACE_SIZE: Value<number> = {
  synopsis: 'IOAM6_TRACE_SIZE',
  examples: ['12', '244'],
  read(args) {
    const word = args.next();
    const size = parseUnsigned(word, U32);
    if (!size) throw wrongArgument(word, 'Invalid trace size');
    if (size % 4 !== 0) throw wrongArgument(word, 'Trace size must be a 4-octet multiple');
    if (size > MAX_TRACE_SIZE) throw wrongArgument(word, 'Trace size is too big');
    return size;
  },
};

const itself = (word: string): Operand => ({ synopsis: word, words: [word] });

/** What stands after `trace`. */
const TRACE: readonly Operand[] = [
  itself('prealloc'),
  itself('type'),
  TRACE_TYPE,
  itself('ns'),
  NAMESPACE,
  itself('size'),
  TRACE_SIZE,
];

const GRAMMAR: Grammar<Draft, Tools> = { keywords: [...OPTIONAL, reads('trace', TRACE, readTrace)] };

function readTrace(draft: Draft, args: Args, tools: Tools): void {
  requireWord(args);
  requireKeyword('prealloc', args);
  requireKeyword('type', args);
  const type = TRACE_TYPE.read(args, tools, 'type');
  requireKeyword('ns', args);
  const namespace = NAMESPACE.read(args, tools, 'ns');
  requireKeyword('size', args);
  const size = TRACE_SIZE.read(args, tools, 'size');
  draft.trace = { namespace, size, type };
}

function requireKeyword(keyword: string, args: Args): void {
  if (!args.accept(keyword)) throw missingArgument(keyword);
}

function requireWord(args: Args): void {
  args.next();
  args.back();
}

export const IOAM6: EncapKind = {
  word: 'ioam6',
  type: ENCAP_IOAM6,
  operands: [{ synopsis: 'OPTIONS', grammar: () => GRAMMAR as Grammar }],
  read(args, tools) {
    const draft: Draft = { mode: INLINE, freq_k: 1, freq_n: 1 };
    for (const keyword of OPTIONAL) {
      const isRead = readKeyword([keyword], draft, args, tools);
      if (keyword !== TUNNEL_DESTINATION || isRead || draft.mode === INLINE) continue;
      requireWord(args);
      throw missingArgument(keyword.word);
    }
    requireWord(args);
    requireKeyword('trace', args);
    readTrace(draft, args, tools);
    // As in the original, the last word of a line is read once more, as a destination.
    if (args.done) args.back();
    return encapPayload(ioam6Encap, draft);
  },
};
