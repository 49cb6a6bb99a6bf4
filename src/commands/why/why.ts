/** `tsip why FROM TO`: whether packets go from one namespace to another or to an address, and what stops them. */
import { isIP } from 'node:net';
import { findNamespace } from '../../namespaces/inventory/naming.ts';
import type { NamespaceEntry } from '../../namespaces/inventory/registry.ts';
import { readRegistry } from '../../namespaces/inventory/registry.ts';
import { readTopology } from '../../namespaces/inventory/topology.ts';
import { listNames } from '../../namespaces/named.ts';
import { type Path, PathFinder } from '../../namespaces/path/path.ts';
import { EXIT_FAILURE, EXIT_USAGE } from '../../schema/args.ts';
import type { Output } from '../../schema/output.ts';
import { visible } from '../../wire/visible.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';

const USAGE = `\
Usage: ip [ -json ] why FROM TO
FROM := a network namespace: NAME, host, pid:PID, container:ID, netns:INODE or a path
TO := such a namespace, or an IP address

Follows a packet from namespace to namespace by what the kernel says of routes, devices and
neighbours, without sending one, and back. Exit code 1 if something stops it.`;

const RIGHT = '✓';
const WRONG = '✗';

/** Names of namespaces for both words. */
export async function whyCandidates(before: readonly string[]): Promise<readonly string[]> {
  return before.length < 2 ? [...listNames(), ...(before.length === 0 ? ['help'] : [])] : [];
}

/** Prints the path that the rest of the line asks for. */
export const why: Command = async (args, context) => {
  const [from, to, ...more] = args.rest;
  if (from === 'help' || from === '--help') {
    context.sink.write(`${USAGE}\n`);
    return 0;
  }
  if (from === undefined || to === undefined || more.length > 0) {
    context.complain(USAGE);
    return EXIT_USAGE;
  }
  const { namespaces } = readRegistry(context.kernel);
  const start = findNamespace(namespaces, from);
  const end = findNamespace(namespaces, to);
  const isAddress = end === undefined && isIP(to) !== 0;
  const unknown = start === undefined ? from : end === undefined && !isAddress ? to : undefined;
  if (start === undefined || unknown !== undefined) {
    context.complain(`No network namespace is called "${visible(unknown ?? from)}".`);
    return EXIT_FAILURE;
  }
  const finder = new PathFinder(await readTopology(namespaces, context.kernel), context.kernel);
  try {
    const destination = end === undefined ? to : await finder.addressOf(start, end);
    const path = destination === undefined ? withoutAddress(end!) : await finder.pathTo(start, destination);
    show(path, start, end, context);
    if (path.cause !== undefined) context.strict?.complain(path.cause.text);
    return path.cause === undefined ? 0 : EXIT_FAILURE;
  } finally {
    finder.close();
  }
};

/** A namespace that has no address cannot be reached. */
function withoutAddress(namespace: NamespaceEntry): Path {
  const text = `no device of ${namespace.label} has an address that others can reach`;
  return {
    destination: '',
    steps: [{ namespace, text, isRight: false }],
    cause: { code: 'no-address', namespace, text, fix: 'address add ADDRESS/LENGTH dev DEVICE' },
    notes: [],
  };
}

function show(path: Path, from: NamespaceEntry, to: NamespaceEntry | undefined, context: Context): void {
  if (context.isJson) showData(path, from, to, context.output());
  else showText(path, from, to, context);
}

function showText(
  { destination, steps, cause, notes }: Path,
  from: NamespaceEntry,
  to: NamespaceEntry | undefined,
  context: Context,
): void {
  const out = context.textOutput();
  const target = to === undefined ? destination : `${visible(to.label)} (${destination || 'no address'})`;
  out.text(`${visible(from.label)} to ${target}\n`);
  for (const { namespace, text, isRight } of steps) {
    out.text(` ${isRight ? RIGHT : WRONG} `, isRight ? 'up' : 'down');
    out.text(`${visible(namespace.label)}: `, 'ifname');
    out.text(`${visible(text)}\n`);
  }
  for (const note of notes) out.text(`note: ${visible(note)}\n`);
  if (cause === undefined) out.text('nothing was found that stops packets\n');
  else if (cause.fix !== undefined) out.text(`mend: ${visible(commandFor(cause.namespace, cause.fix))}\n`);
}

/** The command line that does something in a namespace. */
export function commandFor(namespace: NamespaceEntry, words: string): string {
  const isSetting = words.startsWith('sysctl');
  const { isCurrent, names, processes } = namespace;
  if (isCurrent) return isSetting ? words : `tsip ${words}`;
  const [name] = names;
  if (name !== undefined) return isSetting ? `tsip netns exec ${name} ${words}` : `tsip -n ${name} ${words}`;
  const [process] = processes;
  const inside = isSetting ? words : `tsip ${words}`;
  return process === undefined ? inside : `tsnsenter -t ${process.pid} -n ${inside}`;
}

function showData(
  { destination, steps, cause, notes }: Path,
  from: NamespaceEntry,
  to: NamespaceEntry | undefined,
  out: Output,
): void {
  out.list();
  out.open();
  out.data('from', from.label);
  if (to !== undefined) out.data('to', to.label);
  if (destination !== '') out.data('destination', destination);
  out.data('open', cause === undefined);
  out.list('steps');
  for (const { namespace, text, isRight } of steps) {
    out.open();
    out.data('namespace', namespace.label);
    out.data('text', text);
    out.data('right', isRight);
    out.close();
  }
  out.end();
  if (cause !== undefined) {
    out.open('cause');
    out.data('code', cause.code);
    out.data('namespace', cause.namespace.label);
    out.data('text', cause.text);
    if (cause.fix !== undefined) out.data('mend', commandFor(cause.namespace, cause.fix));
    out.close();
  }
  out.list('notes');
  for (const note of notes) out.item(note, '');
  out.end();
  out.close();
  out.end();
}
