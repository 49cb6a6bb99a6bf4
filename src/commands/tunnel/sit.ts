/** `ip tunnel prl` and `ip tunnel 6rd`: routers and prefixes of tunnels that carry IPv6. */

import { SystemError } from '../../kernel/system/errors.ts';
import { requestTunnel, type TunnelRequest } from '../../kernel/system/tunnel-requests.ts';
import { ENOTTY } from '../../linux/errno.ts';
import { AF_INET, AF_INET6 } from '../../linux/families.ts';
import { encodeRouter, RAPID_LENGTH } from '../../rtnetlink/tunnel.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError, wrongArgument } from '../../schema/args.ts';

import { isDeviceName } from '../grammar/link-filter.ts';
import { parsePrefix } from '../grammar/prefix.ts';
import { parseHost, requestFailure } from './ipv4.ts';

const ROUTER_WORDS: Readonly<
  Record<string, { readonly request: TunnelRequest; readonly isDefault: boolean }>
> = {
  'prl-default': { request: 'addRouter', isDefault: true },
  'prl-nodefault': { request: 'addRouter', isDefault: false },
  'prl-delete': { request: 'deleteRouter', isDefault: false },
};

/** Adds or deletes a potential router of an ISATAP tunnel. */
export function changeRouters(args: Args): number {
  let device = '';
  let request: TunnelRequest | undefined;
  let router: Buffer = Buffer.alloc(0);
  while (!args.done) {
    const word = args.next();
    const change = Object.hasOwn(ROUTER_WORDS, word) ? ROUTER_WORDS[word] : undefined;
    if (word === 'dev') {
      device = readDevice(args.next());
    } else if (change !== undefined) {
      const address = args.next();
      if (request !== undefined) throw new UsageError('One PRL entry at a time', EXIT_USAGE);
      request = change.request;
      router = encodeRouter(parseHost(address), change.isDefault);
    } else {
      throw new UsageError(`Invalid PRL parameter "${word}"`, EXIT_USAGE);
    }
  }
  return send(device, request, router);
}

/** Sets or resets the prefixes of a tunnel for IPv6 rapid deployment. */
export function changeRapidDeployment(args: Args): number {
  const prefixes = Buffer.alloc(RAPID_LENGTH);
  let device = '';
  let request: TunnelRequest | undefined;
  while (!args.done) {
    const word = args.next();
    if (word === 'dev') {
      device = readDevice(args.next());
    } else if (word === '6rd-prefix') {
      const { bytes, length } = parsePrefix(args.next(), AF_INET6);
      prefixes.set(bytes, 0);
      prefixes.writeUInt16LE(length, 20);
      request = 'add6rd';
    } else if (word === '6rd-relay_prefix') {
      const { bytes, length } = parsePrefix(args.next(), AF_INET);
      prefixes.set(bytes, 16);
      prefixes.writeUInt16LE(length, 22);
      request = 'add6rd';
    } else if (word === '6rd-reset') {
      request = 'delete6rd';
    } else {
      throw new UsageError(`Invalid 6RD parameter "${word}"`, EXIT_USAGE);
    }
  }
  return send(device, request, prefixes);
}

function readDevice(word: string): string {
  if (!isDeviceName(word)) throw wrongArgument(word, '"dev" not a valid ifname');
  return word;
}

function send(device: string, request: TunnelRequest | undefined, data: Buffer): number {
  if (device === '') throw new UsageError('Must specify device', EXIT_USAGE);
  try {
    // Nothing to do is a request that no kernel knows.
    if (request === undefined) throw new SystemError('ioctl', ENOTTY);
    requestTunnel(request, AF_INET, device, data, 'ioctl');
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw new UsageError(requestFailure(device, request, error), EXIT_FAILURE);
  }
  return 0;
}
