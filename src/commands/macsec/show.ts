/** `ip macsec show`. */
import { commandOf, decodeGeneric } from '../../genetlink/family.ts';
import { macsec } from '../../genetlink/macsec.ts';
import { isWhole, showMacsec } from '../../layouts/generic/macsec.ts';
import { type Args, EXIT_FAILURE, UsageRequest } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { CommandFailed } from '../frame/report.ts';
import { openFamily } from '../generic/family-session.ts';
import { showList } from '../generic/listing.ts';
import { DEV } from './operands.ts';

/** Shows all devices, or one. A message that lacks a part ends the list. */
export async function showDevices(args: Args, context: Context): Promise<number> {
  const session = await openFamily(macsec, context);
  const wanted = args.done ? undefined : DEV.read(args, context, 'show');
  if (!args.done) throw new UsageRequest();
  const out = context.output();
  await showList(session.dump(session.begin('get_txsc')), out, message => {
    if (commandOf(message) !== macsec.commands.get_txsc[0]) return;
    const found = decodeGeneric(macsec, message) ?? {};
    if (!isWhole(found)) {
      context.complain('incomplete dump message\nDump terminated');
      throw new CommandFailed(EXIT_FAILURE);
    }
    if (wanted === undefined || found.ifindex === wanted) showMacsec(found, out, context.view);
  });
  return 0;
}
