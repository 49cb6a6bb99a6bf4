/** `ip monitor`: prints what the kernel tells of changes, as it comes, or messages saved in a file. */

import { openSync } from 'node:fs';
import { listen } from '../../kernel/netlink/listener.ts';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import { RTM_DELROUTE, RTM_NEWLINK, RTM_NEWROUTE } from '../../linux/rtnetlink.ts';

import {
  type Args,
  EXIT_FAILURE,
  EXIT_USAGE,
  isPrefixOf,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import { type Message, splitDatagram } from '../../wire/message.ts';
import { encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';

import { CommandFailed } from '../frame/report.ts';
import { timestamp } from '../frame/timestamp.ts';
import { isTruncated, trailingBytesText, truncationText } from '../frame/truncated.ts';
import { readMessages } from '../grammar/saved-messages.ts';
import { printMonitorLine } from './lines.ts';
import { loadPrinters, MONITORED, UNTOLD } from './objects.ts';
import type { Printer } from './printer.ts';

const USAGE = `Usage: ip monitor [all] [OBJECT]... [label] [all-nsid] [dev DEVICE] [file FILE]
OBJECT: ${MONITORED.map(({ word }) => word).join(', ')}
Without OBJECT everything is shown. 'label' says before each line what it is about, 'all-nsid' listens
to every namespace that has an id here, 'file' reads what rtmon(8) saved.`;

/** A message that carries the time at which the next one was saved (rtmon). */
const TIMESTAMP_MESSAGE = 15;
const LISTEN_FAILED = 'netlink receive error No buffer space available (105)';

interface MonitorWords {
  objects: Set<string>;
  hasLabels: boolean;
  allNamespaces: boolean;
  /** Index of the device that messages must be about; 0 for any. */
  device: number;
  file: string | undefined;
}

/** Runs `ip monitor`. */
export async function monitor(args: Args, context: Context): Promise<number> {
  // -json is without effect on a monitor, as in the original.
  if (context.strict === undefined) context.options.json = 0;
  const words = parseWords(args, context);
  if (context.strict !== undefined) context.strict.isEndless = true;
  const isWhole = words.objects.size === 0;
  // A file is shown whole, whatever objects are named.
  const objects = MONITORED.filter(
    ({ word }) => words.file !== undefined || isWhole || words.objects.has(word),
  );
  const shown = words.file === undefined ? objects : [...objects, UNTOLD];
  const printers = await loadPrinters(shown, context, words.device);
  const show = shower(printers, words.hasLabels, context);
  if (words.file !== undefined) return showFile(words.file, show);
  const groups = objects.flatMap(object => object.groups(familyOf(context)));
  const { receiveBuffer } = context.options;
  // Names that are gone when their ids are told of are known from before.
  // Who hears of new ids learns their names as they come; who does not reads all names when the first is needed.
  if (isWhole || words.objects.has('nsid')) context.namespaces.read();
  for (const heard of listen({ groups, allNamespaces: words.allNamespaces, receiveBuffer })) {
    if ('lost' in heard) {
      context.complain(LISTEN_FAILED);
      context.strict?.tellWarnings();
      continue;
    }
    context.isForeign = heard.nsid !== undefined;
    const prefix = words.allNamespaces ? `[nsid ${heard.nsid ?? 'current'}]` : '';
    for (const message of splitDatagram(heard.bytes).messages) {
      show(message, new Date(), prefix, heard.nsid);
      context.sink.flush();
    }
  }
  return 0;
}

/** The family whose groups are listened to; the link layer and bridges have none of their own. */
function familyOf({ family }: Context): number | undefined {
  return family === AF_UNSPEC ? undefined : family;
}

function parseWords(args: Args, context: Context): MonitorWords {
  const words: MonitorWords = {
    objects: new Set(),
    hasLabels: false,
    allNamespaces: false,
    device: 0,
    file: undefined,
  };
  while (!args.done) {
    if (args.acceptPrefix('file')) {
      words.file = args.next();
    } else if (args.acceptPrefix('label')) {
      words.hasLabels = true;
    } else if (args.accept('all')) {
      words.hasLabels = true;
    } else if (args.is('dev')) {
      args.skip();
      words.device = deviceOf(args.next(), context);
    } else if (args.acceptPrefix('help')) {
      throw new UsageRequest(USAGE);
    } else {
      readObject(args, words);
    }
  }
  return words;
}

function deviceOf(word: string, { names }: Context): number {
  const index = names.deviceIndex(word);
  if (index === undefined) throw wrongArgument(word, 'Device does not exist\n');
  return index;
}

function readObject(args: Args, words: MonitorWords): void {
  const word = args.next();
  const object = MONITORED.find(({ word: name, isExact }) =>
    isExact ? name === word : isPrefixOf(word, name),
  );
  if (object !== undefined) words.objects.add(object.word);
  else if (isPrefixOf(word, 'all-nsid')) words.allNamespaces = true;
  else throw new UsageError(`Argument "${word}" is unknown, try "ip monitor help".`, EXIT_USAGE);
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
      tellShort(message, context);
      return;
    }
    const complaint = trailingBytesText(message);
    const tellDeficit = () => complaint !== undefined && context.complain(complaint);
    if (message.type === RTM_NEWLINK) tellDeficit(); // The name is remembered before anything is printed.
    if (context.strict !== undefined) {
      printMonitorLine(context.strict, printer, message, { time, nsid }, context);
      return;
    }
    printer.print(message, out, label => {
      tellDeficit();
      if (format !== 'none') out.text(timestamp(time, format === 'short'));
      out.text(prefix);
      if (hasLabels) out.text(`[${label ?? printer.label}]`);
    });
  };
}

/** Says that a message is too short to be printed. The original reads nothing after a route that is. */
function tellShort(message: Message, context: Context): void {
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

function showFile(path: string, show: Shower): number {
  let file: number;
  try {
    file = openSync(encodeText(path), 'r');
  } catch (error) {
    throw new UsageError(`Cannot fopen: ${strerror(errnoOf(error))}`, EXIT_USAGE);
  }
  let time = new Date();
  for (const message of readMessages(file, 0, EXIT_FAILURE)) {
    if (message.type === TIMESTAMP_MESSAGE && message.end - message.payload >= 8) {
      const [seconds, microseconds] = [0, 4].map(at => message.bytes.readUInt32LE(message.payload + at));
      time = new Date(seconds! * 1000 + microseconds! / 1000);
    } else {
      show(message, time, '');
    }
  }
  return 0;
}
