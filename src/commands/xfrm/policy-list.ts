/** `ip xfrm policy list` and `deleteall`: the policies that a filter chooses. */
import { endLine } from '../../layouts/xfrm/events.ts';
import { showPolicy } from '../../layouts/xfrm/policy.ts';
import { XFRM_MSG_DELPOLICY, XFRM_MSG_GETPOLICY } from '../../linux/xfrm.ts';
import type { Args } from '../../schema/args.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { readXfrmMessage, xfrmRequest } from '../../xfrm/messages.ts';
import { policyId, policyInfo } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { complainOfTrailingBytes, endOfList, visitAll } from './conversation.ts';
import { copyMark, deleteRounds } from './delete-all.ts';
import { isOfSocket, isPolicyMeant, readPolicyFilter } from './policy-filter.ts';

/** Runs `list`. */
export async function listPolicies(args: Args, context: Context): Promise<number> {
  const filter = readPolicyFilter(args, context);
  const request = new MessageWriter(XFRM_MSG_GETPOLICY, 0);
  const out = context.textOutput();
  out.list();
  await visitAll(request, policyInfo.size, 'Dump terminated', context, message => {
    const found = readXfrmMessage(message, policyInfo);
    if (found === undefined || !isPolicyMeant(found.info, found.attributes, filter)) return;
    complainOfTrailingBytes(message, policyInfo.size, context);
    out.open();
    showPolicy(found, { wantedFamily: context.family }, out, context.view);
    out.close();
    endLine(out, context.view);
  });
  out.end();
  return endOfList(context);
}

/** Runs `deleteall`. The policies of sockets stay. */
export async function deletePolicies(args: Args, context: Context): Promise<number> {
  const filter = readPolicyFilter(args, context);
  return deleteRounds(context, {
    request: () => new MessageWriter(XFRM_MSG_GETPOLICY, 0),
    size: policyInfo.size,
    structSize: policyId.size,
    separator: '',
    deletionOf(message) {
      const found = readXfrmMessage(message, policyInfo);
      if (found === undefined || isOfSocket(found.info)) return undefined;
      if (!isPolicyMeant(found.info, found.attributes, filter)) return undefined;
      const { sel, dir, index } = found.info;
      const request = xfrmRequest(XFRM_MSG_DELPOLICY, 0, policyId, { sel, index, dir });
      copyMark(found.attributes, request);
      const { if_id } = xfrmAttributes.rows;
      xfrmAttributes.encode(request, { if_id: found.attributes.read(if_id.type, if_id.codec.read) });
      return request;
    },
  });
}
