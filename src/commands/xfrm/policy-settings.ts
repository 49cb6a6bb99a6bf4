/** `ip xfrm policy set`, `setdefault` and `getdefault`: which prefixes are hashed, and packets without a policy. */
import { showDefaults } from '../../layouts/xfrm/counts.ts';
import { XFRM_MSG_GETDEFAULT, XFRM_MSG_NEWSPDINFO, XFRM_MSG_SETDEFAULT } from '../../linux/xfrm.ts';
import { type Args, duplicateArgument, wrongArgument } from '../../schema/args.ts';
import { type Grammar, reads, readWords } from '../../schema/keywords.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import { policyCounts } from '../../xfrm/attributes.ts';
import { xfrmRequest } from '../../xfrm/messages.ts';
import { type hashThreshold, infoRequest, policyDefaults } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { number, oneOf } from '../grammar/values.ts';
import { ask, change, unknownWord } from './conversation.ts';
import { once } from './values.ts';

/** The kernel does not read these flags, but the original sets them. */
const ALL_FLAGS = 0xffffffff;

type Threshold = ReturnType<typeof hashThreshold.zero>;

interface Thresholds {
  hthresh4?: Threshold;
  hthresh6?: Threshold;
}

function thresholdKeyword(word: keyof Thresholds, max: number) {
  const LBITS = number('LBITS', `${word} LBITS value is invalid`, max);
  const RBITS = number('RBITS', `${word} RBITS value is invalid`, max);
  return reads<Thresholds, Context>(word, [LBITS, RBITS], (draft, args, context) => {
    if (draft[word] !== undefined) throw duplicateArgument(word, word);
    const lbits = LBITS.read(args, context, word);
    draft[word] = { lbits, rbits: RBITS.read(args, context, word) };
  });
}

/** The words of `set`. */
export const THRESHOLD_GRAMMAR: Grammar<Thresholds, Context> = {
  keywords: [thresholdKeyword('hthresh4', 32), thresholdKeyword('hthresh6', 128)],
  readOperand: (_draft, args) => {
    throw unknownWord(args.next());
  },
};

/** Runs `set`. */
export async function setThresholds(args: Args, context: Context): Promise<number> {
  const draft: Thresholds = {};
  readWords(THRESHOLD_GRAMMAR, draft, args, context);
  const request = xfrmRequest(XFRM_MSG_NEWSPDINFO, 0, infoRequest, { flags: ALL_FLAGS });
  policyCounts.encode(request, { ipv4_hthresh: draft.hthresh4, ipv6_hthresh: draft.hthresh6 });
  return change(request, context);
}

interface Defaults {
  in?: number;
  fwd?: number;
  out?: number;
}

function defaultKeyword(word: keyof Defaults) {
  const ACTION = oneOf({ block: 1, accept: 2, allow: 2 }, `${word} policy value is invalid`, 'ACTION');
  return once<Defaults, number>(word, ACTION, word);
}

/** The words of `setdefault`. */
export const DEFAULT_GRAMMAR: Grammar<Defaults, Context> = {
  keywords: [defaultKeyword('in'), defaultKeyword('fwd'), defaultKeyword('out')],
  readOperand: (_draft, args) => {
    throw wrongArgument(args.next(), 'unknown direction');
  },
};

/** Runs `setdefault`. */
export async function setDefaults(args: Args, context: Context): Promise<number> {
  const draft: Defaults = {};
  readWords(DEFAULT_GRAMMAR, draft, args, context);
  const values = { in: draft.in ?? 0, fwd: draft.fwd ?? 0, out: draft.out ?? 0 };
  return change(xfrmRequest(XFRM_MSG_SETDEFAULT, 0, policyDefaults, values), context);
}

/** Runs `getdefault`. */
export async function getDefaults(_args: Args, context: Context): Promise<number> {
  const request = xfrmRequest(XFRM_MSG_GETDEFAULT, 0, policyDefaults, policyDefaults.zero());
  return ask(request, context, answer => {
    const out = context.textOutput();
    out.open();
    showDefaultsMessage(answer, out, context);
    out.close();
  });
}

/** A message of this type has its struct, padded. */
const DEFAULTS_LENGTH = 20;

/** Shows what happens to packets without a policy. */
export function showDefaultsMessage(
  { bytes, start, payload, end }: Message,
  out: Output,
  context: Context,
): void {
  const length = end - start;
  if (length < DEFAULTS_LENGTH) {
    const expected = `expect ${DEFAULTS_LENGTH}`;
    context.complain(`BUG: short nlmsg len ${length} (${expected}) for XFRM_MSG_GETDEFAULT`);
    return;
  }
  const found = policyDefaults.read(bytes, payload, end - payload);
  if (found !== undefined) showDefaults(found, out);
}
