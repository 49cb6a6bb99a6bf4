/** Deletes all states or policies of a list, round by round until none is left. */
import { RequestWindow } from '../../kernel/netlink/window.ts';
import { strerror } from '../../kernel/system/errors.ts';
import { NETLINK_XFRM } from '../../linux/netlink.ts';
import type { AttributeIndex } from '../../wire/attributes.ts';
import { HEADER_LENGTH, type Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import type { Context } from '../frame/context.ts';
import { BatchEnded, CommandFailed } from '../frame/report.ts';
import { endOfList, visitAll } from './conversation.ts';

/** Bytes of deletions that the original sends in a round. */
const ROUND_LENGTH = 8192;

/** What is deleted. */
export interface Deletion {
  /** Asks for the list. */
  request(): MessageWriter;
  /** Bytes of the struct of a listed message, and of that of a deletion. */
  readonly size: number;
  readonly structSize: number;
  /** Stands before the reason of a refusal. */
  readonly separator: string;
  /** The request that deletes what a message lists; undefined if it is to stay. */
  deletionOf(message: Message): MessageWriter | undefined;
}

/** Deletes round by round. Returns 0. */
export async function deleteRounds(context: Context, deletion: Deletion): Promise<number> {
  const say = (line: string) => context.view.statistics > 1 && context.complain(line);
  for (let round = 0; ; round++) {
    say(`Delete-all round = ${round}`);
    const window = await gather(context, deletion);
    if (window.count === 0) {
      say('Delete-all completed');
      return endOfList(context);
    }
    const refusals = context.protocolSession(NETLINK_XFRM).requestUnacknowledged(window);
    const [refusal] = refusals.values();
    if (refusal !== undefined) {
      const reason = `${deletion.separator}: ${strerror(refusal.errno)}`;
      context.complain(`Failed to send delete-all request${reason}`);
      throw context.isBatch ? new BatchEnded(1, refusal) : new CommandFailed(1, refusal);
    }
    say(`Delete-all nlmsg count = ${window.count}`);
  }
}

/** The deletions of a round. */
async function gather(context: Context, deletion: Deletion): Promise<RequestWindow> {
  const window = new RequestWindow();
  let length = 0;
  await visitAll(deletion.request(), deletion.size, 'Delete-all terminated', context, message => {
    if (length + HEADER_LENGTH + deletion.structSize > ROUND_LENGTH) return;
    const request = deletion.deletionOf(message);
    if (request === undefined || !window.add(request)) return;
    length += request.length;
  });
  return window;
}

/** struct xfrm_mark, and four bytes that the original copies with it. */
const COPIED_MARK = 12;

/** Copies the mark by which the kernel finds what is to be deleted. */
export function copyMark(attributes: AttributeIndex, request: MessageWriter): void {
  const { type } = xfrmAttributes.rows.mark;
  const at = attributes.start(type);
  if (at === 0) return;
  const copied = Buffer.alloc(COPIED_MARK);
  attributes.bytes.copy(copied, 0, at, at + COPIED_MARK);
  request.attribute(type, { write: (out, bytes) => out.raw(bytes) }, copied);
}
