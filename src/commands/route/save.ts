/**
 * `ip route save`, `restore` and `showdump`: routes as the kernel's own messages in a file, after four bytes that
 * say what it is.
 */

import { fstatSync } from 'node:fs';
import { KernelError } from '../../kernel/system/errors.ts';
import { isTerminal } from '../../kernel/system/terminal.ts';
import { showRoute } from '../../layouts/route/route.ts';
import { STDIN } from '../../linux/descriptors.ts';
import { EEXIST } from '../../linux/errno.ts';
import { NLM_F_CREATE } from '../../linux/netlink.ts';
import { RTA_GATEWAY, RTA_PREFSRC, RTM_DELROUTE, RTM_F_CLONED, RTM_NEWROUTE } from '../../linux/rtnetlink.ts';
import { RouteReader } from '../../rtnetlink/route-reader.ts';
import { type Args, EXIT_FAILURE, EXIT_KERNEL, UsageError } from '../../schema/args.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { kernelErrorText } from '../frame/report.ts';
import { complainOfTrailingBytes, truncationText } from '../frame/truncated.ts';
import {
  beginSaving,
  readMagic,
  readMessages,
  type SavedKind,
  writeMessages,
} from '../grammar/saved-messages.ts';
import { dumpRequest, isSelected, leaveFilter } from './filter.ts';
import { readSelectors } from './selectors.ts';
import { listOptions, routeView } from './show.ts';

const SAVED_ROUTES: SavedKind = { name: 'route', magic: 0x45311224 };

/** Writes the selected routes to standard output. */
export async function saveRoutes(args: Args, context: Context): Promise<number> {
  beginSaving(SAVED_ROUTES, context);
  const filter = readSelectors(args, context);
  leaveFilter(filter, context.state);
  const route = new RouteReader();
  for await (const messages of context.dump(dumpRequest(filter), listOptions(filter))) {
    writeMessages(messages.filter(message => route.read(message) && isSelected(route, filter)));
  }
  return 0;
}

/**
 * Adds the routes of a saved dump. Those that others need to be reachable come first: neither gateway nor source,
 * then no gateway, then the rest. Routes that exist already are reported and passed over.
 */
export async function restoreRoutes(_args: Args, context: Context): Promise<number> {
  refuseTerminal();
  const position = readMagic(SAVED_ROUTES, EXIT_FAILURE);
  if (!isSeekable()) throw new UsageError('Failed to restore: ftell: Illegal seek');
  const { messages, damage } = wholeMessages(position);
  const route = new RouteReader();
  for (let pass = 0; pass < PASSES; pass++) {
    for (const message of messages) {
      if (!route.read(message)) continue;
      complainOfTrailingBytes(message, context);
      if (passOf(route) === pass) await restore(message, context);
    }
    if (damage !== undefined) throw damage;
  }
  return 0;
}

/** The messages of standard input from `position` up to the first that is malformed, and what is wrong with that one. */
function wholeMessages(position: number): {
  readonly messages: readonly Message[];
  readonly damage?: UsageError;
} {
  const messages: Message[] = [];
  try {
    for (const message of readMessages(STDIN, position, EXIT_KERNEL)) messages.push(message);
  } catch (error) {
    if (!(error instanceof UsageError) || error.exitCode !== EXIT_KERNEL) throw error;
    return { messages, damage: error };
  }
  return { messages };
}

const PASSES = 3;

function passOf({ attributes }: RouteReader): number {
  if (attributes.has(RTA_GATEWAY)) return 2;
  return attributes.has(RTA_PREFSRC) ? 1 : 0;
}

async function restore(message: Message, context: Context): Promise<void> {
  const request = new MessageWriter(message.type, message.flags | NLM_F_CREATE);
  request.raw(message.bytes.subarray(message.payload, message.end));
  try {
    await context.request(request);
  } catch (error) {
    if (!(error instanceof KernelError) || error.errno !== EEXIST) throw error;
    context.complain(kernelErrorText(error));
  }
}

/** Shows the routes of a saved dump. */
export async function showSavedRoutes(_args: Args, context: Context): Promise<number> {
  refuseTerminal();
  const position = readMagic(SAVED_ROUTES, EXIT_FAILURE);
  const route = new RouteReader();
  const out = context.textOutput();
  const view = routeView(context, {});
  for (const message of readMessages(STDIN, position, EXIT_KERNEL)) {
    if (message.type !== RTM_NEWROUTE && message.type !== RTM_DELROUTE) {
      context.complain(`Not a route: ${words(message.end - message.start, message.type, message.flags)}`);
    } else if (!route.read(message)) {
      context.complain(truncationText(message)!);
    } else {
      complainOfTrailingBytes(message, context);
      if (!(route.flags & RTM_F_CLONED)) showRoute(route, out, view);
    }
  }
  return 0;
}

function words(...numbers: number[]): string {
  return numbers.map(number => number.toString(16).padStart(8, '0')).join(' ');
}

/** Whether standard input has a position: neither pipes nor sockets have one. */
function isSeekable(): boolean {
  const input = fstatSync(STDIN);
  return !input.isFIFO() && !input.isSocket();
}

function refuseTerminal(): void {
  if (isTerminal(STDIN)) throw new UsageError("Can't restore route dump from a terminal");
}
