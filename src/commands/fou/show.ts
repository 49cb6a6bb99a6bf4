/** `ip fou show`. */
import { decodeGeneric } from '../../genetlink/family.ts';
import { fou } from '../../genetlink/fou.ts';
import { showFou } from '../../layouts/generic/fou.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { showList } from '../generic/listing.ts';

/** Shows all ports. */
export async function showPorts(args: Args, context: Context): Promise<number> {
  if (!args.done) throw new UsageError('"ip fou show" does not take any arguments.', EXIT_FAILURE);
  const session = await openFamily(fou, context);
  const out = context.output();
  const batches = session.dump(session.begin('get'), { exitCode: EXIT_USAGE });
  await showList(batches, out, message => showFou(decodeGeneric(fou, message) ?? {}, out, context.view));
  return 0;
}
