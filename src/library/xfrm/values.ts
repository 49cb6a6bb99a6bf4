/** States and policies of IPsec as values. Source: linux/xfrm.h. */

import { AF_INET, AF_INET6 } from '../../linux/families.ts';
import { XFRM_INF } from '../../linux/xfrm.ts';
import { formatIpv4, formatIpv6 } from '../../wire/address.ts';
import type { ReceivedAlgorithm } from '../../xfrm/algorithm.ts';
import type { XfrmAttributes } from '../../xfrm/attributes.ts';
import * as names from '../../xfrm/names.ts';
import type * as structs from '../../xfrm/structs.ts';
import { compact, wordsOf } from '../values/argument.ts';
import { type Family, familyName } from '../values/prefix.ts';

/** A protocol that transforms packets. */
export type XfrmProtocol = 'esp' | 'ah' | 'comp' | 'route2' | 'hao' | 'ipsec-any';

/** What becomes of the packet's addresses (XFRM_MODE_*). */
export type XfrmMode = 'transport' | 'tunnel' | 'ro' | 'in_trigger' | 'beet';

/** A flag of a state (XFRM_STATE_*). */
export type XfrmStateFlag =
  | 'noecn'
  | 'decap-dscp'
  | 'nopmtudisc'
  | 'wildrecv'
  | 'icmp'
  | 'af-unspec'
  | 'align4'
  | 'esn';

/** Another flag of a state (XFRM_SA_XFLAG_*). */
export type XfrmExtraFlag = 'dont-encap-dscp' | 'oseq-may-wrap';

/** A flag of a policy (XFRM_POLICY_*). */
export type XfrmPolicyFlag = 'localok' | 'icmp';

/** Packets that arrive, leave, are forwarded. */
export type XfrmDirection = 'in' | 'out' | 'fwd';

/** The kind of a policy (XFRM_POLICY_TYPE_*). */
export type XfrmPolicyType = 'main' | 'sub';

/** Whether packets may pass. */
export type XfrmAction = 'allow' | 'block';

/** An algorithm with its key, which neither `util.inspect` nor JSON shows. */
export interface XfrmAlgorithm {
  /** As the kernel's crypto API calls it: `cbc(aes)`. */
  readonly name: string;
  readonly key_bits: number;
  /** Bits that are sent of what authenticates a packet. */
  readonly icv_bits?: number;
  /** Not enumerable. */
  readonly key: Uint8Array;
}

/** Which packets are meant. */
export interface XfrmSelector {
  /** Prefixes. */
  readonly source: string;
  readonly destination: string;
  /** The protocol above IP; undefined for all. */
  readonly protocol?: number;
  /** Of ICMP the type and code. */
  readonly source_port?: number;
  readonly destination_port?: number;
  readonly device_index?: number;
}

/** When a state or policy expires; undefined members never. */
export interface XfrmLimits {
  readonly soft_bytes?: bigint;
  readonly hard_bytes?: bigint;
  readonly soft_packets?: bigint;
  readonly hard_packets?: bigint;
  /** Seconds after it was made. */
  readonly soft_add_seconds?: number;
  readonly hard_add_seconds?: number;
  /** Seconds after its first packet. */
  readonly soft_use_seconds?: number;
  readonly hard_use_seconds?: number;
}

/** What has been used of a state or policy. */
export interface XfrmUse {
  readonly bytes: bigint;
  readonly packets: bigint;
  readonly made?: Date;
  readonly used?: Date;
}

/** A mark with the bits of it that count. */
export interface XfrmMark {
  readonly value: number;
  readonly mask: number;
}

/** What is to be done to packets. */
export interface XfrmTemplate {
  readonly source: string;
  readonly destination: string;
  readonly protocol: XfrmProtocol;
  readonly spi?: number;
  readonly reqid: number;
  readonly mode: XfrmMode;
  /** Packets are sent as they are where there is no state. */
  readonly optional: boolean;
}

/** A state: one direction of a connection, with its algorithms. */
export interface XfrmState {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  readonly protocol: XfrmProtocol;
  readonly spi: number;
  readonly reqid: number;
  readonly mode: XfrmMode;
  /** The number of the request that it answers. */
  readonly seq: number;
  readonly replay_window: number;
  readonly flags: readonly XfrmStateFlag[];
  readonly extra_flags: readonly XfrmExtraFlag[];
  readonly encryption?: XfrmAlgorithm;
  readonly authentication?: XfrmAlgorithm;
  readonly aead?: XfrmAlgorithm;
  readonly compression?: XfrmAlgorithm;
  readonly selector: XfrmSelector;
  readonly limits: XfrmLimits;
  readonly use: XfrmUse;
  readonly mark?: XfrmMark;
  readonly if_id?: number;
  readonly output_mark?: XfrmMark;
  readonly direction?: 'in' | 'out';
  /** All attributes with their XFRMA_* names; keys are not enumerable. Not enumerable itself. */
  readonly attributes: XfrmAttributes;
}

/** A policy: which packets, and what is to be done to them. */
export interface XfrmPolicy {
  readonly direction: XfrmDirection;
  /** Whether it is one of a socket. */
  readonly of_socket: boolean;
  readonly selector: XfrmSelector;
  readonly action: XfrmAction;
  readonly priority: number;
  readonly index: number;
  readonly type: XfrmPolicyType;
  readonly flags: readonly XfrmPolicyFlag[];
  readonly templates: readonly XfrmTemplate[];
  readonly limits: XfrmLimits;
  readonly use: XfrmUse;
  readonly mark?: XfrmMark;
  readonly if_id?: number;
  /** All attributes with their XFRMA_* names. Not enumerable. */
  readonly attributes: XfrmAttributes;
}

/** Policies of sockets have directions from here on. */
const SOCKET = 3;

/** The word of a number; the number as text where it has none, which no version of the kernel known here sends. */
function word<W extends string>(words: Readonly<Record<W, number>>, value: number): W {
  return names.wordOf(words, value) ?? (String(value) as W);
}

export function addressOf(address: Buffer, family: number): string {
  return family === AF_INET ? formatIpv4(address) : family === AF_INET6 ? formatIpv6(address) : '';
}

export function selectorOf(found: structs.Selector, family: number): XfrmSelector {
  const { saddr, daddr, prefixlen_s, prefixlen_d, proto, ifindex } = found;
  const own = found.family || family;
  return compact<XfrmSelector>({
    source: `${addressOf(saddr, own)}/${prefixlen_s}`,
    destination: `${addressOf(daddr, own)}/${prefixlen_d}`,
    protocol: proto || undefined,
    source_port: found.sport_mask === 0 ? undefined : found.sport,
    destination_port: found.dport_mask === 0 ? undefined : found.dport,
    device_index: ifindex || undefined,
  });
}

function limitsOf(found: structs.LifetimeLimits): XfrmLimits {
  const limit = (value: bigint) => (value === XFRM_INF ? undefined : value);
  const seconds = (value: bigint) => (value === 0n ? undefined : Number(value));
  return compact<XfrmLimits>({
    soft_bytes: limit(found.soft_byte_limit),
    hard_bytes: limit(found.hard_byte_limit),
    soft_packets: limit(found.soft_packet_limit),
    hard_packets: limit(found.hard_packet_limit),
    soft_add_seconds: seconds(found.soft_add_expires_seconds),
    hard_add_seconds: seconds(found.hard_add_expires_seconds),
    soft_use_seconds: seconds(found.soft_use_expires_seconds),
    hard_use_seconds: seconds(found.hard_use_expires_seconds),
  });
}

function useOf({ bytes, packets, add_time, use_time }: structs.LifetimeUsed): XfrmUse {
  const date = (seconds: bigint) => (seconds === 0n ? undefined : new Date(Number(seconds) * 1000));
  return compact<XfrmUse>({ bytes, packets, made: date(add_time), used: date(use_time) });
}

function markOf(found: structs.Mark | undefined): XfrmMark | undefined {
  return found && { value: found.v, mask: found.m };
}

function algorithmOf(found: ReceivedAlgorithm | undefined): XfrmAlgorithm | undefined {
  if (found === undefined) return undefined;
  const value = compact<Omit<XfrmAlgorithm, 'key'>>({
    name: found.name,
    key_bits: found.keyBits,
    icv_bits: found.icvBits,
  });
  return hidden(value, 'key', Uint8Array.from(found.key));
}

/** Adds a member that code which prints all members does not see. */
function hidden<T extends object, N extends string, M>(value: T, name: N, member: M): T & Record<N, M> {
  // The member has just been defined.
  return Object.defineProperty(value, name, { value: member, enumerable: false }) as T & Record<N, M>;
}

/** A state as a message reports it. */
export function stateOf(info: structs.StateInfo, attributes: XfrmAttributes): XfrmState {
  const { family, id, saddr } = info;
  const { set_mark, set_mark_mask = 0xffffffff, sa_dir } = attributes;
  const value = compact<Omit<XfrmState, 'attributes'>>({
    family: familyName(family),
    source: addressOf(saddr, family),
    destination: addressOf(id.daddr, family),
    protocol: word(names.TRANSFORM_PROTOCOLS, id.proto),
    spi: id.spi,
    reqid: info.reqid,
    mode: word(names.MODES, info.mode),
    seq: info.seq,
    replay_window: attributes.replay_esn_val?.replay_window ?? info.replay_window,
    flags: wordsOf(names.STATE_FLAGS, info.flags),
    extra_flags: wordsOf(names.EXTRA_FLAGS, attributes.sa_extra_flags ?? 0),
    encryption: algorithmOf(attributes.alg_crypt),
    authentication: algorithmOf(attributes.alg_auth_trunc ?? attributes.alg_auth),
    aead: algorithmOf(attributes.alg_aead),
    compression: algorithmOf(attributes.alg_comp),
    selector: selectorOf(info.sel, family),
    limits: limitsOf(info.lft),
    use: useOf(info.curlft),
    mark: markOf(attributes.mark),
    if_id: attributes.if_id,
    output_mark: set_mark === undefined ? undefined : { value: set_mark, mask: set_mark_mask },
    direction: sa_dir === 1 ? ('in' as const) : sa_dir === 2 ? ('out' as const) : undefined,
  });
  return hidden(value, 'attributes', attributes);
}

function templateOf(found: structs.Template): XfrmTemplate {
  const { id, saddr, family, reqid, mode, optional } = found;
  return compact<XfrmTemplate>({
    source: addressOf(saddr, family),
    destination: addressOf(id.daddr, family),
    protocol: word(names.TRANSFORM_PROTOCOLS, id.proto),
    spi: id.spi || undefined,
    reqid,
    mode: word(names.MODES, mode),
    optional: optional !== 0,
  });
}

/** A policy as a message reports it. */
export function policyOf(info: structs.PolicyInfo, attributes: XfrmAttributes): XfrmPolicy {
  const { sel, dir, action, priority, index, flags, lft, curlft } = info;
  const value = compact<Omit<XfrmPolicy, 'attributes'>>({
    direction: word(names.DIRECTIONS, dir % SOCKET),
    of_socket: dir >= SOCKET,
    selector: selectorOf(sel, sel.family),
    action: word(names.ACTIONS, action),
    priority,
    index,
    type: word(names.POLICY_TYPES, attributes.policy_type?.type ?? names.POLICY_TYPES.main),
    flags: wordsOf(names.POLICY_FLAGS, flags),
    templates: (attributes.tmpl ?? []).map(templateOf),
    limits: limitsOf(lft),
    use: useOf(curlft),
    mark: markOf(attributes.mark),
    if_id: attributes.if_id,
  });
  return hidden(value, 'attributes', attributes);
}
