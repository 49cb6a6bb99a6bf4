/**
 * What messages are made of, for readers that do not know the message: the trace, and the paths of refused
 * attributes. By message type its name, its header and its table; by attribute its name in the kernel's headers and
 * what is nested in it. Source: linux/rtnetlink.h and the headers that the tables name.
 */

import { AF_MPLS } from '../../linux/families.ts';
import { NLA_F_NESTED } from '../../linux/netlink.ts';
import type { Row, RowSet, Rows } from '../../schema/row.ts';
import type { StructCodec } from '../../wire/codec.ts';
import * as codec from '../../wire/codec.ts';
import { walkAttributes } from '../../wire/message.ts';
import { address, addressHeader } from '../address.ts';
import { addressLabel, addressLabelHeader } from '../address-label.ts';
import {
  bpfEncap,
  ENCAP_BPF,
  ENCAP_ILA,
  ENCAP_IOAM6,
  ENCAP_IP,
  ENCAP_IP6,
  ENCAP_MPLS,
  ENCAP_RPL,
  ENCAP_SEG6,
  ENCAP_SEG6_LOCAL,
  ENCAP_XFRM,
  ilaEncap,
  ioam6Encap,
  ipEncap,
  mplsEncap,
  rplEncap,
  seg6Encap,
  seg6LocalEncap,
  xfrmEncap,
} from '../encap.ts';
import { loadedKind } from '../kinds/load.ts';
import {
  inet6Family,
  inetFamily,
  inetSettings,
  link,
  linkFamilyTable,
  linkHeader,
  linkInfo,
  linkXdp,
  protodownReason,
} from '../link.ts';
import {
  hardwareInfo,
  hardwareSwitches,
  linkCounters,
  offloadStatistics,
  statisticsHeader,
  statisticsRequest,
} from '../link-statistics.ts';
import { VF_INFO, vfInfo, vfStatistics } from '../link-vf.ts';
import { neighbour, neighbourHeader } from '../neighbour.ts';
import { neighbourParameters, neighbourTable } from '../neighbour-table.ts';
import { netconf } from '../netconf.ts';
import { nextHopAttributes, nextHopHeader, resilientBucket, resilientGroup } from '../nexthop.ts';
import { nsidTable } from '../nsid.ts';
import { qdiscAttributes, qdiscHeader } from '../qdisc.ts';
import {
  hopHeader,
  mplsRouteAttributes,
  routeAttributes,
  routeHeader,
  nextHopAttributes as routeHopAttributes,
  routeMetrics,
} from '../route.ts';
import { rule, ruleHeader } from '../rule.ts';
import { KIND_PREFIXES } from './kernel-names.ts';

/** A struct that stands before attributes. */
export interface Header {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: structs of different members
  readonly struct: StructCodec<any>;
}

/** The attributes of a message or of a nest. */
export interface MessageSchema extends RowSet {
  /** What the names in the kernel's headers begin with. */
  readonly prefix: string;
  readonly header?: Header;
  /** The payload is a series of structs, each with its own attributes; the struct begins with its length. */
  readonly isSeries?: true;
  /** Prefixes of nested attributes, where they are not that of the nest's own name. */
  readonly nestedPrefixes?: ReadonlyMap<Rows, string>;
  /** Attributes that are not known may hold keys: their bytes are not shown. */
  readonly hidesUnknown?: true;
}

/** A message by its type. */
export interface MessageAnatomy {
  /** `RTM_NEWLINK`. */
  readonly name: string;
  readonly verb: 'new' | 'delete' | 'get' | 'set';
  readonly header: Header;
  readonly attributes: MessageSchema;
}

const generalHeader: Header = {
  name: 'rtgenmsg',
  struct: codec.struct({ family: codec.u8, _padding: codec.padding(3) }),
};
const linkStruct: Header = { name: 'ifinfomsg', struct: linkHeader };

const FAMILIES: Readonly<Record<number, { noun: string; header: Header; rows: Rows; prefix: string }>> = {
  16: { noun: 'LINK', header: linkStruct, rows: link.rows, prefix: 'IFLA_' },
  20: {
    noun: 'ADDR',
    header: { name: 'ifaddrmsg', struct: addressHeader },
    rows: address.rows,
    prefix: 'IFA_',
  },
  24: {
    noun: 'ROUTE',
    header: { name: 'rtmsg', struct: routeHeader },
    rows: routeAttributes.rows,
    prefix: 'RTA_',
  },
  28: {
    noun: 'NEIGH',
    header: { name: 'ndmsg', struct: neighbourHeader },
    rows: neighbour.rows,
    prefix: 'NDA_',
  },
  32: { noun: 'RULE', header: { name: 'fib_rule_hdr', struct: ruleHeader }, rows: rule.rows, prefix: 'FRA_' },
  36: {
    noun: 'QDISC',
    header: { name: 'tcmsg', struct: qdiscHeader },
    rows: qdiscAttributes.rows,
    prefix: 'TCA_',
  },
  64: { noun: 'NEIGHTBL', header: generalHeader, rows: neighbourTable.rows, prefix: 'NDTA_' },
  72: {
    noun: 'ADDRLABEL',
    header: { name: 'ifaddrlblmsg', struct: addressLabelHeader },
    rows: addressLabel.rows,
    prefix: 'IFAL_',
  },
  80: { noun: 'NETCONF', header: generalHeader, rows: netconf.rows, prefix: 'NETCONFA_' },
  88: { noun: 'NSID', header: generalHeader, rows: nsidTable.rows, prefix: 'NETNSA_' },
  92: {
    noun: 'STATS',
    header: { name: 'if_stats_msg', struct: statisticsHeader },
    rows: linkCounters.rows,
    prefix: 'IFLA_STATS_',
  },
  104: {
    noun: 'NEXTHOP',
    header: { name: 'nhmsg', struct: nextHopHeader },
    rows: nextHopAttributes.rows,
    prefix: 'NHA_',
  },
  108: { noun: 'LINKPROP', header: linkStruct, rows: link.rows, prefix: 'IFLA_' },
  116: {
    noun: 'NEXTHOPBUCKET',
    header: { name: 'nhmsg', struct: nextHopHeader },
    rows: nextHopAttributes.rows,
    prefix: 'NHA_',
  },
};

const VERBS = ['new', 'delete', 'get', 'set'] as const;
const VERB_NAMES = { new: 'NEW', delete: 'DEL', get: 'GET', set: 'SET' } as const;

/** What is known of messages of `type` of the routing family; `family` is the first byte of their payload. */
export function schemaOf(type: number, family = 0): MessageAnatomy | undefined {
  const found = FAMILIES[type & ~3];
  if (found === undefined) return undefined;
  const verb = VERBS[type & 3]!;
  return {
    name: `RTM_${VERB_NAMES[verb]}${found.noun}`,
    verb,
    header: found.header,
    attributes: { rows: rowsOf(found.rows, verb, family), prefix: found.prefix },
  };
}

/** The attributes of a message where not all messages about an object have the same. */
function rowsOf(rows: Rows, verb: MessageAnatomy['verb'], family: number): Rows {
  if (rows === routeAttributes.rows && family === AF_MPLS) return mplsRouteAttributes.rows;
  if (rows === linkCounters.rows && verb !== 'new') return statisticsRequest.rows;
  return rows;
}

const VF_LIST: MessageSchema = {
  prefix: 'IFLA_VF_',
  rows: { info: { ...link.rows.vfinfo_list, type: VF_INFO, nested: vfInfo } },
};

/** What names of attributes begin with in nests whose prefix is not that of the nest's own name. */
const PREFIXES = new Map<Rows, string>([
  [link.rows, 'IFLA_'],
  [linkInfo.rows, 'IFLA_INFO_'],
  [linkFamilyTable.rows, 'AF_'],
  [inetFamily.rows, 'IFLA_INET_'],
  [inet6Family.rows, 'IFLA_INET6_'],
  [inetSettings.rows, 'IPV4_DEVCONF_'],
  [vfInfo.rows, 'IFLA_VF_'],
  [vfStatistics.rows, 'IFLA_VF_STATS_'],
  [linkXdp.rows, 'IFLA_XDP_'],
  [protodownReason.rows, 'IFLA_PROTO_DOWN_REASON_'],
  [routeMetrics.rows, 'RTAX_'],
  [neighbourParameters.rows, 'NDTPA_'],
  [resilientGroup.rows, 'NHA_RES_GROUP_'],
  [resilientBucket.rows, 'NHA_RES_BUCKET_'],
  [offloadStatistics.rows, 'IFLA_OFFLOAD_XSTATS_'],
  [hardwareInfo.rows, 'IFLA_OFFLOAD_XSTATS_'],
  [hardwareSwitches.rows, 'IFLA_OFFLOAD_XSTATS_HW_S_INFO_'],
]);

/** The row of attribute `type`, with its name. */
export function rowOfType({ rows }: RowSet, type: number): [name: string, row: Row<unknown>] | undefined {
  for (const name in rows) if (rows[name]!.type === type) return [name, rows[name] as Row<unknown>];
  return undefined;
}

const ENCAPS: Readonly<Record<number, [table: RowSet, prefix: string]>> = {
  [ENCAP_MPLS]: [mplsEncap, 'MPLS_IPTUNNEL_'],
  [ENCAP_IP]: [ipEncap, 'LWTUNNEL_IP_'],
  [ENCAP_IP6]: [ipEncap, 'LWTUNNEL_IP6_'],
  [ENCAP_ILA]: [ilaEncap, 'ILA_ATTR_'],
  [ENCAP_SEG6]: [seg6Encap, 'SEG6_IPTUNNEL_'],
  [ENCAP_BPF]: [bpfEncap, 'LWT_BPF_'],
  [ENCAP_SEG6_LOCAL]: [seg6LocalEncap, 'SEG6_LOCAL_'],
  [ENCAP_RPL]: [rplEncap, 'RPL_IPTUNNEL_'],
  [ENCAP_IOAM6]: [ioam6Encap, 'IOAM6_IPTUNNEL_'],
  [ENCAP_XFRM]: [xfrmEncap, 'LWT_XFRM_'],
};

/** What decides what is nested in other attributes of the same set: the kind of a link, the type of an encapsulation. */
export type Siblings = Readonly<Record<string, unknown>>;

const DECISIVE = ['kind', 'slave_kind', 'encap_type'];

/** Reads the attributes of a set that decide on others. */
export function siblingsOf({ rows }: RowSet, bytes: Buffer, at: number, end: number): Siblings {
  const found: Record<string, unknown> = {};
  const decisive = DECISIVE.filter(name => rows[name] !== undefined);
  if (decisive.length === 0) return found;
  walkAttributes(bytes, at, end, (type, start, length) => {
    for (const name of decisive)
      if (rows[name]!.type === type) found[name] = rows[name]!.codec.read(bytes, start, length);
  });
  return found;
}

/** What is nested in attribute `name` of a set; undefined when it is a plain value. `flags` are those of its type. */
export function nestOf(
  outer: MessageSchema,
  name: string,
  siblings: Siblings,
  flags: number,
): MessageSchema | undefined {
  const { rows } = outer;
  const row = rows[name]!;
  if (rows === linkInfo.rows) return kindNest(name, siblings);
  if (name === 'encap' && typeof siblings['encap_type'] === 'number') {
    const [table, prefix] = ENCAPS[siblings['encap_type']] ?? [];
    return table && { rows: table.rows, prefix: prefix! };
  }
  if (row.codec === link.rows.vfinfo_list.codec && row.nested === undefined) return VF_LIST;
  if (name === 'prop_list') return { rows: link.rows, prefix: 'IFLA_' };
  if (name === 'af_spec' && rows === link.rows) return { rows: linkFamilyTable.rows, prefix: 'AF_' };
  if (name === 'conf' && rows === inetFamily.rows && flags & NLA_F_NESTED)
    return { rows: inetSettings.rows, prefix: 'IPV4_DEVCONF_' };
  if (name === 'peer' || name === 'peer_info')
    return { rows: link.rows, prefix: 'IFLA_', header: linkStruct };
  if (name === 'multipath' && outer.prefix === 'RTA_') {
    return {
      rows: routeHopAttributes.rows,
      prefix: 'RTA_',
      header: { name: 'rtnexthop', struct: hopHeader },
      isSeries: true,
    };
  }
  if (row.nested === undefined) return undefined;
  const inner = row.nested.rows;
  const { nestedPrefixes, hidesUnknown } = outer;
  const prefix = nestedPrefixes?.get(inner) ?? PREFIXES.get(inner) ?? `${outer.prefix}${name.toUpperCase()}_`;
  return {
    rows: inner,
    prefix,
    ...(nestedPrefixes === undefined ? {} : { nestedPrefixes }),
    ...(hidesUnknown ? { hidesUnknown } : {}),
  };
}

function kindNest(name: string, { kind, slave_kind }: Siblings): MessageSchema | undefined {
  const isSlave = name === 'slave_data';
  if (name !== 'data' && !isSlave) return undefined;
  const word = isSlave ? (slave_kind ?? kind) : kind;
  if (typeof word !== 'string') return undefined;
  const kindName = isSlave && !word.endsWith('_slave') ? `${word}_slave` : word;
  const found = loadedKind(kindName);
  if (found === undefined) return undefined;
  const { rows } = found.table;
  return { rows, prefix: KIND_PREFIXES[kindName] ?? `IFLA_${kindName.toUpperCase()}_` };
}
