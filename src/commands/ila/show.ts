/** `ip ila list`. */
import { decodeGeneric } from '../../genetlink/family.ts';
import { ila } from '../../genetlink/ila.ts';
import { showIla } from '../../layouts/generic/ila.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { showList } from '../generic/listing.ts';

/** Shows all translations. */
export async function showTranslations(args: Args, context: Context): Promise<number> {
  if (!args.done) throw new UsageError('"ip ila show" does not take any arguments.', EXIT_FAILURE);
  const session = await openFamily(ila, context);
  const out = context.output();
  const batches = session.dump(session.begin('get'), { exitCode: EXIT_USAGE });
  await showList(batches, out, message => showIla(decodeGeneric(ila, message) ?? {}, out, context.view));
  return 0;
}
