/** `ip stats show`: counters of devices beyond those of `ip -s link`. */
import { RTM_GETSTATS, RTM_NEWSTATS } from '../../linux/rtnetlink.ts';
import {
  offloadStatistics,
  rawCounters,
  statisticsHeader,
  statisticsRequest,
} from '../../rtnetlink/link-statistics.ts';
import { type Args, duplicateOrGarbage, EXIT_KERNEL, UsageError, UsageRequest } from '../../schema/args.ts';
import { exact, type Grammar, type Operand, reads, readWords } from '../../schema/keywords.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { DEVICE_KEYWORD_VALUE, indexOf } from './device.ts';
import { LEAVES, type Leaf } from './leaves.ts';
import { unknownWord } from './unknown-word.ts';

/** The original passes its error number, EINVAL, on as exit code. */
const EXIT_INVALID = 22;
/** All that an offload message may hold. */
const ALL_OFFLOAD = Object.values(offloadStatistics.rows).reduce(
  (bits, { type }) => bits | (1 << (type - 1)),
  0,
);

/** A place among the leaves: all of a group, of a subgroup, or one suite. */
type Choice = Partial<Pick<Leaf, 'group' | 'subgroup' | 'suite'>>;

/** What the words say. */
interface Draft {
  device?: string;
  /** What has been chosen; of a group and its subgroup only the subgroup. */
  readonly choices: Choice[];
}

type Level = 'group' | 'subgroup' | 'suite';

const wordsOf = (level: Level): readonly string[] => [
  ...new Set(LEAVES.map(leaf => leaf[level]).filter(word => word !== undefined)),
];

const operand = (level: Level): Operand => ({ synopsis: level.toUpperCase(), words: wordsOf(level) });

function refuse(text: string): never {
  throw new UsageError(`Error: ${text}`, EXIT_INVALID);
}

function isIn(leaf: Leaf, { group, subgroup, suite }: Choice): boolean {
  return (
    (group === undefined || leaf.group === group) &&
    (subgroup === undefined || leaf.subgroup === subgroup) &&
    (suite === undefined || leaf.suite === suite)
  );
}

/**
 * What has been chosen before, which is looked up when the next choice begins, or the line ends: a word that is unknown
 * is complained about first.
 */
function settle({ choices }: Draft): void {
  const { group, subgroup, suite } = choices.at(-1) ?? {};
  if (group === undefined) return;
  const ofGroup = LEAVES.filter(leaf => leaf.group === group);
  if (ofGroup.length === 0) refuse(`no group named ${group} found inside top-level`);
  if (subgroup === undefined) return;
  if (ofGroup[0]!.subgroup === undefined) refuse(`subgroup ${subgroup} requested inside leaf group ${group}`);
  const ofSubgroup = ofGroup.filter(leaf => leaf.subgroup === subgroup);
  if (ofSubgroup.length === 0) refuse(`no subgroup named ${subgroup} found inside ${group}`);
  if (suite === undefined) return;
  if (ofSubgroup[0]!.suite === undefined) refuse(`suite ${suite} requested inside leaf subgroup ${subgroup}`);
  if (!ofSubgroup.some(leaf => leaf.suite === suite))
    refuse(`no suite named ${suite} found inside ${subgroup}`);
}

/** The value of `group` is looked at as a keyword too: after `group subgroup` comes the subgroup of a group "subgroup". */
function readGroup(draft: Draft, args: Args): void {
  const group = args.next();
  settle(draft);
  draft.choices.push({ group });
  if (group === 'subgroup') readSubgroup(draft, args);
  if (group === 'suite') readSuite(draft, args);
}

function readSubgroup(draft: Draft, args: Args): void {
  const subgroup = args.next();
  const { choices } = draft;
  const { group, subgroup: earlier } = choices.at(-1) ?? {};
  if (group === undefined) refuse(`subgroup ${subgroup} requested without selecting a group first`);
  if (earlier === undefined) choices.pop();
  else settle(draft);
  choices.push({ group, subgroup });
  if (subgroup === 'suite') readSuite(draft, args);
}

function readSuite(draft: Draft, args: Args): void {
  const suite = args.next();
  const { choices } = draft;
  const { group, subgroup, suite: earlier } = choices.at(-1) ?? {};
  if (group === undefined) refuse(`suite ${suite} requested without selecting a group first`);
  if (subgroup === undefined) refuse(`suite ${suite} requested without selecting a subgroup first`);
  if (earlier === undefined) choices.pop();
  else settle(draft);
  choices.push({ group, subgroup, suite });
}

/** The words of `show`. */
export const SHOW_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    exact('dev', DEVICE_KEYWORD_VALUE, 'device', { once: duplicateOrGarbage }),
    { ...reads('group', [operand('group')], readGroup), repeats: true },
    { ...reads('subgroup', [operand('subgroup')], readSubgroup), repeats: true },
    { ...reads('suite', [operand('suite')], readSuite), repeats: true },
  ],
};

/** `ip stats`: shows all counters of all devices. */
export function showEverything(_args: Args, context: Context): Promise<number> {
  return showAll(LEAVES, context);
}

/** Shows the counters that the rest of the line selects. The word `show` counts as one more -s. */
export async function showStatistics(args: Args, context: Context): Promise<number> {
  // With -d it counts as two, and for the rest of a batch too.
  context.state.statistics += context.options.details > 0 ? 2 : 1;
  const draft: Draft = { choices: [] };
  readWords(SHOW_GRAMMAR, draft, args, context);
  if (args.is('help')) throw new UsageRequest('', 'notice');
  if (!args.done) throw await unknownWord(args.next());
  settle(draft);
  const { device, choices } = draft;
  const leaves = LEAVES.filter(leaf => choices.length === 0 || choices.some(choice => isIn(leaf, choice)));
  if (device === undefined) return showAll(leaves, context);
  const index = indexOf(device, context);
  return inList(context, async out => {
    const answers = await context.request(requestFor(leaves, index), 'answer');
    for (const message of answers) showMessage(message, leaves, out, context);
  });
}

function showAll(leaves: readonly Leaf[], context: Context): Promise<number> {
  return inList(context, async out => {
    for await (const batch of context.dump(requestFor(leaves, 0), { exitCode: EXIT_KERNEL })) {
      for (const message of batch) if (showMessage(message, leaves, out, context)) out.newline();
    }
  });
}

/** Has `show` print in a list, which ends whether it succeeds or not. */
async function inList(context: Context, show: (out: Output) => Promise<void>): Promise<number> {
  const out = context.output();
  out.list();
  try {
    await show(out);
  } finally {
    out.end();
  }
  return 0;
}

function requestFor(leaves: readonly Leaf[], index: number): MessageWriter {
  let filter = 0;
  let offload = 0;
  for (const { attribute, nested = 0 } of leaves) {
    filter |= 1 << (rawCounters.rows[attribute].type - 1);
    offload |= nested;
  }
  const request = new MessageWriter(RTM_GETSTATS, 0);
  statisticsHeader.write(request, { ...statisticsHeader.zero(), index, filter });
  const isPartial = offload !== 0 && offload !== ALL_OFFLOAD;
  statisticsRequest.encode(request, {
    get_filters: isPartial ? { link_offload_xstats: offload } : undefined,
  });
  return request;
}

/** Prints the leaves of one device. Returns false for a message of another type. */
function showMessage(
  { type, bytes, payload, end }: Message,
  leaves: readonly Leaf[],
  out: Output,
  { view }: Context,
): boolean {
  if (type !== RTM_NEWSTATS || end - payload < statisticsHeader.size) return false;
  const { index } = statisticsHeader.read(bytes, payload, statisticsHeader.size)!;
  const counters = rawCounters.decode(bytes, payload + statisticsHeader.size, end);
  const name = view.names.device(index);
  for (const leaf of leaves) {
    const { group, subgroup, suite } = leaf;
    out.open();
    out.field('ifindex', index, `${index}:`);
    out.field('ifname', name, ` ${name}:`, 'ifname');
    out.field('group', group, ` group ${group}`);
    if (subgroup !== undefined) out.field('subgroup', subgroup, ` subgroup ${subgroup}`);
    if (suite !== undefined) out.field('suite', suite, ` suite ${suite}`);
    leaf.show(counters, out, view);
    out.newline();
    out.close();
  }
  return true;
}
