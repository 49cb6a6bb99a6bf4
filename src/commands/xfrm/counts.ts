/** `ip xfrm state count` and `policy count`. */

import {
  showPolicyBuckets,
  showPolicyCounts,
  showStateCounts,
  showThresholds,
} from '../../layouts/xfrm/counts.ts';
import { endLine } from '../../layouts/xfrm/events.ts';
import { XFRM_MSG_GETSADINFO, XFRM_MSG_GETSPDINFO } from '../../linux/xfrm.ts';
import type { Args } from '../../schema/args.ts';
import type { Output } from '../../schema/output.ts';
import { AttributeIndex } from '../../wire/attributes.ts';
import type { Message } from '../../wire/message.ts';
import { policyCounts, stateCounts } from '../../xfrm/attributes.ts';
import { xfrmRequest } from '../../xfrm/messages.ts';
import { infoRequest } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { ask, complainOfTrailingBytes } from './conversation.ts';

/** The kernel does not read these flags, but the original sets them. */
const ALL_FLAGS = 0xffffffff;
const { size } = infoRequest;

/** Bytes of the attributes of an answer; negative if it is too short. */
function roomOf({ payload, end }: Message): number {
  return end - payload - size;
}

/** Runs `state count`. */
export async function countStates(_args: Args, context: Context): Promise<number> {
  const request = xfrmRequest(XFRM_MSG_GETSADINFO, 0, infoRequest, { flags: ALL_FLAGS });
  return ask(request, context, answer => {
    if (roomOf(answer) < 0) {
      context.complain(`SADinfo: Wrong len ${roomOf(answer)}`);
      return;
    }
    complainOfTrailingBytes(answer, size, context);
    const { bytes, payload, end } = answer;
    const counts = stateCounts.decode(bytes, payload + size, end);
    const isHashCut = isPresent(answer, stateCounts.rows.hinfo.type) && counts.hinfo === undefined;
    const out = context.textOutput();
    out.open();
    showStateCounts(counts, isHashCut, out, context.view);
    out.close();
  });
}

/** Runs `policy count`. */
export async function countPolicies(_args: Args, context: Context): Promise<number> {
  const request = xfrmRequest(XFRM_MSG_GETSPDINFO, 0, infoRequest, { flags: ALL_FLAGS });
  return ask(request, context, answer => {
    if (roomOf(answer) < 0) {
      context.complain(`SPDinfo: Wrong len ${roomOf(answer)}`);
      return;
    }
    const out = context.textOutput();
    out.open();
    out.text('\t SPD');
    complainOfTrailingBytes(answer, size, context);
    if (showPolicyNumbers(answer, out, context)) endLine(out, context.view);
    else context.complain(`SPDinfo: Wrong len ${roomOf(answer)}`);
    out.close();
  });
}

/** Prints each attribute of an answer that is wanted, up to one that is cut. Returns false if there is such. */
function showPolicyNumbers(answer: Message, out: Output, { view }: Context): boolean {
  const { bytes, payload, end } = answer;
  const {
    info,
    hinfo,
    ipv4_hthresh: ipv4,
    ipv6_hthresh: ipv6,
  } = policyCounts.decode(bytes, payload + size, end);
  const { rows } = policyCounts;
  const isCut = (row: { readonly type: number }, found: unknown) =>
    found === undefined && isPresent(answer, row.type);
  if (isCut(rows.info, info)) return false;
  if (info !== undefined) showPolicyCounts(info, out, view);
  if (view.statistics < 2) return true;
  if (isCut(rows.hinfo, hinfo)) return false;
  if (hinfo !== undefined) showPolicyBuckets(hinfo, out);
  if (isCut(rows.ipv4_hthresh, ipv4)) return false;
  if (ipv4 !== undefined) showThresholds('IPv4', ipv4, out);
  if (isCut(rows.ipv6_hthresh, ipv6)) return false;
  if (ipv6 !== undefined) showThresholds('IPv6', ipv6, out);
  return true;
}

const MAX_TYPE = 4;

/** Whether an attribute is there, however short. */
function isPresent({ bytes, payload, end }: Message, type: number): boolean {
  const index = new AttributeIndex(MAX_TYPE);
  index.index(bytes, payload + size, end);
  return index.has(type);
}
