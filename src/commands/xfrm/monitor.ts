/** `ip xfrm monitor`: prints what the kernel reports of states and policies, as it comes, or messages saved in a file. */

import { openSync } from 'node:fs';
import { listen } from '../../kernel/netlink/subscription.ts';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { NETLINK_XFRM, NLMSG_DONE } from '../../linux/netlink.ts';
import * as xfrm from '../../linux/xfrm.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError, UsageRequest } from '../../schema/args.ts';
import { anyWord, exact, flag, type Grammar, readWords, shortened } from '../../schema/keywords.ts';
import type { Message } from '../../wire/message.ts';
import { encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { timestamp } from '../frame/timestamp.ts';
import { readMessages } from '../grammar/saved-messages.ts';
import { printEvent } from './events.ts';

interface MonitorWords {
  /** XFRMNLGRP_*; all groups if there are none. */
  readonly groups: Set<number>;
  /** Without effect, in the original as well. */
  hidesKeys: boolean;
  allNamespaces: boolean;
  file: string | undefined;
}

/** What messages are about, with the group of each. */
const OBJECTS = {
  acquire: xfrm.XFRMNLGRP_ACQUIRE,
  expire: xfrm.XFRMNLGRP_EXPIRE,
  SA: xfrm.XFRMNLGRP_SA,
  aevent: xfrm.XFRMNLGRP_AEVENTS,
  policy: xfrm.XFRMNLGRP_POLICY,
  report: xfrm.XFRMNLGRP_REPORT,
} as const;

const ALL_GROUPS = [...Object.values(OBJECTS), xfrm.XFRMNLGRP_MIGRATE, xfrm.XFRMNLGRP_MAPPING];

/** The words of `monitor`. */
export const MONITOR_GRAMMAR: Grammar<MonitorWords, Context> = {
  keywords: [
    shortened(exact('file', anyWord({ synopsis: 'FILENAME', names: 'file' }), 'file')),
    flag('nokeys', words => {
      words.hidesKeys = true;
    }),
    flag('all', () => undefined),
    shortened(
      flag('all-nsid', words => {
        words.allNamespaces = true;
      }),
    ),
    ...Object.entries(OBJECTS).map(([word, group]) =>
      shortened(flag<MonitorWords, Context>(word, ({ groups }) => groups.add(group))),
    ),
  ],
};

/** Runs `monitor`. */
export async function monitorXfrm(args: Args, context: Context): Promise<number> {
  const words: MonitorWords = {
    groups: new Set(),
    hidesKeys: false,
    allNamespaces: false,
    file: undefined,
  };
  readWords(MONITOR_GRAMMAR, words, args, context);
  if (!args.done) {
    if (args.matches('help')) throw new UsageRequest(await monitorUsage());
    throw new UsageError(`Argument "${args.next()}" is unknown, try "ip xfrm monitor help".`, EXIT_USAGE);
  }
  if (context.strict !== undefined) context.strict.isEndless = true;
  if (words.file !== undefined) return showFile(words.file, context);
  const groups = words.groups.size === 0 ? ALL_GROUPS : [...words.groups];
  const { receiveBuffer } = context.options;
  const notifications = listen(context.kernel.sockets.blocking, {
    protocol: NETLINK_XFRM,
    groups,
    allNamespaces: words.allNamespaces,
    ...(receiveBuffer === undefined ? {} : { receiveBuffer }),
  });
  for (const notification of notifications) {
    if (notification.kind === 'overrun') {
      context.complain('netlink receive error No buffer space available (105)');
      context.strict?.printWarnings();
      continue;
    }
    const { messages, nsid } = notification;
    const prefix = words.allNamespaces ? `[nsid ${nsid ?? 'current'}]` : '';
    for (const message of messages) {
      show(message, prefix, nsid, context);
      context.sink.flush();
    }
  }
  return 0;
}

async function monitorUsage(): Promise<string> {
  return (await import('./usage.ts')).MONITOR_USAGE;
}

function showFile(path: string, context: Context): number {
  let file: number;
  try {
    file = openSync(encodeText(path), 'r');
  } catch (error) {
    throw new UsageError(`Cannot fopen: ${strerror(errnoOf(error))}`, EXIT_USAGE);
  }
  for (const message of readMessages(file, 0, EXIT_FAILURE)) show(message, '', undefined, context);
  return 0;
}

/** Prints one message: when and where it comes from, and what it says. */
function show(message: Message, prefix: string, nsid: number | undefined, context: Context): void {
  const { strict } = context;
  if (strict !== undefined) {
    if (message.type !== 0 && message.type <= NLMSG_DONE) return;
    strict.printLine(out => {
      out.open();
      if (context.options.timestamp !== 'none') out.data('time', new Date().toISOString());
      if (nsid !== undefined) out.data('nsid', nsid);
      printEvent(message, out, context);
      out.close();
    });
    return;
  }
  const out = context.textOutput();
  const { timestamp: format } = context.options;
  if (format !== 'none') out.text(timestamp(new Date(), format === 'short'));
  out.text(prefix);
  printEvent(message, out, context);
}
