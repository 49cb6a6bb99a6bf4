/** Rules as values. Source: linux/fib_rules.h struct fib_rule_hdr, FRA_*. */

import { ROUTE_TYPES } from '../../rtnetlink/route.ts';
import {
  ACTION_GOTO,
  ACTION_NOP,
  ACTION_TABLE,
  decodeRule,
  type Rule as RawRule,
  RULE_INVERTED,
  type RuleAttributes,
  tableOf,
} from '../../rtnetlink/rule.ts';
import { type Message, messageAt } from '../../wire/message.ts';
import { type Family, familyName, formatPrefix } from './prefix.ts';
import type { Reading } from './reading.ts';
import { sourceOf, Value } from './value.ts';
import type { Words } from './words.ts';

/** From the first to the last number of a range; of ports or users. */
export interface NumberRange {
  readonly start: number;
  readonly end: number;
}

/** What a rule does with packets: looks them up in a table, or what the route types of the same name do. */
export type RuleAction = 'lookup' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit';

/** Which packets a rule is for, as far as both rules and arguments say it. */
export interface RuleSelectors {
  /** Its place: rules are tried from the lowest on. */
  readonly priority?: number | undefined;
  /** Senders, as a prefix; `all` for everybody. */
  readonly from?: string | undefined;
  /** Receivers, as a prefix; `all` for everybody. */
  readonly to?: string | undefined;
  /** Packets that come in by this device. */
  readonly input_device?: string | undefined;
  /** Packets of sockets that are bound to this device. */
  readonly output_device?: string | undefined;
  readonly tos?: number | undefined;
  readonly mark?: number | undefined;
  /** The bits of the mark that count. */
  readonly mark_mask?: number | undefined;
  readonly users?: NumberRange | undefined;
  /** Number of an IP protocol: 6 is TCP. */
  readonly ip_protocol?: number | undefined;
  readonly source_ports?: NumberRange | undefined;
  readonly destination_ports?: NumberRange | undefined;
  /** Id of the tunnel that they came through. */
  readonly tunnel?: bigint | undefined;
  /** The rule is for the packets that it does not describe. */
  readonly inverted?: boolean | undefined;
  /** The table is that of the VRF that the packet belongs to. */
  readonly l3mdev?: boolean | undefined;
  /** Routes found with prefixes of this length or shorter do not count. */
  readonly suppress_prefix_length?: number | undefined;
  /** Priority of the rule to go on with. */
  readonly goto?: number | undefined;
}

/** A rule. */
export interface Rule extends RuleSelectors {
  readonly family: Family;
  readonly priority: number;
  readonly from: string;
  readonly to: string;
  readonly action: RuleAction;
  /** `main`, `local`, or as /etc/iproute2/rt_tables names it. */
  readonly table?: string | undefined;
  /** Who made it, as /etc/iproute2/rt_protos names it. */
  readonly protocol?: string | undefined;
  /** All attributes with their FRA_* names, decoded each time that they are asked for. */
  readonly attributes: RuleAttributes;
}

/** A rule, with what is seldom wanted decoded from its message. */
class RuleValue extends Value {
  declare readonly family: Family;
  declare readonly priority: number;
  declare readonly from: string;
  declare readonly to: string;
  declare readonly input_device: string | undefined;
  declare readonly output_device: string | undefined;
  declare readonly tos: number | undefined;
  declare readonly mark: number | undefined;
  declare readonly mark_mask: number | undefined;
  declare readonly users: NumberRange | undefined;
  declare readonly ip_protocol: number | undefined;
  declare readonly source_ports: NumberRange | undefined;
  declare readonly destination_ports: NumberRange | undefined;
  declare readonly tunnel: bigint | undefined;
  declare readonly inverted: true | undefined;
  declare readonly l3mdev: true | undefined;
  declare readonly suppress_prefix_length: number | undefined;
  declare readonly action: RuleAction;
  declare readonly goto: number | undefined;
  declare readonly table: string | undefined;
  declare readonly protocol: string | undefined;

  constructor(message: Message, raw: RawRule, words: Words) {
    super(message.bytes, message.start);
    const { header, ...attributes } = raw;
    const { family } = header;
    const table = tableOf(raw);
    const { protocol, suppress_prefixlen: suppressed } = attributes;
    this.family = familyName(family);
    this.priority = attributes.priority ?? 0;
    this.from = spellEnd(attributes.src, header.src_len, family);
    this.to = spellEnd(attributes.dst, header.dst_len, family);
    this.input_device = attributes.iifname;
    this.output_device = attributes.oifname;
    this.tos = header.tos === 0 ? undefined : header.tos;
    this.mark = attributes.fwmark;
    this.mark_mask = attributes.fwmask;
    this.users = attributes.uid_range;
    this.ip_protocol = attributes.ip_proto;
    this.source_ports = attributes.sport_range;
    this.destination_ports = attributes.dport_range;
    this.tunnel = attributes.tun_id;
    this.inverted = (header.flags & RULE_INVERTED) !== 0 ? true : undefined;
    this.l3mdev = attributes.l3mdev === 1 ? true : undefined;
    this.suppress_prefix_length = suppressed === undefined || suppressed < 0 ? undefined : suppressed;
    this.action = actionName(header.action);
    this.goto = attributes.goto;
    this.table = table === 0 ? undefined : words.name('tables', table);
    this.protocol = protocol === undefined ? undefined : words.name('protocols', protocol);
  }

  get attributes(): RuleAttributes {
    const { header, ...attributes } = decodeRule(sourceOf(this))!;
    return attributes;
  }
}

function spellEnd(address: string | undefined, length: number, family: number): string {
  return address === undefined ? 'all' : formatPrefix(address, length, family, true);
}

/** How rule messages become values. */
export const ruleReading: Reading<Rule> =
  ({ words }) =>
  (bytes, start) => {
    const message = messageAt(bytes, start);
    const raw = decodeRule(message);
    return raw && (new RuleValue(message, raw, words) as Rule);
  };

function actionName(number: number): RuleAction {
  if (number === ACTION_TABLE) return 'lookup';
  if (number === ACTION_GOTO) return 'goto';
  if (number === ACTION_NOP) return 'nop';
  return (ROUTE_TYPES[number] ?? String(number)) as RuleAction;
}
