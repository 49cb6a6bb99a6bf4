/** `ip rule add` and `delete`: one request made of arguments. */

import { showRule } from '../../layouts/rule.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL } from '../../linux/netlink.ts';
import { RT_TABLE_MAIN, RTM_DELRULE, RTM_NEWRULE } from '../../linux/rtnetlink.ts';
import {
  ACTION_GOTO,
  ACTION_NOP,
  ACTION_TABLE,
  ACTION_TRANSLATE,
  decodeRule,
  RULE_INVERTED,
  type RuleAttributes,
  rule,
  ruleHeader,
  WHOLE_DSCP,
  WHOLE_PORT,
} from '../../rtnetlink/rule.ts';
import { type Args, EXIT_FAILURE, UsageError, UsageRequest, wrongArgument } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  hidden,
  type Keyword,
  type Operand,
  readKeyword,
  reads,
  readWords,
  shortened,
  value,
} from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import * as codec from '../../wire/codec.ts';

import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { isReportShown } from '../frame/first-answer.ts';

import { type Prefix, parsePrefix, readAddress } from '../grammar/prefix.ts';
import { parseRealms, parseRouteType, ROUTE_TYPE_WORDS } from '../grammar/route-words.ts';
import { named, number } from '../grammar/values.ts';
import { type RuleSelection, selectors } from './selectors.ts';

const MAX_S32 = 0x7fffffff;
const MAX_U32 = 0xffffffff;
/** The original passes its error number, EINVAL, on as exit code. */
const EXIT_INVALID = 22;

/** What the words of one command say, besides what they select. */
interface Draft {
  readonly selection: RuleSelection;
  source?: Prefix;
  destination?: Prefix;
  /** Undefined until a word says or implies where the rule leads. */
  table?: number;
  /** Whether the rule needs no table. */
  hasTarget: boolean;
  action?: number;
  goto?: number;
  translation?: string;
  realms?: number;
  protocol?: number;
  suppressLength?: number;
  suppressGroup?: number;
}

export const addRule = (args: Args, context: Context) => change(args, context, RTM_NEWRULE);
export const deleteRule = (args: Args, context: Context) => change(args, context, RTM_DELRULE);

async function change(args: Args, context: Context, type: number): Promise<number> {
  const isAdd = type === RTM_NEWRULE;
  if (args.done) throw new UsageError(`"ip rule ${isAdd ? 'add' : 'del'}" requires arguments.`);
  const draft: Draft = { selection: {}, hasTarget: false };
  readWords(CHANGE_GRAMMAR, draft, args, context);
  if (draft.selection.isL3mdev && draft.table !== undefined) {
    throw new UsageError('table can not be specified for l3mdev rules', EXIT_INVALID);
  }
  const request = encode(draft, context, type);
  if (!context.options.echo) {
    await context.change(request);
    return 0;
  }
  request.flags |= NLM_F_ECHO;
  const [answer] = await context.request(request);
  const out = context.output();
  out.list();
  out.open();
  const isDeleted = answer?.type === RTM_DELRULE;
  const reported = isDeleted || answer?.type === RTM_NEWRULE ? decodeRule(answer) : undefined;
  if (reported !== undefined && isReportShown(context.state.ruleFilter, reported, isDeleted, context))
    showRule(reported, isDeleted, out, context.view);
  out.close();
  out.end();
  return 0;
}

const PREFIX: Operand = { synopsis: 'PREFIX', examples: ['10.0.0.0/8', 'fd00::/8'] };

const REALMS = value(
  { synopsis: '[SRCREALM/]DSTREALM', names: 'realms', examples: ['1', '1/2'] },
  (word, { names }: Context) => parseRealms(word, names) ?? parseUnsigned(word, MAX_U32),
  'invalid realms\n',
);
const TABLE = named('TABLE_ID', 'tables', 'invalid table ID\n');
const LENGTH = number('NUMBER', 'suppress_prefixlength value is invalid\n', MAX_S32);
const GROUP = named('DEVGROUP', 'groups', 'Invalid "suppress_ifgroup" value\n');
const ADDRESS: Operand = { synopsis: 'ADDRESS', examples: ['10.0.0.1'] };
const TYPE: Operand = { synopsis: 'TYPE', words: ROUTE_TYPE_WORDS };

const TRANSLATION: Keyword<Draft, Context> = reads('nat', [ADDRESS], (draft, args, context) => {
  const word = args.next();
  context.complain('Warning: route NAT is deprecated');
  draft.translation = parseTranslation(word);
  draft.action = ACTION_TRANSLATE;
});

/** What a rule does, besides looking into a table. */
const ACTIONS: readonly Keyword<Draft, Context>[] = [
  shortened(
    exact('goto', number('NUMBER', 'invalid target\n'), (draft, target) => {
      draft.hasTarget = true;
      draft.action = ACTION_GOTO;
      draft.goto = target;
    }),
  ),
  shortened(
    flag('nop', draft => {
      draft.hasTarget = true;
      draft.action = ACTION_NOP;
    }),
  ),
];

/** Reads a type of route: what happens to packets that the rule is for. */
function readType(draft: Draft, args: Args): void {
  if (args.matches('help')) throw new UsageRequest();
  draft.hasTarget = true;
  const word = args.next();
  const type = parseRouteType(word);
  if (type === undefined) throw wrongArgument(word, 'Failed to parse rule type');
  draft.action = type;
}

/** The words of `add` and `delete`. */
export const CHANGE_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    reads('from', [PREFIX], (draft, args, { family }) => {
      draft.source = parsePrefix(args.next(), family);
    }),
    reads('to', [PREFIX], (draft, args, { family }) => {
      draft.destination = parsePrefix(args.next(), family);
    }),
    ...selectors(true),
    shortened(exact('realms', REALMS, 'realms')),
    shortened(exact('protocol', named('PROTO', 'protocols', '"protocol" value is invalid\n'), 'protocol')),
    shortened(exact('table', TABLE, 'table')),
    hidden(exact('lookup', TABLE, 'table')),
    shortened(exact('suppress_prefixlength', LENGTH, 'suppressLength')),
    hidden(exact('sup_pl', LENGTH, 'suppressLength')),
    shortened(exact('suppress_ifgroup', GROUP, 'suppressGroup')),
    hidden(exact('sup_group', GROUP, 'suppressGroup')),
    hidden(
      reads('type', [TYPE], (draft, args, context) => {
        if (!readKeyword(ACTIONS, draft, args, context)) readType(draft, args);
      }),
    ),
    hidden(shortened({ ...TRANSLATION, word: 'map-to' })),
    TRANSLATION,
    ...ACTIONS,
  ],
  operand: TYPE,
  readOperand: readType,
};

function parseTranslation(word: string): string {
  const address = readAddress(word, AF_INET);
  if (address === undefined) {
    throw new UsageError(`Error: an IP address is expected rather than "${word}"`, EXIT_FAILURE, true);
  }
  return address.bytes.length === 0 ? '0.0.0.0' : address.bytes.join('.');
}

function encode(draft: Draft, context: Context, type: number): MessageWriter {
  const isAdd = type === RTM_NEWRULE;
  const { selection, source, destination } = draft;
  const hasTarget = draft.hasTarget || selection.isL3mdev === true;
  if (isAdd && context.state.isTolerant && selection.priority === undefined)
    throw new UsageError('"--if-absent" needs "pref": without one the kernel adds the same rule again.');
  const table = draft.table ?? (isAdd && !hasTarget ? RT_TABLE_MAIN : 0);
  const request = new MessageWriter(type, isAdd ? NLM_F_CREATE | NLM_F_EXCL : 0);
  ruleHeader.write(request, {
    family: context.family === AF_UNSPEC ? AF_INET : context.family,
    src_len: source?.length ?? 0,
    dst_len: destination?.length ?? 0,
    tos: selection.tos ?? 0,
    table: table < 256 ? table : 0,
    action: draft.action ?? (isAdd ? ACTION_TABLE : 0),
    flags: selection.isInverted ? RULE_INVERTED : 0,
  });
  if (source !== undefined) request.attribute(rule.rows.src.type, codec.bytes, Buffer.from(source.bytes));
  if (destination !== undefined) {
    request.attribute(rule.rows.dst.type, codec.bytes, Buffer.from(destination.bytes));
  }
  rule.encode(request, attributesOf(draft, table));
  return request;
}

function attributesOf(draft: Draft, table: number): RuleAttributes {
  const { selection } = draft;
  const { sourcePorts, destinationPorts, dscp, flowLabel } = selection;
  const partial = (mask: number | undefined, whole: number) => (mask === whole ? undefined : mask);
  return {
    priority: selection.priority,
    fwmark: selection.mark,
    fwmask: selection.markMask,
    iifname: selection.inputDevice,
    oifname: selection.outputDevice,
    l3mdev: selection.isL3mdev ? 1 : undefined,
    uid_range: selection.users,
    tun_id: selection.tunnel,
    ip_proto: selection.ipProtocol,
    sport_range: sourcePorts,
    sport_mask: partial(sourcePorts?.mask, WHOLE_PORT),
    dport_range: destinationPorts,
    dport_mask: partial(destinationPorts?.mask, WHOLE_PORT),
    dscp: dscp?.value,
    dscp_mask: partial(dscp?.mask, WHOLE_DSCP),
    flowlabel: flowLabel?.value,
    flowlabel_mask: flowLabel?.mask,
    table: table < 256 ? undefined : table,
    goto: draft.goto,
    translation: draft.translation,
    flow: draft.realms,
    protocol: draft.protocol,
    suppress_prefixlen: draft.suppressLength,
    suppress_ifgroup: draft.suppressGroup,
  };
}
