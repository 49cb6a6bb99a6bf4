/** `ip link xstats` and `ip link afstats`: counters that kinds of devices and protocols keep. */

import {
  type CounterSet,
  type KindCounters,
  showBondCounters,
  showBridgeCounters,
  showMplsCounters,
} from '../../layouts/link/xstats.ts';
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
import {
  anyWord,
  exact,
  flag,
  type Grammar,
  type Operand,
  reads,
  readWords,
  shortened,
  value,
} from '../../schema/keywords.ts';
import type { Output } from '../../schema/output.ts';
import { synopsisItems } from '../../schema/synopsis.ts';
import { type Message, walkAttributes } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';

import { noSuchDevice } from '../grammar/device-names.ts';
import { REFUSED_LISTING } from '../grammar/link-listing.ts';

const SLAVE_SUFFIX = '_slave';

/** What the words say. */
interface Draft {
  part?: CounterSet;
  index?: number;
}

/** The counters of a kind: how they are selected and printed. */
interface KindOfCounters {
  readonly grammar: Grammar<Draft, Context>;
  show(name: string, counters: KindCounters, part: CounterSet | undefined, out: Output): void;
}

const DEV = exact<Draft, Context, number>(
  'dev',
  value(
    { synopsis: 'DEVICE', names: 'device' },
    (word, { names }) => names.deviceIndex(word),
    word => noSuchDevice(word),
  ),
  'index',
);

/** Keywords for a part of the counters. */
const part = (found: CounterSet, ...words: readonly [string, ...string[]]) =>
  words.map(word =>
    flag<Draft, Context>(word, draft => {
      draft.part = found;
    }),
  );

const BRIDGE: KindOfCounters = {
  grammar: { keywords: [...part('igmp', 'igmp', 'mcast'), ...part('stp', 'stp'), DEV] },
  show(name, { bridge }, wanted, out) {
    if (bridge !== undefined) showBridgeCounters(name, bridge, wanted, out);
  },
};

const BOND: KindOfCounters = {
  grammar: { keywords: [...part('lacp', '802.3ad', 'lacp'), DEV] },
  show(name, { bond }, _wanted, out) {
    if (bond !== undefined) showBondCounters(name, bond['3ad'], out);
  },
};

const KINDS: Readonly<Record<string, KindOfCounters>> = {
  bridge: BRIDGE,
  [`bridge${SLAVE_SUFFIX}`]: BRIDGE,
  bond: BOND,
  [`bond${SLAVE_SUFFIX}`]: BOND,
};

/** A kind with the keywords about its counters. */
const TYPE: Operand = {
  synopsis: 'TYPE [ ARGS ]',
  isChoice: true,
  grammar: () => ({
    keywords: Object.entries(KINDS).map(([kind, { grammar }]) =>
      reads(kind, [{ synopsis: '', grammar: () => grammar }], () => undefined),
    ),
  }),
};

/** The words of `xstats`. */
export const XSTATS_GRAMMAR: Grammar = { keywords: [shortened(reads('type', [TYPE], () => undefined))] };

/** Returns undefined for kinds without counters; throws if there is no such kind. */
async function findCounters(kind: string): Promise<KindOfCounters | undefined> {
  const found = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (found === undefined && (await loadKind(kind)) === undefined) throw wrongArgument(kind, 'invalid type');
  return found;
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
  const { part, index } = readCounterWords(kind, counters.grammar, args, context);
  const attribute = kind.endsWith(SLAVE_SUFFIX) ? 'link_xstats_slave' : 'link_xstats';
  const out = context.output();
  out.list();
  try {
    for await (const message of readCounters(context, filterBit(attribute))) {
      const { header, values } = message;
      if (index !== undefined && header.index !== index) continue;
      // The original reads both attributes, whichever it has asked for.
      for (const found of [values.link_xstats, values.link_xstats_slave]) {
        if (found !== undefined) counters.show(context.names.device(header.index), found, part, out);
      }
    }
  } finally {
    out.end();
  }
  return 0;
};

function readCounterWords(
  kind: string,
  grammar: KindOfCounters['grammar'],
  args: Args,
  context: Context,
): Draft {
  const draft = context.state.draft(grammar, (): Draft => ({}));
  readWords(grammar, draft, args, context);
  if (args.done) return draft;
  const word = args.next();
  if (word !== 'help') throw wrongArgument(word, 'unknown attribute');
  throw new UsageRequest(`Usage: ip link xstats type ${kind} ${synopsisItems(grammar).join(' ')}`, 'help');
}

/** The words of `afstats`. */
export const AFSTATS_GRAMMAR: Grammar<{ name?: string }, unknown> = {
  keywords: [
    exact('dev', anyWord({ synopsis: 'DEVICE', names: 'device' }), 'name', { once: duplicateOrGarbage }),
  ],
};

/** `ip link afstats [dev DEVICE]`. */
export const showAfstats: Command = async (args, context) => {
  const draft: { name?: string } = {};
  readWords(AFSTATS_GRAMMAR, draft, args, context);
  if (args.matches('help')) throw new UsageRequest();
  if (!args.done) {
    throw new UsageError(`Command "${args.next()}" is unknown, try "ip link help".`, EXIT_USAGE);
  }
  const { name } = draft;
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

/** Prints the counters of MPLS; the original knows no other family. */
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
