/** `ip macsec offload`: who does the work of a device. */
import { macsec } from '../../genetlink/macsec.ts';
import { type Args, UsageRequest } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { DEV, OFFLOAD } from './operands.ts';

/** Sets it; further words are passed over. */
export async function setOffload(args: Args, context: Context): Promise<number> {
  const session = await openFamily(macsec, context);
  if (args.done) throw new UsageRequest();
  const ifindex = DEV.read(args, context, 'offload');
  if (args.done) throw new UsageRequest();
  const type = OFFLOAD.read(args, context, 'offload');
  const request = session.begin('upd_offload');
  macsec.attributes.encode(request, { ifindex, offload: { type } });
  return session.change(request);
}
