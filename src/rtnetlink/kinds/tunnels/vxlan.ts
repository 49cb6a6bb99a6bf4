/** Ethernet over UDP. Source: linux/if_link.h IFLA_VXLAN_*. */
import { duplicateOrGarbage, wrongArgument } from '../../../schema/args.ts';
import { parseUnsigned, parseUnsigned64 } from '../../../schema/number.ts';
import * as row from '../../../schema/row.ts';
import * as codec from '../../../wire/codec.ts';
import { linkKind } from '../../kind.ts';
import { familyOf, isMulticast, lowerDevice, readAddress, typeOfService, UNSPECIFIED } from './endpoints.ts';
import { dontFragment, flowLabel, networkIdentifier, refuse, timeToLive } from './udp-tunnel.ts';

const usage = `Usage: ... vxlan id VNI [ { group | remote } ADDR ] [ local ADDR ] [ dev DEVICE ]
		[ ttl { 1..255 | auto | inherit } ] [ tos { NUMBER | inherit } ]
		[ df { unset | set | inherit } ] [ flowlabel LABEL ]
		[ dstport PORT ] [ srcport MIN MAX ] [ reserved_bits BITS ]
		[ ageing { SECONDS | none } ] [ maxaddress { NUMBER | unlimited } ]
		[ [no]learning ] [ [no]proxy ] [ [no]rsc ] [ [no]l2miss ] [ [no]l3miss ]
		[ [no]udpcsum ] [ [no]udp6zerocsumtx ] [ [no]udp6zerocsumrx ]
		[ [no]remcsumtx ] [ [no]remcsumrx ] [ [no]localbypass ] [ [no]mcroute ]
		[ [no]external ] [ [no]vnifilter ] [ gbp ] [ gpe ]

	VNI   := 0..16777215
	ADDR  := an IPv4 or IPv6 address; of many receivers for group, of one otherwise
	LABEL := 0..1048575`;

const GPE_PORT = 4790;

const NO_PORT = `vxlan: destination port not specified
Will use Linux kernel default (non-standard value)
Use 'dstport 4789' to get the IANA assigned value
Use 'dstport 0' to get default and quiet this message`;

/**
 * A byte that is on or off: shown by its word where it is not as usual, or always if details are asked for twice;
 * a boolean for programs.
 */
function toggle(type: number, keyword: string, word: string, usual: 0 | 1, facets: row.Facets<number> = {}) {
  return row.u8(type, {
    standalone: { [keyword]: 1, [`no${keyword}`]: 0 },
    abbreviable: true,
    show(value, out, _all, view) {
      const isShown = value !== usual || view.details > 1;
      out.field(word, value !== 0, isShown ? `${value === 0 ? 'no' : ''}${word} ` : '');
    },
    ...facets,
  });
}

type AddressName = 'group' | 'remote' | 'local';

/** Reads an address into `NAME` or `NAME6`; both ends are of one family. */
function addressFacets(name: AddressName): row.Facets<string> {
  return {
    parse(args, draft) {
      const word = args.next();
      const known = ['group', 'remote', 'local'].map(end => draft[end] ?? draft[`${end}6`]).find(Boolean);
      const address = readAddress(word, known === undefined ? 'any valid' : familyOf(known as string));
      if (address === '' || isMulticast(address) !== (name === 'group')) {
        throw wrongArgument(word, `invalid ${name} address`);
      }
      draft[familyOf(address) === 'inet' ? name : `${name}6`] = address;
    },
    show: false,
  };
}

/** The far end, IPv4 if there is any. */
const groupShow: row.Facets<string> = {
  show(value, out, all, { names }) {
    const isIpv6 = value.includes(':');
    if (isIpv6 && all['group'] !== undefined) return;
    if (value === UNSPECIFIED[familyOf(value)]) return;
    const word = isMulticast(value) ? 'group' : 'remote';
    const host = names.host(value);
    out.field(isIpv6 ? `${word}6` : word, host, `${word} ${host} `);
  },
};

const localShow: row.Facets<string> = {
  show(value, out, all, { names }) {
    const isIpv6 = value.includes(':');
    if (isIpv6 && all['local'] !== undefined) return;
    if (value === UNSPECIFIED[familyOf(value)]) return;
    const host = names.host(value);
    out.field(isIpv6 ? 'local6' : 'local', host, `local ${host} `);
  },
};

/** A count of which 0 has a name. */
function countOrNone(none: string, complaint: string): row.Facets<number> {
  return {
    spelling: {
      show: value => (value === 0 ? none : String(value)),
      datum: value => value,
      parse: word => (word === none ? 0 : parseUnsigned(word, 0xffffffff)),
    },
    complaint,
  };
}

const rows = row.unique(
  row.abbreviable({
    id: row.u32(1, networkIdentifier),
    group: row.ipv4(2, { ...addressFacets('group'), ...groupShow }),
    group6: row.ipv6(16, { keyword: false, ...groupShow }),
    // The far end by another keyword: it is read by `group` and `group6`.
    remote: row.ipv4(2, addressFacets('remote')),
    remote6: row.ipv6(16, { keyword: false }),
    local: row.ipv4(4, { ...addressFacets('local'), ...localShow }),
    local6: row.ipv6(17, { keyword: false, ...localShow }),
    link: lowerDevice(3),
    port_range: row.value(10, codec.struct({ low: codec.be16, high: codec.be16 }), {
      keyword: ['srcport', 'port'],
      parse(args, draft, _tools, _keyword, name) {
        const [low, high] = ['min port', 'max port'].map(complaint => {
          const word = args.next();
          const port = parseUnsigned(word, 0xffff);
          if (port === undefined) throw wrongArgument(word, complaint);
          return port;
        });
        draft[name] = { low, high };
      },
      show({ low, high }, out) {
        out.open('port_range');
        out.field('low', low, `srcport ${low}`);
        out.field('high', high, ` ${high} `);
        out.close();
      },
    }),
    port: row.be16(15, { label: 'dstport', keyword: 'dstport', abbreviable: 'dst', complaint: 'dst port' }),
    tos: row.u8(6, { ...typeOfService, keyword: ['tos', 'dsfield'], abbreviable: ['to', 'ds'] }),
    ttl: row.u8(
      5,
      timeToLive(draft => {
        draft['ttl_inherit'] = true;
      }),
    ),
    ttl_inherit: row.value<true>(28, {
      // The kernel answers with a byte, but is told by the attribute's presence.
      read: (bytes, at, length) => (length > 0 && bytes[at] !== 0 ? true : undefined),
      write: () => undefined,
    }),
    df: row.u8(29, { ...dontFragment, abbreviable: false }),
    label: row.be32(26, flowLabel),
    ageing: row.u32(8, countOrNone('none', 'ageing timer')),
    limit: row.u32(9, {
      ...countOrNone('unlimited', 'max addresses'),
      label: 'maxaddr',
      keyword: 'maxaddress',
      when: value => value !== 0,
    }),
    reserved_bits: row.be64(33, {
      abbreviable: false,
      isUnique: false,
      parse(args, draft, _tools, _keyword, name) {
        const word = args.next();
        if (draft[name] !== undefined) throw duplicateOrGarbage(word, word);
        const bits = parseUnsigned64(word);
        if (bits === undefined) throw wrongArgument(word, 'reserved_bits');
        draft[name] = bits;
      },
      show(value, out) {
        const shown = value === 0n ? '0' : `0x${value.toString(16)}`;
        out.field('reserved_bits', shown, `reserved_bits ${shown} `);
      },
    }),
    gbp: row.flag(23, { show: (_value, out) => out.field('gbp', null, 'gbp ') }),
    gpe: row.flag(27, { show: (_value, out) => out.field('gpe', null, 'gpe ') }),
    collect_metadata: toggle(25, 'external', 'external', 0, {
      abbreviable: ['e', 'noe'],
      parse(_args, draft, _tools, keyword, name) {
        draft[name] = keyword === 'external' ? 1 : 0;
        if (keyword === 'external' && draft['learning'] !== undefined) draft['learning'] = 0;
      },
    }),
    vnifilter: toggle(30, 'vnifilter', 'vnifilter', 0, { abbreviable: false }),
    learning: toggle(7, 'learning', 'learning', 1, { abbreviable: ['le', 'n'] }),
    proxy: toggle(11, 'proxy', 'proxy', 0),
    rsc: toggle(12, 'rsc', 'rsc', 0),
    l2miss: toggle(13, 'l2miss', 'l2miss', 0),
    l3miss: toggle(14, 'l3miss', 'l3miss', 0),
    udp_csum: toggle(18, 'udpcsum', 'udp_csum', 1),
    udp_zero_csum6_tx: toggle(19, 'udp6zerocsumtx', 'udp_zero_csum6_tx', 0),
    udp_zero_csum6_rx: toggle(20, 'udp6zerocsumrx', 'udp_zero_csum6_rx', 0),
    remcsum_tx: toggle(21, 'remcsumtx', 'remcsum_tx', 0),
    remcsum_rx: toggle(22, 'remcsumrx', 'remcsum_rx', 0),
    localbypass: toggle(31, 'localbypass', 'localbypass', 1, { abbreviable: false }),
    mcroute: toggle(34, 'mcroute', 'mcroute', 0, { abbreviable: false }),
  }),
);

type Values = row.ValuesOf<typeof rows>;

/** Checks in the order of the original's complaints. */
function check(draft: Values, isAdd: boolean): void {
  const isExternal = draft.collect_metadata === 1;
  const group = draft.group ?? draft.group6;
  if (group !== undefined && (draft.remote ?? draft.remote6) !== undefined) {
    refuse('vxlan', 'both group and remote cannot be specified');
  }
  if (isExternal && draft.id !== undefined) refuse('vxlan', "both 'external' and vni cannot be specified");
  if (draft.vnifilter === 1 && !isExternal) refuse('vxlan', "vnifilter is valid only when 'external' is set");
  if (isAdd && !isExternal && draft.id === undefined) refuse('vxlan', 'missing virtual network identifier');
  if (group !== undefined && draft.link === undefined) {
    refuse('vxlan', "'group' requires 'dev' to be specified");
  }
}

export const vxlan = linkKind('vxlan', usage, rows, {
  finish(draft, { isAdd, warn }) {
    check(draft, isAdd);
    if (isAdd) draft.learning ??= draft.collect_metadata === 1 ? 0 : 1;
    if (draft.gpe) draft.port ??= GPE_PORT;
    if (isAdd && draft.port === undefined) warn(NO_PORT);
    if (draft.port === 0) delete draft.port;
    if (draft.port_range?.low === 0 && draft.port_range.high === 0) delete draft.port_range;
  },
});
