/** `ip netns list`, `identify` and `pids`: what is there, and who is where. */
import { nameOfProcess, processesIn } from '../../namespaces/inventory/membership.ts';
import { nsidOfName } from '../../namespaces/inventory/nsid-names.ts';
import { RUN_DIRECTORY, readDirectory } from '../../namespaces/named.ts';
import { type Args, UsageError } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { kernelErrorText } from '../frame/report.ts';

/** Lists every name with the id of its namespace. A run directory that cannot be read is no failure. */
export async function listNamespaces(_args: Args, context: Context): Promise<number> {
  let names: readonly string[];
  try {
    names = readDirectory(RUN_DIRECTORY);
  } catch {
    return 0; // Without a word, and without a list.
  }
  // With files that are no namespaces this is the first complaint about each of two.
  context.namespaces.read();
  const out = context.output();
  out.list();
  for (const name of names) {
    const nsid = nsidOfName(context.ask, name, error => context.complain(kernelErrorText(error)));
    out.open();
    out.field('name', name, name);
    if (nsid !== undefined) out.field('id', nsid, ` (id: ${nsid})`);
    out.text('\n');
    out.close();
  }
  out.end();
  return 0;
}

/** Prints the name of a process's namespace, this one's without argument, or an empty line. */
export async function identify(args: Args, context: Context): Promise<number> {
  const pid = args.done ? undefined : args.next();
  if (!args.done) throw new UsageError('extra arguments specified');
  if (pid !== undefined && !/^\d+$/.test(pid)) throw new UsageError(`Specified string '${pid}' is not a pid`);
  const name = nameOfProcess(pid ?? 'self');
  const out = context.textOutput();
  out.list();
  out.open();
  if (name !== undefined) out.field('name', name, name);
  out.text('\n');
  out.close();
  out.end();
  return 0;
}

/** Prints the processes of a namespace. */
export async function listPids(args: Args, context: Context): Promise<number> {
  if (args.done) throw new UsageError('No netns name specified');
  const name = args.next();
  if (!args.done) throw new UsageError('extra arguments specified');
  const out = context.textOutput();
  out.list();
  for (const pid of processesIn(name)) {
    out.open();
    out.field('pid', Number(pid), `${pid}\n`);
    out.close();
  }
  out.end();
  return 0;
}
