/** `ip xfrm state flush` and `policy flush`: deletes all of a protocol or type, in one request. */
import { XFRM_MSG_FLUSHPOLICY, XFRM_MSG_FLUSHSA } from '../../linux/xfrm.ts';
import type { Args } from '../../schema/args.ts';
import { type Grammar, readWords } from '../../schema/keywords.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { xfrmRequest } from '../../xfrm/messages.ts';
import { TRANSFORM_PROTOCOLS, wordOf } from '../../xfrm/names.ts';
import { stateFlush } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { change, unknownWord } from './conversation.ts';
import { once, POLICY_TYPE, PROTOCOL } from './values.ts';

interface StateFlush {
  protocol?: number;
}

interface PolicyFlush {
  type?: number;
}

function refuse(_draft: unknown, args: Args): void {
  throw unknownWord(args.next());
}

/** The words of `state flush`. */
export const STATE_FLUSH_GRAMMAR: Grammar<StateFlush, Context> = {
  keywords: [once('proto', PROTOCOL, 'protocol')],
  readOperand: refuse,
};

/** The words of `policy flush`. */
export const POLICY_FLUSH_GRAMMAR: Grammar<PolicyFlush, Context> = {
  keywords: [once('ptype', POLICY_TYPE, 'type')],
  readOperand: refuse,
};

/** Runs `state flush`. */
export async function flushStates(args: Args, context: Context): Promise<number> {
  const draft: StateFlush = {};
  readWords(STATE_FLUSH_GRAMMAR, draft, args, context);
  const proto = draft.protocol ?? 0;
  if (context.view.statistics > 1) {
    const name = wordOf(TRANSFORM_PROTOCOLS, proto) ?? String(proto);
    context.complain(`Flush state with XFRM-PROTO value "${name}"`);
  }
  return change(xfrmRequest(XFRM_MSG_FLUSHSA, 0, stateFlush, { proto }), context);
}

/** Runs `policy flush`. */
export async function flushPolicies(args: Args, context: Context): Promise<number> {
  const draft: PolicyFlush = {};
  readWords(POLICY_FLUSH_GRAMMAR, draft, args, context);
  const { type } = draft;
  if (context.view.statistics > 1) context.complain('Flush policy');
  const request = new MessageWriter(XFRM_MSG_FLUSHPOLICY, 0);
  xfrmAttributes.encode(request, { policy_type: type === undefined ? undefined : { type } });
  return change(request, context);
}
