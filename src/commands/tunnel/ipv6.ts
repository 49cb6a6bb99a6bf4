/** `ip tunnel` over IPv6: IP in IPv6, GRE and VTI. Source: linux/ip6_tunnel.h. */

import { showIpv6Tunnel } from '../../layouts/tunnel.ts';
import { AF_INET6 } from '../../linux/families.ts';
import { ARPHRD_IP6GRE, ARPHRD_TUNNEL6 } from '../../linux/interfaces.ts';
import type { LinkHeader } from '../../rtnetlink/link.ts';
import {
  ALLOW_LOCAL_REMOTE,
  CLASS_MASK,
  COPY_DSCP,
  FLOW_LABEL_MASK,
  IGNORE_ENCAP_LIMIT,
  INHERIT_CLASS,
  INHERIT_FLOW_LABEL,
  Ipv6Tunnel,
  PROTOCOL_GRE,
  PROTOCOL_IPV4,
  PROTOCOL_IPV6,
  TUNNEL_VTI,
} from '../../rtnetlink/tunnel.ts';
import { type Args, EXIT_USAGE, UsageError, UsageRequest, wrongArgument } from '../../schema/args.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import type { Context } from '../frame/context.ts';

import { parseAddress } from '../grammar/prefix.ts';
import {
  changeTunnel,
  getTunnel,
  linkIndex,
  readKeyWord,
  readTtl,
  readTunnelName,
  type TunnelAction,
} from './arguments.ts';
import { listTunnels } from './show.ts';

export const IPV6_TUNNEL_USAGE = `Usage: ip -6 tunnel { add | change | del | show } [name] NAME
                    [mode ip6ip6|ipip6|ip6gre|vti6|any] [remote ADDRESS] [local ADDRESS] [dev DEVICE]
                    [encaplimit LIMIT|none] [hoplimit LIMIT] [tclass CLASS|inherit]
                    [flowlabel LABEL|inherit] [dscp inherit] [[no]allow-localremote]
                    [[i|o]key KEY] [[i|o]seq] [[i|o]csum]
CLASS and LABEL are hexadecimal. KEY is a number, or written as an IPv4 address is.`;

const DEFAULT_ENCAP_LIMIT = 4;
const DEFAULT_HOP_LIMIT = 64;
const CLASS_SHIFT = 20;

interface Mode {
  readonly words: readonly string[];
  readonly protocol: number;
  readonly isVti?: true;
}

const MODES: readonly Mode[] = [
  { words: ['ipv6/ipv6', 'ip6ip6'], protocol: PROTOCOL_IPV6 },
  { words: ['ip/ipv6', 'ipv4/ipv6', 'ipip6', 'ip4ip6'], protocol: PROTOCOL_IPV4 },
  { words: ['vti6'], protocol: PROTOCOL_IPV6, isVti: true },
  { words: ['ip6gre', 'gre/ipv6'], protocol: PROTOCOL_GRE },
  { words: ['any/ipv6', 'any'], protocol: 0 },
];

/** Whether `word` is a mode of tunnels over IPv6. */
export function isIpv6Mode(word: string | undefined): boolean {
  return MODES.some(({ words }) => words.includes(word ?? ''));
}

/** Adds, changes, deletes or shows what the words after the command describe. */
export async function ipv6Tunnel(action: TunnelAction, args: Args, context: Context): Promise<number> {
  const tunnel = parseTunnel(args, action, context);
  if (action === 'show') {
    return tunnel.name === '' || context.view.statistics > 0
      ? listMatching(tunnel, context)
      : showOne(tunnel, context);
  }
  if (action !== 'delete' && tunnel.name === '') context.complain('Tunnel interface name not specified');
  const base = baseDevice(tunnel);
  changeTunnel(tunnel, action, action === 'add' ? base : tunnel.name || base, AF_INET6);
  return 0;
}

/** The device that makes tunnels of a mode. */
function baseDevice({ protocol, keys }: Ipv6Tunnel): string {
  if (protocol === PROTOCOL_GRE) return 'ip6gre0';
  return protocol === PROTOCOL_IPV6 && keys.inputFlags & TUNNEL_VTI ? 'ip6_vti0' : 'ip6tnl0';
}

function parseTunnel(args: Args, action: TunnelAction, context: Context): Ipv6Tunnel {
  const tunnel = new Ipv6Tunnel();
  if (action !== 'show') {
    tunnel.protocol = PROTOCOL_IPV6;
    tunnel.encapLimit = DEFAULT_ENCAP_LIMIT;
    tunnel.hopLimit = DEFAULT_HOP_LIMIT;
  }
  let link: string | undefined;
  for (let isFirst = true; !args.done; isFirst = false) {
    if (args.accept('mode')) readMode(args.next(), tunnel);
    else if (readKeyWord(args, tunnel.keys)) continue;
    else if (args.accept('remote')) setAddress(tunnel.remote, args.next());
    else if (args.accept('local')) setAddress(tunnel.local, args.next());
    else if (args.accept('dev')) link = args.next();
    else if (args.accept('encaplimit')) setEncapLimit(tunnel, args.next());
    else if (args.accept('ttl', 'hoplimit', 'hlim')) tunnel.hopLimit = readTtl(args.next(), 'invalid TTL');
    else if (args.accept('tclass', 'tc', 'tos') || args.acceptPrefix('dsfield')) {
      setFlow(tunnel, args.next(), CLASS_MASK, INHERIT_CLASS, 'invalid TClass');
    } else if (args.accept('flowlabel', 'fl')) {
      setFlow(tunnel, args.next(), FLOW_LABEL_MASK, INHERIT_FLOW_LABEL, 'invalid Flowlabel');
    } else if (args.accept('dscp')) {
      const word = args.next();
      if (word !== 'inherit') throw wrongArgument(word, 'not inherit');
      tunnel.flags |= COPY_DSCP;
    } else if (args.accept('allow-localremote')) tunnel.flags |= ALLOW_LOCAL_REMOTE;
    else if (args.accept('noallow-localremote')) tunnel.flags &= ~ALLOW_LOCAL_REMOTE;
    else {
      if (!args.is('name') && args.matches('help')) throw new UsageRequest(IPV6_TUNNEL_USAGE);
      readTunnelName(args, tunnel, action, isFirst, AF_INET6);
    }
  }
  if (link !== undefined) tunnel.link = linkIndex(link, context.names);
  return tunnel;
}

function readMode(word: string, tunnel: Ipv6Tunnel): void {
  const mode = MODES.find(({ words }) => words.includes(word));
  if (mode === undefined) throw new UsageError(`Unknown tunnel mode "${word}"`, EXIT_USAGE);
  tunnel.protocol = mode.protocol;
  if (mode.isVti) tunnel.keys.inputFlags |= TUNNEL_VTI;
}

function setAddress(into: Buffer, word: string): void {
  into.fill(0);
  into.set(parseAddress(word, AF_INET6).bytes);
}

/** A wrong limit is refused: the original takes it for whatever its memory holds. */
function setEncapLimit(tunnel: Ipv6Tunnel, word: string): void {
  if (word === 'none') {
    tunnel.flags |= IGNORE_ENCAP_LIMIT;
    return;
  }
  const limit = parseUnsigned(word, 0xff);
  if (limit === undefined) throw wrongArgument(word, 'invalid ELIM');
  tunnel.encapLimit = limit;
  tunnel.flags &= ~IGNORE_ENCAP_LIMIT;
}

/** Sets the traffic class or the flow label, a hexadecimal number, or takes it from what is sent. */
function setFlow(tunnel: Ipv6Tunnel, word: string, mask: number, inherit: number, complaint: string): void {
  tunnel.flow &= ~mask;
  if (word === 'inherit') {
    tunnel.flags |= inherit;
    return;
  }
  const shift = mask === CLASS_MASK ? CLASS_SHIFT : 0;
  const value = parseUnsigned(word, mask >>> shift, 16);
  if (value === undefined) throw wrongArgument(word, complaint);
  tunnel.flow |= value << shift;
  tunnel.flags &= ~inherit;
}

/** Prints one tunnel, for people even with -j, and no end of the line, as the original does. */
function showOne(tunnel: Ipv6Tunnel, context: Context): number {
  getTunnel(tunnel, tunnel.name, AF_INET6);
  const out = context.textOutput();
  out.list();
  showIpv6Tunnel(tunnel, out, context.view);
  out.end();
  return 0;
}

function listMatching(wanted: Ipv6Tunnel, context: Context): Promise<number> {
  const show = (device: string, header: LinkHeader, out: Output) => {
    const found = new Ipv6Tunnel();
    // What is true of the kernel's first tunnel of each kind.
    found.link = header.index;
    found.protocol = header.type === ARPHRD_IP6GRE ? PROTOCOL_GRE : PROTOCOL_IPV6;
    getTunnel(found, device, AF_INET6);
    if (!isMatch(found, wanted)) return false;
    showIpv6Tunnel(found, out, context.view);
    return true;
  };
  const types = [ARPHRD_TUNNEL6, ARPHRD_IP6GRE];
  return listTunnels({ family: AF_INET6, types, name: wanted.name, show, mayLackCounters: true }, context);
}

/** What `wanted` leaves open matches anything; of the flags one in common is enough. */
function isMatch(found: Ipv6Tunnel, wanted: Ipv6Tunnel): boolean {
  const isSame = (a: number, b: number) => b === 0 || a === b;
  const isSameAddress = (a: Buffer, b: Buffer) => b.every(byte => byte === 0) || a.equals(b);
  return (
    (wanted.name === '' || found.name === wanted.name) &&
    isSame(found.link, wanted.link) &&
    (found.protocol === 0 || isSame(found.protocol, wanted.protocol)) &&
    isSameAddress(found.local, wanted.local) &&
    isSameAddress(found.remote, wanted.remote) &&
    isSame(found.encapLimit, wanted.encapLimit) &&
    isSame(found.hopLimit, wanted.hopLimit) &&
    isSame(found.flow & CLASS_MASK, wanted.flow & CLASS_MASK) &&
    isSame(found.flow & FLOW_LABEL_MASK, wanted.flow & FLOW_LABEL_MASK) &&
    (wanted.flags === 0 || (found.flags & wanted.flags) !== 0)
  );
}
