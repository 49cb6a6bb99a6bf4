/** Tunnels of bare packets over IPv4: ipip and sit. Source: linux/if_tunnel.h IFLA_IPTUN_*. */
import { EXIT_USAGE, UsageError } from '../../../schema/args.ts';
import type { Names } from '../../../schema/names.ts';
import type { Output } from '../../../schema/output.ts';
import * as row from '../../../schema/row.ts';
import { packIp } from '../../../wire/address.ts';
import * as codec from '../../../wire/codec.ts';
import { linkKind } from '../../kind.ts';
import { encapsulation, existingEncapsulation, NO_ENCAPSULATION } from './encapsulation.ts';
import {
  dropUnspecified,
  endpoint,
  external,
  firewallMark,
  inheritedTtl,
  innerProtocol,
  keepOnly,
  lowerDevice,
  readPrefix,
  setBits,
  typeOfService,
  UNSPECIFIED,
} from './endpoints.ts';

const PARAMETERS = `[ remote ADDR ] [ local ADDR ] [ dev DEVICE ]
		[ ttl TTL ] [ tos TOS ] [ [no]pmtudisc ] [ fwmark MARK ]
		[ 6rd-prefix IPV6_PREFIX ] [ 6rd-relay_prefix IPV4_PREFIX ] [ 6rd-reset ]
		[ encap { fou | gue | none } | noencap ]
		[ encap-sport { PORT | auto } ] [ encap-dport PORT ]
		[ [no]encap-csum ] [ [no]encap-udp6-csum ] [ [no]encap-remcsum ]
		[ external ]`;

const WHERE = `

	ADDR := { IPV4_ADDRESS | any }
	TTL  := { 1..255 | inherit }
	TOS  := { NUMBER | inherit }`;

const ISATAP = 1;

/** Protocols inside the tunnel, as they are shown. */
const PROTOCOLS: Readonly<Record<number, string>> = { 0: 'any', 4: 'ipip', 41: 'ip6ip', 137: 'mplsip' };

const MODES: ReadonlyMap<string, number> = new Map([
  ...['ipip', 'ipv4/ipv4', 'ip4ip4'].map(mode => [mode, 4] as const),
  ...['mplsip', 'mpls/ipv4'].map(mode => [mode, 137] as const),
  ...['any', 'any/ipv4'].map(mode => [mode, 0] as const),
]);
const SIT_MODES: ReadonlyMap<string, number> = new Map([...MODES, ['ip6ip', 41], ['ipv6/ipv4', 41]]);

/** The 6rd prefix; `any` travels as no bytes at all. */
const prefixCodec: codec.Codec<string> = {
  read: codec.ipv6.read,
  write: (out, value) => value !== '' && out.raw(packIp(value)),
};

interface SixRd {
  sixrd_prefix?: string | undefined;
  sixrd_prefixlen?: number | undefined;
  sixrd_relay_prefix?: string | undefined;
  sixrd_relay_prefixlen?: number | undefined;
}

function showRapid(values: SixRd, out: Output, names: Names): void {
  const { sixrd_prefix: prefix, sixrd_prefixlen: length = 0 } = values;
  if (prefix === undefined || length === 0) return;
  out.field('prefix', prefix, `6rd-prefix ${prefix}`);
  out.field('prefixlen', length, `/${length} `);
  const { sixrd_relay_prefix: relay, sixrd_relay_prefixlen: relayLength = 0 } = values;
  if (relay === undefined || relay === UNSPECIFIED.inet) return;
  const host = names.host(relay);
  out.field('relay_prefix', host, `6rd-relay_prefix ${host}`);
  out.field('relay_prefixlen', relayLength, `/${relayLength} `);
}

function showPathDiscovery(value: number, out: Output): void {
  out.field('pmtudisc', value !== 0, value === 0 ? 'nopmtudisc ' : 'pmtudisc ');
}

function rowsOf(isSit: boolean) {
  return {
    collect_metadata: external(19),
    proto: innerProtocol(9, PROTOCOLS, isSit ? SIT_MODES : MODES),
    remote: endpoint('remote', 3, 'inet'),
    local: endpoint('local', 2, 'inet'),
    link: lowerDevice(1, { abbreviable: true }),
    ttl: row.u8(4, inheritedTtl),
    tos: row.u8(5, { ...typeOfService, keyword: ['tos', 'tclass', 'tc', 'dsfield'], abbreviable: 'ds' }),
    pmtudisc: row.u8(10, {
      standalone: { pmtudisc: 1, nopmtudisc: 0 },
      show: showPathDiscovery,
      whenAbsent: out => showPathDiscovery(0, out),
    }),
    flags: row.u16(8, {
      keyword: isSit ? 'isatap' : false,
      parse: (_args, draft, _tools, _keyword, name) => {
        draft[name] = setBits(draft[name] as number, ISATAP, true);
      },
      when: value => (value & ISATAP) !== 0,
      show: (_value, out) => out.field('isatap', true, 'isatap '),
    }),
    sixrd_prefix: row.value(11, prefixCodec, {
      keyword: ['6rd-prefix', '6rd-reset'],
      parse(args, draft, _tools, keyword, name) {
        const isReset = keyword === '6rd-reset';
        const { address, length } = readPrefix(isReset ? '2002::/16' : args.next(), 'inet6');
        draft[name] = address;
        draft['sixrd_prefixlen'] = length;
        if (isReset) {
          draft['sixrd_relay_prefix'] = UNSPECIFIED.inet;
          draft['sixrd_relay_prefixlen'] = 0;
        }
      },
      show: (_value, out, all, { names }) => showRapid(all, out, names),
    }),
    sixrd_prefixlen: row.u16(13, { keyword: false, show: false }),
    sixrd_relay_prefix: row.ipv4(12, {
      keyword: '6rd-relay_prefix',
      parse(args, draft, _tools, _keyword, name) {
        const { address, length } = readPrefix(args.next(), 'inet');
        draft[name] = address || UNSPECIFIED.inet;
        draft['sixrd_relay_prefixlen'] = length;
      },
      show: false,
    }),
    sixrd_relay_prefixlen: row.u16(14, { keyword: false, show: false }),
    fwmark: row.u32(20, firewallMark),
    ...encapsulation(15),
  };
}

type Values = row.ValuesOf<ReturnType<typeof rowsOf>>;

const DEFAULTS: Values = {
  proto: 0,
  link: 0,
  ttl: 0,
  tos: 0,
  pmtudisc: 1,
  flags: 0,
  fwmark: 0,
  ...NO_ENCAPSULATION,
};

/** A prefix and its length go together. */
function finishRapid(draft: SixRd): void {
  if (draft.sixrd_prefix === undefined) delete draft.sixrd_prefixlen;
  else draft.sixrd_prefixlen ??= 0;
  if (draft.sixrd_relay_prefix === undefined) delete draft.sixrd_relay_prefixlen;
  else draft.sixrd_relay_prefixlen ??= 0;
}

function ipTunnelKind<const N extends string>(name: N, isSit: boolean) {
  const own = isSit
    ? '[ mode { ip6ip | ipip | mplsip | any } ] [ isatap ]'
    : '[ mode { ipip | mplsip | any } ]';
  const usage = `Usage: ... ${name} ${PARAMETERS}\n\t\t${own}${WHERE}`;
  return linkKind(name, usage, rowsOf(isSit), {
    unknownWord: false,
    start: (existing = {}) => ({ ...DEFAULTS, ...existing, ...existingEncapsulation(existing) }),
    finish(draft) {
      if (draft.ttl && !draft.pmtudisc) {
        throw new UsageError('ttl != 0 and nopmtudisc are incompatible', EXIT_USAGE);
      }
      if (draft.collect_metadata) {
        keepOnly(draft, ['proto', 'collect_metadata']);
        return;
      }
      dropUnspecified(draft);
      finishRapid(draft);
      if (!isSit) {
        for (const absent of Object.keys(draft).filter(key => key === 'flags' || key.startsWith('sixrd'))) {
          delete draft[absent as keyof Values];
        }
      }
    },
  });
}

export const ipip = ipTunnelKind('ipip', false);
export const sit = ipTunnelKind('sit', true);
