/** The outer header of IPv6 tunnels: rows that several kinds share. Source: linux/ip6_tunnel.h IP6_TNL_F_*. */
import { type Args, wrongArgument } from '../../../schema/args.ts';
import { formatHex, parseUnsigned } from '../../../schema/number.ts';
import type { Output } from '../../../schema/output.ts';
import { withBits } from '../../../schema/parse.ts';
import * as row from '../../../schema/row.ts';

/** Bits of an IPv6 tunnel's flags. */
export const IP6_IGNORE_ENCAP_LIMIT = 0x1;
export const IP6_USE_ORIGINAL_TCLASS = 0x2;
export const IP6_USE_ORIGINAL_FLOWLABEL = 0x4;
export const IP6_MIP6 = 0x8;
export const IP6_COPY_DSCP = 0x10;
export const IP6_USE_ORIGINAL_FWMARK = 0x20;
export const IP6_ALLOW_LOCAL_REMOTE = 0x40;

const TCLASS_SHIFT = 20;
const TCLASS = 0x0ff00000;
const FLOWLABEL = 0x000fffff;
const MAX_FLOWLABEL = 0xfffff;

/** What `add` sends of an IPv6 tunnel for words that are not given. */
export const IP6_DEFAULTS = { ttl: 64, encap_limit: 4, flowinfo: 0, flags: 0, fwmark: 0 };

/** The numbers of the attributes of {@link ip6Header}. */
export interface Ip6Numbers {
  readonly encapLimit: number;
  readonly flowinfo: number;
  readonly flags: number;
}

/** The values of the rows below. */
type Header = { [N in 'encap_limit' | 'flowinfo' | 'flags' | 'fwmark']?: number | undefined };

/** Reads `inherit`, which sets `flag`, or what `read` makes of the word, which clears it. */
function readInheritable(
  args: Args,
  { flags }: Header,
  flag: number,
  read: (word: string) => number | undefined,
  complaint: string,
): { value: number; flags: number } {
  const word = args.next();
  if (word === 'inherit') return { value: 0, flags: withBits(flags, { set: flag }) };
  const value = read(word);
  if (value === undefined) throw wrongArgument(word, complaint);
  return { value, flags: withBits(flags, { clear: flag }) };
}

function hexDigits(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

function showFlowinfo(value: number | undefined, flags: number, out: Output): void {
  if (flags & IP6_USE_ORIGINAL_TCLASS) {
    out.field('ip6_tnl_f_use_orig_tclass', true, 'tclass inherit ');
  } else if (value !== undefined) {
    const shown = hexDigits((value & TCLASS) >>> TCLASS_SHIFT, 2);
    out.field('tclass', shown, `tclass ${shown} `);
  }
  if (flags & IP6_USE_ORIGINAL_FLOWLABEL) {
    out.field('ip6_tnl_f_use_orig_flowlabel', true, 'flowlabel inherit ');
  } else if (value !== undefined) {
    const shown = hexDigits(value & FLOWLABEL, 5);
    out.field('flowlabel', shown, `flowlabel ${shown} `);
  }
}

function showEncapLimit(value: number | undefined, flags: number, out: Output): void {
  if (flags & IP6_IGNORE_ENCAP_LIMIT) {
    out.field('ip6_tnl_f_ign_encap_limit', true, 'encaplimit none ');
  } else if (value !== undefined) {
    out.field('encap_limit', value, `encaplimit ${value} `);
  }
}

function readEncapLimit(args: Args, { encap_limit: existing, flags }: Header): Header {
  const word = args.next();
  const isNone = word === 'none';
  const limit = isNone ? existing : parseUnsigned(word, 0xff);
  if (limit === undefined) throw wrongArgument(word, 'invalid ELIM');
  const bit = IP6_IGNORE_ENCAP_LIMIT;
  return { encap_limit: limit, flags: withBits(flags, isNone ? { set: bit } : { clear: bit }) };
}

function readClass(args: Args, draft: Header): Header {
  const read = (word: string) => parseUnsigned(word, 0xff, 16);
  const { value, flags } = readInheritable(args, draft, IP6_USE_ORIGINAL_TCLASS, read, 'invalid TClass');
  return { flags, flowinfo: (((draft.flowinfo ?? 0) & ~TCLASS) | (value << TCLASS_SHIFT)) >>> 0 };
}

function readLabel(args: Args, draft: Header): Header {
  const read = (word: string) => parseUnsigned(word, MAX_FLOWLABEL, 16);
  const { value, flags } = readInheritable(
    args,
    draft,
    IP6_USE_ORIGINAL_FLOWLABEL,
    read,
    'invalid Flowlabel',
  );
  return { flags, flowinfo: (((draft.flowinfo ?? 0) & ~FLOWLABEL) | value) >>> 0 };
}

/** Flags that are shown by a word each. */
const SHOWN_FLAGS = [
  [IP6_COPY_DSCP, 'ip6_tnl_f_rcv_dscp_copy', 'dscp inherit '],
  [IP6_MIP6, 'ip6_tnl_f_mip6_dev', 'mip6 '],
] as const;

/**
 * Limit, class and label of outer IPv6 packets, some inherited by flags. The words for the traffic class may be
 * abbreviated if they are given down to one of `abbreviable`; `shownFlags` are those of the flags that are shown.
 */
export function ip6Header(
  { encapLimit, flowinfo, flags }: Ip6Numbers,
  abbreviable: readonly string[],
  shownFlags = IP6_COPY_DSCP,
) {
  return {
    encap_limit: row.u8(encapLimit, {
      keyword: 'encaplimit',
      operands: [{ synopsis: '{ none | 0..255 }', words: ['none'], range: [0, 0xff] }],
      patch: (args, _keyword, draft: Header) => readEncapLimit(args, draft),
      show: (value, out, all: Header) => showEncapLimit(value, all.flags ?? 0, out),
      whenAbsent: (out, all: Header) => showEncapLimit(undefined, all.flags ?? 0, out),
    }),
    flowinfo: row.be32(flowinfo, {
      keyword: ['tos', 'tclass', 'tc', 'dsfield', 'flowlabel', 'fl'],
      operands: [{ synopsis: '{ 0xHEX | inherit }', words: ['inherit'] }],
      patch: (args, keyword, draft: Header) =>
        (keyword.startsWith('fl') ? readLabel : readClass)(args, draft),
      show: (value, out, all: Header) => showFlowinfo(value, all.flags ?? 0, out),
      whenAbsent: (out, all: Header) => showFlowinfo(undefined, all.flags ?? 0, out),
      abbreviable,
    }),
    flags: row.u32(flags, {
      keyword: 'dscp',
      bits: row.bitWords({ 'allow-localremote': IP6_ALLOW_LOCAL_REMOTE }),
      operands: [{ synopsis: 'inherit', words: ['inherit'] }],
      parse(args, _keyword, draft: Header) {
        const word = args.next();
        if (word !== 'inherit') throw wrongArgument(word, 'not inherit');
        return withBits(draft.flags, { set: IP6_COPY_DSCP });
      },
      show(value, out) {
        for (const [bit, key, text] of SHOWN_FLAGS) if (value & shownFlags & bit) out.field(key, true, text);
      },
    }),
  };
}

function showFirewallMark(value: number, flags: number, out: Output): void {
  if (flags & IP6_ALLOW_LOCAL_REMOTE) {
    out.field('ip6_tnl_f_allow_local_remote', true, 'allow-localremote ');
  }
  if (flags & IP6_USE_ORIGINAL_FWMARK) {
    out.field('ip6_tnl_f_use_orig_fwmark', true, 'fwmark inherit ');
  } else if (value !== 0) {
    out.field('fwmark', formatHex(value), `fwmark ${formatHex(value)} `);
  }
}

/** The firewall mark of outer IPv6 packets, or that of the packet inside. */
export function ip6FirewallMark(type: number) {
  return row.u32(type, {
    operands: [{ synopsis: '{ MARK | inherit }', words: ['inherit'], range: [0, 0xffffffff] }],
    patch(args, _keyword, draft: Header) {
      const read = (word: string) => parseUnsigned(word, 0xffffffff);
      const { value, flags } = readInheritable(
        args,
        draft,
        IP6_USE_ORIGINAL_FWMARK,
        read,
        'invalid fwmark\n',
      );
      return { flags, fwmark: value };
    },
    show: (value, out, all: Header) => showFirewallMark(value, all.flags ?? 0, out),
    whenAbsent: (out, all: Header) => showFirewallMark(0, all.flags ?? 0, out),
  });
}
