/** `ip rule show`, `flush`, `save` and `restore`: the rules of one family. */

import { KernelError } from '../../kernel/system/errors.ts';
import { showRule } from '../../layouts/rule.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import { RTM_DELRULE, RTM_GETRULE, RTM_NEWRULE } from '../../linux/rtnetlink.ts';
import {
  decodeRule,
  RULE_INVERTED,
  type Rule,
  ruleHeader,
  tableOf,
  WHOLE_DSCP,
  WHOLE_FLOW_LABEL,
  WHOLE_PORT,
} from '../../rtnetlink/rule.ts';
import { type Args, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import {
  exact,
  type Grammar,
  hidden,
  type Operand,
  reads,
  readWords,
  shortened,
  value,
} from '../../schema/keywords.ts';
import { packIp } from '../../wire/address.ts';
import { HEADER_LENGTH, type Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';

import { CommandFailed, kernelErrorText } from '../frame/report.ts';
import { isInside, type Prefix, parsePrefix } from '../grammar/prefix.ts';
import {
  readSavedMessages,
  restoreMessage,
  type SavedKind,
  saveMessages,
} from '../grammar/saved-messages.ts';
import { named } from '../grammar/values.ts';
import { type Masked, type Ports, type RuleSelection, selectors } from './selectors.ts';

const SAVED_RULES: SavedKind = { name: 'rule', magic: 0x71706986 };

/** Which rules are meant. */
interface RuleFilter {
  readonly selection: RuleSelection;
  source?: Prefix;
  destination?: Prefix;
  table?: number;
  /** Only `flush` looks at it. */
  protocol?: number;
}

function familyOf({ family }: Context): number {
  return family === AF_UNSPEC ? AF_INET : family;
}

const PREFIX: Operand = { synopsis: 'PREFIX', examples: ['10.0.0.0/8', 'fd00::/8'] };
const TABLE = named('TABLE_ID', 'tables', 'table id value is invalid\n');
const PROTOCOL = value(
  { synopsis: 'PROTO', names: 'protocols', words: ['all'] },
  (word, { names }: Context) => (word === 'all' ? word : names.number('protocols', word)),
  'invalid "protocol"\n',
);

/** `flush` alone looks at the protocol. */
function setProtocol(filter: RuleFilter, protocol: number | 'all'): void {
  if (protocol === 'all') delete filter.protocol;
  else filter.protocol = protocol;
}

function readSource(filter: RuleFilter, args: Args, context: Context): void {
  filter.source = parsePrefix(args.next(), familyOf(context));
}

function readDestination(filter: RuleFilter, args: Args, context: Context): void {
  filter.destination = parsePrefix(args.next(), familyOf(context));
}

/** The words of `show` and `flush`. */
export const FILTER_GRAMMAR: Grammar<RuleFilter, Context> = {
  keywords: [
    shortened(reads('from', [PREFIX], readSource)),
    hidden(shortened(reads('src', [PREFIX], readSource))),
    ...selectors(false),
    shortened(exact('table', TABLE, 'table')),
    hidden(shortened(exact('lookup', TABLE, 'table'))),
    shortened(exact('protocol', PROTOCOL, setProtocol)),
    hidden(shortened(reads('dst', [PREFIX], readDestination))),
    shortened(reads('to', [PREFIX], readDestination)),
  ],
  operand: PREFIX,
  readOperand: readDestination,
};

function readFilter(args: Args, context: Context): RuleFilter {
  const filter: RuleFilter = { selection: {} };
  readWords(FILTER_GRAMMAR, filter, args, context);
  context.state.ruleFilter = { selects: rule => isSelected(rule, filter), isOfFlush: false };
  return filter;
}

function isSelected(rule: Rule, filter: RuleFilter): boolean {
  const { selection } = filter;
  const { header } = rule;
  return (
    isInPrefix(rule.src, header.src_len, header.family, filter.source) &&
    isInPrefix(rule.dst, header.dst_len, header.family, filter.destination) &&
    isAnyOr(filter.table, tableOf(rule)) &&
    (!selection.isInverted || (header.flags & RULE_INVERTED) !== 0) &&
    (!selection.isL3mdev || rule.l3mdev !== undefined) &&
    isWanted(selection.priority, rule.priority ?? 0) &&
    isWanted(selection.tos, header.tos) &&
    isAnyOr(selection.mark, rule.fwmark) &&
    isAnyOr(selection.markMask, rule.fwmask) &&
    isWanted(selection.inputDevice, rule.iifname) &&
    isWanted(selection.outputDevice, rule.oifname) &&
    isWanted(selection.users?.start, rule.uid_range?.start) &&
    isWanted(selection.users?.end, rule.uid_range?.end) &&
    isAnyOr(selection.tunnel, rule.tun_id) &&
    isAnyOr(selection.ipProtocol, rule.ip_proto) &&
    hasPorts(selection.sourcePorts, rule.sport_range, rule.sport_mask) &&
    hasPorts(selection.destinationPorts, rule.dport_range, rule.dport_mask) &&
    isMasked(selection.dscp, rule.dscp, rule.dscp_mask ?? WHOLE_DSCP) &&
    isMasked(selection.flowLabel, rule.flowlabel, rule.flowlabel_mask ?? WHOLE_FLOW_LABEL)
  );
}

function isWanted<T>(wanted: T | undefined, found: T | undefined): boolean {
  return wanted === undefined || wanted === found;
}

/** The same where 0 selects all. */
function isAnyOr<T>(wanted: T | 0 | 0n | undefined, found: T | undefined): boolean {
  return wanted === 0 || wanted === 0n || isWanted(wanted, found);
}

/** A prefix selects rules about parts of it; one of no length all rules of its family, also those about no address. */
function isInPrefix(
  address: string | undefined,
  length: number,
  family: number,
  prefix: Prefix | undefined,
): boolean {
  if (prefix === undefined) return true;
  if (prefix.family !== family) return false;
  if (prefix.length === 0) return true;
  return address !== undefined && length >= prefix.length && isInside(packIp(address), 0, prefix);
}

function hasPorts(wanted: Ports | undefined, found: Rule['sport_range'], mask: number = WHOLE_PORT): boolean {
  if (wanted === undefined) return true;
  return wanted.start === found?.start && wanted.end === found.end && wanted.mask === mask;
}

function isMasked(wanted: Masked | undefined, found: number | undefined, mask: number): boolean {
  return wanted === undefined || (wanted.value === found && wanted.mask === mask);
}

function dumpRequest(context: Context): MessageWriter {
  const request = new MessageWriter(RTM_GETRULE, 0);
  ruleHeader.write(request, { ...ruleHeader.zero(), family: familyOf(context) });
  return request;
}

/** The rules that a filter selects, with their messages. A kernel that does not know the family reports all. */
async function* selectedRules(
  filter: RuleFilter,
  context: Context,
): AsyncGenerator<{ rule: Rule; message: Message }, void> {
  const { family } = context;
  for await (const batch of context.dump(dumpRequest(context), { exitCode: EXIT_USAGE })) {
    for (const message of batch) {
      const rule = message.type === RTM_NEWRULE ? decodeRule(message) : undefined;
      if (rule === undefined || (family !== AF_UNSPEC && family !== rule.header.family)) continue;
      if (isSelected(rule, filter)) yield { rule, message };
    }
  }
}

/** Shows the rules that the rest of the line selects. */
export async function showRules(args: Args, context: Context): Promise<number> {
  const filter = readFilter(args, context);
  const out = context.output();
  out.list();
  try {
    for await (const { rule } of selectedRules(filter, context)) showRule(rule, false, out, context.view);
  } finally {
    out.end();
  }
  return 0;
}

/** Deletes the rules that the rest of the line selects. The original begins and ends a list of which it shows nothing. */
export async function flushRules(args: Args, context: Context): Promise<number> {
  const filter = readFilter(args, context);
  const out = context.output();
  out.list();
  try {
    await deleteRules(filter, context);
  } finally {
    out.end();
  }
  return 0;
}

/** Rules of priority 0 stay: they carry no priority. */
async function deleteRules(filter: RuleFilter, context: Context): Promise<void> {
  const messages: Message[] = [];
  for await (const { rule, message } of selectedRules(filter, context)) {
    if (rule.priority === undefined) continue;
    if (rule.protocol === undefined || isWanted(filter.protocol, rule.protocol)) messages.push(message);
  }
  try {
    for (const message of messages) await context.request(deletionOf(message));
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    context.complain(kernelErrorText(error));
    context.complain('Dump terminated');
    throw new CommandFailed(EXIT_USAGE);
  }
}

function deletionOf({ bytes, start, end }: Message): MessageWriter {
  const request = new MessageWriter(RTM_DELRULE, 0);
  request.raw(bytes.subarray(start + HEADER_LENGTH, end));
  return request;
}

/** Writes all rules to standard output. */
export async function saveRules(args: Args, context: Context): Promise<number> {
  if (!args.done) throw new UsageError('"ip rule save" does not take any arguments.');
  await saveMessages(SAVED_RULES, dumpRequest(context), context);
  // As JSON, a list without members follows.
  const out = context.output();
  out.list();
  out.end();
  return 0;
}

/** Adds the rules that standard input holds. Further words mean nothing, as in the original. */
export async function restoreRules(_args: Args, context: Context): Promise<number> {
  for (const message of readSavedMessages(SAVED_RULES)) await restoreMessage(message, context);
  return 0;
}
