/** `ip link xstats` and `ip link afstats`: counters that kinds of devices and protocols keep. */

import {
  type CounterSet,
  type KindCounters,
  showBondCounters,
  showBridgeCounters,
  showMplsCounters,
} from '../../layouts/link-xstats.ts';
import { AF_MPLS } from '../../linux/families.ts';
import { RTM_GETSTATS, RTM_NEWSTATS } from '../../linux/rtnetlink.ts';
import { loadKind } from '../../rtnetlink/kinds/load.ts';
import { filterBit, linkCounters, mplsFamily, statisticsHeader } from '../../rtnetlink/link-statistics.ts';
import {
  type Args,
  duplicateOrGarbage,
  EXIT_FAILURE,
  EXIT_USAGE,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import type { Output } from '../../schema/output.ts';
import { type Message, walkAttributes } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';

import { REFUSED_LISTING } from '../grammar/link-filter.ts';
import { LINK_USAGE } from './usage.ts';

const SLAVE_SUFFIX = '_slave';

/** What is known of the counters of a kind. */
interface KindOfCounters {
  /** Keywords that ask for a part of the counters. */
  readonly sets: Readonly<Record<string, CounterSet>>;
  readonly usage: string;
  show(name: string, counters: KindCounters, wanted: CounterSet | undefined, out: Output): void;
}

const BRIDGE: KindOfCounters = {
  sets: { igmp: 'igmp', stp: 'stp' },
  usage: 'bridge [igmp | stp] [dev DEVICE]',
  show(name, { bridge }, wanted, out) {
    if (bridge !== undefined) showBridgeCounters(name, bridge, wanted, out);
  },
};

const BOND: KindOfCounters = {
  sets: { lacp: 'lacp', '802.3ad': 'lacp' },
  usage: 'bond [lacp | 802.3ad] [dev DEVICE]',
  show(name, { bond }, _wanted, out) {
    if (bond !== undefined) showBondCounters(name, bond['3ad'], out);
  },
};

const KINDS: Readonly<Record<string, KindOfCounters>> = { bridge: BRIDGE, bond: BOND };

/** Kinds that the original knows without counters; any other name is no kind. */
async function findCounters(kind: string): Promise<KindOfCounters | undefined> {
  const found = KINDS[kind.endsWith(SLAVE_SUFFIX) ? kind.slice(0, -SLAVE_SUFFIX.length) : kind];
  if (found !== undefined) return found;
  if ((await loadKind(kind)) === undefined) throw wrongArgument(kind, 'invalid type');
  return undefined;
}

/** `ip link xstats type KIND [ARGUMENTS]`. */
export const showXstats: Command = async (args, context) => {
  if (args.done) throw new UsageError('xstats: missing argument', EXIT_FAILURE);
  if (args.acceptPrefix('help')) {
    throw new UsageRequest('Usage: ip link xstats type KIND [ARGUMENTS]', 'help');
  }
  if (!args.acceptPrefix('type')) throw wrongArgument(args.next(), 'unknown argument');
  const kind = args.next();
  const counters = await findCounters(kind);
  if (counters === undefined) {
    throw new UsageError(`xstats: link type ${kind} doesn't support xstats`, EXIT_FAILURE);
  }
  const { wanted, index } = readXstatsWords(args, context, counters);
  const attribute = kind.endsWith(SLAVE_SUFFIX) ? 'link_xstats_slave' : 'link_xstats';
  const out = context.output();
  out.list();
  try {
    for await (const message of readCounters(context, filterBit(attribute))) {
      const { header, values } = message;
      if (index !== undefined && header.index !== index) continue;
      // The original reads both attributes, whichever it has asked for.
      for (const found of [values.link_xstats, values.link_xstats_slave]) {
        if (found !== undefined) counters.show(context.names.device(header.index), found, wanted, out);
      }
    }
  } finally {
    out.end();
  }
  return 0;
};

function readXstatsWords(
  args: Args,
  context: Context,
  { sets, usage }: KindOfCounters,
): { wanted: CounterSet | undefined; index: number | undefined } {
  let wanted: CounterSet | undefined;
  let index: number | undefined;
  while (!args.done) {
    const word = args.next();
    if (sets[word] !== undefined) {
      wanted = sets[word];
    } else if (word === 'dev') {
      const name = args.next();
      index = context.names.deviceIndex(name);
      if (index === undefined) throw new UsageError(`Cannot find device "${name}"`, EXIT_FAILURE);
    } else if (word === 'help') {
      throw new UsageRequest(`Usage: ip link xstats type ${usage}`, 'help');
    } else {
      throw wrongArgument(word, 'unknown attribute');
    }
  }
  return { wanted, index };
}

/** `ip link afstats [dev DEVICE]`. */
export const showAfstats: Command = async (args, context) => {
  let name: string | undefined;
  while (!args.done) {
    if (args.accept('dev')) {
      const value = args.next();
      if (name !== undefined) throw duplicateOrGarbage('dev', value);
      name = value;
    } else if (args.acceptPrefix('help')) {
      throw new UsageRequest(LINK_USAGE);
    } else {
      throw new UsageError(`Command "${args.next()}" is unknown, try "ip link help".`, EXIT_USAGE);
    }
  }
  let index: number | undefined;
  if (name !== undefined) {
    index = context.names.deviceIndex(name);
    if (index === undefined) {
      context.complain(`Device "${name}" does not exist.`);
      return 0;
    }
  }
  const out = context.output();
  out.list();
  try {
    for await (const { header, values } of readCounters(context, filterBit('af_spec'), REFUSED_LISTING)) {
      if (index !== undefined && header.index !== index) continue;
      if (values.af_spec !== undefined) showFamilies(header.index, values.af_spec, context, out);
    }
  } finally {
    out.end();
  }
  return 0;
};

/** The families of one device: only MPLS is known. */
function showFamilies(index: number, families: Buffer, context: Context, out: Output): void {
  let hasName = false;
  walkAttributes(families, 0, families.length, (family, at, length) => {
    if (family !== AF_MPLS) {
      context.complain(`    unknown af(${family})`);
      return;
    }
    if (!hasName) {
      const name = context.names.device(index);
      out.field('ifindex', index, `${index}:`);
      out.field('ifname', name, `${name}\n`);
      hasName = true;
    }
    const { link } = mplsFamily.decode(families, at, at + length);
    if (link !== undefined) showMplsCounters(link, out, context.view);
  });
}

interface Counters {
  readonly header: ReturnType<typeof statisticsHeader.zero>;
  readonly values: ReturnType<typeof linkCounters.decode>;
}

async function* readCounters(
  context: Context,
  filter: number,
  exitCode = EXIT_FAILURE,
): AsyncGenerator<Counters, void> {
  const request = new MessageWriter(RTM_GETSTATS, 0);
  statisticsHeader.write(request, { ...statisticsHeader.zero(), filter });
  for await (const batch of context.dump(request, { exitCode })) {
    for (const message of batch) {
      const found = message.type === RTM_NEWSTATS ? decodeCounters(message) : undefined;
      if (found !== undefined) yield found;
    }
  }
}

function decodeCounters({ bytes, payload, end }: Message): Counters | undefined {
  const header = statisticsHeader.read(bytes, payload, end - payload);
  if (header === undefined || end - payload < statisticsHeader.size) return undefined;
  return { header, values: linkCounters.decode(bytes, payload + statisticsHeader.size, end) };
}
