/**
 * Encapsulations of routes and next hops. Source: linux/lwtunnel.h LWTUNNEL_ENCAP_*, linux/mpls_iptunnel.h,
 * linux/seg6_iptunnel.h, linux/seg6_local.h, linux/rpl_iptunnel.h, linux/ioam6_iptunnel.h, linux/ila.h.
 */

import { NLA_F_NESTED, NLA_HDRLEN } from '../linux/netlink.ts';
import type { Rows, ValuesOf } from '../schema/row.ts';
import * as row from '../schema/row.ts';
import { type Table, table } from '../schema/table.ts';
import { formatIpv6, packIp } from '../wire/address.ts';
import type * as codec from '../wire/codec.ts';
import { HEADER_LENGTH, walkAttributes } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import { inetAddress, labelStack } from './family-address.ts';

export const ENCAP_MPLS = 1;
export const ENCAP_IP = 2;
export const ENCAP_ILA = 3;
export const ENCAP_IP6 = 4;
export const ENCAP_SEG6 = 5;
export const ENCAP_BPF = 6;
export const ENCAP_SEG6_LOCAL = 7;
export const ENCAP_RPL = 8;
export const ENCAP_IOAM6 = 9;
export const ENCAP_XFRM = 10;

/** Names of encapsulations by number. */
export const ENCAP_NAMES: Readonly<Record<number, string>> = {
  [ENCAP_MPLS]: 'mpls',
  [ENCAP_IP]: 'ip',
  [ENCAP_ILA]: 'ila',
  [ENCAP_IP6]: 'ip6',
  [ENCAP_SEG6]: 'seg6',
  [ENCAP_BPF]: 'bpf',
  [ENCAP_SEG6_LOCAL]: 'seg6local',
  [ENCAP_RPL]: 'rpl',
  [ENCAP_IOAM6]: 'ioam6',
  [ENCAP_XFRM]: 'xfrm',
};

export const mplsEncap = table({
  dst: row.value(1, labelStack),
  ttl: row.u8(2),
});

const geneveOption = table({ class: row.be16(1), type: row.u8(2), data: row.raw(3) });
const vxlanOption = table({ gbp: row.u32(1) });
const erspanOption = table({ ver: row.u8(1), index: row.be32(2), dir: row.u8(3), hwid: row.u8(4) });

export type GeneveOption = ValuesOf<typeof geneveOption.rows>;
export type VxlanOption = ValuesOf<typeof vxlanOption.rows>;
export type ErspanOption = ValuesOf<typeof erspanOption.rows>;

/** Options of the outer tunnel header; a request carries those of one kind. */
export interface TunnelOptions {
  readonly geneve?: readonly GeneveOption[] | undefined;
  readonly vxlan?: VxlanOption | undefined;
  readonly erspan?: ErspanOption | undefined;
}

const GENEVE = 1;
const VXLAN = 2;
const ERSPAN = 3;
const GENEVE_CLASS = 1;

/** LWTUNNEL_IP_OPTS_*: in requests each Geneve option has its own nest, in answers all of them share one. */
const tunnelOptions: codec.Codec<TunnelOptions> = {
  read(bytes, at, length) {
    const options: { -readonly [K in keyof TunnelOptions]: TunnelOptions[K] } = {};
    walkAttributes(bytes, at, at + length, (type, start, size) => {
      if (type === GENEVE) options.geneve ??= readGeneveOptions(bytes, start, size);
      if (type === VXLAN) options.vxlan ??= vxlanOption.decode(bytes, start, start + size);
      if (type === ERSPAN) options.erspan ??= erspanOption.decode(bytes, start, start + size);
    });
    return options;
  },
  write(out, { geneve = [], vxlan, erspan }) {
    for (const option of geneve) out.attribute(GENEVE | NLA_F_NESTED, geneveOption.codec, option);
    if (vxlan !== undefined) out.attribute(VXLAN | NLA_F_NESTED, vxlanOption.codec, vxlan);
    if (erspan !== undefined) out.attribute(ERSPAN | NLA_F_NESTED, erspanOption.codec, erspan);
  },
};

/** A class begins the next option. */
function readGeneveOptions(bytes: Buffer, at: number, length: number): GeneveOption[] {
  const starts: number[] = [];
  walkAttributes(bytes, at, at + length, (type, start) => {
    if (type === GENEVE_CLASS) starts.push(start - NLA_HDRLEN);
  });
  return starts.map((start, index) => geneveOption.decode(bytes, start, starts[index + 1] ?? at + length));
}

/** LWTUNNEL_IP_FLAGS. */
export const TUNNEL_CHECKSUM = 0x1;
export const TUNNEL_KEY = 0x4;
export const TUNNEL_SEQUENCE = 0x8;

/** IPv4 and IPv6 tunnel metadata; `ttl` is the hop limit and `tos` the traffic class of IPv6. */
export const ipEncap = table({
  id: row.be64(1),
  dst: row.value(2, inetAddress),
  src: row.value(3, inetAddress),
  ttl: row.u8(4),
  tos: row.u8(5),
  flags: row.be16(6),
  opts: { ...row.value(8, tunnelOptions), nestedFlag: NLA_F_NESTED },
});

export const ilaEncap = table({
  locator: row.be64(1),
  csum_mode: row.u8(7),
  ident_type: row.u8(8),
  hook_type: row.u8(9),
});

/** A segment routing header (RFC 8754) with the segments in the order of travel. */
export interface SegmentRoutingHeader {
  readonly segments: readonly string[];
  /** Key of the HMAC TLV that the kernel fills in. */
  readonly hmacKey?: number | undefined;
}

const SRH_LENGTH = 8;
const SRH_TYPE = 4;
const SRH_FLAG_HMAC = 0x08;
const TLV_HMAC = 5;
const TLV_HMAC_LENGTH = 40;

/** struct ipv6_sr_hdr: the segments lie in reverse; the HMAC TLV follows the last. */
const segmentRoutingHeader: codec.Codec<SegmentRoutingHeader> = {
  read(bytes, at, length) {
    if (length < SRH_LENGTH) return undefined;
    const count = Math.min(bytes[at + 4]! + 1, Math.floor((length - SRH_LENGTH) / 16));
    const segments = readSegments(bytes, at + SRH_LENGTH, count);
    const tlv = at + SRH_LENGTH + 16 * count;
    const hasHmac = (bytes[at + 5]! & SRH_FLAG_HMAC) !== 0 && tlv + 8 <= at + length;
    return hasHmac ? { segments, hmacKey: bytes.readUInt32BE(tlv + 4) } : { segments };
  },
  write(out, { segments, hmacKey }) {
    const length = SRH_LENGTH + 16 * segments.length + (hmacKey === undefined ? 0 : TLV_HMAC_LENGTH);
    out.u8(0);
    out.u8(length / 8 - 1);
    out.u8(SRH_TYPE);
    out.u8(segments.length - 1);
    out.u8(segments.length - 1);
    out.u8(hmacKey === undefined ? 0 : SRH_FLAG_HMAC);
    out.u16(0);
    writeSegments(out, segments);
    if (hmacKey === undefined) return;
    out.u8(TLV_HMAC);
    out.u8(TLV_HMAC_LENGTH - 2);
    out.u16(0);
    out.be32(hmacKey);
    out.reserve(TLV_HMAC_LENGTH - 8);
  },
};

function readSegments(bytes: Buffer, at: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => formatIpv6(bytes, at + 16 * (count - 1 - index)));
}

function writeSegments(out: MessageWriter, segments: readonly string[]): void {
  for (const segment of segments.toReversed()) out.raw(packIp(segment));
}

/** Ways in which a packet gets its segments, by number. */
export const SEG6_MODES = ['inline', 'encap', 'l2encap', 'encap.red', 'l2encap.red'] as const;
export const SEG6_INLINE = 0;

/** struct seg6_iptunnel_encap. */
const seg6Encapsulation: codec.Codec<SegmentRoutingHeader & { readonly mode: number }> = {
  read(bytes, at, length) {
    if (length < 4) return undefined;
    const header = segmentRoutingHeader.read(bytes, at + 4, length - 4);
    return header === undefined ? undefined : { mode: bytes.readUInt32LE(at), ...header };
  },
  write(out, value) {
    out.u32(value.mode);
    segmentRoutingHeader.write(out, value);
  },
};

export const seg6Encap = table({
  srh: row.value(1, seg6Encapsulation),
  tunsrc: row.value(2, inetAddress),
  table: row.u32(3),
});

/** SEG6_LOCAL_ACTION_*, by number. */
export const SEG6_ACTIONS = [
  '<unknown>',
  'End',
  'End.X',
  'End.T',
  'End.DX2',
  'End.DX6',
  'End.DX4',
  'End.DT6',
  'End.DT4',
  'End.B6',
  'End.B6.Encaps',
  'End.BM',
  'End.S',
  'End.AS',
  'End.AM',
  'End.BPF',
  'End.DT46',
] as const;

/** SEG6_LOCAL_FLV_OP_*: bits of flavors, in the order in which they are shown. */
export const SEG6_FLAVORS: readonly (readonly [number, string])[] = [
  [1 << 1, 'psp'],
  [1 << 2, 'usp'],
  [1 << 3, 'usd'],
  [1 << 4, 'next-csid'],
];

export const seg6Counters = table({ packets: row.u64(2), bytes: row.u64(3), errors: row.u64(4) });
export const seg6Flavors = table({ operation: row.u32(1), lblen: row.u8(2), nflen: row.u8(3) });

export const seg6LocalEncap = table({
  action: row.u32(1),
  srh: row.value(2, segmentRoutingHeader),
  table: row.u32(3),
  nh4: row.value(4, inetAddress),
  nh6: row.value(5, inetAddress),
  iif: row.device(6),
  oif: row.device(7),
  bpf: row.nest(8, table({ prog: row.u32(1), name: row.text(2) })),
  vrftable: row.u32(9),
  counters: row.nest(10, seg6Counters),
  flavors: row.nest(11, seg6Flavors),
});

const RPL_LENGTH = 8;
const RPL_TYPE = 3;

/** struct ipv6_rpl_sr_hdr (RFC 6554) without compression: the segments in the order of travel. */
const rplHeader: codec.Codec<readonly string[]> = {
  read(bytes, at, length) {
    if (length < RPL_LENGTH) return undefined;
    const count = Math.min(bytes[at + 3]!, Math.floor((length - RPL_LENGTH) / 16));
    return readSegments(bytes, at + RPL_LENGTH, count);
  },
  write(out, segments) {
    out.u8(0);
    out.u8(2 * segments.length);
    out.u8(RPL_TYPE);
    out.u8(segments.length);
    out.u32(0);
    writeSegments(out, segments);
  },
};

export const rplEncap = table({ srh: row.value(1, rplHeader) });

/** IOAM6_IPTUNNEL_MODE_*, from 1. */
export const IOAM6_MODES = ['inline', 'encap', 'auto'] as const;

/** struct ioam6_trace_hdr. */
const ioam6Trace: codec.Codec<{ namespace: number; size: number; type: number }> = {
  read(bytes, at, length) {
    if (length < 8) return undefined;
    return {
      namespace: bytes.readUInt16BE(at),
      size: bytes[at + 3]! * 4,
      type: bytes.readUInt32BE(at + 4) >>> 8,
    };
  },
  write(out, { namespace, size, type }) {
    out.be16(namespace);
    out.u8(0);
    out.u8(size / 4);
    out.be32((type & 0xffffff) * 256);
  },
};

export const ioam6Encap = table({
  mode: row.u8(1),
  tundst: row.value(2, inetAddress),
  trace: row.value(3, ioam6Trace),
  /** Packets of `freq_n` that get a trace. */
  freq_k: row.u32(4),
  freq_n: row.u32(5),
  tunsrc: row.value(6, inetAddress),
});

export const xfrmEncap = table({ if_id: row.u32(1), link: row.device(2) });

const bpfProgram = table({ fd: row.u32(1), name: row.text(2) });

export const bpfEncap = table({
  in: row.nest(1, bpfProgram),
  out: row.nest(2, bpfProgram),
  xmit: row.nest(3, bpfProgram),
  headroom: row.u32(4),
});

/** The payload of RTA_ENCAP that carries `values`. */
export function encapPayload<R extends Rows>(attributes: Table<R>, values: ValuesOf<R>): Buffer {
  const out = new MessageWriter(0, 0);
  attributes.encode(out, values);
  return out.bytes.subarray(HEADER_LENGTH, out.length);
}
