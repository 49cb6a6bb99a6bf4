/** ALGO: the algorithms of a state with their keys, and which of them its protocol takes. */
import { IPPROTO_AH, IPPROTO_COMP, IPPROTO_ESP } from '../../linux/xfrm.ts';
import { type Args, duplicateArgument, missingArgument, wrongArgument } from '../../schema/args.ts';
import { anyWord, type Keyword, reads } from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import { encodeText } from '../../wire/text.ts';
import { type Algorithm, algorithm } from '../../xfrm/algorithm.ts';
import { TRANSFORM_PROTOCOLS, wordOf } from '../../xfrm/names.ts';
import type { Context } from '../frame/context.ts';
import { number } from '../grammar/values.ts';
import { failed } from './conversation.ts';

/** Bytes of the longest key that the original reads. */
const MAX_KEY = 512;
const MAX_NAME = 63;

const NAME = anyWord({ synopsis: 'ALGO-NAME', examples: ['cbc(aes)', 'hmac(sha256)', 'deflate'] });
const KEY = anyWord({ synopsis: 'ALGO-KEYMAT', examples: ['0x00112233445566778899aabbccddeeff', 'secret'] });
const ICV_BITS = number('ALGO-ICV-LEN', 'ALGO-ICV-LEN value is invalid');
const TRUNCATED_BITS = number('ALGO-TRUNC-LEN', 'ALGO-TRUNC-LEN value is invalid');

/** Kinds of algorithms, with those that exclude them. */
const KINDS = {
  enc: ['enc', 'aead'],
  auth: ['auth', 'auth-trunc', 'aead'],
  comp: ['comp'],
  aead: ['aead', 'enc', 'auth', 'auth-trunc'],
  'auth-trunc': ['auth-trunc', 'auth', 'aead'],
} as const;

export type AlgorithmKind = keyof typeof KINDS;

/** The algorithms that a line names. */
export type Algorithms = Partial<Record<AlgorithmKind, Algorithm>>;

const OPERANDS = {
  enc: [NAME, KEY],
  auth: [NAME, KEY],
  comp: [NAME],
  aead: [NAME, KEY, ICV_BITS],
  'auth-trunc': [NAME, KEY, TRUNCATED_BITS],
} as const;

/** The keywords of algorithms. */
export function algorithmKeywords<D extends { algorithms: Algorithms }>(): Keyword<D, Context>[] {
  return (Object.keys(KINDS) as AlgorithmKind[]).map(kind =>
    reads(kind, OPERANDS[kind], (draft, args, context) => {
      if (KINDS[kind].some(other => draft.algorithms[other] !== undefined))
        throw duplicateArgument('ALGO-TYPE', kind);
      draft.algorithms[kind] = readAlgorithm(kind, args, context);
    }),
  );
}

function readAlgorithm(kind: AlgorithmKind, args: Args, context: Context): Algorithm {
  const next = (what: string) => {
    if (args.done) throw missingArgument(what);
    return args.next();
  };
  const name = nameOf(next('ALGO-NAME'));
  if (kind === 'comp') return algorithm(name, Buffer.alloc(0));
  const key = parseKey(next('ALGO-KEYMAT'));
  if (kind !== 'aead' && kind !== 'auth-trunc') return algorithm(name, key);
  const bits = kind === 'aead' ? ICV_BITS : TRUNCATED_BITS;
  if (args.done) throw missingArgument(bits.synopsis);
  return algorithm(name, key, bits.read(args, context, kind));
}

/** Names are cut where the original cuts them. */
function nameOf(word: string): string {
  const bytes = encodeText(word);
  return bytes.length <= MAX_NAME ? word : bytes.toString('latin1', 0, MAX_NAME);
}

/** A key as it is, or in hexadecimal after 0x. A missing digit is a 0 in front. The complaint repeats the word, as the original's does. */
function parseKey(word: string): Buffer {
  const isHex = word.length > 2 && word.startsWith('0x');
  const bytes = isHex ? undefined : encodeText(word);
  const digits = word.length % 2 === 0 ? word.slice(2) : `0${word.slice(2)}`;
  if ((bytes?.length ?? digits.length / 2) > MAX_KEY)
    throw wrongArgument(word, 'ALGO-KEYMAT value makes buffer overflow\n');
  if (bytes !== undefined) return bytes;
  const pairs = digits.match(/../gs) ?? [];
  return Buffer.from(
    pairs.map(pair => {
      const value = parseUnsigned(pair, 0xff, 16);
      if (value === undefined) throw wrongArgument(word, 'ALGO-KEYMAT value is invalid');
      return value;
    }),
  );
}

/** Complains of algorithms that the protocol lacks, or does not take. */
export function checkAlgorithms(protocol: number, given: Algorithms): void {
  const name = wordOf(TRANSFORM_PROTOCOLS, protocol) ?? '';
  const has = (...kinds: AlgorithmKind[]) => kinds.some(kind => given[kind] !== undefined);
  const complain = (text: string) => failed(`${text} with XFRM-PROTO value "${name}"`);
  if (protocol === IPPROTO_ESP) {
    if (has('comp')) throw complain('ALGO-TYPE value "comp" is invalid');
    if (!has('enc', 'aead')) throw complain('ALGO-TYPE value "enc" or "aead" is required');
  } else if (protocol === IPPROTO_AH) {
    if (has('enc', 'aead', 'comp')) throw complain('ALGO-TYPE values "enc", "aead", and "comp" are invalid');
    if (!has('auth', 'auth-trunc')) throw complain('ALGO-TYPE value "auth" or "auth-trunc" is required');
  } else if (protocol === IPPROTO_COMP) {
    if (has('enc', 'auth', 'auth-trunc', 'aead'))
      throw complain('ALGO-TYPE values "enc", "auth", "auth-trunc", and "aead" are invalid');
    if (!has('comp')) throw complain('ALGO-TYPE value "comp" is required');
  } else if (has('enc', 'auth', 'auth-trunc', 'aead', 'comp')) throw complain('ALGO is invalid');
}
