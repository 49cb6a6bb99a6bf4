/** `ip mptcp limits`: how many subflows a connection may have, and how many addresses it takes from its peer. */
import { decodeGeneric } from '../../genetlink/family.ts';
import { mptcp } from '../../genetlink/mptcp.ts';
import { showLimits } from '../../layouts/generic/mptcp.ts';
import { type Args, wrongArgument } from '../../schema/args.ts';
import { abbreviable, type Grammar, readWords } from '../../schema/keywords.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { number } from '../grammar/values.ts';

/** What the words say. */
interface Draft {
  subflows?: number;
  rcv_add_addrs?: number;
}

/** The words of both commands: `show` sends them too, to a kernel that passes over them. */
export const LIMITS_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    abbreviable('subflows', number('NR', 'invalid subflows\n'), 'subflows'),
    abbreviable('add_addr_accepted', number('NR', 'invalid add_addr_accepted\n'), 'rcv_add_addrs'),
  ],
  readOperand(_draft, args) {
    throw wrongArgument(args.next(), 'unknown limit');
  },
};

/** Sets what the words name. */
export async function setLimits(args: Args, context: Context): Promise<number> {
  const session = await openFamily(mptcp, context);
  const request = session.begin('set_limits');
  encodeLimits(request, args, context);
  return session.change(request);
}

/** Shows both limits, as text with -json too. */
export async function getLimits(args: Args, context: Context): Promise<number> {
  const session = await openFamily(mptcp, context);
  const request = session.begin('get_limits');
  encodeLimits(request, args, context);
  const [answer] = await session.request(request, 'answer');
  const { rcv_add_addrs, subflows } = (answer && decodeGeneric(mptcp, answer)) ?? {};
  const out = context.textOutput();
  out.open();
  showLimits(rcv_add_addrs, subflows, out);
  out.close();
  return 0;
}

function encodeLimits(request: MessageWriter, args: Args, context: Context): void {
  const draft: Draft = {};
  readWords(LIMITS_GRAMMAR, draft, args, context);
  const { rcv_add_addrs, subflows } = draft;
  mptcp.attributes.encode(request, { rcv_add_addrs, subflows });
}
