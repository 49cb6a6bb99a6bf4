/** The messages of a monitor, each as its layout prints it. */
import {
  endLine,
  showAcquire,
  showAsyncEvent,
  showHard,
  showMapping,
  showPolicyFlush,
  showReport,
  showStateFlush,
} from '../../layouts/xfrm/events.ts';
import { isTypeCut, showPolicy } from '../../layouts/xfrm/policy.ts';
import { showState } from '../../layouts/xfrm/state.ts';
import { NLMSG_DONE } from '../../linux/netlink.ts';
import * as xfrm from '../../linux/xfrm.ts';
import type { Output } from '../../schema/output.ts';
import type { StructCodec } from '../../wire/codec.ts';
import type { Message } from '../../wire/message.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { readXfrmMessage, type XfrmMessage } from '../../xfrm/messages.ts';
import * as structs from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { complainOfTrailingBytes, isLongEnough } from './conversation.ts';
import { showDefaultsMessage } from './policy-settings.ts';

type Printer = (message: Message, out: Output, context: Context) => void;

/** Prints a message; of a type that has no layout its numbers. */
export function printEvent(message: Message, out: Output, context: Context): void {
  const printer = PRINTERS[message.type];
  if (printer !== undefined) printer(message, out, context);
  else if (message.type === 0 || message.type > NLMSG_DONE) {
    out.data('event', 'unknown');
    out.field('message_type', message.type, unknownText(message));
  }
}

function unknownText({ start, end, type, flags }: Message): string {
  const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;
  return `Unknown message: ${String(end - start).padStart(8, '0')} ${hex(type)} ${hex(flags)}\n`;
}

/** A printer of messages with a struct. */
function printer<T>(
  event: string,
  struct: StructCodec<T>,
  show: (found: XfrmMessage<T>, out: Output, context: Context) => void,
): Printer {
  return (message, out, context) => {
    out.data('event', event);
    if (!isLongEnough(message, struct.size, context)) return;
    const found = readXfrmMessage(message, struct);
    if (found === undefined) return;
    complainOfTrailingBytes(message, struct.size, context);
    show(found, out, context);
  };
}

/** The same where a message that is too short is read as if zeros followed it. */
function lenient<T>(
  event: string,
  struct: StructCodec<T>,
  show: (info: T, out: Output, context: Context) => void,
): Printer {
  return ({ bytes, payload, end }, out, context) => {
    out.data('event', event);
    const padded = Buffer.concat([bytes.subarray(payload, end)], struct.size);
    const info = struct.read(padded, 0, struct.size);
    if (info !== undefined) show(info, out, context);
  };
}

function state(label: string) {
  return ({ info, attributes }: XfrmMessage<structs.StateInfo>, out: Output, context: Context) => {
    out.text(label);
    showState({ info, attributes }, { wantedFamily: context.family }, out, context.view);
    endLine(out, context.view);
  };
}

function policy(label: string, after?: (out: Output, context: Context) => void) {
  return ({ info, attributes }: XfrmMessage<structs.PolicyInfo>, out: Output, context: Context) => {
    if (isTypeCut(attributes)) {
      context.complain('too short XFRMA_POLICY_TYPE len');
      return;
    }
    out.text(label);
    showPolicy({ info, attributes }, { wantedFamily: context.family }, out, context.view);
    if (after === undefined) endLine(out, context.view);
    else after(out, context);
  };
}

const { rows } = xfrmAttributes;

const PRINTERS: Readonly<Record<number, Printer>> = {
  [xfrm.XFRM_MSG_NEWSA]: printer('new', structs.stateInfo, state('')),
  [xfrm.XFRM_MSG_UPDSA]: printer('update', structs.stateInfo, state('Updated ')),
  [xfrm.XFRM_MSG_DELSA]: printer('delete', structs.stateId, ({ attributes }, out, context) => {
    out.text('Deleted ');
    const info = attributes.read(rows.sa.type, rows.sa.codec.read);
    if (info !== undefined) state('')({ info, attributes }, out, context);
    else if (attributes.has(rows.sa.type))
      context.complain('Buggy XFRM_MSG_DELPOLICY: too short XFRMA_POLICY len');
    else context.complain('Buggy XFRM_MSG_DELSA: no XFRMA_SA');
  }),
  [xfrm.XFRM_MSG_EXPIRE]: printer('expire', structs.stateExpiry, ({ info, attributes }, out, context) => {
    out.text('Expired ');
    showState({ info: info.state, attributes }, { wantedFamily: context.family }, out, context.view);
    showHard(info.hard, out, context.view);
  }),
  [xfrm.XFRM_MSG_NEWPOLICY]: printer('new', structs.policyInfo, policy('')),
  [xfrm.XFRM_MSG_UPDPOLICY]: printer('update', structs.policyInfo, policy('Updated ')),
  [xfrm.XFRM_MSG_DELPOLICY]: printer('delete', structs.policyId, ({ attributes }, out, context) => {
    if (isTypeCut(attributes)) {
      context.complain('too short XFRMA_POLICY_TYPE len');
      return;
    }
    out.text('Deleted ');
    const info = attributes.read(rows.policy.type, rows.policy.codec.read);
    if (info !== undefined) policy('')({ info, attributes }, out, context);
    else
      context.complain(
        `Buggy XFRM_MSG_DELPOLICY: ${attributes.has(rows.policy.type) ? 'too short XFRMA_POLICY len' : 'no XFRMA_POLICY'}`,
      );
  }),
  [xfrm.XFRM_MSG_POLEXPIRE]: printer('expire', structs.policyExpiry, ({ info, attributes }, out, context) =>
    policy('Expired ', () => showHard(info.hard, out, context.view))(
      { info: info.pol, attributes },
      out,
      context,
    ),
  ),
  [xfrm.XFRM_MSG_ACQUIRE]: printer('acquire', structs.acquire, (found, out, context) =>
    showAcquire(found, context.family, out, context.view),
  ),
  [xfrm.XFRM_MSG_FLUSHSA]: printer('flush', structs.stateFlush, ({ info }, out, context) =>
    showStateFlush(info.proto, out, context.view),
  ),
  [xfrm.XFRM_MSG_FLUSHPOLICY]: printer('flush', structs.noStruct, (found, out, context) =>
    showPolicyFlush(found, out, context.view),
  ),
  [xfrm.XFRM_MSG_REPORT]: printer('report', structs.report, (found, out, context) =>
    showReport(found, context.family, out, context.view),
  ),
  [xfrm.XFRM_MSG_NEWAE]: lenient('async', structs.asyncEvent, showAsyncEvent),
  [xfrm.XFRM_MSG_MAPPING]: lenient('mapping', structs.mapping, showMapping),
  [xfrm.XFRM_MSG_GETDEFAULT]: (message, out, context) => {
    out.data('event', 'default');
    showDefaultsMessage(message, out, context);
  },
};
