/** The words about an association: its number, its packet number, its key. */
import {
  MACSEC_KEYID_LEN,
  MACSEC_MAX_KEY_LEN,
  MACSEC_SALT_LEN,
  type MacsecAssociation,
} from '../../genetlink/macsec.ts';
import {
  type Args,
  duplicateOrGarbage,
  EXIT_FAILURE,
  EXIT_USAGE,
  UsageError,
  wrongArgument,
} from '../../schema/args.ts';
import {
  flag,
  type Grammar,
  type Operand,
  reads,
  readWords,
  type Value,
  value,
} from '../../schema/keywords.ts';
import { parseUnsigned, parseUnsigned64 } from '../../schema/number.ts';
import { Secret } from '../../schema/secret.ts';
import type { Context } from '../frame/context.ts';
import { number } from '../grammar/values.ts';
import { MACSEC_USAGE } from './usage.ts';

const MAX_NUMBER = 3;

/** What the words of an association say. */
export interface Association {
  pn?: number | bigint;
  salt?: Buffer;
  ssci?: number;
  isActive?: boolean;
  keyId?: Buffer;
  key?: Buffer;
}

/** The number of an association. */
export const NUMBER: Value<number> = number('{ 0..3 }', 'expected an { 0..3 }', MAX_NUMBER);

const PN: Operand = { synopsis: '<u32>', examples: ['1', '4294967295'] };
const XPN: Operand = { synopsis: '<u64>', examples: ['1', '18446744073709551615'] };
/** Hexadecimal, with or without 0x. */
const SSCI = value(
  { synopsis: '<u32>', examples: ['1', 'ffffffff'] },
  word => parseUnsigned(word, 0xffffffff, 16),
  'expected ssci',
);
const hexadecimal = (synopsis: string, examples: readonly string[], length: number, complaint: string) =>
  value({ synopsis, examples }, word => parseHex(word, length), complaint);
const SALT = hexadecimal('SALT', ['000102030405060708090a0b'], MACSEC_SALT_LEN, 'expected salt');
const KEY_ID = hexadecimal('ID', ['01'], MACSEC_KEYID_LEN, 'expected key id');
const KEY = hexadecimal('KEY', ['000102030405060708090a0b0c0d0e0f'], MACSEC_MAX_KEY_LEN, 'expected key');

/** Two hexadecimal digits, or one as strtoul(3) reads it with a blank or sign before it. */
const HEX_PAIR = /(?:[\da-fA-F]|[\t-\r +])[\da-fA-F]|-0/y;

/** Bytes of two characters each, of which those beyond `length` do not count. */
function parseHex(word: string, length: number): Buffer | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < word.length; at += 2) {
    HEX_PAIR.lastIndex = at;
    const pair = HEX_PAIR.exec(word)?.[0];
    if (pair === undefined) return undefined;
    bytes.push(Math.abs(Number.parseInt(pair, 16)));
  }
  return Buffer.from(bytes.slice(0, length));
}

/** `on` and `off`, of which one may be given. */
export function stateWords<Draft extends { isActive?: boolean }>() {
  return ['on', 'off'].map(word =>
    flag<Draft, Context>(word, draft => {
      if (draft.isActive !== undefined) throw duplicateOrGarbage('on/off', word);
      draft.isActive = word === 'on';
    }),
  );
}

/** The word that a command does not know, with the help text. */
export function unknownWord(word: string): UsageError {
  return new UsageError(`macsec: unknown command "${word}"?\n${MACSEC_USAGE}`, EXIT_USAGE);
}

/** The words that follow the number of an association. */
export const ASSOCIATION_GRAMMAR: Grammar<Association, Context> = {
  keywords: [
    reads('pn', [PN], (draft, args) => {
      draft.pn = readNumber(args, 'pn', draft, word => parseUnsigned(word, 0xffffffff));
    }),
    reads('xpn', [XPN], (draft, args) => {
      draft.pn = readNumber(args, 'xpn', draft, word => parseUnsigned64(word));
    }),
    reads('salt', [SALT], (draft, args, context) => {
      if (draft.salt !== undefined) throw duplicateOrGarbage('salt', 'salt');
      draft.salt = SALT.read(args, context, 'salt');
    }),
    reads('ssci', [SSCI], (draft, args, context) => {
      if (draft.ssci !== undefined) throw duplicateOrGarbage('ssci', 'ssci');
      draft.ssci = SSCI.read(args, context, 'ssci');
    }),
    reads('key', [KEY_ID, KEY], (draft, args, context) => {
      draft.keyId = KEY_ID.read(args, context, 'key');
      draft.key = KEY.read(args, context, 'key');
    }),
    ...stateWords<Association>(),
  ],
  readOperand(_draft, args) {
    throw unknownWord(args.next());
  },
};

function readNumber<T extends number | bigint>(
  args: Args,
  keyword: string,
  { pn }: Association,
  parse: (word: string) => T | undefined,
): T {
  if (pn !== undefined) throw duplicateOrGarbage(keyword, keyword);
  const word = args.next();
  const parsed = parse(word);
  if (parsed === undefined) throw wrongArgument(word, 'expected pn');
  if (Number(parsed) === 0) throw wrongArgument(word, 'expected pn != 0');
  return parsed;
}

/** Reads an association that is added or changed, as attributes. */
export function readAssociation(args: Args, context: Context, isAdd: boolean): MacsecAssociation {
  const an = NUMBER.read(args, context, 'sa');
  const draft: Association = {};
  readWords(ASSOCIATION_GRAMMAR, draft, args, context);
  const { pn, salt, ssci, isActive, keyId, key } = draft;
  if (isAdd && !key?.length) throw failed('cannot create SA without key');
  if (isAdd && pn === undefined) throw failed('must specify a packet number != 0');
  if (!isAdd && key?.length) throw failed('cannot change key on SA');
  const isExtended = typeof pn === 'bigint';
  return {
    an,
    pn,
    salt: isExtended && salt ? new Secret(padded(salt, MACSEC_SALT_LEN)) : undefined,
    ssci: isExtended ? ssci : undefined,
    keyid: isAdd && keyId ? padded(keyId, MACSEC_KEYID_LEN) : undefined,
    key: isAdd && key ? new Secret(key) : undefined,
    active: isActive === undefined ? undefined : Number(isActive),
  };
}

function failed(text: string): UsageError {
  return new UsageError(text, EXIT_FAILURE);
}

function padded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(length)], length);
}
