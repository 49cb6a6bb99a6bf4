/** `ip xfrm state get` and `delete`: the state that an ID names. */
import { endLine } from '../../layouts/xfrm/events.ts';
import { showState } from '../../layouts/xfrm/state.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import { XFRM_MSG_DELSA, XFRM_MSG_GETSA } from '../../linux/xfrm.ts';
import type { Args } from '../../schema/args.ts';
import { type Grammar, readWords } from '../../schema/keywords.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { readXfrmMessage, xfrmRequest } from '../../xfrm/messages.ts';
import { type Mark, stateId, stateInfo } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { ask, change, complainOfTrailingBytes, failed, isLongEnough } from './conversation.ts';
import { type Identified, identityKeywords, newIdentity, readIdentity } from './identity.ts';
import { effectiveMark, markKeyword } from './values.ts';

interface IdDraft extends Identified {
  mark?: Mark;
}

/** The words of `get` and `delete`. */
export const ID_GRAMMAR: Grammar<IdDraft, Context> = {
  keywords: [markKeyword(), ...identityKeywords<IdDraft>(false)],
  readOperand: (draft, args, context) => readIdentity(draft, args, context, false),
};

function requestFor(type: number, args: Args, context: Context): MessageWriter {
  const draft: IdDraft = newIdentity(context.family);
  readWords(ID_GRAMMAR, draft, args, context);
  const request = xfrmRequest(type, 0, stateId, {
    daddr: draft.id.daddr,
    spi: draft.id.spi,
    family: draft.family === AF_UNSPEC ? AF_INET : draft.family,
    proto: draft.id.proto,
  });
  xfrmAttributes.encode(request, {
    mark: effectiveMark(draft.mark),
    srcaddr: draft.isIdRead ? draft.saddr : undefined,
  });
  return request;
}

/** Runs `delete`. */
export async function deleteState(args: Args, context: Context): Promise<number> {
  return change(requestFor(XFRM_MSG_DELSA, args, context), context);
}

/** Runs `get`. */
export async function getState(args: Args, context: Context): Promise<number> {
  return ask(requestFor(XFRM_MSG_GETSA, args, context), context, answer => showAnswer(answer, context));
}

/** Shows the state that answers a request, with its keys. */
export function showAnswer(answer: Message, context: Context): void {
  if (!isLongEnough(answer, stateInfo.size, context)) throw failed('An error :-)');
  const found = readXfrmMessage(answer, stateInfo);
  if (found === undefined) return;
  complainOfTrailingBytes(answer, stateInfo.size, context);
  const out = context.textOutput();
  out.open();
  showState(found, { wantedFamily: context.family }, out, context.view);
  out.close();
  endLine(out, context.view);
}
