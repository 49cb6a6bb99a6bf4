/** Tunnels of bare packets over IPv4: ipip and sit. Source: linux/if_tunnel.h IFLA_IPTUN_*. */
import { type Args, EXIT_USAGE, UsageError } from '../../../schema/args.ts';
import type { Names } from '../../../schema/names.ts';
import type { Output } from '../../../schema/output.ts';
import * as row from '../../../schema/row.ts';
import { toggled } from '../../../schema/spelling.ts';
import { packIp } from '../../../wire/address.ts';
import * as codec from '../../../wire/codec.ts';
import { linkKind } from '../../kind.ts';
import { encapsulation, existingEncapsulation, NO_ENCAPSULATION } from './encapsulation.ts';
import {
  dropUnspecified,
  endpoint4,
  external,
  firewallMark,
  inheritedTtl,
  innerProtocol,
  keepOnly,
  lowerDevice,
  readPrefix,
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

const PROTOCOLS = [
  { number: 4, name: 'ipip', modes: ['ipip', 'ipv4/ipv4', 'ip4ip4'] },
  { number: 137, name: 'mplsip', modes: ['mplsip', 'mpls/ipv4'] },
  { number: 0, name: 'any', modes: ['any', 'any/ipv4'] },
] as const;
const SIT_PROTOCOLS = [...PROTOCOLS, { number: 41, name: 'ip6ip', modes: ['ip6ip', 'ipv6/ipv4'] }] as const;
/** Tunnels of IPv4 show the other protocol, but no word sets it. */
const IPIP_PROTOCOLS = [...PROTOCOLS, { number: 41, name: 'ip6ip', modes: [] }] as const;

/** The 6rd prefix; `any` travels as no bytes at all. */
const prefixCodec: codec.Codec<string> = {
  read: codec.ipv6.read,
  write: (out, value) => value !== '' && out.raw(packIp(value)),
};

/** The values that describe 6rd. */
type SixRd = {
  sixrd_prefix?: string | undefined;
  sixrd_prefixlen?: number | undefined;
  sixrd_relay_prefix?: string | undefined;
  sixrd_relay_prefixlen?: number | undefined;
};

function readSixRdPrefix(args: Args, keyword: string): SixRd {
  const isReset = keyword === '6rd-reset';
  const { address, length } = readPrefix(isReset ? '2002::/16' : args.next(), 'inet6');
  return {
    sixrd_prefix: address,
    sixrd_prefixlen: length,
    ...(isReset ? { sixrd_relay_prefix: UNSPECIFIED.inet, sixrd_relay_prefixlen: 0 } : {}),
  };
}

function readRelayPrefix(args: Args): SixRd {
  const { address, length } = readPrefix(args.next(), 'inet');
  return { sixrd_relay_prefix: address || UNSPECIFIED.inet, sixrd_relay_prefixlen: length };
}

function showSixRd(values: SixRd, out: Output, names: Names): void {
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

function rowsOf(isSit: boolean) {
  return {
    collect_metadata: external(19),
    proto: innerProtocol(9, isSit ? SIT_PROTOCOLS : IPIP_PROTOCOLS),
    remote: endpoint4(3),
    local: endpoint4(2),
    link: lowerDevice(1, { abbreviable: true }),
    ttl: row.u8(4, inheritedTtl),
    tos: row.u8(5, { ...typeOfService, keyword: ['tos', 'tclass', 'tc', 'dsfield'], abbreviable: 'ds' }),
    pmtudisc: row.u8(10, {
      ...row.toggle('pmtudisc'),
      absent: { datum: false, text: 'nopmtudisc' },
    }),
    flags: row.u16(8, {
      ...(isSit ? { bits: { isatap: { set: ISATAP } } } : { keyword: false as const }),
      when: value => (value & ISATAP) !== 0,
      label: '',
      key: 'isatap',
      spelling: toggled('isatap'),
    }),
    sixrd_prefix: row.value(11, prefixCodec, {
      keyword: ['6rd-prefix', '6rd-reset'],
      operands: keyword => (keyword === '6rd-reset' ? [] : [{ synopsis: 'IPV6_PREFIX' }]),
      patch: readSixRdPrefix,
      show: (_value, out, all: SixRd, { names }) => showSixRd(all, out, names),
    }),
    sixrd_prefixlen: row.u16(13, { keyword: false, show: false }),
    sixrd_relay_prefix: row.ipv4(12, {
      keyword: '6rd-relay_prefix',
      operands: [{ synopsis: 'IPV4_PREFIX' }],
      patch: readRelayPrefix,
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
function finishSixRd(draft: SixRd): void {
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
      finishSixRd(draft);
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
