/** The structs of xfrm's messages and attributes. Source: linux/xfrm.h. */
import * as codec from '../wire/codec.ts';
import { be16, be32, fixedBytes, record, s32, u8, u16, u32, u64 } from '../wire/record.ts';

/** xfrm_address_t: an IPv4 address has the first four bytes; the family stands elsewhere. */
export const xfrmAddress = fixedBytes(16);

const { padding } = codec;

/** struct xfrm_id: what the receiver of a packet finds a state by. */
export const stateKey = record({ daddr: xfrmAddress, spi: be32, proto: u8, _padding: padding(3) });

/** struct xfrm_selector: which packets are meant. `user` is always 0. */
export const selector = record({
  daddr: xfrmAddress,
  saddr: xfrmAddress,
  dport: be16,
  dport_mask: be16,
  sport: be16,
  sport_mask: be16,
  family: u16,
  prefixlen_d: u8,
  prefixlen_s: u8,
  proto: u8,
  _padding: padding(3),
  ifindex: s32,
  user: u32,
});

/** struct xfrm_lifetime_cfg: when a state or policy expires; XFRM_INF and 0 seconds are never. */
export const lifetimeLimits = record({
  soft_byte_limit: u64,
  hard_byte_limit: u64,
  soft_packet_limit: u64,
  hard_packet_limit: u64,
  soft_add_expires_seconds: u64,
  hard_add_expires_seconds: u64,
  soft_use_expires_seconds: u64,
  hard_use_expires_seconds: u64,
});

/** struct xfrm_lifetime_cur: what has been used; times are seconds since 1970. */
export const lifetimeUsed = record({ bytes: u64, packets: u64, add_time: u64, use_time: u64 });

/** struct xfrm_stats: packets that were refused. */
export const stateFailures = record({ replay_window: u32, replay: u32, integrity_failed: u32 });

/** struct xfrm_usersa_info: a state. */
export const stateInfo = record({
  sel: selector,
  id: stateKey,
  saddr: xfrmAddress,
  lft: lifetimeLimits,
  curlft: lifetimeUsed,
  stats: stateFailures,
  seq: u32,
  reqid: u32,
  family: u16,
  mode: u8,
  replay_window: u8,
  flags: u8,
  _padding: padding(7),
});

/** struct xfrm_usersa_id: names a state. */
export const stateId = record({
  daddr: xfrmAddress,
  spi: be32,
  family: u16,
  proto: u8,
  _padding: padding(1),
});

/** struct xfrm_userspi_info: a state to be made with an SPI of a range. */
export const spiRequest = record({ info: stateInfo, min: u32, max: u32 });

/** struct xfrm_user_expire. */
export const stateExpiry = record({ state: stateInfo, hard: u8, _padding: padding(7) });

/** struct xfrm_usersa_flush. */
export const stateFlush = record({ proto: u8 });

/** struct xfrm_userpolicy_info: a policy. */
export const policyInfo = record({
  sel: selector,
  lft: lifetimeLimits,
  curlft: lifetimeUsed,
  priority: u32,
  index: u32,
  dir: u8,
  action: u8,
  flags: u8,
  share: u8,
  _padding: padding(4),
});

/** struct xfrm_userpolicy_id: names a policy by its index, or by its selector. */
export const policyId = record({ sel: selector, index: u32, dir: u8, _padding: padding(3) });

/** struct xfrm_user_polexpire. */
export const policyExpiry = record({ pol: policyInfo, hard: u8, _padding: padding(7) });

/** struct xfrm_userpolicy_default: what happens to packets without a policy. */
export const policyDefaults = record({ in: u8, fwd: u8, out: u8 });

/** struct xfrm_userpolicy_type. */
export const policyType = record({ type: u8, _padding: padding(5) });

/** struct xfrm_user_tmpl: what a policy wants done to packets. The masks are of algorithms. */
export const template = record({
  id: stateKey,
  family: u16,
  _padding: padding(2),
  saddr: xfrmAddress,
  reqid: u32,
  mode: u8,
  share: u8,
  optional: u8,
  _padding2: padding(1),
  aalgos: u32,
  ealgos: u32,
  calgos: u32,
});

/** struct xfrm_user_acquire: a policy wants a state that is not there. */
export const acquire = record({
  id: stateKey,
  saddr: xfrmAddress,
  sel: selector,
  policy: policyInfo,
  aalgos: u32,
  ealgos: u32,
  calgos: u32,
  seq: u32,
});

/** struct xfrm_user_report. */
export const report = record({ proto: u8, _padding: padding(3), sel: selector });

/** struct xfrm_aevent_id. */
export const asyncEvent = record({ sa_id: stateId, saddr: xfrmAddress, flags: u32, reqid: u32 });

/** struct xfrm_user_mapping: the peer behind a translator of addresses has moved. */
export const mapping = record({
  id: stateId,
  reqid: u32,
  old_saddr: xfrmAddress,
  new_saddr: xfrmAddress,
  old_sport: be16,
  new_sport: be16,
});

/** struct xfrm_encap_tmpl. */
export const encapsulation = record({
  encap_type: u16,
  encap_sport: be16,
  encap_dport: be16,
  _padding: padding(2),
  encap_oa: xfrmAddress,
});

/** struct xfrm_mark. */
export const mark = record({ v: u32, m: u32 });

/** struct xfrm_replay_state. */
export const replayState = record({ oseq: u32, seq: u32, bitmap: u32 });

/** struct xfrm_user_offload. */
export const offload = record({ ifindex: s32, flags: u8, _padding: padding(3) });

/** struct xfrm_address_filter. */
export const addressFilter = record({
  saddr: xfrmAddress,
  daddr: xfrmAddress,
  family: u16,
  splen: u8,
  dplen: u8,
});

/** struct xfrm_user_kmaddress. */
export const keyManagerAddress = record({
  local: xfrmAddress,
  remote: xfrmAddress,
  _reserved: padding(4),
  family: u16,
  _padding: padding(2),
});

/** struct xfrm_user_migrate. */
export const migration = record({
  old_daddr: xfrmAddress,
  old_saddr: xfrmAddress,
  new_daddr: xfrmAddress,
  new_saddr: xfrmAddress,
  proto: u8,
  mode: u8,
  _reserved: padding(2),
  reqid: u32,
  old_family: u16,
  new_family: u16,
});

/** struct xfrmu_spdinfo: numbers of policies, and of those of sockets. */
export const policyCounts = record({
  incnt: u32,
  outcnt: u32,
  fwdcnt: u32,
  inscnt: u32,
  outscnt: u32,
  fwdscnt: u32,
});

/** struct xfrmu_sadhinfo and xfrmu_spdhinfo: buckets of a hash table, and the most it may have. */
export const hashInfo = record({ count: u32, max: u32 });

/** struct xfrmu_spdhthresh: the shortest prefixes that are hashed. */
export const hashThreshold = record({ lbits: u8, rbits: u8 });

/** The struct of messages that have none. */
export const noStruct = record({});

/** `flags`, which the kernel does not read. */
export const infoRequest = record({ flags: u32 });

export type Selector = ReturnType<typeof selector.zero>;
export type StateKey = ReturnType<typeof stateKey.zero>;
export type StateInfo = ReturnType<typeof stateInfo.zero>;
export type PolicyInfo = ReturnType<typeof policyInfo.zero>;
export type LifetimeLimits = ReturnType<typeof lifetimeLimits.zero>;
export type LifetimeUsed = ReturnType<typeof lifetimeUsed.zero>;
export type Template = ReturnType<typeof template.zero>;
export type Mark = ReturnType<typeof mark.zero>;
