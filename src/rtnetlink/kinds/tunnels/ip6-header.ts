/** The outer header of IPv6 tunnels: rows that several kinds share. Source: linux/ip6_tunnel.h IP6_TNL_F_*. */
import { wrongArgument } from '../../../schema/args.ts';
import { formatHex, parseUnsigned } from '../../../schema/number.ts';
import type { Output } from '../../../schema/output.ts';
import * as row from '../../../schema/row.ts';
import { setBits } from './endpoints.ts';

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

/** What `add` sends of an IPv6 tunnel where nothing is said of it. */
export const IP6_DEFAULTS = { ttl: 64, encap_limit: 4, flowinfo: 0, flags: 0, fwmark: 0 };

/** The numbers of the attributes of {@link ip6Header}. */
export interface Ip6Numbers {
  readonly encapLimit: number;
  readonly flowinfo: number;
  readonly flags: number;
}

const flagsOf = (values: row.Values) => (values['flags'] as number | undefined) ?? 0;

/** Reads `inherit`, which sets a flag, or a number up to `max`. */
function readInheritable(
  word: string,
  draft: row.Values,
  flag: number,
  max: number,
  complaint: string,
  base: 0 | 16,
): number {
  const isInherited = word === 'inherit';
  const value = isInherited ? 0 : parseUnsigned(word, max, base);
  if (value === undefined) throw wrongArgument(word, complaint);
  draft['flags'] = setBits(flagsOf(draft), flag, isInherited);
  return value;
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

/**
 * Limit, class and label of outer IPv6 packets, some inherited by flags. The words for the traffic class may be
 * abbreviated if they are given down to one of `abbreviable`.
 */
export function ip6Header({ encapLimit, flowinfo, flags }: Ip6Numbers, abbreviable: readonly string[]) {
  return {
    encap_limit: row.u8(encapLimit, {
      keyword: 'encaplimit',
      parse(args, draft, _tools, _keyword, name) {
        const word = args.next();
        const isNone = word === 'none';
        const limit = isNone ? (draft[name] as number) : parseUnsigned(word, 0xff);
        if (limit === undefined) throw wrongArgument(word, 'invalid ELIM');
        draft[name] = limit;
        draft['flags'] = setBits(flagsOf(draft), IP6_IGNORE_ENCAP_LIMIT, isNone);
      },
      show: (value, out, all) => showEncapLimit(value, flagsOf(all), out),
      whenAbsent: (out, all) => showEncapLimit(undefined, flagsOf(all), out),
    }),
    flowinfo: row.be32(flowinfo, {
      keyword: ['tos', 'tclass', 'tc', 'dsfield', 'flowlabel', 'fl'],
      parse(args, draft, _tools, keyword, name) {
        const isLabel = keyword.startsWith('fl');
        const word = args.next();
        const value = isLabel
          ? readInheritable(word, draft, IP6_USE_ORIGINAL_FLOWLABEL, MAX_FLOWLABEL, 'invalid Flowlabel', 16)
          : readInheritable(word, draft, IP6_USE_ORIGINAL_TCLASS, 0xff, 'invalid TClass', 16);
        const other = (draft[name] as number) & ~(isLabel ? FLOWLABEL : TCLASS);
        draft[name] = (other | (isLabel ? value : value << TCLASS_SHIFT)) >>> 0;
      },
      show: (value, out, all) => showFlowinfo(value, flagsOf(all), out),
      whenAbsent: (out, all) => showFlowinfo(undefined, flagsOf(all), out),
      abbreviable,
    }),
    flags: row.u32(flags, {
      keyword: ['dscp', 'allow-localremote', 'noallow-localremote'],
      parse(args, draft, _tools, keyword, name) {
        if (keyword !== 'dscp') {
          draft[name] = setBits(flagsOf(draft), IP6_ALLOW_LOCAL_REMOTE, keyword === 'allow-localremote');
          return;
        }
        const word = args.next();
        if (word !== 'inherit') throw wrongArgument(word, 'not inherit');
        draft[name] = setBits(flagsOf(draft), IP6_COPY_DSCP, true);
      },
      show(value, out) {
        if (value & IP6_COPY_DSCP) out.field('ip6_tnl_f_rcv_dscp_copy', true, 'dscp inherit ');
      },
    }),
  };
}

/** The firewall mark of outer IPv6 packets, or that of the packet inside. */
export function ip6FirewallMark(type: number) {
  const show = (value: number, out: Output, all: row.Values) => {
    const flags = flagsOf(all);
    if (flags & IP6_ALLOW_LOCAL_REMOTE) {
      out.field('ip6_tnl_f_allow_local_remote', true, 'allow-localremote ');
    }
    if (flags & IP6_USE_ORIGINAL_FWMARK) {
      out.field('ip6_tnl_f_use_orig_fwmark', true, 'fwmark inherit ');
    } else if (value !== 0) {
      out.field('fwmark', formatHex(value), `fwmark ${formatHex(value)} `);
    }
  };
  return row.u32(type, {
    parse(args, draft, _tools, _keyword, name) {
      draft[name] = readInheritable(
        args.next(),
        draft,
        IP6_USE_ORIGINAL_FWMARK,
        0xffffffff,
        'invalid fwmark\n',
        0,
      );
    },
    show,
    whenAbsent: (out, all) => show(0, out, all),
  });
}
