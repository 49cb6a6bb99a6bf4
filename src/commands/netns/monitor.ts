/** `ip netns monitor`: names as they appear in the run directory and vanish from it. */
import { watchNames } from '../../namespaces/inventory/watch.ts';
import type { Args } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';

/**
 * Prints a line for each name, and writes it out at once: the original keeps it back when standard output is not
 * a terminal, until 4096 bytes have gathered. Ends only by a signal.
 */
export async function monitor(_args: Args, context: Context): Promise<number> {
  if (context.strict !== undefined) context.strict.isEndless = true;
  for (const { action, name } of watchNames(context.kernel)) {
    if (context.strict !== undefined) {
      context.strict.printLine(out => {
        out.data('event', action);
        out.data('name', name);
      });
      continue;
    }
    context.sink.write(`${action} ${name}\n`);
    context.sink.flush();
  }
  return 0;
}
