/** How an encapsulation is laid out, inside a route or one of its next hops. */
import { AF_INET, AF_INET6, AF_MPLS } from '../linux/families.ts';
import {
  bpfEncap,
  ENCAP_BPF,
  ENCAP_ILA,
  ENCAP_IOAM6,
  ENCAP_IP,
  ENCAP_IP6,
  ENCAP_MPLS,
  ENCAP_NAMES,
  ENCAP_RPL,
  ENCAP_SEG6,
  ENCAP_SEG6_LOCAL,
  ENCAP_XFRM,
  IOAM6_MODES,
  ilaEncap,
  ioam6Encap,
  ipEncap,
  mplsEncap,
  rplEncap,
  SEG6_ACTIONS,
  SEG6_FLAVORS,
  SEG6_MODES,
  type SegmentRoutingHeader,
  seg6Encap,
  seg6LocalEncap,
  TUNNEL_CHECKSUM,
  TUNNEL_KEY,
  TUNNEL_SEQUENCE,
  xfrmEncap,
} from '../rtnetlink/encap.ts';
import { formatAddress } from '../rtnetlink/family-address.ts';
import type { Names } from '../schema/names.ts';
import type { Colour, Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';
import { AttributeIndex } from '../wire/attributes.ts';
import type { Codec } from '../wire/codec.ts';
import { HOST_ORDER_TYPE } from '../wire/message.ts';
import { showTunnelOptions } from './tunnel-options.ts';

/** The highest number that an attribute of an encapsulation has. */
const HIGHEST = 11;

type Show = (bytes: Buffer, at: number, end: number, out: Output, view: View) => void;

/** The attributes of the encapsulation that is shown. */
const own = new AttributeIndex(HIGHEST, HOST_ORDER_TYPE);

/** Shows the encapsulation of `type` whose own attributes are `bytes[at..end)`. */
export function showEncap(
  type: number,
  bytes: Buffer,
  at: number,
  end: number,
  out: Output,
  view: View,
): void {
  const name = ENCAP_NAMES[type] ?? 'unknown';
  out.open('encap');
  out.field('encap_type', name, ` encap ${name} `);
  SHOW[type]?.(bytes, at, end, out, view);
  out.close();
}

const SHOW: Readonly<Record<number, Show>> = {
  [ENCAP_MPLS]: showMpls,
  [ENCAP_IP]: (bytes, at, end, out) => showIp(bytes, at, end, out, 'ttl', 'tos', AF_INET),
  [ENCAP_IP6]: (bytes, at, end, out) => showIp(bytes, at, end, out, 'hoplimit', 'tc', AF_INET6),
  [ENCAP_ILA]: showIla,
  [ENCAP_SEG6]: showSeg6,
  [ENCAP_SEG6_LOCAL]: showSeg6Local,
  [ENCAP_RPL]: showRpl,
  [ENCAP_IOAM6]: showIoam6,
  [ENCAP_XFRM]: showXfrm,
  [ENCAP_BPF]: showBpf,
};

/** An attribute of the encapsulation, which is read with the bytes behind it if it is too short, as the original reads it. */
function readOn<T>({ type, codec }: { type: number; codec: Codec<T> }): T | undefined {
  return own.read(type, (bytes, at) => codec.read(bytes, at, bytes.length - at));
}

/** A field whose value people read after its key. */
function show(out: Output, key: string, value: number | bigint | string | undefined, colour?: Colour): void {
  if (value !== undefined) out.field(key, value, `${key} ${value} `, colour);
}

function showMpls(bytes: Buffer, at: number, end: number, out: Output): void {
  const { dst, ttl } = mplsEncap.rows;
  own.index(bytes, at, end);
  if (own.has(dst.type)) {
    const labels = formatAddress(own, dst.type, AF_MPLS);
    out.field('dst', labels, ` ${labels} `);
  }
  show(out, 'ttl', own.u8(ttl.type));
}

function showIp(
  bytes: Buffer,
  at: number,
  end: number,
  out: Output,
  ttlKey: string,
  tosKey: string,
  family: number,
): void {
  const { id, src, dst, ttl, tos, flags, opts } = ipEncap.rows;
  own.index(bytes, at, end);
  show(out, 'id', own.be64(id.type));
  showAddress(out, 'src', src.type, family);
  showAddress(out, 'dst', dst.type, family);
  show(out, ttlKey, own.u8(ttl.type));
  show(out, tosKey, own.u8(tos.type));
  const bits = own.be16(flags.type) ?? 0;
  if (bits & TUNNEL_KEY) out.field('key', true, 'key ');
  if (bits & TUNNEL_CHECKSUM) out.field('csum', true, 'csum ');
  if (bits & TUNNEL_SEQUENCE) out.field('seq', true, 'seq ');
  const options = own.read(opts.type, opts.codec.read);
  if (options !== undefined) showTunnelOptions(options, out);
}

function showAddress(out: Output, key: string, type: number, family: number): void {
  if (!own.has(type)) return;
  show(out, key, formatAddress(own, type, family), family === AF_INET ? 'inet' : 'inet6');
}

/** ILA_CSUM_*: what keeps checksums right. */
export const ILA_CHECKSUM_MODES: readonly string[] = [
  'adj-transport',
  'neutral-map',
  'no-action',
  'neutral-map-auto',
];
/** ILA_ATYPE_*: what an identifier is. */
export const ILA_IDENTIFIER_TYPES: Readonly<Record<number, string>> = {
  0: 'iid',
  1: 'luid',
  2: 'virt-v4',
  3: 'virt-uni-v6',
  4: 'virt-multi-v6',
  5: 'nonlocal-addr',
  32: 'use-format',
};
const HOOK_TYPES = ['output', 'input'];

/** A locator as four groups of hexadecimal digits. */
export function locatorText(locator: bigint): string {
  return [48n, 32n, 16n, 0n].map(shift => ((locator >> shift) & 0xffffn).toString(16)).join(':');
}

function showIla(bytes: Buffer, at: number, end: number, out: Output): void {
  const { locator, csum_mode, ident_type, hook_type } = ilaEncap.rows;
  own.index(bytes, at, end);
  const value = own.be64(locator.type);
  if (value !== undefined) {
    const text = locatorText(value);
    out.field('locator', text, ` ${text} `);
  }
  showIlaWord('csum_mode', ' csum-mode', own.u8(csum_mode.type), ILA_CHECKSUM_MODES, out);
  showIlaWord('ident_type', ' ident-type', own.u8(ident_type.type), ILA_IDENTIFIER_TYPES, out);
  showIlaWord('hook_type', ' hook-type', own.u8(hook_type.type), HOOK_TYPES, out);
}

function showIlaWord(
  key: string,
  label: string,
  value: number | undefined,
  words: Readonly<Record<number, string>>,
  out: Output,
): void {
  if (value === undefined) return;
  const word = words[value] ?? 'unknown';
  out.field(key, word, `${label} ${word} `);
}

function showSeg6(bytes: Buffer, at: number, end: number, out: Output, { names }: View): void {
  const { srh, tunsrc, table } = seg6Encap.rows;
  own.index(bytes, at, end);
  const header = readOn(srh);
  if (header === undefined) return;
  show(out, 'mode', SEG6_MODES[header.mode] ?? '<unknown>');
  showAddress(out, 'tunsrc', tunsrc.type, AF_INET6);
  showSegmentRoutingHeader(header, out);
  showTable('lookup', table.type, names, out);
}

function showSegmentRoutingHeader({ segments, hmacKey }: SegmentRoutingHeader, out: Output): void {
  showSegments(segments, out);
  if (hmacKey === undefined) return;
  const key = hmacKey.toString(16);
  out.field('hmac', `0x${key}`, `hmac ${key.toUpperCase()} `);
}

function showSegments(segments: readonly string[], out: Output): void {
  out.list('segs', `segs ${segments.length} [ `);
  for (const segment of segments) out.item(segment, `${segment} `, 'inet6');
  out.end('] ');
}

function showSeg6Local(bytes: Buffer, at: number, end: number, out: Output, view: View): void {
  const { names, statistics } = view;
  const rows = seg6LocalEncap.rows;
  own.index(bytes, at, end);
  const action = own.u32(rows.action.type);
  if (action === undefined) return;
  show(out, 'action', SEG6_ACTIONS[action] ?? '<invalid>');
  const header = readOn(rows.srh);
  if (header !== undefined) {
    out.open('srh');
    showSegmentRoutingHeader(header, out);
    out.close();
  }
  showTable('table', rows.table.type, names, out);
  showTable('vrftable', rows.vrftable.type, names, out);
  if (own.has(rows.nh4.type)) show(out, 'nh4', formatAddress(own, rows.nh4.type, AF_INET));
  if (own.has(rows.nh6.type)) show(out, 'nh6', formatAddress(own, rows.nh6.type, AF_INET6));
  showDevice('iif', own.u32(rows.iif.type), names, out);
  showDevice('oif', own.u32(rows.oif.type), names, out);
  const program = own.read(rows.bpf.type, rows.bpf.codec.read);
  if (program !== undefined) showBpfProgram('endpoint', program, out);
  const counters = own.read(rows.counters.type, rows.counters.codec.read);
  if (counters !== undefined && statistics > 0) {
    const { packets = 0n, bytes: size = 0n, errors = 0n } = counters;
    out.open('stats64');
    show(out, 'packets', packets);
    show(out, 'bytes', size);
    show(out, 'errors', errors);
    out.close();
  }
  const flavors = own.read(rows.flavors.type, rows.flavors.codec.read);
  if (flavors !== undefined) showFlavors(flavors, out);
}

function showFlavors(
  flavors: { operation?: number | undefined; lblen?: number | undefined; nflen?: number | undefined },
  out: Output,
): void {
  const { operation, lblen, nflen } = flavors;
  if (operation !== undefined) {
    const words = SEG6_FLAVORS.filter(([bit]) => operation & bit);
    out.list('flavors', 'flavors ');
    for (const [index, [, word]] of words.entries()) out.item(word, index === 0 ? word : `,${word}`);
    out.end(' ');
  }
  show(out, 'lblen', lblen);
  show(out, 'nflen', nflen);
}

function showTable(key: string, type: number, names: Names, out: Output): void {
  const table = own.u32(type);
  if (table !== undefined) show(out, key, names.name('tables', table));
}

function showDevice(key: string, index: number | undefined, names: Names, out: Output): void {
  if (index !== undefined) show(out, key, names.device(index));
}

function showRpl(bytes: Buffer, at: number, end: number, out: Output): void {
  own.index(bytes, at, end);
  const segments = readOn(rplEncap.rows.srh);
  if (segments !== undefined) showSegments(segments, out);
}

function showIoam6(bytes: Buffer, at: number, end: number, out: Output): void {
  const rows = ioam6Encap.rows;
  own.index(bytes, at, end);
  const [part, whole] = [own.u32(rows.freq_k.type), own.u32(rows.freq_n.type)];
  if (part === undefined || whole === undefined) return;
  out.field('freqk', part, `freq ${part}`);
  out.field('freqn', whole, `/${whole} `);
  const mode = own.u8(rows.mode.type);
  const trace = readOn(rows.trace);
  if (mode === undefined || trace === undefined) return;
  const isInline = mode === 1;
  const [hasSource, hasDestination] = [own.has(rows.tunsrc.type), own.has(rows.tundst.type)];
  if (isInline ? hasSource || hasDestination : !hasDestination) return;
  show(out, 'mode', IOAM6_MODES[mode - 1] ?? '<unknown>');
  if (!isInline) {
    showAddress(out, 'tunsrc', rows.tunsrc.type, AF_INET6);
    showAddress(out, 'tundst', rows.tundst.type, AF_INET6);
  }
  out.field('trace', null, 'trace ');
  out.field('prealloc', null, 'prealloc ');
  const type = trace.type.toString(16);
  // As printf's %#08x: a 0 has no 0x before it.
  out.field('type', type, `type ${trace.type === 0 ? '00000000' : `0x${type.padStart(6, '0')}`} `);
  show(out, 'ns', trace.namespace);
  show(out, 'size', trace.size);
}

function showXfrm(bytes: Buffer, at: number, end: number, out: Output, { names }: View): void {
  const { if_id, link } = xfrmEncap.rows;
  own.index(bytes, at, end);
  show(out, 'if_id', own.u32(if_id.type));
  showDevice('link_dev', own.u32(link.type), names, out);
}

function showBpf(bytes: Buffer, at: number, end: number, out: Output): void {
  const rows = bpfEncap.rows;
  own.index(bytes, at, end);
  for (const key of ['in', 'out', 'xmit'] as const) {
    const program = own.read(rows[key].type, rows[key].codec.read);
    if (program !== undefined) showBpfProgram(key, program, out);
  }
  const headroom = own.u32(rows.headroom.type);
  if (headroom !== undefined) out.field('headroom', headroom, ` ${headroom} `);
}

function showBpfProgram(key: string, program: { name?: string | undefined }, out: Output): void {
  const { name } = program;
  out.field(key, name ?? '<unknown>', name === undefined ? `${key} ` : `${key} ${name} `);
}
