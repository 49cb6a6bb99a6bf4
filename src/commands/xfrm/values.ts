/** Values that states and policies share: marks, devices, modes, contexts, flags. */

import { XFRM_SC_ALG_SELINUX, XFRM_SC_DOI_LSM } from '../../linux/xfrm.ts';
import { duplicateArgument } from '../../schema/args.ts';
import {
  anyWord,
  flag,
  type Grammar,
  type Keyword,
  type MemberFor,
  type Operand,
  reads,
  readWords,
  type Value,
  value,
} from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { SecurityContext } from '../../xfrm/attributes.ts';
import { ACTIONS, DIRECTIONS, MODES, POLICY_TYPES, TRANSFORM_PROTOCOLS } from '../../xfrm/names.ts';
import type { Mark } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { abbreviationOf, number, oneOf } from '../grammar/values.ts';

const ALL_BITS = 0xffffffff;

export const PROTOCOL = oneOf(TRANSFORM_PROTOCOLS, 'XFRM-PROTO value is invalid', 'XFRM-PROTO');
export const MODE = abbreviationOf(MODES, 'MODE value is invalid', 'MODE');
export const REQID = number('REQID', 'REQID value is invalid');
export const DIRECTION = oneOf(DIRECTIONS, 'DIR value is invalid', 'DIR');
export const POLICY_TYPE = oneOf(POLICY_TYPES, 'PTYPE value is invalid', 'PTYPE');
export const ACTION = oneOf(ACTIONS, 'ACTION value is invalid\n', 'ACTION');
export const PRIORITY = number('PRIORITY', 'PRIORITY value is invalid');
export const INDEX = number('INDEX', 'INDEX value is invalid');
/** The direction of a state: XFRM_SA_DIR_*. */
export const STATE_DIRECTION = oneOf({ in: 1, out: 2 }, 'DIR value is not "in" or "out"', 'DIR');

/** A device, looked up at once; its index. */
export function device(complaint: string) {
  return value<number, Context>(
    { synopsis: 'DEV', names: 'device' },
    (word, { names }) => names.deviceIndex(word),
    complaint,
  );
}

/** A number after its keyword, which the complaint names. */
export function numberAfter(keyword: string, synopsis: string, max = ALL_BITS) {
  return number(synopsis, `value after "${keyword}" is invalid`, max);
}

const MARK_VALUE = number('MARK', 'MARK value is invalid\n');

/** `mask MASK` after a value, which may be missing. */
export function maskOperand(complaint: string): Operand {
  const MASK = number('MASK', complaint);
  return {
    synopsis: 'mask MASK',
    isOptional: true,
    isChoice: true,
    grammar: () => ({ keywords: [reads('mask', [MASK], () => undefined)] }),
  };
}

const MASK_VALUE = number('MASK', 'MASK value is invalid\n');

/** A keyword whose second use is refused, whatever follows it. */
export function once<D, T>(
  word: string,
  operand: Value<T, Context>,
  member: MemberFor<D, T> & keyof D,
): Keyword<D, Context> {
  return reads(word, [operand], (draft, args, context) => {
    if (draft[member] !== undefined) throw duplicateArgument(word, word);
    // The member's type takes the value: see MemberFor.
    draft[member] = operand.read(args, context, word) as D[typeof member];
  });
}

/** The keyword `mark`. */
export function markKeyword<D extends { mark?: Mark }>(): Keyword<D, Context> {
  const operands = [MARK_VALUE, maskOperand('MASK value is invalid\n')];
  return reads('mark', operands, (draft, args, context) => {
    const v = MARK_VALUE.read(args, context, 'mark');
    draft.mark = { v, m: args.accept('mask') ? MASK_VALUE.read(args, context, 'mask') : ALL_BITS };
  });
}

/** The mark by which something is found; one that cannot match is left out. */
export function effectiveMark(mark: Mark | undefined): Mark | undefined {
  return mark !== undefined && (mark.v & mark.m) !== 0 ? mark : undefined;
}

/** The mark of something that is made; without mask it is left out. */
export function givenMark(mark: Mark | undefined): Mark | undefined {
  return mark !== undefined && mark.m !== 0 ? mark : undefined;
}

/** The keyword `ctx`. */
export function contextKeyword<D extends { securityContext?: SecurityContext }>(): Keyword<D, Context> {
  const CTX = anyWord({ synopsis: 'CTX', examples: ['system_u:object_r:ipsec_t:s0', 'a'] });
  return reads('ctx', [CTX], (draft, args, context) => {
    if (draft.securityContext !== undefined) throw duplicateArgument('ctx', 'ctx');
    const text = CTX.read(args, context, 'ctx');
    draft.securityContext = { doi: XFRM_SC_DOI_LSM, algorithm: XFRM_SC_ALG_SELINUX, context: text };
  });
}

/** Flags one after the other, or a number in hexadecimal. */
export function flagsKeyword<D>(
  word: string,
  flags: Readonly<Record<string, number>>,
  max: number,
  complaint: string,
  set: (draft: D, bits: number) => void,
): Keyword<D, Context> {
  const grammar: Grammar<{ bits: number }> = {
    keywords: Object.entries(flags).map(([name, bit]) =>
      flag(name, (draft: { bits: number }) => {
        draft.bits |= bit;
      }),
    ),
  };
  const operand: Operand = {
    synopsis: word === 'flag' ? 'FLAG-LIST' : 'EXTRA-FLAG-LIST',
    grammar: () => grammar as Grammar,
    isNonEmpty: true,
  };
  const HEX = value({ synopsis: 'FLAGS' }, text => parseUnsigned(text, max, 16), complaint);
  const keyword = reads<D, Context>(word, [operand], (draft, args, context) => {
    // Missing words are complained of as everywhere else.
    if (args.peek() === undefined) args.next();
    const found = { bits: 0 };
    if (/^0x./.test(args.peek()!)) found.bits = HEX.read(args, context, word);
    else readWords(grammar, found, args, undefined);
    set(draft, found.bits);
  });
  return { ...keyword, repeats: true };
}
