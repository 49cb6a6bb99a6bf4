/** `ip netns add`, `attach` and `delete`. */
import { addNamespace, attachNamespace, deleteNamespace, readNames } from '../../namespaces/named.ts';
import { type Args, UsageError } from '../../schema/args.ts';
import { parseSigned } from '../../schema/number.ts';
import type { Context } from '../frame/context.ts';
import { failureOf } from '../frame/report.ts';

/** Makes a new namespace and names it. */
export async function add(args: Args, context: Context): Promise<number> {
  if (args.done) throw new UsageError('No netns name specified');
  addNamespace(context.kernel, args.next(), line => context.complain(line));
  return 0;
}

/** Names the namespace of a process. */
export async function attach(args: Args, context: Context): Promise<number> {
  if (args.rest.length < 2) throw new UsageError('No netns name and PID specified');
  const name = args.next();
  const word = args.next();
  const pid = parseSigned(word);
  if (pid === undefined || pid === 0) throw new UsageError(`Invalid PID: ${word}`);
  attachNamespace(context.kernel, name, pid, line => context.complain(line));
  return 0;
}

/** Removes a name, or with -all every name up to the first that cannot be removed, which is no failure. */
export async function remove(args: Args, context: Context): Promise<number> {
  if (!context.options.all) {
    if (args.done) throw new UsageError('No netns name specified');
    deleteNamespace(context.kernel, args.next());
    return 0;
  }
  const names = readNames();
  try {
    for (const name of names) deleteNamespace(context.kernel, name);
  } catch (error) {
    context.complain(failureOf(error).text);
  }
  return 0;
}
