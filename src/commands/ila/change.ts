/** `ip ila add` and `delete`. */
import { type IlaAttributes, ila } from '../../genetlink/ila.ts';
import { type Args, UsageRequest } from '../../schema/args.ts';
import {
  abbreviable,
  type Grammar,
  type Keyword,
  reads,
  readWords,
  shortened,
} from '../../schema/keywords.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { oneOf } from '../grammar/values.ts';

const GROUPS = 4;
const MAX_GROUP = 0xffff;
/** A number of base 16 as strtoul reads it, up to a colon or the end. */
const GROUP = /^[\t-\r ]*\+?(?:0[xX](?=[0-9a-fA-F]))?([0-9a-fA-F]+)$/;

/** Ends reading: the original then sends its request without a word of it. */
class WrongWord extends Error {}

const CHECKSUM_MODES = { 'adj-transport': 0, 'neutral-map': 1, 'neutral-map-auto': 3, 'no-action': 2 };
const IDENTIFIER_TYPES = { luid: 1, 'use-format': 32 };

function wrong(complaint: string): (word: string) => Error {
  return word => new WrongWord(`${complaint}: ${word}`);
}

/** One to four groups of hexadecimal digits; those that are missing are 0 at the end. */
function locator(
  word: string,
  member: 'locator' | 'locator_match',
  complaint: string,
  synopsis: string,
): Keyword<IlaAttributes, Context> {
  return shortened(
    reads(word, [{ synopsis, examples: ['1:2:3:4'] }], (draft, args) => {
      const given = args.next();
      const parsed = parseLocator(given);
      if (parsed === undefined) throw wrong(complaint)(given);
      draft[member] = parsed;
    }),
  );
}

function parseLocator(word: string): bigint | undefined {
  const groups = word.split(':');
  if (groups.length > GROUPS) return undefined;
  let value = 0n;
  for (let index = 0; index < GROUPS; index++) {
    const digits = GROUP.exec(groups[index] ?? '0')?.[1];
    const group = digits === undefined ? MAX_GROUP + 1 : Number.parseInt(digits, 16);
    if (group > MAX_GROUP) return undefined;
    value = (value << 16n) | BigInt(group);
  }
  return value;
}

/** The words of both commands. */
export const TRANSLATION_GRAMMAR: Grammar<IlaAttributes, Context> = {
  keywords: [
    locator('loc', 'locator', 'Bad locator', 'LOCATOR'),
    locator('loc_match', 'locator_match', 'Bad locator to match', 'LOCATOR_MATCH'),
    abbreviable('csum-mode', oneOf(CHECKSUM_MODES, wrong('Bad csum-mode')), 'csum_mode'),
    abbreviable('ident-type', oneOf(IDENTIFIER_TYPES, wrong('Bad ident-type')), 'ident_type'),
    shortened(
      reads('dev', [{ synopsis: 'DEV', names: 'device' }], (draft, args, { names }) => {
        const word = args.next();
        const ifindex = names.deviceIndex(word);
        if (ifindex === undefined) throw wrong('No such interface')(word);
        draft.ifindex = ifindex;
      }),
    ),
  ],
  readOperand() {
    throw new UsageRequest();
  },
};

/** Adds a translation. */
export async function addTranslation(args: Args, context: Context): Promise<number> {
  return change(args, context, 'add', ({ locator, locator_match }) => {
    if (locator === undefined) return 'ila: missing locator';
    return locator_match === undefined ? 'ila: missing locator0match' : undefined;
  });
}

/** Deletes a translation. */
export async function deleteTranslation(args: Args, context: Context): Promise<number> {
  return change(args, context, 'del', () => undefined);
}

async function change(
  args: Args,
  context: Context,
  command: 'add' | 'del',
  complaintAbout: (draft: IlaAttributes) => string | undefined,
): Promise<number> {
  const session = await openFamily(ila, context);
  const request = session.begin(command);
  const draft: IlaAttributes = {};
  const complaint = readTranslation(draft, args, context) ?? complaintAbout(draft);
  if (complaint === undefined) ila.attributes.encode(request, draft);
  else context.complain(complaint);
  return session.change(request);
}

/** Reads the words; returns what is wrong with one of them. */
function readTranslation(draft: IlaAttributes, args: Args, context: Context): string | undefined {
  try {
    readWords(TRANSLATION_GRAMMAR, draft, args, context);
    return undefined;
  } catch (error) {
    if (error instanceof WrongWord) return error.message;
    throw error;
  }
}
