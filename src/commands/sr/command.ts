/** `ip sr hmac` and `ip sr tunsrc`. Words after those that a command needs are passed over. */
import { commandOf, decodeGeneric } from '../../genetlink/family.ts';
import { seg6 } from '../../genetlink/seg6.ts';
import { showHmac, showTunnelSource, truncationOf } from '../../layouts/generic/segment-routing.ts';
import { AF_INET6 } from '../../linux/families.ts';
import { type Args, EXIT_FAILURE } from '../../schema/args.ts';
import { Secret } from '../../schema/secret.ts';
import { formatIpv6 } from '../../wire/address.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { parseAddress } from '../grammar/prefix.ts';
import { readValue } from '../grammar/values.ts';
import { ALGORITHM, KEY_ID } from './operands.ts';

const PROMPT = 'Enter secret for HMAC key ID (blank to delete): ';
const IPV6_LENGTH = 16;
const MAX_BYTE = 0xff;

/** Shows all keys. */
export async function showHmacs(_args: Args, context: Context): Promise<number> {
  const session = await openFamily(seg6, context);
  const out = context.output();
  out.list();
  for await (const batch of session.dump(session.begin('dumphmac'))) {
    for (const message of batch) {
      if (commandOf(message) !== seg6.commands.dumphmac[0]) continue;
      const found = decodeGeneric(seg6, message) ?? {};
      const truncation = truncationOf(found);
      if (truncation !== undefined) context.complain(truncation);
      showHmac(found, out);
    }
  }
  out.end();
  return 0;
}

/** Asks for a secret and sets it, or deletes the key if it is empty. */
export async function setHmac(args: Args, context: Context): Promise<number> {
  const hmackeyid = readValue(KEY_ID, args, context);
  const algid = readValue(ALGORITHM, args, context);
  const secret = context.streams.readSecret(PROMPT);
  const session = await openFamily(seg6, context);
  const request = session.begin('sethmac');
  seg6.attributes.encode(request, {
    hmackeyid,
    secretlen: secret.length & MAX_BYTE,
    algid,
    secret: secret.length === 0 ? undefined : new Secret(secret),
  });
  return session.change(request, EXIT_FAILURE);
}

/** Shows the source address of tunnels. */
export async function getTunnelSource(_args: Args, context: Context): Promise<number> {
  const session = await openFamily(seg6, context);
  const [answer] = await session.request(session.begin('get_tunsrc'), 'answer');
  const out = context.output();
  out.list();
  if (answer !== undefined && commandOf(answer) === seg6.commands.get_tunsrc[0])
    showTunnelSource(decodeGeneric(seg6, answer) ?? {}, out);
  out.end();
  return 0;
}

/** Sets the source address of tunnels; `any` is that of the device which they leave by. */
export async function setTunnelSource(args: Args, context: Context): Promise<number> {
  const { bytes } = parseAddress(args.next(), AF_INET6);
  const session = await openFamily(seg6, context);
  const request = session.begin('set_tunsrc');
  const whole = Buffer.alloc(IPV6_LENGTH);
  whole.set(bytes);
  seg6.attributes.encode(request, { dst: formatIpv6(whole, 0) });
  return session.change(request, EXIT_FAILURE);
}
