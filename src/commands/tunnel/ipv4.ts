/** `ip tunnel` over IPv4: IPIP, GRE, SIT, ISATAP and VTI. Source: linux/if_tunnel.h. */

import { SystemError, strerror } from '../../kernel/system/errors.ts';
import { requestTunnel, TUNNEL_REQUESTS, type TunnelRequest } from '../../kernel/system/tunnel-requests.ts';
import { type SitDetails, showIpv4Tunnel } from '../../layouts/tunnel.ts';
import { EINVAL } from '../../linux/errno.ts';
import { AF_INET } from '../../linux/families.ts';
import { ARPHRD_IPGRE, ARPHRD_SIT, ARPHRD_TUNNEL } from '../../linux/interfaces.ts';
import type { LinkHeader } from '../../rtnetlink/link.ts';
import {
  DONT_FRAGMENT,
  decodeRapidDeployment,
  decodeRouters,
  Ipv4Tunnel,
  PROTOCOL_GRE,
  PROTOCOL_IPV4,
  PROTOCOL_IPV6,
  RAPID_LENGTH,
  routerList,
  TUNNEL_ISATAP,
  TUNNEL_KEY,
  TUNNEL_VTI,
} from '../../rtnetlink/tunnel.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError, wrongArgument } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  hidden,
  type Operand,
  reads,
  readWords,
  shortened,
  shownAs,
  type Value,
  value,
} from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import type { Context } from '../frame/context.ts';

import { readAddress } from '../grammar/prefix.ts';
import { deviceIndex } from '../grammar/values.ts';
import {
  changeTunnel,
  type Draft,
  getTunnel,
  KEY_WORDS,
  LINK,
  type TunnelAction,
  tunnelGrammar,
} from './arguments.ts';
import { listTunnels } from './show.ts';

const IPV4_HEADER = 0x45;

interface Mode {
  readonly words: readonly string[];
  readonly protocol: number;
  /** What the tunnel's input flags say of the mode. */
  readonly flag: number;
  /** Names that begin with this need no mode. */
  readonly prefix: string;
}

const MODES: readonly Mode[] = [
  { words: ['gre', 'gre/ip'], protocol: PROTOCOL_GRE, flag: 0, prefix: 'gre' },
  { words: ['ipip', 'ip/ip'], protocol: PROTOCOL_IPV4, flag: 0, prefix: 'ipip' },
  { words: ['sit', 'ipv6/ip'], protocol: PROTOCOL_IPV6, flag: 0, prefix: 'sit' },
  { words: ['isatap'], protocol: PROTOCOL_IPV6, flag: TUNNEL_ISATAP, prefix: 'isatap' },
  { words: ['vti'], protocol: PROTOCOL_IPV4, flag: TUNNEL_VTI, prefix: 'vti' },
];

/** Adds, changes, deletes or shows what the words after the command describe. */
export async function ipv4Tunnel(action: TunnelAction, args: Args, context: Context): Promise<number> {
  const tunnel = readTunnel(args, action, context);
  const base = baseDevice(tunnel);
  if (action === 'show') return base === '' ? listMatching(tunnel, context) : showOne(tunnel, base, context);
  if (action === 'delete') {
    changeTunnel(context.kernel.calls, tunnel, action, tunnel.name || base, AF_INET);
    return 0;
  }
  if (tunnel.ttl !== 0 && tunnel.fragment === 0) {
    throw new UsageError('ttl != 0 and nopmtudisc are incompatible');
  }
  if (base === '') throw new UsageError('cannot determine tunnel mode (ipip, gre, vti or sit)');
  changeTunnel(context.kernel.calls, tunnel, action, action === 'add' ? base : tunnel.name || base, AF_INET);
  return 0;
}

/** The device that makes tunnels of a mode; empty if the mode is not known. */
function baseDevice({ protocol, keys }: Ipv4Tunnel): string {
  switch (protocol) {
    case PROTOCOL_IPV4:
      return keys.inputFlags & TUNNEL_VTI ? 'ip_vti0' : 'tunl0';
    case PROTOCOL_GRE:
      return 'gre0';
    case PROTOCOL_IPV6:
      return 'sit0';
    default:
      return '';
  }
}

const ADDRESS: Operand = { synopsis: 'ADDR', words: ['any'], examples: ['10.0.0.1'] };

const MODE: Operand = {
  synopsis: '{ gre | ipip | isatap | sit | vti }',
  words: MODES.flatMap(({ words }) => words),
};

const TTL = value(
  { synopsis: 'TTL', words: ['inherit'], examples: ['1', '255'] },
  word => (word === 'inherit' ? word : parseUnsigned(word, 0xff)),
  'invalid TTL\n',
);

const TOS: Value<number, Context> = {
  synopsis: 'TOS',
  names: 'dsfield',
  words: ['inherit'],
  examples: ['inherit/10'],
  read: (args, context) => parseTos(args.next(), context),
};

type Ipv4Draft = Draft<Ipv4Tunnel>;

function setTtl({ tunnel }: Ipv4Draft, ttl: number | 'inherit'): void {
  if (ttl !== 'inherit') tunnel.ttl = ttl;
}

function setTos({ tunnel }: Ipv4Draft, tos: number): void {
  tunnel.tos = tos;
}

/** The words of `add`, `change`, `del` and `show`. */
export const IPV4_GRAMMAR: Grammar<Ipv4Draft, Context> = tunnelGrammar(
  [
    reads('mode', [MODE], ({ tunnel }, args) => readMode(args.next(), tunnel)),
    reads('remote', [ADDRESS], ({ tunnel }, args) => setAddress(tunnel.remote, args.next())),
    reads('local', [ADDRESS], ({ tunnel }, args) => setAddress(tunnel.local, args.next())),
    ...KEY_WORDS,
    exact('ttl', TTL, setTtl),
    hidden(exact('hoplimit', TTL, setTtl)),
    hidden(exact('hlim', TTL, setTtl)),
    exact('tos', TOS, setTos),
    hidden(exact('tclass', TOS, setTos)),
    hidden(shortened(exact('dsfield', TOS, setTos))),
    shownAs(
      '[no]pmtudisc',
      flag('pmtudisc', ({ tunnel }) => {
        tunnel.fragment = DONT_FRAGMENT;
      }),
    ),
    hidden(
      flag('nopmtudisc', ({ tunnel }) => {
        tunnel.fragment = 0;
      }),
    ),
    exact('dev', LINK, 'link'),
  ],
  AF_INET,
  (tunnel: Ipv4Tunnel) => {
    if (tunnel.version !== IPV4_HEADER) throw wrongArgument(tunnel.name, '"name" is not an ip tunnel');
  },
);

function readTunnel(args: Args, action: TunnelAction, context: Context): Ipv4Tunnel {
  const tunnel = new Ipv4Tunnel();
  tunnel.version = IPV4_HEADER;
  tunnel.fragment = DONT_FRAGMENT;
  const draft: Ipv4Draft = { tunnel, action, hasWords: false };
  readWords(IPV4_GRAMMAR, draft, args, context);
  if (tunnel.protocol === 0) guessMode(tunnel);
  const { keys, protocol } = tunnel;
  const hasKey = ((keys.inputFlags | keys.outputFlags) & TUNNEL_KEY) !== 0;
  const mayHaveKey =
    protocol === PROTOCOL_GRE || (protocol === PROTOCOL_IPV4 && keys.inputFlags & TUNNEL_VTI);
  if (hasKey && !mayHaveKey) throw new UsageError('Keys are not allowed with ipip and sit tunnels');
  if (draft.link !== undefined) tunnel.link = deviceIndex(draft.link, context.names);
  finishMulticast(tunnel);
  return tunnel;
}

function readMode(word: string, tunnel: Ipv4Tunnel): void {
  const mode = MODES.find(({ words }) => words.includes(word));
  if (mode === undefined) throw new UsageError(`Unknown tunnel mode "${word}"`, EXIT_USAGE);
  if (tunnel.protocol !== 0 && tunnel.protocol !== mode.protocol) {
    throw new UsageError('You managed to ask for more than one tunnel mode.', EXIT_USAGE);
  }
  setMode(mode, tunnel);
}

function guessMode(tunnel: Ipv4Tunnel): void {
  const mode = MODES.find(({ prefix }) => tunnel.name.startsWith(prefix));
  if (mode !== undefined) setMode(mode, tunnel);
}

function setMode({ protocol, flag }: Mode, tunnel: Ipv4Tunnel): void {
  tunnel.protocol = protocol;
  tunnel.keys.inputFlags |= flag;
}

function setAddress(into: Buffer, word: string): void {
  into.fill(0);
  into.set(parseHost(word));
}

/** Reads an IPv4 address; the words for any have no bytes. */
export function parseHost(word: string): Uint8Array {
  const address = readAddress(word, AF_INET);
  if (address === undefined) {
    throw new UsageError(`Error: an IP address is expected rather than "${word}"`, EXIT_FAILURE, true);
  }
  return address.bytes;
}

/** `inherit`, a value, or `inherit/` and a value; of other words with a slash, what stands before it counts. */
function parseTos(word: string, { names }: Context): number {
  const slash = word.indexOf('/');
  const first = slash < 0 ? word : word.slice(0, slash);
  if (first === 'inherit' && slash < 0) return 1;
  const [text, bit] = first === 'inherit' ? [word.slice(slash + 1), 1] : [first, 0];
  const tos = names.number('dsfield', text);
  if (tos === undefined) throw wrongArgument(first, 'bad TOS value');
  return tos | bit;
}

/** The group of hosts that a tunnel leads to is its key, unless it has one. */
function finishMulticast(tunnel: Ipv4Tunnel): void {
  const { keys, local, remote } = tunnel;
  if (remote[0]! >> 4 !== 14) return;
  if ((keys.inputFlags & TUNNEL_KEY) === 0) keys.setInputKey(remote.readUInt32BE());
  if ((keys.outputFlags & TUNNEL_KEY) === 0) keys.setOutputKey(remote.readUInt32BE());
  if (local.readUInt32BE() === 0) throw new UsageError('A broadcast tunnel requires a source address');
}

/** Prints one tunnel, for people even with -j. */
function showOne(tunnel: Ipv4Tunnel, base: string, context: Context): number {
  getTunnel(context.kernel.calls, tunnel, tunnel.name || base, AF_INET);
  const out = context.textOutput();
  out.list();
  showIpv4Tunnel(tunnel, readSitDetails(tunnel, context), out, context.view);
  out.end('\n');
  return 0;
}

function listMatching(wanted: Ipv4Tunnel, context: Context): Promise<number> {
  const show = (device: string, _header: LinkHeader, out: Output) => {
    const found = new Ipv4Tunnel();
    getTunnel(context.kernel.calls, found, device, AF_INET);
    if (!isMatch(found, wanted)) return false;
    showIpv4Tunnel(found, readSitDetails(found, context), out, context.view);
    return true;
  };
  const types = [ARPHRD_TUNNEL, ARPHRD_IPGRE, ARPHRD_SIT];
  return listTunnels({ family: AF_INET, types, name: wanted.name, show, mayLackCounters: false }, context);
}

/** What `wanted` leaves open matches anything; the other words of the line do not matter. */
function isMatch(found: Ipv4Tunnel, wanted: Ipv4Tunnel): boolean {
  const isSame = (a: Buffer, b: Buffer) => b.readUInt32BE() === 0 || a.equals(b);
  return (
    (wanted.link === 0 || found.link === wanted.link) &&
    (wanted.name === '' || found.name === wanted.name) &&
    isSame(found.remote, wanted.remote) &&
    isSame(found.local, wanted.local) &&
    (wanted.keys.inputKey === 0 || found.keys.inputKey === wanted.keys.inputKey)
  );
}

/** Asks for what only tunnels that carry IPv6 have; what the kernel refuses is reported and left out. */
function readSitDetails(tunnel: Ipv4Tunnel, context: Context): SitDetails {
  if (tunnel.protocol !== PROTOCOL_IPV6) return { routers: [], rapid: undefined };
  const ask = (request: TunnelRequest, data: Buffer) => {
    try {
      requestTunnel(context.kernel.calls, request, AF_INET, tunnel.name, data, 'ioctl');
      return true;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      // A kernel without rapid deployment does not know the request.
      const isUnknown = request === 'get6rd' && error.errno === EINVAL;
      if (!isUnknown) context.complain(requestFailure(tunnel.name, request, error));
      return false;
    }
  };
  const isIsatap = (tunnel.keys.inputFlags & TUNNEL_ISATAP) !== 0;
  const list = routerList();
  const routers = isIsatap && ask('getRouters', list) ? decodeRouters(list) : [];
  const prefixes = Buffer.alloc(RAPID_LENGTH);
  const rapid = ask('get6rd', prefixes) ? decodeRapidDeployment(prefixes) : undefined;
  return { routers, rapid };
}

/** The line that names a failing request by its number. */
export function requestFailure(
  device: string,
  request: TunnelRequest | undefined,
  error: SystemError,
): string {
  const number = request === undefined ? 0 : TUNNEL_REQUESTS[request];
  return `${device}: ioctl ${number.toString(16)} failed: ${strerror(error.errno)}`;
}
