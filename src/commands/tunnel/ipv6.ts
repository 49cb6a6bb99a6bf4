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
  PROTOCOL_IPV6,
  TUNNEL_VTI,
} from '../../rtnetlink/tunnel.ts';
import { type Args, EXIT_USAGE, UsageError, wrongArgument } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  hidden,
  type Keyword,
  type Operand,
  reads,
  readWords,
  shortened,
  shownAs,
  value,
} from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import type { Context } from '../frame/context.ts';

import { parseAddress } from '../grammar/prefix.ts';
import { deviceIndex, number, oneOf } from '../grammar/values.ts';
import {
  changeTunnel,
  type Draft,
  getTunnel,
  KEY_WORDS,
  LINK,
  type TunnelAction,
  tunnelGrammar,
} from './arguments.ts';
import { IPV6_MODES } from './modes.ts';
import { listTunnels } from './show.ts';

const DEFAULT_ENCAP_LIMIT = 4;
const DEFAULT_HOP_LIMIT = 64;
const CLASS_SHIFT = 20;

/** Adds, changes, deletes or shows what the words after the command describe. */
export async function ipv6Tunnel(action: TunnelAction, args: Args, context: Context): Promise<number> {
  const tunnel = readTunnel(args, action, context);
  if (action === 'show') {
    return tunnel.name === '' || context.view.statistics > 0
      ? listMatching(tunnel, context)
      : showOne(tunnel, context);
  }
  if (action !== 'delete' && tunnel.name === '') context.complain('Tunnel interface name not specified');
  const base = baseDevice(tunnel);
  changeTunnel(context.kernel.calls, tunnel, action, action === 'add' ? base : tunnel.name || base, AF_INET6);
  return 0;
}

/** The device that makes tunnels of a mode. */
function baseDevice({ protocol, keys }: Ipv6Tunnel): string {
  if (protocol === PROTOCOL_GRE) return 'ip6gre0';
  return protocol === PROTOCOL_IPV6 && keys.inputFlags & TUNNEL_VTI ? 'ip6_vti0' : 'ip6tnl0';
}

const ADDRESS: Operand = { synopsis: 'ADDR', examples: ['fd00::1'] };

const MODE: Operand = {
  synopsis: '{ ip6ip6 | ipip6 | ip6gre | vti6 | any }',
  words: IPV6_MODES.flatMap(({ words }) => words),
};

/** A wrong limit is refused: the original takes it for whatever its memory holds. */
const ENCAP_LIMIT = value(
  { synopsis: 'ELIM', words: ['none'], examples: ['0', '255'] },
  word => (word === 'none' ? word : parseUnsigned(word, 0xff)),
  'invalid ELIM',
);

const TTL = number('TTL', 'invalid TTL', 0xff);
const CLASS: Operand = { synopsis: 'TCLASS', words: ['inherit'], examples: ['0', 'ff'] };
const LABEL: Operand = { synopsis: 'FLOWLABEL', words: ['inherit'], examples: ['0', 'fffff'] };
const INHERIT = oneOf({ inherit: true }, 'not inherit', 'inherit');

type Ipv6Draft = Draft<Ipv6Tunnel>;
type Ipv6Keyword = Keyword<Ipv6Draft, Context>;

function setHopLimit({ tunnel }: Ipv6Draft, limit: number): void {
  tunnel.hopLimit = limit;
}

function classWord(word: string): Ipv6Keyword {
  return reads(word, [CLASS], ({ tunnel }, args) =>
    setFlow(tunnel, args.next(), CLASS_MASK, INHERIT_CLASS, 'invalid TClass'),
  );
}

function labelWord(word: string): Ipv6Keyword {
  return reads(word, [LABEL], ({ tunnel }, args) =>
    setFlow(tunnel, args.next(), FLOW_LABEL_MASK, INHERIT_FLOW_LABEL, 'invalid Flowlabel'),
  );
}

/** The words of `add`, `change`, `del` and `show`. */
export const IPV6_GRAMMAR: Grammar<Ipv6Draft, Context> = tunnelGrammar(
  [
    reads('mode', [MODE], ({ tunnel }, args) => readMode(args.next(), tunnel)),
    reads('remote', [ADDRESS], ({ tunnel }, args) => setAddress(tunnel.remote, args.next())),
    reads('local', [ADDRESS], ({ tunnel }, args) => setAddress(tunnel.local, args.next())),
    exact('dev', LINK, 'link'),
    exact('encaplimit', ENCAP_LIMIT, ({ tunnel }, limit) => setEncapLimit(tunnel, limit)),
    hidden(exact('ttl', TTL, setHopLimit)),
    exact('hoplimit', TTL, setHopLimit),
    hidden(exact('hlim', TTL, setHopLimit)),
    classWord('tclass'),
    hidden(classWord('tc')),
    hidden(classWord('tos')),
    hidden(shortened(classWord('dsfield'))),
    labelWord('flowlabel'),
    hidden(labelWord('fl')),
    exact('dscp', INHERIT, ({ tunnel }) => {
      tunnel.flags |= COPY_DSCP;
    }),
    shownAs(
      '[no]allow-localremote',
      flag('allow-localremote', ({ tunnel }) => {
        tunnel.flags |= ALLOW_LOCAL_REMOTE;
      }),
    ),
    hidden(
      flag('noallow-localremote', ({ tunnel }) => {
        tunnel.flags &= ~ALLOW_LOCAL_REMOTE;
      }),
    ),
    ...KEY_WORDS,
  ],
  AF_INET6,
);

function readTunnel(args: Args, action: TunnelAction, context: Context): Ipv6Tunnel {
  const tunnel = new Ipv6Tunnel();
  if (action !== 'show') {
    tunnel.protocol = PROTOCOL_IPV6;
    tunnel.encapLimit = DEFAULT_ENCAP_LIMIT;
    tunnel.hopLimit = DEFAULT_HOP_LIMIT;
  }
  const draft: Ipv6Draft = { tunnel, action, hasWords: false };
  readWords(IPV6_GRAMMAR, draft, args, context);
  if (draft.link !== undefined) tunnel.link = deviceIndex(draft.link, context.names);
  return tunnel;
}

function readMode(word: string, tunnel: Ipv6Tunnel): void {
  const mode = IPV6_MODES.find(({ words }) => words.includes(word));
  if (mode === undefined) throw new UsageError(`Unknown tunnel mode "${word}"`, EXIT_USAGE);
  tunnel.protocol = mode.protocol;
  if (mode.isVti) tunnel.keys.inputFlags |= TUNNEL_VTI;
}

function setAddress(into: Buffer, word: string): void {
  into.fill(0);
  into.set(parseAddress(word, AF_INET6).bytes);
}

function setEncapLimit(tunnel: Ipv6Tunnel, limit: number | 'none'): void {
  if (limit === 'none') {
    tunnel.flags |= IGNORE_ENCAP_LIMIT;
    return;
  }
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
  getTunnel(context.kernel.calls, tunnel, tunnel.name, AF_INET6);
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
    getTunnel(context.kernel.calls, found, device, AF_INET6);
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
