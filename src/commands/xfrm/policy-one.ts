/** `ip xfrm policy get` and `delete`: the policy that a selector or an index names. */
import { endLine } from '../../layouts/xfrm/events.ts';
import { isTypeCut, showPolicy } from '../../layouts/xfrm/policy.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import { XFRM_MSG_DELPOLICY, XFRM_MSG_GETPOLICY } from '../../linux/xfrm.ts';
import { type Args, duplicateOrGarbage } from '../../schema/args.ts';
import { exact, type Grammar, readWords } from '../../schema/keywords.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { type SecurityContext, xfrmAttributes } from '../../xfrm/attributes.ts';
import { readXfrmMessage, xfrmRequest } from '../../xfrm/messages.ts';
import { type Mark, policyId, policyInfo } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { number } from '../grammar/values.ts';
import {
  ask,
  change,
  complainOfTrailingBytes,
  failed,
  isLongEnough,
  plainComplaint,
  unknownWord,
} from './conversation.ts';
import { newSelecting, readSelector, SELECTOR_KEYWORDS, type Selecting } from './selector.ts';
import { contextKeyword, DIRECTION, effectiveMark, INDEX, markKeyword, once, POLICY_TYPE } from './values.ts';

interface IdDraft extends Selecting {
  direction?: number;
  index?: number;
  type?: number;
  mark?: Mark;
  securityContext?: SecurityContext;
  interfaceId?: number;
  isSelectorRead: boolean;
}

/** The words of `get` and `delete`. */
export const ID_GRAMMAR: Grammar<IdDraft, Context> = {
  keywords: [
    once('dir', DIRECTION, 'direction'),
    contextKeyword(),
    markKeyword(),
    once('index', INDEX, 'index'),
    once('ptype', POLICY_TYPE, 'type'),
    exact('if_id', number('IF_ID', 'IF_ID value is invalid'), 'interfaceId'),
    ...SELECTOR_KEYWORDS.map(keyword => ({
      ...keyword,
      read(draft: IdDraft, args: Args, context: Context) {
        args.back();
        readIdSelector(draft, args, context);
      },
    })),
  ],
  readOperand: readIdSelector,
};

function readIdSelector(draft: IdDraft, args: Args, context: Context): void {
  if (draft.isSelectorRead) throw unknownWord(args.peek()!);
  draft.isSelectorRead = true;
  readSelector(draft, args, context);
  if (draft.preferred === AF_UNSPEC) draft.preferred = draft.sel.family;
}

function requestFor(messageType: number, args: Args, context: Context): MessageWriter {
  const draft: IdDraft = { ...newSelecting(context.family), isSelectorRead: false };
  draft.sel.family = AF_UNSPEC;
  readWords(ID_GRAMMAR, draft, args, context);
  const { sel, direction, index, type } = draft;
  if (direction === undefined) throw failed('Not enough information: DIR is required.');
  if (draft.isSelectorRead && index !== undefined) throw duplicateOrGarbage('SELECTOR', 'INDEX');
  if (!draft.isSelectorRead && index === undefined)
    throw failed('Not enough information: either SELECTOR or INDEX is required.');
  const request = xfrmRequest(messageType, 0, policyId, {
    sel: { ...sel, family: sel.family === AF_UNSPEC ? AF_INET : sel.family },
    index: index ?? 0,
    dir: direction,
  });
  xfrmAttributes.encode(request, {
    policy_type: type === undefined ? undefined : { type },
    mark: effectiveMark(draft.mark),
    sec_ctx: draft.securityContext,
    if_id: draft.interfaceId,
  });
  return request;
}

/** Runs `delete`. */
export async function deletePolicy(args: Args, context: Context): Promise<number> {
  return change(requestFor(XFRM_MSG_DELPOLICY, args, context), context);
}

/** Runs `get`. */
export async function getPolicy(args: Args, context: Context): Promise<number> {
  return ask(requestFor(XFRM_MSG_GETPOLICY, args, context), context, answer => {
    if (!isLongEnough(answer, policyInfo.size, context)) throw failed('An error :-)');
    showPolicyMessage(answer, context);
  });
}

/** Shows a policy as a message reports it. */
export function showPolicyMessage(message: Message, context: Context): void {
  const found = readXfrmMessage(message, policyInfo);
  if (found === undefined) return;
  complainOfTrailingBytes(message, policyInfo.size, context);
  if (isTypeCut(found.attributes)) throw plainComplaint('too short XFRMA_POLICY_TYPE len');
  const out = context.textOutput();
  out.open();
  showPolicy(found, { wantedFamily: context.family }, out, context.view);
  out.close();
  endLine(out, context.view);
}
