/** The attributes of xfrm's messages. Source: linux/xfrm.h XFRMA_*, XFRMA_SAD_*, XFRMA_SPD_*. */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import type { Codec, StructCodec } from '../wire/codec.ts';
import { load16, load32 } from '../wire/integers.ts';
import { PLAIN_TYPE } from '../wire/message.ts';
import { decodeTextToNul, encodeText } from '../wire/text.ts';
import { icvAlgorithm, plainAlgorithm } from './algorithm.ts';
import * as structs from './structs.ts';

/** XFRMA_SEC_CTX: struct xfrm_user_sec_ctx and the context with its final NUL. */
export interface SecurityContext {
  /** Domain of interpretation and algorithm: 1 and 1 are SELinux of this machine. */
  readonly doi: number;
  readonly algorithm: number;
  readonly context: string;
}

/** Bytes before the context, which end in its length. */
export const CONTEXT_HEADER = 8;

/** The codec of a security context. Of the context there is as much as the payload has. */
export const securityContext: Codec<SecurityContext> = {
  read(bytes, at, length) {
    if (length < CONTEXT_HEADER) return undefined;
    const [algorithm, doi] = [bytes[at + 4]!, bytes[at + 5]!];
    const start = at + CONTEXT_HEADER;
    const end = Math.min(start + load16(bytes, at + 6), at + length);
    return { doi, algorithm, context: decodeTextToNul(bytes, start, end) };
  },
  write(out, { doi, algorithm, context }) {
    const text = encodeText(context);
    out.u16(CONTEXT_HEADER + text.length + 1);
    out.u16(SECURITY_CONTEXT);
    out.u8(algorithm);
    out.u8(doi);
    out.u16(text.length + 1);
    out.raw(text);
    out.u8(0);
  },
};

/** XFRMA_SEC_CTX, which the struct repeats. */
const SECURITY_CONTEXT = 8;

/** struct xfrm_replay_state_esn: numbers of 64 bits, and a window of any size. */
export interface ReplayWindow {
  readonly oseq: number;
  readonly seq: number;
  readonly oseq_hi: number;
  readonly seq_hi: number;
  /** In packets. */
  readonly replay_window: number;
  /** The packets that have been received, a bit each, in words of 32. */
  readonly bitmap: readonly number[];
}

/** Bytes before the bitmap; they begin with its length in words. */
export const WINDOW_HEADER = 24;

/** The codec of a window against replays. */
export const replayWindow: Codec<ReplayWindow> = {
  read(bytes, at, length) {
    if (length < WINDOW_HEADER) return undefined;
    const words = Math.min(load32(bytes, at), Math.floor((length - WINDOW_HEADER) / 4));
    return {
      oseq: load32(bytes, at + 4),
      seq: load32(bytes, at + 8),
      oseq_hi: load32(bytes, at + 12),
      seq_hi: load32(bytes, at + 16),
      replay_window: load32(bytes, at + 20),
      bitmap: Array.from({ length: words }, (_, index) => load32(bytes, at + WINDOW_HEADER + 4 * index)),
    };
  },
  write(out, { oseq, seq, oseq_hi, seq_hi, replay_window, bitmap }) {
    out.u32(Math.ceil(replay_window / 32));
    for (const value of [oseq, seq, oseq_hi, seq_hi, replay_window, ...bitmap]) out.u32(value);
  },
};

/** Structs one after the other. */
function series<T>(member: StructCodec<T>): Codec<T[]> {
  return {
    read(bytes, at, length) {
      const items: T[] = [];
      for (let start = at; start + member.size <= at + length; start += member.size) {
        const item = member.read(bytes, start, member.size);
        if (item !== undefined) items.push(item);
      }
      return items;
    },
    write(out, items) {
      for (const item of items) member.write(out, item);
    },
  };
}

/** XFRMA_*, named as in the kernel's header. */
export const xfrmAttributes = table(
  {
    alg_auth: row.value(1, plainAlgorithm),
    alg_crypt: row.value(2, plainAlgorithm),
    alg_comp: row.value(3, plainAlgorithm),
    encap: row.value(4, structs.encapsulation),
    tmpl: row.value(5, series(structs.template)),
    sa: row.value(6, structs.stateInfo),
    policy: row.value(7, structs.policyInfo),
    sec_ctx: row.value(8, securityContext),
    ltime_val: row.value(9, structs.lifetimeUsed),
    replay_val: row.value(10, structs.replayState),
    replay_thresh: row.u32(11),
    etimer_thresh: row.u32(12),
    srcaddr: row.value(13, structs.xfrmAddress),
    coaddr: row.value(14, structs.xfrmAddress),
    lastused: row.u64(15),
    policy_type: row.value(16, structs.policyType),
    migrate: row.value(17, series(structs.migration)),
    alg_aead: row.value(18, icvAlgorithm),
    kmaddress: row.value(19, structs.keyManagerAddress),
    alg_auth_trunc: row.value(20, icvAlgorithm),
    mark: row.value(21, structs.mark),
    tfcpad: row.u32(22),
    replay_esn_val: row.value(23, replayWindow),
    sa_extra_flags: row.u32(24),
    proto: row.u8(25),
    address_filter: row.value(26, structs.addressFilter),
    pad: row.raw(27),
    offload_dev: row.value(28, structs.offload),
    set_mark: row.u32(29),
    set_mark_mask: row.u32(30),
    if_id: row.u32(31),
    mtimer_thresh: row.u32(32),
    sa_dir: row.u8(33),
    nat_keepalive_interval: row.u32(34),
    sa_pcpu: row.u32(35),
    iptfs_drop_time: row.u32(36),
    iptfs_reorder_window: row.u16(37),
    iptfs_dont_frag: row.flag(38),
    iptfs_init_delay: row.u32(39),
    iptfs_max_qsize: row.u32(40),
    iptfs_pkt_size: row.u32(41),
  },
  PLAIN_TYPE,
);

/** The highest number among the attributes of states and policies. */
export const MAX_ATTRIBUTE = 41;

/** What the attributes of a state or policy say, by the kernel's names. */
export type XfrmAttributes = row.ValuesOf<typeof xfrmAttributes.rows>;

/** XFRMA_SAD_*: how many states there are. */
export const stateCounts = table({ cnt: row.u32(1), hinfo: row.value(2, structs.hashInfo) }, PLAIN_TYPE);

/** XFRMA_SPD_*: how many policies there are. */
export const policyCounts = table(
  {
    info: row.value(1, structs.policyCounts),
    hinfo: row.value(2, structs.hashInfo),
    ipv4_hthresh: row.value(3, structs.hashThreshold),
    ipv6_hthresh: row.value(4, structs.hashThreshold),
  },
  PLAIN_TYPE,
);

/** Bytes of a number inside or after an attribute that may be too short, as the original reads them; 0 past the end. */
export function loadBeyond(bytes: Buffer, at: number, size: 1 | 2 | 4): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}
