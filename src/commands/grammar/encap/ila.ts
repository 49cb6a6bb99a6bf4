/** `encap ila`: identifier locator addressing. */
import { ENCAP_ILA, encapPayload, ilaEncap } from '../../../rtnetlink/encap.ts';
import { UsageError } from '../../../schema/args.ts';
import { exact, value } from '../../../schema/keywords.ts';
import type { ValuesOf } from '../../../schema/row.ts';
import { oneOf } from '../values.ts';
import { encapKind } from './kind.ts';

const CHECKSUM_MODES = { 'adj-transport': 0, 'neutral-map': 1, 'no-action': 2, 'neutral-map-auto': 3 };
const IDENTIFIER_TYPES = { luid: 1, 'use-format': 32 };
const HOOK_TYPES = { output: 0, input: 1 };

/** One to four groups of hex digits; missing ones are 0 at the end. */
const LOCATOR = value(
  { synopsis: 'LOCATOR', examples: ['1:2:3:4'] },
  parseLocator,
  word => new UsageError(`Bad locator: ${word}`),
);

function parseLocator(word: string): bigint | undefined {
  const groups = word.split(':');
  if (groups.length > 4 || !groups.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return [0, 1, 2, 3].reduce((locator, index) => (locator << 16n) | BigInt(`0x${groups[index] ?? '0'}`), 0n);
}

export const ILA = encapKind<ValuesOf<typeof ilaEncap.rows>>({
  word: 'ila',
  type: ENCAP_ILA,
  operand: LOCATOR,
  grammar: {
    keywords: [
      exact('csum-mode', oneOf(CHECKSUM_MODES, '"csum-mode" value is invalid\n'), 'csum_mode'),
      exact('ident-type', oneOf(IDENTIFIER_TYPES, '"ident-type" value is invalid\n'), 'ident_type'),
      exact('hook-type', oneOf(HOOK_TYPES, '"hook-type" value is invalid\n'), 'hook_type'),
    ],
  },
  start: args => ({ locator: LOCATOR.read(args, undefined, 'ila') }),
  encode: values => encapPayload(ilaEncap, values),
});
