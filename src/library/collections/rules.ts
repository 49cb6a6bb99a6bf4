/** The rules that choose routing tables. Source: linux/fib_rules.h. */

import { AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from '../../linux/netlink.ts';
import { RT_TABLE_MAIN, RTM_DELRULE, RTM_GETRULE, RTM_NEWRULE } from '../../linux/rtnetlink.ts';
import { ROUTE_TYPES } from '../../rtnetlink/route.ts';
import {
  ACTION_GOTO,
  ACTION_NOP,
  ACTION_TABLE,
  decodeRule,
  type Rule as RawRule,
  RULE_INVERTED,
  type RuleAttributes,
  type RuleHeader,
  rule,
  ruleHeader,
  tableOf,
} from '../../rtnetlink/rule.ts';

import { MessageWriter } from '../../wire/writer.ts';
import type { Connection } from '../connection.ts';
import { ArgumentError, check32, checkInteger, compact } from '../values/argument.ts';
import {
  FAMILY_NUMBERS,
  type Family,
  familyName,
  familyNumber,
  formatPrefix,
  readPrefix,
} from '../values/prefix.ts';
import { Collection, type Reading } from './collection.ts';

const EXISTS = 'EEXIST';

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
  /** All attributes as they were decoded, with their FRA_* names. */
  readonly attributes: RuleAttributes;
}

/** A rule to be made or deleted. */
export interface RuleArguments extends RuleSelectors {
  /** `inet` when left out, unless an address says otherwise. */
  readonly family?: Family | undefined;
  /** `lookup` when left out, or `goto` where that is given. */
  readonly action?: RuleAction | undefined;
  /** `main` when left out. */
  readonly table?: string | number | undefined;
  readonly protocol?: string | number | undefined;
  /** Attributes that have no member here, by their FRA_* names; they replace those that members make. */
  readonly attributes?: RuleAttributes | undefined;
}

/** Which rules are meant; all conditions must hold. */
export interface RuleFilter {
  readonly family?: 'inet' | 'inet6' | undefined;
  readonly priority?: number | undefined;
  readonly table?: string | number | undefined;
  readonly protocol?: string | number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** How rule messages become values. */
export const ruleReading: Reading<RawRule, Rule> = {
  decoder: () => message => decodeRule(message),
  devices: () => [],
  convert(raw, _directory, { words }) {
    const { header, ...attributes } = raw;
    const { family, src_len, dst_len } = header;
    const prefix = (address: string | undefined, length: number) =>
      address === undefined ? 'all' : formatPrefix(address, length, family, true);
    const table = tableOf(raw);
    return compact<Rule>({
      family: familyName(family),
      priority: attributes.priority ?? 0,
      from: prefix(attributes.src, src_len),
      to: prefix(attributes.dst, dst_len),
      input_device: attributes.iifname,
      output_device: attributes.oifname,
      tos: header.tos === 0 ? undefined : header.tos,
      mark: attributes.fwmark,
      mark_mask: attributes.fwmask,
      users: attributes.uid_range,
      ip_protocol: attributes.ip_proto,
      source_ports: attributes.sport_range,
      destination_ports: attributes.dport_range,
      tunnel: attributes.tun_id,
      inverted: (header.flags & RULE_INVERTED) !== 0 ? true : undefined,
      l3mdev: attributes.l3mdev === 1 ? true : undefined,
      suppress_prefix_length:
        (attributes.suppress_prefixlen ?? -1) < 0 ? undefined : attributes.suppress_prefixlen,
      action: actionName(header.action),
      goto: attributes.goto,
      table: table === 0 ? undefined : words.name('tables', table),
      protocol: attributes.protocol === undefined ? undefined : words.name('protocols', attributes.protocol),
      attributes,
    });
  },
};

/** The rules that choose routing tables. */
export class Rules extends Collection<Rule, RuleFilter, RawRule> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, ruleReading);
  }

  /** The first rule that the filter lets through; undefined if there is none. Rejects with {@link KernelError}. */
  async get(filter: RuleFilter): Promise<Rule | undefined> {
    for await (const found of this.list(filter)) return found;
    return undefined;
  }

  /** Makes a rule. Rejects with {@link KernelError}: EEXIST if there is the very same. */
  async add(arguments_: RuleArguments): Promise<void> {
    await this.#send(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, arguments_);
  }

  /**
   * Puts another rule in the place of the first one that the filter lets through. The kernel cannot do that at once:
   * the new one is there before the old one is gone. Rejects with {@link KernelError}: ENOENT if there is none.
   */
  async change(filter: RuleFilter, arguments_: RuleArguments): Promise<void> {
    const take = (value: Rule, raw: RawRule) => ({ value, raw });
    for await (const [first] of this.batches(filter, take)) {
      if (first === undefined) continue;
      const { value, raw } = first;
      await this.add({ family: value.family, priority: value.priority, ...arguments_ });
      await this.connection.request(this.deleteRequest(raw));
      return;
    }
    await this.delete({ ...filter, priority: filter.priority ?? 0 });
  }

  /** Makes a rule unless there is the very same. Rejects with {@link KernelError}. */
  async replace(arguments_: RuleArguments): Promise<void> {
    await this.add(arguments_).catch(error => {
      if ((error as { code?: string }).code !== EXISTS) throw error;
    });
  }

  /** Deletes the first rule of which all that is said is true. Rejects with {@link KernelError}: ENOENT if there is none. */
  async delete(arguments_: RuleArguments): Promise<void> {
    await this.#send(RTM_DELRULE, 0, arguments_);
  }

  /** @internal */
  protected dumpRequests({ family }: RuleFilter): MessageWriter[] {
    const number = familyNumber('filter.family', family);
    const families = number === AF_UNSPEC ? [FAMILY_NUMBERS.inet, FAMILY_NUMBERS.inet6] : [number];
    return families.map(own => request(RTM_GETRULE, 0, { family: own }, {}));
  }

  /** @internal */
  protected matches(found: Rule, { priority, table, protocol, from, to }: RuleFilter): boolean {
    const { words } = this.connection;
    const { attributes } = found;
    const spell = (argument: string, text: string) => {
      if (text === 'all') return text;
      const { address, length, family } = readPrefix(argument, text);
      return formatPrefix(address, length, family, true);
    };
    if (priority !== undefined && found.priority !== priority) return false;
    if (
      table !== undefined &&
      found.table !== words.name('tables', words.number('filter.table', 'tables', table))
    )
      return false;
    if (
      protocol !== undefined &&
      attributes.protocol !== words.number('filter.protocol', 'protocols', protocol)
    )
      return false;
    if (from !== undefined && found.from !== spell('filter.from', from)) return false;
    return to === undefined || found.to === spell('filter.to', to);
  }

  /** @internal */
  protected deleteRequest({ header, ...attributes }: RawRule): MessageWriter {
    const { suppress_prefixlen, suppress_ifgroup, ...kept } = attributes;
    return request(RTM_DELRULE, 0, { ...header, flags: header.flags & RULE_INVERTED }, kept);
  }

  async #send(type: number, flags: number, given: RuleArguments): Promise<void> {
    const { words } = this.connection;
    const isAdd = type === RTM_NEWRULE;
    const from = prefixOf('from', given.from);
    const to = prefixOf('to', given.to);
    const family = given.family ?? familyName((from ?? to)?.family ?? FAMILY_NUMBERS.inet);
    const action = given.action ?? (given.goto === undefined ? 'lookup' : 'goto');
    const needsTable = action === 'lookup' && given.l3mdev !== true && isAdd;
    const { table, protocol } = given;
    const number =
      table === undefined ? (needsTable ? RT_TABLE_MAIN : 0) : words.number('table', 'tables', table);
    const isSaid = isAdd || given.action !== undefined || given.goto !== undefined;
    const header = {
      family: familyNumber('family', family),
      src_len: from?.length ?? 0,
      dst_len: to?.length ?? 0,
      tos: given.tos === undefined ? 0 : checkInteger('tos', given.tos, 0, 0xff),
      table: number > 0xff ? 0 : number,
      action: isSaid ? actionNumber(action) : 0,
      flags: given.inverted === true ? RULE_INVERTED : 0,
    };
    await this.connection.request(
      request(type, flags, header, {
        src: from?.address,
        dst: to?.address,
        priority: check32('priority', given.priority),
        iifname: given.input_device,
        oifname: given.output_device,
        fwmark: check32('mark', given.mark),
        fwmask: check32('mark_mask', given.mark_mask),
        uid_range: given.users,
        ip_proto: given.ip_protocol,
        sport_range: given.source_ports,
        dport_range: given.destination_ports,
        tun_id: given.tunnel,
        l3mdev: given.l3mdev === true ? 1 : undefined,
        suppress_prefixlen: given.suppress_prefix_length,
        goto: check32('goto', given.goto),
        table: number > 0xff ? number : undefined,
        protocol: protocol === undefined ? undefined : words.number('protocol', 'protocols', protocol),
        ...given.attributes,
      }),
    );
  }
}

function request(
  type: number,
  flags: number,
  header: Partial<RuleHeader>,
  attributes: RuleAttributes,
): MessageWriter {
  const message = new MessageWriter(type, flags);
  ruleHeader.write(message, { ...ruleHeader.zero(), ...header });
  rule.encode(message, attributes);
  return message;
}

function prefixOf(argument: string, text: string | undefined) {
  return text === undefined || text === 'all' ? undefined : readPrefix(argument, text);
}

function actionName(number: number): RuleAction {
  if (number === ACTION_TABLE) return 'lookup';
  if (number === ACTION_GOTO) return 'goto';
  if (number === ACTION_NOP) return 'nop';
  return (ROUTE_TYPES[number] ?? String(number)) as RuleAction;
}

function actionNumber(action: RuleAction): number {
  if (action === 'lookup') return ACTION_TABLE;
  if (action === 'goto') return ACTION_GOTO;
  if (action === 'nop') return ACTION_NOP;
  const number = ROUTE_TYPES.indexOf(action);
  if (number < 0) throw new ArgumentError('action', `"${String(action)}" is no action of rules`);
  return number;
}
