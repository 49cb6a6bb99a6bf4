/** Ethernet over UDP. Source: linux/if_link.h IFLA_VXLAN_*. */
import { type Args, duplicateOrGarbage, wrongArgument } from '../../../schema/args.ts';
import type { Facets } from '../../../schema/facets.ts';
import { parseUnsigned } from '../../../schema/number.ts';
import type { Output } from '../../../schema/output.ts';
import * as row from '../../../schema/row.ts';
import { alternateHex64, nullPresence, numberOr, toggled } from '../../../schema/spelling.ts';
import * as codec from '../../../wire/codec.ts';
import { linkKind } from '../../kind.ts';
import { familyOf, isMulticast, lowerDevice, readAddress, typeOfService, UNSPECIFIED } from './endpoints.ts';
import { address6, dontFragment, flowLabel, networkIdentifier, refuse, timeToLive } from './udp-tunnel.ts';

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

/** The facets of a byte shown by its word if it is not `usual`, or always if details are asked for twice. */
function shownToggle(word: string, usual: 0 | 1): Facets<number, never> {
  return {
    label: '',
    key: word,
    spelling: toggled(word),
    textWhen: (value, { details }) => value !== usual || details > 1,
  };
}

/** A byte that `keyword` switches on and `noKEYWORD` off. */
function toggle(
  type: number,
  keyword: string,
  word: string,
  usual: 0 | 1,
  facets: Facets<number, never> = {},
) {
  return row.u8(type, { ...row.toggle(keyword, word), ...shownToggle(word, usual), ...facets });
}

type AddressName = 'group' | 'remote' | 'local';

/** The addresses of both ends, of one family. */
type Ends = { [N in AddressName | `${AddressName}6`]?: string | undefined };

/** Reads an address into `NAME` or `NAME6`; both ends are of one family. */
function addressFacets(name: AddressName): Facets<string, string, Ends> {
  return {
    operands: [{ synopsis: 'ADDRESS' }],
    patch(args, _keyword, draft) {
      const far = draft.group ?? draft.group6 ?? draft.remote ?? draft.remote6;
      if (name !== 'local' && far !== undefined) refuse('vxlan', 'both group and remote cannot be specified');
      const word = args.next();
      const known = far ?? draft.local ?? draft.local6;
      const address = readAddress(word, known === undefined ? 'any valid' : familyOf(known));
      if (address === '' || isMulticast(address) !== (name === 'group')) {
        throw wrongArgument(word, `invalid ${name} address`);
      }
      return { [familyOf(address) === 'inet' ? name : `${name}6`]: address };
    },
  };
}

/** The far end: a group of receivers or a single one. */
const farEnd: Facets<string, string, Ends> = {
  show(value, out, _all, { names }) {
    const word = isMulticast(value) ? 'group' : 'remote';
    const host = names.host(value);
    out.field(value.includes(':') ? `${word}6` : word, host, `${word} ${host} `);
  },
};

type PortRange = { readonly low: number; readonly high: number };

function readPortRange(args: Args): PortRange {
  const [low = 0, high = 0] = ['min port', 'max port'].map(complaint => {
    const word = args.next();
    const port = parseUnsigned(word, 0xffff);
    if (port === undefined) throw wrongArgument(word, complaint);
    return port;
  });
  return { low, high };
}

function showPortRange({ low, high }: PortRange, out: Output): void {
  out.open('port_range');
  out.field('low', low, `srcport ${low}`);
  out.field('high', high, ` ${high} `);
  out.close();
}

/** `external` also clears what was said of learning before it. */
function readExternal(
  _args: Args,
  keyword: string,
  { learning }: { readonly learning?: number | undefined },
) {
  if (keyword !== 'external') return { collect_metadata: 0 };
  return { collect_metadata: 1, ...(learning === undefined ? {} : { learning: 0 }) };
}

const rows = row.unique(
  row.abbreviable({
    id: row.u32(1, networkIdentifier),
    group: row.ipv4(2, { ...addressFacets('group'), ...farEnd, when: value => value !== UNSPECIFIED.inet }),
    group6: row.ipv6(16, {
      keyword: false,
      ...farEnd,
      when: (value, { group }: Ends) => group === undefined && value !== UNSPECIFIED.inet6,
    }),
    // The far end by another keyword: it is decoded by `group` and `group6`.
    remote: row.ipv4(2, addressFacets('remote')),
    remote6: row.ipv6(16, { keyword: false }),
    local: row.ipv4(4, { ...addressFacets('local'), when: value => value !== UNSPECIFIED.inet }),
    local6: address6(17, 'local'),
    link: lowerDevice(3),
    port_range: row.value(10, codec.struct({ low: codec.be16, high: codec.be16 }), {
      keyword: ['srcport', 'port'],
      operands: ['MIN', 'MAX'].map(synopsis => ({ synopsis, range: [0, 0xffff] as const })),
      parse: readPortRange,
      show: showPortRange,
    }),
    port: row.be16(15, { word: 'dstport', abbreviable: 'dst', complaint: 'dst port' }),
    tos: row.u8(6, { ...typeOfService, keyword: ['tos', 'dsfield'], abbreviable: ['to', 'ds'] }),
    ttl: row.u8(5, timeToLive({ ttl_inherit: true })),
    ttl_inherit: row.value<true>(28, {
      // Requests carry it by its presence, replies as a byte.
      read: (bytes, at, length) => (length > 0 && bytes[at] !== 0 ? true : undefined),
      write: () => undefined,
    }),
    df: row.u8(29, { ...dontFragment, abbreviable: false }),
    label: row.be32(26, flowLabel),
    ageing: row.u32(8, { spelling: numberOr({ none: 0 }, 0xffffffff), complaint: 'ageing timer' }),
    limit: row.u32(9, {
      spelling: numberOr({ unlimited: 0 }, 0xffffffff),
      complaint: 'max addresses',
      label: 'maxaddr',
      keyword: 'maxaddress',
      when: value => value !== 0,
    }),
    reserved_bits: row.be64(33, {
      abbreviable: false,
      spelling: alternateHex64,
      isUnique: (_keyword, args) => {
        const word = args.next();
        return duplicateOrGarbage(word, word);
      },
      complaint: 'reserved_bits',
    }),
    gbp: row.flag(23, { spelling: nullPresence }),
    gpe: row.flag(27, { spelling: nullPresence }),
    collect_metadata: row.u8(25, {
      keyword: ['external', 'noexternal'],
      abbreviable: ['e', 'noe'],
      operands: [],
      patch: readExternal,
      ...shownToggle('external', 0),
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
  if (isExternal && draft.id !== undefined) refuse('vxlan', "both 'external' and vni cannot be specified");
  if (draft.vnifilter === 1 && !isExternal) refuse('vxlan', "vnifilter is valid only when 'external' is set");
  if (isAdd && !isExternal && draft.id === undefined) refuse('vxlan', 'missing virtual network identifier');
  if (group !== undefined && draft.link === undefined) {
    refuse('vxlan', "'group' requires 'dev' to be specified");
  }
}

export const vxlan = linkKind('vxlan', usage, rows, {
  sentOnce: ['learning'],
  finish(draft, { isAdd, warn }) {
    check(draft, isAdd);
    if (isAdd) draft.learning ??= draft.collect_metadata === 1 ? 0 : 1;
    if (draft.gpe) draft.port ??= GPE_PORT;
    if (isAdd && draft.port === undefined) warn(NO_PORT);
    if (draft.port === 0) delete draft.port;
    if (draft.port_range?.low === 0 && draft.port_range.high === 0) delete draft.port_range;
  },
});
