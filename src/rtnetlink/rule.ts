/**
 * Rules that choose a routing table: RTM_NEWRULE, RTM_DELRULE and RTM_GETRULE. Source: linux/fib_rules.h struct
 * fib_rule_hdr, FRA_*.
 */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import { type Message, PLAIN_TYPE } from '../wire/message.ts';

/** struct fib_rule_hdr. `table` is 0 where the table does not fit and stands in an attribute. */
export const ruleHeader = codec.struct({
  family: codec.u8,
  dst_len: codec.u8,
  src_len: codec.u8,
  tos: codec.u8,
  table: codec.u8,
  _reserved: codec.padding(2),
  action: codec.u8,
  flags: codec.u32,
});

export type RuleHeader = codec.ValueOf<typeof ruleHeader>;

/** FIB_RULE_*: flags of the header. */
export const RULE_INVERTED = 0x2;
export const RULE_UNRESOLVED = 0x4;
export const RULE_INPUT_DETACHED = 0x8;
export const RULE_OUTPUT_DETACHED = 0x10;

/** FR_ACT_*. Numbers from 6 on are those of route types; 10 is the address translation of old kernels. */
export const ACTION_TABLE = 1;
export const ACTION_GOTO = 2;
export const ACTION_NOP = 3;
export const ACTION_TRANSLATE = 10;

/** Largest values of masks that select nothing but whole values. */
export const WHOLE_PORT = 0xffff;
export const WHOLE_DSCP = 0x3f;
export const WHOLE_FLOW_LABEL = 0xfffff;

/** struct fib_rule_uid_range. */
export const userRange = codec.struct({ start: codec.u32, end: codec.u32 });

/** struct fib_rule_port_range. */
export const portRange = codec.struct({ start: codec.u16, end: codec.u16 });

/** FRA_*. */
export const rule = table(
  {
    dst: row.ip(1),
    src: row.ip(2),
    iifname: row.text(3),
    goto: row.u32(4),
    /** Where addresses are translated to; FRA_UNUSED2 since kernels no longer do so. */
    translation: row.ip(5),
    priority: row.u32(6),
    fwmark: row.u32(10),
    /** Realms: of the source in the upper 16 bits, of the destination in the lower. */
    flow: row.u32(11),
    tun_id: row.be64(12),
    suppress_ifgroup: row.s32(13),
    suppress_prefixlen: row.s32(14),
    table: row.u32(15),
    fwmask: row.u32(16),
    oifname: row.text(17),
    l3mdev: row.u8(19),
    uid_range: row.value(20, userRange),
    protocol: row.u8(21),
    ip_proto: row.u8(22),
    sport_range: row.value(23, portRange),
    dport_range: row.value(24, portRange),
    dscp: row.u8(25),
    flowlabel: row.be32(26),
    flowlabel_mask: row.be32(27),
    sport_mask: row.u16(28),
    dport_mask: row.u16(29),
    dscp_mask: row.u8(30),
  },
  PLAIN_TYPE,
);

/** What the attributes of a rule message say, by their FRA_* names. */
export type RuleAttributes = row.ValuesOf<typeof rule.rows>;

/** A rule as one message reports it. */
export interface Rule extends RuleAttributes {
  readonly header: RuleHeader;
}

/** Decodes a rule message; undefined when it is too short. */
export function decodeRule(
  message: Pick<Message, 'bytes' | 'payload' | 'end'>,
  decode = rule.decode,
): Rule | undefined {
  const { bytes, payload, end } = message;
  if (end - payload < ruleHeader.size) return undefined;
  const header = ruleHeader.read(bytes, payload, ruleHeader.size) as RuleHeader;
  return Object.assign(decode(bytes, payload + ruleHeader.size, end), { header });
}

/** The routing table that a rule leads to; 0 when it leads to none. */
export function tableOf({ table, header }: Rule): number {
  return table ?? header.table;
}
