/** `ip l2tp show`. */
import { decodeGeneric } from '../../genetlink/family.ts';
import { type L2tpAttributes, l2tp } from '../../genetlink/l2tp.ts';
import {
  showSession,
  showTunnel,
  unknownSession,
  unknownTunnel,
  updateSession,
  updateTunnel,
} from '../../layouts/generic/l2tp.ts';
import type { Args } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { readDraft } from './arguments.ts';

/** Shows sessions if the words are about them, else tunnels. Of several the kernel chooses. */
export async function show(args: Args, context: Context): Promise<number> {
  const session = await openFamily(l2tp, context);
  const { isSession, tunnel, session: sessionId } = readDraft(args, context);
  const request = session.begin(isSession ? 'session_get' : 'tunnel_get');
  const isNamed = isSession ? tunnel !== 0 && sessionId !== 0 : tunnel !== 0;
  const selection: L2tpAttributes = isNamed
    ? { conn_id: tunnel, session_id: isSession ? sessionId : undefined }
    : {};
  l2tp.attributes.encode(request, selection);
  const [knownTunnel, knownSession] = [unknownTunnel(), unknownSession()];
  const out = context.output();
  out.list();
  for await (const batch of session.dump(request)) {
    for (const message of batch) {
      const attributes = decodeGeneric(l2tp, message) ?? {};
      if (isSession) {
        updateSession(knownSession, attributes);
        showSession(knownSession, out);
      } else {
        updateTunnel(knownTunnel, attributes);
        showTunnel(knownTunnel, out);
      }
    }
  }
  out.end();
  return 0;
}
