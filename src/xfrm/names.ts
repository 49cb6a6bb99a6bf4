/** What xfrm's numbers are called on the command line and in lists. Sources: ip-xfrm(8), linux/xfrm.h. */
import * as xfrm from '../linux/xfrm.ts';

/** Protocols that transform packets, in the order in which words name them. */
export const TRANSFORM_PROTOCOLS = {
  esp: xfrm.IPPROTO_ESP,
  ah: xfrm.IPPROTO_AH,
  comp: xfrm.IPPROTO_COMP,
  route2: xfrm.IPPROTO_ROUTING,
  hao: xfrm.IPPROTO_DSTOPTS,
  'ipsec-any': xfrm.IPSEC_PROTO_ANY,
} as const;

/** XFRM_MODE_*. */
export const MODES = {
  transport: 0,
  tunnel: 1,
  ro: 2,
  in_trigger: 3,
  beet: 4,
} as const;

/** XFRM_STATE_*: flags of a state. */
export const STATE_FLAGS = {
  noecn: 0x01,
  'decap-dscp': 0x02,
  nopmtudisc: 0x04,
  wildrecv: 0x08,
  icmp: 0x10,
  'af-unspec': 0x20,
  align4: 0x40,
  esn: xfrm.XFRM_STATE_ESN,
} as const;

/** XFRM_SA_XFLAG_*: flags of an attribute, because the struct has no room for them. */
export const EXTRA_FLAGS = { 'dont-encap-dscp': 0x1, 'oseq-may-wrap': 0x2 } as const;

/** XFRM_POLICY_*: flags of a policy. */
export const POLICY_FLAGS = { localok: 0x1, icmp: 0x2 } as const;

/** UDP_ENCAP_*: what surrounds a packet. */
export const ENCAPSULATIONS = { 'espinudp-nonike': 1, espinudp: 2, espintcp: 7 } as const;

/** XFRM_POLICY_*: which packets a policy is about. */
export const DIRECTIONS = { in: 0, out: 1, fwd: 2 } as const;

/** XFRM_POLICY_TYPE_*. */
export const POLICY_TYPES = { main: 0, sub: 1 } as const;

/** XFRM_POLICY_ALLOW and XFRM_POLICY_BLOCK. */
export const ACTIONS = { allow: 0, block: 1 } as const;

/** XFRM_SHARE_*: who may use a state together. */
export const SHARES = { any: 0, session: 1, user: 2, unique: 3 } as const;

/** Whether a template may be left out where there is no state for it. */
export const LEVELS = { required: 0, use: 1 } as const;

/** XFRM_USERPOLICY_*. */
export const DEFAULT_ACTIONS = { unspec: 0, block: 1, accept: 2 } as const;

/** Limits of lifetimes by keyword: member of struct xfrm_lifetime_cfg. */
export const LIMITS = {
  'time-soft': 'soft_add_expires_seconds',
  'time-hard': 'hard_add_expires_seconds',
  'time-use-soft': 'soft_use_expires_seconds',
  'time-use-hard': 'hard_use_expires_seconds',
  'byte-soft': 'soft_byte_limit',
  'byte-hard': 'hard_byte_limit',
  'packet-soft': 'soft_packet_limit',
  'packet-hard': 'hard_packet_limit',
} as const;

/** Kinds of algorithms: the attribute of each, in print order. */
export const ALGORITHM_ATTRIBUTES = {
  enc: 'alg_crypt',
  auth: 'alg_auth',
  comp: 'alg_comp',
  aead: 'alg_aead',
  'auth-trunc': 'alg_auth_trunc',
} as const;

/** The word of a number; undefined if it has none. */
export function wordOf<W extends string>(words: Readonly<Record<W, number>>, value: number): W | undefined {
  for (const word in words) if (words[word] === value) return word;
  return undefined;
}

/** Whether a protocol is one of IPsec's. */
export function isIpsec(protocol: number): boolean {
  return [xfrm.IPPROTO_ESP, xfrm.IPPROTO_AH, xfrm.IPPROTO_COMP].includes(protocol);
}

/** Whether a protocol is one of Mobile IPv6's route optimization. */
export function isRouteOptimization(protocol: number): boolean {
  return protocol === xfrm.IPPROTO_ROUTING || protocol === xfrm.IPPROTO_DSTOPTS;
}
