/**
 * `ip netns add`, `attach`, `delete` and `prune`. Options of ours stand before a name; alone they are names, as in the
 * original.
 */
import {
  addNamespace,
  addNamespaceIfAbsent,
  attachNamespace,
  deleteNamespace,
  deleteNamespaceIfPresent,
  isNamespaceName,
  readNames,
} from '../../namespaces/named.ts';
import { pruneNames, staleNames } from '../../namespaces/stale.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import { parseSigned } from '../../schema/number.ts';
import type { Context } from '../frame/context.ts';
import { failureOf } from '../frame/report.ts';
import { IF_ABSENT, IF_PRESENT } from '../frame/tolerant.ts';

/** An option that the original does not have. */
export const DRY_RUN = '--dry-run';

/** Makes a new namespace and names it. */
export async function add(args: Args, context: Context): Promise<number> {
  if (args.done) throw new UsageError('No netns name specified');
  const warn = (line: string) => context.complain(line);
  if (!takesOption(args, IF_ABSENT)) addNamespace(context.kernel, args.next(), warn);
  else for (const name of namesLeft(args, 1)) addNamespaceIfAbsent(context.kernel, name, warn);
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
    if (takesOption(args, IF_PRESENT)) return removeIfPresent(namesLeft(args), context);
    if (/^--(wait|kill)(=|$)/.test(args.peek()!) && args.rest.length > 1) {
      const { deleteAndWait, readWaiting } = await import('./delete-wait.ts');
      const waiting = readWaiting(args);
      if (waiting !== undefined) return deleteAndWait(namesLeft(args, 1)[0]!, waiting, context);
    }
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

/** Removes each of the names that is there, whatever becomes of the others. */
function removeIfPresent(names: readonly string[], context: Context): number {
  let exitCode = 0;
  for (const name of names) {
    try {
      deleteNamespaceIfPresent(context.kernel, name);
    } catch (error) {
      context.complain(failureOf(error).text);
      exitCode = EXIT_FAILURE;
    }
  }
  return exitCode;
}

/** Removes files that are no namespaces any more, or only prints which. */
export async function prune(args: Args, context: Context): Promise<number> {
  const isDry = args.accept(DRY_RUN);
  if (!args.done) throw new UsageError(`netns prune: "${args.next()}" is not known; it takes ${DRY_RUN}`);
  const out = context.output();
  out.list();
  const print = (name: string) => {
    out.open();
    out.field('name', name, name);
    out.text('\n');
    out.close();
  };
  let isComplete = true;
  if (isDry) for (const name of staleNames()) print(name);
  else isComplete = pruneNames(context.kernel, print, line => context.complain(line));
  out.end();
  return isComplete ? 0 : EXIT_FAILURE;
}

/** Reads an option that a name follows. */
function takesOption(args: Args, option: string): boolean {
  return args.rest.length > 1 && args.accept(option);
}

/** The names up to the end of the line, at most `most`. Throws {@link UsageError}. */
function namesLeft(args: Args, most = Number.POSITIVE_INFINITY): readonly string[] {
  const names = args.rest;
  const wrong = names.find(name => !isNamespaceName(name));
  if (wrong !== undefined) throw new UsageError(`Invalid netns name "${wrong}"`, EXIT_USAGE);
  if (names.length > most) throw new UsageError(`"${names[most]}" is one word too many`);
  return names;
}
