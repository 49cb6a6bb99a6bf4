/** How tunnels are laid out: one line for people, separate lines for GRE's flags, an object for programs. */
import type { LinkStatistics } from '../rtnetlink/link.ts';
import {
  ALLOW_LOCAL_REMOTE,
  CLASS_MASK,
  COPY_DSCP,
  DONT_FRAGMENT,
  FLOW_LABEL_MASK,
  IGNORE_ENCAP_LIMIT,
  INHERIT_CLASS,
  INHERIT_FLOW_LABEL,
  type Ipv4Tunnel,
  type Ipv6Tunnel,
  PROTOCOL_GRE,
  type RapidDeployment,
  type Router,
  TUNNEL_CHECKSUM,
  TUNNEL_KEY,
  TUNNEL_SEQUENCE,
  type TunnelKeys,
} from '../rtnetlink/tunnel.ts';
import type { Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';
import { formatIpv4, formatIpv6 } from '../wire/address.ts';

const PROTOCOLS: Readonly<Record<number, string>> = {
  0: 'any',
  4: 'ip',
  41: 'ipv6',
  47: 'gre',
  50: 'esp',
  137: 'mpls',
};

/** What the kernel reports of tunnels that carry IPv6 in separate answers. */
export interface SitDetails {
  readonly routers: readonly Router[];
  readonly rapid: RapidDeployment | undefined;
}

/** Prints a tunnel over IPv4, without the end of its line. */
export function showIpv4Tunnel(
  tunnel: Ipv4Tunnel,
  { routers, rapid }: SitDetails,
  out: Output,
  view: View,
): void {
  out.open();
  showHead(tunnel.name, `${PROTOCOLS[tunnel.protocol] ?? 'unknown'}/ip`, out);
  showIpv4Address('remote', tunnel.remote, ' ', out, view);
  showIpv4Address('local', tunnel.local, '', out, view);
  for (const { address, isDefault } of routers) {
    const key = isDefault ? 'pdr' : 'pr';
    out.field(key, address, ` ${key} ${address}`);
  }
  showLink('dev', tunnel.link, ' ', '', out, view);
  if (tunnel.ttl === 0) out.text(' ttl inherit');
  else out.field('ttl', tunnel.ttl, ` ttl ${tunnel.ttl}`);
  showTos(tunnel.tos, out, view);
  if ((tunnel.fragment & DONT_FRAGMENT) === 0) out.field('nopmtudisc', null, ' nopmtudisc');
  if (rapid !== undefined) showRapidDeployment(rapid, out);
  showKeys(tunnel.keys, out);
  if (tunnel.protocol === PROTOCOL_GRE) showGreFlags(tunnel.keys, out);
  out.close();
}

/** Prints a tunnel over IPv6, without the end of its line. */
export function showIpv6Tunnel(tunnel: Ipv6Tunnel, out: Output, view: View): void {
  const { flags, flow } = tunnel;
  out.open();
  showHead(tunnel.name, `${PROTOCOLS[tunnel.protocol] ?? 'unknown'}/ipv6`, out);
  showIpv6Address('remote', tunnel.remote, ' ', out, view);
  showIpv6Address('local', tunnel.local, '', out, view);
  showLink('link', tunnel.link, ' ', '', out, view);
  if (flags & IGNORE_ENCAP_LIMIT) out.field('ip6_tnl_f_ign_encap_limit', null, ' encaplimit none');
  else out.field('encap_limit', tunnel.encapLimit, ` encaplimit ${tunnel.encapLimit}`);
  if (tunnel.hopLimit === 0) out.text(' hoplimit inherit');
  else out.field('hoplimit', tunnel.hopLimit, ` hoplimit ${tunnel.hopLimit}`);
  if (flags & INHERIT_CLASS) {
    out.field('ip6_tnl_f_use_orig_tclass', null, ' tclass inherit');
  } else {
    const value = hexadecimal((flow & CLASS_MASK) >>> 20, 2);
    out.field('tclass', value, ` tclass ${value}`);
  }
  if (flags & INHERIT_FLOW_LABEL) {
    out.field('ip6_tnl_f_use_orig_flowlabel', null, ' flowlabel inherit');
  } else {
    const value = hexadecimal(flow & FLOW_LABEL_MASK, 5);
    out.field('flowlabel', value, ` flowlabel ${value}`);
  }
  const flowInfo = hexadecimal(flow, 8);
  out.field('flowinfo', flowInfo, ` (flowinfo ${flowInfo})`);
  if (flags & COPY_DSCP) out.field('ip6_tnl_f_rcv_dscp_copy', null, ' dscp inherit');
  if (flags & ALLOW_LOCAL_REMOTE) out.field('ip6_tnl_f_allow_local_remote', null, ' allow-localremote');
  showKeys(tunnel.keys, out);
  if (tunnel.protocol === PROTOCOL_GRE) showGreFlags(tunnel.keys, out);
  out.close();
}

/** The four lines of a tunnel's counters; in a tunnel, errors of some kinds count what their names do not say. */
export function linesOfTunnelStatistics(counters: LinkStatistics): string[] {
  const row = (widths: readonly number[], values: readonly bigint[]) =>
    `    ${values.map((value, at) => String(value).padEnd(widths[at]!)).join(' ')}`;
  return [
    'RX: Packets    Bytes        Errors CsumErrs OutOfSeq Mcasts',
    row(
      [10, 12, 6, 8, 8, 8],
      [
        counters.rx_packets,
        counters.rx_bytes,
        counters.rx_errors,
        counters.rx_frame_errors,
        counters.rx_fifo_errors,
        counters.multicast,
      ],
    ),
    'TX: Packets    Bytes        Errors DeadLoop NoRoute  NoBufs',
    row(
      [10, 12, 6, 8, 8, 6],
      [
        counters.tx_packets,
        counters.tx_bytes,
        counters.tx_errors,
        counters.collisions,
        counters.tx_carrier_errors,
        counters.tx_dropped,
      ],
    ),
  ];
}

function showHead(name: string, mode: string, out: Output): void {
  out.field('ifname', name, `${name}: `, 'ifname');
  out.field('mode', mode, `${mode} `);
}

function showIpv4Address(key: string, address: Buffer, after: string, out: Output, { names }: View): void {
  const text = names.host(formatIpv4(address));
  const isAny = address.readUInt32LE() === 0;
  out.text(`${key} `);
  out.field(key, text, `${isAny ? 'any' : text}${after}`, 'inet');
}

function showIpv6Address(key: string, address: Buffer, after: string, out: Output, { names }: View): void {
  const text = names.host(formatIpv6(address));
  out.text(`${key} `);
  out.field(key, text, `${text}${after}`, 'inet6');
}

function showLink(key: string, index: number, before: string, after: string, out: Output, view: View): void {
  if (index === 0) return;
  const name = view.names.device(index);
  out.field(key, name, `${before}dev ${name}${after}`);
}

/** For people the lowest bit means that the rest is inherited; programs see it only in the number. */
function showTos(tos: number, out: Output, { names }: View): void {
  if (tos === 0) return;
  if (tos === 1) {
    out.text(' tos inherit');
    return;
  }
  const text = tos & 1 ? `inherit/${names.name('dsfield', tos & ~1)}` : names.name('dsfield', tos);
  out.field('tos', names.name('dsfield', tos), ` tos ${text}`);
}

function showRapidDeployment(rapid: RapidDeployment, out: Output): void {
  out.field('6rd-prefix', rapid.prefix, ` 6rd-prefix ${rapid.prefix}`);
  out.field('6rd-prefixlen', rapid.prefixLength, `/${rapid.prefixLength}`);
  if (rapid.relay === undefined) return;
  out.field('6rd-relay_prefix', rapid.relay, ` 6rd-relay_prefix ${rapid.relay}`);
  out.field('6rd-relay_prefixlen', rapid.relayLength, `/${rapid.relayLength}`);
}

function showKeys(keys: TunnelKeys, out: Output): void {
  const hasInput = (keys.inputFlags & TUNNEL_KEY) !== 0;
  const hasOutput = (keys.outputFlags & TUNNEL_KEY) !== 0;
  if (hasInput && hasOutput && keys.inputKey === keys.outputKey) {
    out.field('key', keys.inputKey, ` key ${keys.inputKey}`);
    return;
  }
  if (hasInput) out.field('ikey', keys.inputKey, ` ikey ${keys.inputKey}`);
  if (hasOutput) out.field('okey', keys.outputKey, ` okey ${keys.outputKey}`);
}

function showGreFlags({ inputFlags, outputFlags }: TunnelKeys, out: Output): void {
  const show = (isSet: number, word: string, text: string) => {
    if (isSet === 0) return;
    out.newline();
    out.item(word, text);
  };
  out.list('flags');
  show(inputFlags & TUNNEL_SEQUENCE, 'rx_drop_ooseq', '  Drop packets out of sequence.');
  show(inputFlags & TUNNEL_CHECKSUM, 'rx_csum', '  Checksum in received packet is required.');
  show(outputFlags & TUNNEL_SEQUENCE, 'tx_seq', '  Sequence packets on output.');
  show(outputFlags & TUNNEL_CHECKSUM, 'tx_csum', '  Checksum output packets.');
  out.end();
}

function hexadecimal(value: number, digits: number): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, '0')}`;
}
