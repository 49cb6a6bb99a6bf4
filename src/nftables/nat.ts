/**
 * Address translation by nf_tables, as the messages that nft(8) sends: a table with the chains `prerouting` and
 * `postrouting`. A change is one transaction. Source: linux/netfilter/nf_tables.h.
 */

import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_DUMP } from '../linux/netlink.ts';
import {
  NF_ACCEPT,
  NF_INET_POST_ROUTING,
  NF_INET_PRE_ROUTING,
  NF_IP_PRI_NAT_DST,
  NF_IP_PRI_NAT_SRC,
  NF_NAT_RANGE_PROTO_RANDOM_FULLY,
  NFNL_MSG_BATCH_BEGIN,
  NFNL_MSG_BATCH_END,
  NFNL_SUBSYS_NFTABLES,
  NFPROTO_INET,
  NFPROTO_IPV4,
  NFT_CMP_EQ,
  NFT_META_IIFNAME,
  NFT_META_NFPROTO,
  NFT_META_OIFNAME,
  NFT_MSG_DELTABLE,
  NFT_MSG_GETRULE,
  NFT_MSG_NEWCHAIN,
  NFT_MSG_NEWRULE,
  NFT_MSG_NEWTABLE,
  NFT_NAT_DNAT,
  NFT_PAYLOAD_NETWORK_HEADER,
  NFT_REG_1,
  NFTA_CHAIN_HOOK,
  NFTA_CHAIN_NAME,
  NFTA_CHAIN_POLICY,
  NFTA_CHAIN_TABLE,
  NFTA_CHAIN_TYPE,
  NFTA_CMP_DATA,
  NFTA_CMP_OP,
  NFTA_CMP_SREG,
  NFTA_DATA_VALUE,
  NFTA_EXPR_DATA,
  NFTA_EXPR_NAME,
  NFTA_HOOK_HOOKNUM,
  NFTA_HOOK_PRIORITY,
  NFTA_IMMEDIATE_DATA,
  NFTA_IMMEDIATE_DREG,
  NFTA_LIST_ELEM,
  NFTA_MASQ_FLAGS,
  NFTA_META_DREG,
  NFTA_META_KEY,
  NFTA_NAT_FAMILY,
  NFTA_NAT_REG_ADDR_MIN,
  NFTA_NAT_TYPE,
  NFTA_PAYLOAD_BASE,
  NFTA_PAYLOAD_DREG,
  NFTA_PAYLOAD_LEN,
  NFTA_PAYLOAD_OFFSET,
  NFTA_RULE_CHAIN,
  NFTA_RULE_EXPRESSIONS,
  NFTA_RULE_TABLE,
  NFTA_TABLE_FLAGS,
  NFTA_TABLE_NAME,
} from '../linux/nftables.ts';
import * as codec from '../wire/codec.ts';
import { type Message, walkAttributes } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';

/** struct nfgenmsg. */
const HEADER = 4;
const NAME_LENGTH = 16;
/** Of the source address in the header of IPv4. */
const SOURCE_OFFSET = 12;
const NLA_TYPE = 0x3fff;

/** What becomes of addresses at one device. */
export interface NatRule {
  readonly device: string;
  /** Source address, 4 bytes: only its packets are masqueraded, by whatever other device they leave. */
  readonly source?: Buffer | undefined;
  /** Replaces the source of what leaves by the device; `random` gives each connection another port. */
  readonly masquerade?: 'same port' | 'random' | undefined;
  /** Sends what comes to the device, and belongs to no connection, to this IPv4 address, 4 bytes. */
  readonly destination?: Buffer | undefined;
}

type Chain = 'prerouting' | 'postrouting';

/** The messages of one transaction that makes a table with these rules; one that is there is replaced. */
export function natRequests(table: string, rules: readonly NatRule[], isThere: boolean): MessageWriter[] {
  return [
    batch(NFNL_MSG_BATCH_BEGIN),
    // Deleting what is not there would be refused.
    ...(isThere ? [tableMessage(NFT_MSG_NEWTABLE, table), tableMessage(NFT_MSG_DELTABLE, table)] : []),
    ...natMessages(table, rules),
    batch(NFNL_MSG_BATCH_END),
  ];
}

/** The messages of one transaction that deletes a table, whether it is there or not. */
export function natDeletion(table: string): MessageWriter[] {
  return [
    batch(NFNL_MSG_BATCH_BEGIN),
    tableMessage(NFT_MSG_NEWTABLE, table),
    tableMessage(NFT_MSG_DELTABLE, table),
    batch(NFNL_MSG_BATCH_END),
  ];
}

function natMessages(table: string, rules: readonly NatRule[]): MessageWriter[] {
  const isRedirected = rules.some(({ destination }) => destination !== undefined);
  return [
    tableMessage(NFT_MSG_NEWTABLE, table),
    ...(isRedirected ? [chain(table, 'prerouting', NF_INET_PRE_ROUTING, NF_IP_PRI_NAT_DST)] : []),
    chain(table, 'postrouting', NF_INET_POST_ROUTING, NF_IP_PRI_NAT_SRC),
    ...rules.flatMap(one => rulesOf(one).map(([name, write]) => rule(table, name, write))),
  ];
}

/** The request whose dump lists the rules of a table. */
export function natDump(table: string): MessageWriter {
  const request = message(NFT_MSG_GETRULE, NLM_F_DUMP);
  request.attribute(NFTA_RULE_TABLE, codec.text, table);
  return request;
}

/** What the rules of a table do, comparable: undefined for a message that is no rule of it. */
export function natRuleText(
  table: string,
  { bytes, payload, end }: Pick<Message, 'bytes' | 'payload' | 'end'>,
): string | undefined {
  let found = '';
  let owner = '';
  if (end - payload < HEADER) return undefined;
  walkAttributes(bytes, payload + HEADER, end, (type, at, length) => {
    const kind = type & NLA_TYPE;
    if (kind === NFTA_RULE_TABLE) owner = codec.text.read(bytes, at, length) ?? '';
    else if (kind === NFTA_RULE_CHAIN) found = `${codec.text.read(bytes, at, length)}${found}`;
    else if (kind === NFTA_RULE_EXPRESSIONS) found += expressionsText(bytes, at, at + length);
  });
  return owner === table ? found : undefined;
}

/** The same of rules that are to be. */
export function natTexts(table: string, rules: readonly NatRule[]): string[] {
  return rules.flatMap(one =>
    rulesOf(one).map(([name, write]) => {
      const request = rule(table, name, write).finish(0);
      return natRuleText(table, { bytes: request, payload: 16, end: request.length })!;
    }),
  );
}

/** Expressions by their names, members by their numbers: kernels differ in their order and in flags of attributes. */
function expressionsText(bytes: Buffer, start: number, end: number): string {
  let text = '';
  walkAttributes(bytes, start, end, (_type, at, length) => {
    let name = '';
    let data = '';
    walkAttributes(bytes, at, at + length, (type, at, length) => {
      if ((type & NLA_TYPE) === NFTA_EXPR_NAME) name = codec.text.read(bytes, at, length) ?? '';
      else if ((type & NLA_TYPE) === NFTA_EXPR_DATA) data = membersText(bytes, at, at + length);
    });
    text += ` ${name}(${data})`;
  });
  return text;
}

const ZERO = /^0*$/;
/** The kernel says both ends of a range. */
const REG_ADDR_MAX = 4;
const NAT_FLAGS = 7;

function membersText(bytes: Buffer, start: number, end: number): string {
  const members: [number, string][] = [];
  walkAttributes(bytes, start, end, (type, at, length) => {
    const value = bytes.toString('hex', at, at + length);
    if (!ZERO.test(value)) members.push([type & NLA_TYPE, value]);
  });
  return members
    .filter(([type]) => type !== REG_ADDR_MAX && type !== NAT_FLAGS)
    .sort(([one], [other]) => one - other)
    .map(([type, value]) => `${type}=${value}`)
    .join(' ');
}

type WriteExpressions = (out: MessageWriter) => void;

function rulesOf({ device, source, masquerade, destination }: NatRule): [Chain, WriteExpressions][] {
  const rules: [Chain, WriteExpressions][] = [];
  if (destination !== undefined)
    rules.push([
      'prerouting',
      out => {
        matchName(out, NFT_META_IIFNAME, device);
        match(out, NFT_META_NFPROTO, Buffer.of(NFPROTO_IPV4));
        expression(out, 'immediate', () => {
          out.attribute(NFTA_IMMEDIATE_DREG, codec.be32, NFT_REG_1);
          data(out, NFTA_IMMEDIATE_DATA, destination);
        });
        expression(out, 'nat', () => {
          out.attribute(NFTA_NAT_TYPE, codec.be32, NFT_NAT_DNAT);
          out.attribute(NFTA_NAT_FAMILY, codec.be32, NFPROTO_IPV4);
          out.attribute(NFTA_NAT_REG_ADDR_MIN, codec.be32, NFT_REG_1);
        });
      },
    ]);
  if (masquerade !== undefined)
    rules.push([
      'postrouting',
      out => {
        if (source === undefined) matchName(out, NFT_META_OIFNAME, device);
        else matchSource(out, source);
        expression(out, 'masq', () => {
          if (masquerade === 'random')
            out.attribute(NFTA_MASQ_FLAGS, codec.be32, NF_NAT_RANGE_PROTO_RANDOM_FULLY);
        });
      },
    ]);
  return rules;
}

function matchName(out: MessageWriter, key: number, name: string): void {
  const bytes = Buffer.alloc(NAME_LENGTH);
  bytes.write(name);
  match(out, key, bytes);
}

function matchSource(out: MessageWriter, address: Buffer): void {
  match(out, NFT_META_NFPROTO, Buffer.of(NFPROTO_IPV4));
  expression(out, 'payload', () => {
    out.attribute(NFTA_PAYLOAD_DREG, codec.be32, NFT_REG_1);
    out.attribute(NFTA_PAYLOAD_BASE, codec.be32, NFT_PAYLOAD_NETWORK_HEADER);
    out.attribute(NFTA_PAYLOAD_OFFSET, codec.be32, SOURCE_OFFSET);
    out.attribute(NFTA_PAYLOAD_LEN, codec.be32, address.length);
  });
  compare(out, address);
}

function match(out: MessageWriter, key: number, value: Buffer): void {
  expression(out, 'meta', () => {
    out.attribute(NFTA_META_KEY, codec.be32, key);
    out.attribute(NFTA_META_DREG, codec.be32, NFT_REG_1);
  });
  compare(out, value);
}

function compare(out: MessageWriter, value: Buffer): void {
  expression(out, 'cmp', () => {
    out.attribute(NFTA_CMP_SREG, codec.be32, NFT_REG_1);
    out.attribute(NFTA_CMP_OP, codec.be32, NFT_CMP_EQ);
    data(out, NFTA_CMP_DATA, value);
  });
}

function data(out: MessageWriter, type: number, value: Buffer): void {
  const mark = out.open(type);
  out.attribute(NFTA_DATA_VALUE, codec.bytes, value);
  out.close(mark);
}

function expression(out: MessageWriter, name: string, write: () => void): void {
  const mark = out.open(NFTA_LIST_ELEM);
  out.attribute(NFTA_EXPR_NAME, codec.text, name);
  const inner = out.open(NFTA_EXPR_DATA);
  write();
  out.close(inner);
  out.close(mark);
}

function tableMessage(type: number, name: string): MessageWriter {
  const out = message(type, type === NFT_MSG_NEWTABLE ? NLM_F_CREATE : 0);
  out.attribute(NFTA_TABLE_NAME, codec.text, name);
  if (type === NFT_MSG_NEWTABLE) out.attribute(NFTA_TABLE_FLAGS, codec.be32, 0);
  return out;
}

function chain(table: string, name: Chain, hook: number, priority: number): MessageWriter {
  const out = message(NFT_MSG_NEWCHAIN, NLM_F_CREATE);
  out.attribute(NFTA_CHAIN_TABLE, codec.text, table);
  out.attribute(NFTA_CHAIN_NAME, codec.text, name);
  out.attribute(NFTA_CHAIN_TYPE, codec.text, 'nat');
  out.attribute(NFTA_CHAIN_POLICY, codec.be32, NF_ACCEPT);
  const mark = out.open(NFTA_CHAIN_HOOK);
  out.attribute(NFTA_HOOK_HOOKNUM, codec.be32, hook);
  out.attribute(NFTA_HOOK_PRIORITY, codec.be32, priority);
  out.close(mark);
  return out;
}

function rule(table: string, name: Chain, write: WriteExpressions): MessageWriter {
  const out = message(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
  out.attribute(NFTA_RULE_TABLE, codec.text, table);
  out.attribute(NFTA_RULE_CHAIN, codec.text, name);
  const mark = out.open(NFTA_RULE_EXPRESSIONS);
  write(out);
  out.close(mark);
  return out;
}

function message(type: number, flags: number): MessageWriter {
  const out = new MessageWriter((NFNL_SUBSYS_NFTABLES << 8) | type, flags);
  out.raw(Buffer.of(NFPROTO_INET, 0, 0, 0));
  return out;
}

function batch(type: number): MessageWriter {
  const out = new MessageWriter(type, 0);
  out.raw(Buffer.of(0, 0, 0, NFNL_SUBSYS_NFTABLES));
  return out;
}
