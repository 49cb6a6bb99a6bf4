/** `ip xfrm state list` and `deleteall`: the states that a filter chooses. */
import { endLine } from '../../layouts/xfrm/events.ts';
import { showState } from '../../layouts/xfrm/state.ts';
import { XFRM_MSG_DELSA, XFRM_MSG_GETSA } from '../../linux/xfrm.ts';
import type { Args } from '../../schema/args.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { readXfrmMessage, xfrmRequest } from '../../xfrm/messages.ts';
import { stateId, stateInfo } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { complainOfTrailingBytes, endOfList, visitAll } from './conversation.ts';
import { copyMark, deleteRounds } from './delete-all.ts';
import { isStateMeant, readStateFilter, type StateFilter } from './state-filter.ts';

/** Runs `list`. */
export async function listStates(args: Args, context: Context): Promise<number> {
  const filter = readStateFilter(args, context);
  const out = context.textOutput();
  out.list();
  await visitAll(listRequest(filter), stateInfo.size, 'Dump terminated', context, message => {
    const found = readXfrmMessage(message, stateInfo);
    if (found === undefined || !isStateMeant(found.info, filter)) return;
    complainOfTrailingBytes(message, stateInfo.size, context);
    out.open();
    showState(found, { hidesKeys: filter.hidesKeys, wantedFamily: context.family }, out, context.view);
    out.close();
    endLine(out, context.view);
  });
  out.end();
  return endOfList(context);
}

/** The kernel filters by protocol and addresses, if it is new enough. */
function listRequest({ given, id, family, saddr }: StateFilter): MessageWriter {
  const request = new MessageWriter(XFRM_MSG_GETSA, 0);
  xfrmAttributes.encode(request, {
    proto: given.hasProtocol ? id.proto : undefined,
    address_filter: {
      saddr,
      daddr: id.daddr,
      family,
      splen: given.source?.length ?? 0,
      dplen: given.destination?.length ?? 0,
    },
  });
  return request;
}

/** Runs `deleteall`. */
export async function deleteStates(args: Args, context: Context): Promise<number> {
  const filter = readStateFilter(args, context);
  return deleteRounds(context, {
    request: () => new MessageWriter(XFRM_MSG_GETSA, 0),
    size: stateInfo.size,
    structSize: stateId.size,
    separator: '\n',
    deletionOf(message) {
      const found = readXfrmMessage(message, stateInfo);
      if (found === undefined || !isStateMeant(found.info, filter)) return undefined;
      const { id, family, saddr } = found.info;
      const { daddr, spi, proto } = id;
      const request = xfrmRequest(XFRM_MSG_DELSA, 0, stateId, { daddr, spi, family, proto });
      xfrmAttributes.encode(request, { srcaddr: saddr });
      copyMark(found.attributes, request);
      return request;
    },
  });
}
