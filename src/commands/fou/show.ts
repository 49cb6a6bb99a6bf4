/** `ip fou show`. */
import { decodeGeneric } from '../../genetlink/family.ts';
import { fou } from '../../genetlink/fou.ts';
import { showFou } from '../../layouts/generic/fou.ts';
import { type Args, EXIT_FAILURE, UsageError } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';

/** Shows all ports. */
export async function showPorts(args: Args, context: Context): Promise<number> {
  if (!args.done) throw new UsageError('"ip fou show" does not take any arguments.', EXIT_FAILURE);
  const session = await openFamily(fou, context);
  const out = context.output();
  out.list();
  for await (const batch of session.dump(session.begin('get')))
    for (const message of batch) showFou(decodeGeneric(fou, message) ?? {}, out, context.view);
  out.end();
  return 0;
}
