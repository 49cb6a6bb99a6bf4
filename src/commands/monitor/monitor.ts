/** `ip monitor`: prints the changes that the kernel reports, as they come, or messages saved in a file. */

import { openSync } from 'node:fs';
import { listen } from '../../kernel/netlink/subscription.ts';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import { RTEXT_FILTER_SKIP_STATS, RTM_DELROUTE, RTM_NEWLINK, RTM_NEWROUTE } from '../../linux/rtnetlink.ts';

import { decodeLink, link } from '../../rtnetlink/link.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Message } from '../../wire/message.ts';
import { encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';

import { CommandFailed } from '../frame/report.ts';
import { savedTimestamp, timestamp } from '../frame/timestamp.ts';
import { complainOfTrailingBytes, isTruncated, truncationText } from '../frame/truncated.ts';
import { readMessages } from '../grammar/saved-messages.ts';
import { readMonitorWords } from './grammar.ts';
import { printMonitorLine } from './lines.ts';
import { ADDRESS_LABEL, loadPrinters, MONITORED } from './objects.ts';
import type { Printer } from './printer.ts';

/** A message that carries the time at which the next one was saved (rtmon). */
const TIMESTAMP_MESSAGE = 15;
const LISTEN_FAILED = 'netlink receive error No buffer space available (105)';

/** Runs `ip monitor`. */
export async function monitor(args: Args, context: Context): Promise<number> {
  // -json is without effect on a monitor, as in the original.
  if (context.strict === undefined) context.state.json = 0;
  const words = readMonitorWords(args, context);
  if (context.strict !== undefined) context.strict.isEndless = true;
  const isWhole = words.objects.size === 0;
  // A file is shown whole, whatever objects are named.
  const objects = MONITORED.filter(
    ({ word }) => words.file !== undefined || isWhole || words.objects.has(word),
  );
  const shown = words.file === undefined ? objects : [...objects, ADDRESS_LABEL];
  const printers = await loadPrinters(shown, context, words.device);
  const show = shower(printers, words.hasLabels, context);
  if (words.file !== undefined) return showFile(words.file, show, context);
  const groups = objects.flatMap(object => object.groups(familyOf(context)));
  const { receiveBuffer } = context.options;
  const notifications = listen(context.kernel.sockets.blocking, {
    groups,
    allNamespaces: words.allNamespaces,
    ...(receiveBuffer === undefined ? {} : { receiveBuffer }),
  });
  await rememberNames(context);
  for (const notification of notifications) {
    if (notification.kind === 'overrun') {
      context.complain(LISTEN_FAILED);
      context.strict?.printWarnings();
      continue;
    }
    const { messages, nsid } = notification;
    const prefix = words.allNamespaces ? `[nsid ${nsid ?? 'current'}]` : '';
    for (const message of messages) {
      show(message, new Date(), prefix, nsid);
      context.sink.flush();
    }
  }
  return 0;
}

/**
 * Reads the names of all devices and namespaces, once the groups are joined: what is removed later is called by the
 * name that it had.
 */
async function rememberNames(context: Context): Promise<void> {
  const request = linkRequest({}, {}, { ext_mask: RTEXT_FILTER_SKIP_STATS });
  for await (const messages of context.dump(request)) {
    for (const message of messages) {
      const found = decodeLink(message, NAMES);
      if (found?.ifname === undefined) continue;
      const { index, flags, type } = found.header;
      context.names.remember(index, found.ifname, flags, type);
    }
  }
  context.namespaces.read();
}

const NAMES = link.select(['ifname']);

/** The family whose groups are joined; the link layer and bridges have no groups for their family. */
function familyOf({ family }: Context): number | undefined {
  return family === AF_UNSPEC ? undefined : family;
}

/** Prints a message; `time` is when it came, `prefix` what stands before its label. */
type Shower = (message: Message, time: Date, prefix: string, nsid?: number) => void;

function shower(printers: ReadonlyMap<number, Printer>, hasLabels: boolean, context: Context): Shower {
  const out = context.output();
  const { timestamp: format } = context.options;
  return (message, time, prefix, nsid) => {
    const printer = printers.get(message.type);
    if (printer === undefined) {
      if (!SILENT.has(message.type)) context.complain(unknownMessage(message));
      return;
    }
    if (isTruncated(message)) {
      complainOfTruncated(message, context);
      return;
    }
    const sayTrailing = () => complainOfTrailingBytes(message, context);
    if (message.type === RTM_NEWLINK) sayTrailing(); // The name is remembered before anything is printed.
    if (context.strict !== undefined) {
      printMonitorLine(context.strict, printer, message, { time, nsid }, context);
      return;
    }
    const begin = (label?: string) => {
      sayTrailing();
      if (format !== 'none') out.text(timestamp(time, format === 'short'));
      out.text(prefix);
      if (hasLabels) out.text(`[${label ?? printer.label}]`);
    };
    printer.print(message, out, begin, nsid !== undefined);
  };
}

/** Says that a message is too short to be printed. The original reads nothing after a route that is. */
function complainOfTruncated(message: Message, context: Context): void {
  const complaint = truncationText(message);
  if (complaint !== undefined) context.complain(complaint);
  if (ROUTES.has(message.type)) throw new CommandFailed();
}

const ROUTES: ReadonlySet<number> = new Set([RTM_NEWROUTE, RTM_DELROUTE]);

/** NLMSG_NOOP, NLMSG_ERROR, NLMSG_DONE: nothing is said of them. */
const SILENT: ReadonlySet<number> = new Set([1, 2, 3]);

function unknownMessage({ start, end, type, flags }: Message): string {
  const both = (value: number) => `0x${value.toString(16).padStart(8, '0')}(${value})`;
  return `Unknown message: type=${both(type)} flags=${both(flags)} len=${both(end - start)}`;
}

function showFile(path: string, show: Shower, context: Context): number {
  let file: number;
  try {
    file = openSync(encodeText(path), 'r');
  } catch (error) {
    throw new UsageError(`Cannot fopen: ${strerror(errnoOf(error))}`, EXIT_USAGE);
  }
  const { strict } = context;
  const out = context.output();
  let saved: Date | undefined;
  for (const message of readMessages(file, 0, EXIT_FAILURE)) {
    if (message.type !== TIMESTAMP_MESSAGE) {
      // As the original, `-timestamp` prints when the message is read.
      show(message, (strict && saved) ?? new Date(), '');
      continue;
    }
    const [seconds, microseconds] = savedTime(message);
    saved = new Date(seconds * 1000 + microseconds / 1000);
    if (strict === undefined) out.text(savedTimestamp(seconds, microseconds));
  }
  return 0;
}

/** Two numbers of 32 bits, seconds and microseconds; what is missing is 0. */
function savedTime({ bytes, payload, end }: Message): [number, number] {
  const time = Buffer.alloc(8);
  bytes.copy(time, 0, payload, end);
  return [time.readUInt32LE(0), time.readUInt32LE(4)];
}
