/** The rules that choose routing tables. Source: linux/fib_rules.h. */

import { KernelError } from '../../kernel/system/errors.ts';
import { ENOENT } from '../../linux/errno.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from '../../linux/netlink.ts';
import { RT_TABLE_MAIN, RTM_DELRULE, RTM_GETRULE, RTM_NEWRULE } from '../../linux/rtnetlink.ts';
import { ROUTE_TYPES } from '../../rtnetlink/route.ts';
import {
  ACTION_GOTO,
  ACTION_NOP,
  ACTION_TABLE,
  decodeRule,
  RULE_INVERTED,
  type RuleAttributes,
  type RuleHeader,
  rule,
  ruleHeader,
} from '../../rtnetlink/rule.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { AddOptions, CallOptions, Connection, DeleteOptions } from '../connection.ts';
import { ArgumentError, check32, checkInteger } from '../values/argument.ts';
import {
  FAMILY_NUMBERS,
  type Family,
  familyName,
  familyNumber,
  formatPrefix,
  readPrefix,
} from '../values/prefix.ts';
import { type Rule, type RuleAction, type RuleSelectors, ruleReading } from '../values/rule.ts';
import { sourceOf } from '../values/value.ts';
import { Collection, checked } from './collection.ts';

const EXISTS = 'EEXIST';

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

/** The rules that choose routing tables. */
export class Rules extends Collection<Rule, RuleFilter> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, ruleReading);
  }

  /** The first rule that the filter lets through; undefined if there is none. Rejects with {@link KernelError}. */
  async get(filter: RuleFilter, options: CallOptions = {}): Promise<Rule | undefined> {
    for await (const found of this.list(filter, options)) return found;
    return undefined;
  }

  /**
   * Makes a rule. Rejects with {@link KernelError}: EEXIST if there is the very same; with {@link ArgumentError} for
   * `ifAbsent` without a priority: the kernel would make the same rule again, with another one.
   */
  async add(arguments_: RuleArguments | Rule, options: AddOptions = {}): Promise<void> {
    if (options.ifAbsent === true && checked<RuleArguments>(arguments_).priority === undefined)
      throw new ArgumentError('priority', 'is needed with ifAbsent: the kernel makes the same rule again');
    return this.#send(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, checked<RuleArguments>(arguments_), options);
  }

  /**
   * Puts another rule in the place of the first one that the filter lets through. The kernel cannot do that at once:
   * the new one is there before the old one is gone. Rejects with {@link KernelError}: ENOENT if there is none.
   */
  async change(filter: RuleFilter, arguments_: RuleArguments, options: CallOptions = {}): Promise<void> {
    const first = await this.get(filter, options);
    if (first === undefined) throw new KernelError(ENOENT, Buffer.alloc(0));
    await this.add({ family: first.family, priority: first.priority, ...arguments_ }, options);
    await this.connection.request(this.deleteRequest(first), 'ack', options.signal);
  }

  /** Makes a rule unless there is the very same. Rejects with {@link KernelError}. */
  async replace(arguments_: RuleArguments | Rule, options: CallOptions = {}): Promise<void> {
    await this.add(arguments_, options).catch(error => {
      if ((error as { code?: string }).code !== EXISTS) throw error;
    });
  }

  /** Deletes the first rule of which all that is said is true. Rejects with {@link KernelError}: ENOENT if there is none. */
  delete(arguments_: RuleArguments | Rule, options: DeleteOptions = {}): Promise<void> {
    return this.#send(RTM_DELRULE, 0, checked<RuleArguments>(arguments_), options);
  }

  /** @internal */
  protected dumpRequests({ family }: RuleFilter): MessageWriter[] {
    const number = familyNumber('filter.family', family);
    const families = number === AF_UNSPEC ? [FAMILY_NUMBERS.inet, FAMILY_NUMBERS.inet6] : [number];
    return families.map(own => request(RTM_GETRULE, 0, { family: own }, {}));
  }

  /** @internal */
  protected override matcher({ priority, table, protocol, from, to }: RuleFilter): (found: Rule) => boolean {
    const { words } = this.connection;
    const named = (argument: string, names: 'tables' | 'protocols', word: string | number | undefined) =>
      word === undefined ? undefined : words.name(names, words.number(`filter.${argument}`, names, word));
    const tableName = named('table', 'tables', table);
    const protocolName = named('protocol', 'protocols', protocol);
    const [sender, destination] = [spellPrefix('filter.from', from), spellPrefix('filter.to', to)];
    return found =>
      (priority === undefined || found.priority === priority) &&
      (tableName === undefined || found.table === tableName) &&
      (protocolName === undefined || found.protocol === protocolName) &&
      (sender === undefined || found.from === sender) &&
      (destination === undefined || found.to === destination);
  }

  /** @internal */
  protected deleteRequest(found: Rule): MessageWriter {
    const { header, ...attributes } = decodeRule(sourceOf(found))!;
    const { suppress_prefixlen, suppress_ifgroup, ...kept } = attributes;
    return request(RTM_DELRULE, 0, { ...header, flags: header.flags & RULE_INVERTED }, kept);
  }

  async #send(type: number, flags: number, given: RuleArguments, { signal }: CallOptions): Promise<void> {
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
    const message = request(type, flags, header, {
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
    });
    await this.connection.request(message, 'ack', signal);
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

function spellPrefix(argument: string, text: string | undefined): string | undefined {
  if (text === undefined || text === 'all') return text;
  const { address, length, family } = readPrefix(argument, text);
  return formatPrefix(address, length, family, true);
}

function prefixOf(argument: string, text: string | undefined) {
  return text === undefined || text === 'all' ? undefined : readPrefix(argument, text);
}

function actionNumber(action: RuleAction): number {
  if (action === 'lookup') return ACTION_TABLE;
  if (action === 'goto') return ACTION_GOTO;
  if (action === 'nop') return ACTION_NOP;
  const number = ROUTE_TYPES.indexOf(action);
  if (number < 0) throw new ArgumentError('action', `"${String(action)}" is no action of rules`);
  return number;
}
