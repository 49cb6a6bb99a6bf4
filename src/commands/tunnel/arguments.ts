/** Words that tunnels over IPv4 and IPv6 share, and what both do with them. */
import { SystemError, strerror } from '../../kernel/system/errors.ts';
import { requestTunnel, type TunnelRequest } from '../../kernel/system/tunnel-requests.ts';
import { readKey } from '../../rtnetlink/kinds/tunnels/endpoints.ts';
import {
  type Ipv4Tunnel,
  type Ipv6Tunnel,
  TUNNEL_CHECKSUM,
  TUNNEL_SEQUENCE,
  type TunnelKeys,
} from '../../rtnetlink/tunnel.ts';
import { type Args, duplicateOrGarbage, EXIT_FAILURE, UsageError, wrongArgument } from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned } from '../../schema/number.ts';
import { isDeviceName } from '../grammar/link-filter.ts';

/** What is to be done with the tunnel that words describe. */
export type TunnelAction = 'add' | 'change' | 'delete' | 'show';

/** Flag words: bits for packets that come in and for those that go out. */
const FLAG_WORDS: Readonly<Record<string, readonly [input: number, output: number]>> = {
  seq: [TUNNEL_SEQUENCE, TUNNEL_SEQUENCE],
  iseq: [TUNNEL_SEQUENCE, 0],
  oseq: [0, TUNNEL_SEQUENCE],
  csum: [TUNNEL_CHECKSUM, TUNNEL_CHECKSUM],
  icsum: [TUNNEL_CHECKSUM, 0],
  ocsum: [0, TUNNEL_CHECKSUM],
};

/** Reads a word about keys, sequence numbers or checksums; false when the current word is none. */
export function readKeyWord(args: Args, keys: TunnelKeys): boolean {
  const word = args.peek() ?? '';
  if (word === 'key' || word === 'ikey' || word === 'okey') {
    args.skip();
    const key = readKey(args.next(), word);
    if (word !== 'okey') keys.setInputKey(key);
    if (word !== 'ikey') keys.setOutputKey(key);
    return true;
  }
  const bits = Object.hasOwn(FLAG_WORDS, word) ? FLAG_WORDS[word] : undefined;
  if (bits === undefined) return false;
  args.skip();
  keys.inputFlags |= bits[0];
  keys.outputFlags |= bits[1];
  return true;
}

/** Reads a time to live or hop limit; of a wrong one says `reason`. */
export function readTtl(word: string, reason: string): number {
  const ttl = parseUnsigned(word, 0xff);
  if (ttl === undefined) throw wrongArgument(word, reason);
  return ttl;
}

/**
 * Reads the name of the tunnel. When the first word names a tunnel that is to be changed, it becomes what it is now,
 * and words after that change it.
 */
export function readTunnelName(
  args: Args,
  tunnel: Ipv4Tunnel | Ipv6Tunnel,
  action: TunnelAction,
  isFirst: boolean,
  family: number,
): void {
  args.accept('name');
  const word = args.next();
  if (tunnel.name !== '') throw duplicateOrGarbage('name', word);
  if (!isDeviceName(word)) throw wrongArgument(word, '"name" not a valid ifname');
  if (action === 'change' && isFirst) {
    tunnel.bytes.fill(0);
    getTunnel(tunnel, word, family);
  } else {
    tunnel.name = word;
  }
}

/** The index of the device after `dev`, looked up when all words have been read. */
export function linkIndex(name: string, names: Names): number {
  const index = names.deviceIndex(name);
  if (index === undefined) throw new UsageError(`Cannot find device "${name}"`);
  return index;
}

/** Asks the kernel what the tunnel `device` is; `tunnel` is what it may go by. */
export function getTunnel(tunnel: Ipv4Tunnel | Ipv6Tunnel, device: string, family: number): void {
  act('getTunnel', 'get', tunnel, device, family);
}

/** Makes, changes or deletes a tunnel. `device` is what the kernel is asked for it. */
export function changeTunnel(
  tunnel: Ipv4Tunnel | Ipv6Tunnel,
  action: 'add' | 'change' | 'delete',
  device: string,
  family: number,
): void {
  const verb = action === 'delete' ? 'delete' : 'add';
  act(`${action}Tunnel`, verb, tunnel, device, family);
}

function act(
  request: TunnelRequest,
  verb: string,
  { bytes }: Ipv4Tunnel | Ipv6Tunnel,
  device: string,
  family: number,
): void {
  try {
    requestTunnel(request, family, device, bytes, 'ioctl');
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const text = `${verb} tunnel "${device}" failed: ${strerror(error.errno)}`;
    throw new UsageError(text, EXIT_FAILURE);
  }
}
