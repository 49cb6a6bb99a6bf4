/**
 * `tsip netns delete --wait[=SECONDS] [--kill[=SIGNAL]] NAME`: removes a name, prints what still holds the namespace, ends
 * the processes in it if asked, and waits until the kernel takes it apart, which it reports to each namespace that
 * has an id for it (RTM_DELNSID). The original has no such options.
 */

import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { errnoOf, KernelError, SystemError } from '../../kernel/system/errors.ts';
import { ESRCH } from '../../linux/errno.ts';
import { OWN_NETWORK } from '../../linux/namespaces.ts';
import { NETLINK_ROUTE } from '../../linux/netlink.ts';
import { RTM_DELNSID, RTM_GETNSID, RTM_NEWNSID, RTNLGRP_NSID } from '../../linux/rtnetlink.ts';
import { type Holders, holdersOf } from '../../namespaces/inventory/holders.ts';
import { nsidOf } from '../../namespaces/inventory/nsid-names.ts';
import { identityOf, type NamespaceProcess } from '../../namespaces/inventory/processes.ts';
import { deleteNamespace, entryOf, pathOfNamespace } from '../../namespaces/named.ts';
import { decodeNsid, NSID_UNASSIGNED, nsidRequest } from '../../rtnetlink/nsid.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import { encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { signalNumber } from '../frame/signal.ts';

const DEFAULT_SECONDS = 10;
/** Longer than any wait that is meant; timers take no more. */
const MOST_SECONDS = 86_400;

/** What the options ask for. */
export interface Waiting {
  readonly seconds: number;
  /** The number of the signal that ends processes; undefined if they are not to be ended. */
  readonly signal: number | undefined;
}

/** Reads `--wait` and `--kill`, as long as a word follows; undefined if neither is there. Throws {@link UsageError}. */
export function readWaiting(args: Args): Waiting | undefined {
  let seconds: number | undefined;
  let signal: number | undefined;
  while (args.rest.length > 1) {
    const [, option, value] = /^--(wait|kill)(?:=(.*))?$/s.exec(args.peek()!) ?? [];
    if (option === undefined) break;
    args.skip();
    if (option === 'wait') seconds = parseSeconds(value);
    else signal = parseSignal(value);
  }
  if (seconds !== undefined) return { seconds, signal };
  if (signal !== undefined) throw new UsageError('netns delete: --kill needs --wait', EXIT_USAGE);
  return undefined;
}

function parseSeconds(word = String(DEFAULT_SECONDS)): number {
  const seconds = /^\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN;
  if (seconds <= MOST_SECONDS) return seconds;
  throw new UsageError(`netns delete: "${word}" is no number of seconds up to ${MOST_SECONDS}`, EXIT_USAGE);
}

function parseSignal(word = 'TERM'): number {
  const number = signalNumber(word);
  if (number !== undefined) return number;
  throw new UsageError(`netns delete: "${word}" is no signal`, EXIT_USAGE);
}

/** Removes the name and waits; answers the exit code: 1 if the namespace is there still. */
export async function deleteAndWait(
  name: string,
  { seconds, signal }: Waiting,
  context: Context,
): Promise<number> {
  if (entryOf(name) !== 'namespace') {
    deleteNamespace(context.kernel, name);
    return 0;
  }
  const path = pathOfNamespace(name);
  let descriptor: number | undefined = openFile(path);
  const session = await context.eventSession(NETLINK_ROUTE);
  try {
    const identity = identityOf(fstatSync(descriptor));
    refuseLasting(name, identity);
    const ends = session.subscribe([RTNLGRP_NSID]);
    const nsid = await idOf(descriptor, context);
    deleteNamespace(context.kernel, name);
    const holders = holdersOf(identity, context.kernel);
    for (const line of linesOf(holders)) context.complain(`"${name}" is held by ${line}`);
    if (context.options.dryRun) return 0;
    closeSync(descriptor);
    descriptor = undefined;
    if (signal !== undefined) endProcesses(holders.processes, signal, context);
    const timer = setTimeout(() => session.close(), seconds * 1000);
    try {
      for await (const notification of ends) {
        if (
          notification.kind === 'overrun' ? isGone(nsid, context) : notification.messages.some(isEndOf(nsid))
        )
          return 0;
      }
    } finally {
      clearTimeout(timer);
    }
    context.complain(`Namespace "${name}" has lost its name, but has not ended within ${seconds} seconds.`);
    return EXIT_FAILURE;
  } finally {
    session.close();
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function openFile(path: string): number {
  try {
    return openSync(encodeText(path), 'r');
  } catch (error) {
    throw new SystemError(`Cannot open namespace file "${path}"`, errnoOf(error));
  }
}

/** The namespaces of this process and of process 1 do not end, and their processes are not to be ended. */
function refuseLasting(name: string, identity: string): void {
  for (const [path, whose] of [
    [OWN_NETWORK, 'this process'],
    ['/proc/1/ns/net', 'process 1'],
  ] as const)
    if (isAt(path, identity))
      throw new UsageError(
        `Namespace "${name}" is that of ${whose}: it does not end when its name is deleted.`,
      );
}

function isAt(path: string, identity: string): boolean {
  try {
    return identityOf(statSync(path)) === identity;
  } catch {
    return false;
  }
}

/** The id that this namespace has for it: the kernel reports the end of what has one. */
async function idOf(descriptor: number, context: Context): Promise<number> {
  const known = nsidOf(context.ask, descriptor);
  if (known !== undefined) return known;
  await context.request(nsidRequest(RTM_NEWNSID, { fd: descriptor, nsid: NSID_UNASSIGNED }));
  return nsidOf(context.ask, descriptor) ?? NSID_UNASSIGNED;
}

function isEndOf(nsid: number): (message: Parameters<typeof decodeNsid>[0]) => boolean {
  return message => message.type === RTM_DELNSID && decodeNsid(message).nsid === nsid;
}

/** Asked where reports have been lost. */
function isGone(nsid: number, context: Context): boolean {
  return context.ask(nsidRequest(RTM_GETNSID, { nsid })) instanceof KernelError;
}

function* linesOf({ processes, paths, descriptors }: Holders): Generator<string, void> {
  for (const { pid, thread, command } of processes)
    yield thread === undefined
      ? `process ${pid} (${command})`
      : `thread ${thread} of process ${pid} (${command})`;
  for (const path of paths) yield `a mount on ${path}`;
  for (const { process: holder, descriptor } of descriptors)
    yield `descriptor ${descriptor} of process ${holder.pid} (${holder.command})`;
}

/** Sends a signal to each process that is in the namespace, or has a thread there. */
function endProcesses(processes: readonly NamespaceProcess[], signal: number, context: Context): void {
  for (const pid of new Set(processes.map(process => process.pid))) {
    if (pid === process.pid || pid === 1) continue;
    try {
      process.kill(pid, signal);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== ESRCH) context.complain(new SystemError(`Cannot end process ${pid}`, errno).message);
    }
  }
}
