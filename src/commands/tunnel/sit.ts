/** `ip tunnel prl` and `ip tunnel 6rd`: routers and prefixes of tunnels that carry IPv6. */

import { SystemError } from '../../kernel/system/errors.ts';
import { requestTunnel, type TunnelRequest } from '../../kernel/system/tunnel-requests.ts';
import { ENOTTY } from '../../linux/errno.ts';
import { AF_INET, AF_INET6 } from '../../linux/families.ts';
import { encodeRouter, RAPID_LENGTH } from '../../rtnetlink/tunnel.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  type Keyword,
  type Operand,
  reads,
  readWords,
  value,
} from '../../schema/keywords.ts';
import type { Context } from '../frame/context.ts';

import { isDeviceName } from '../grammar/device-names.ts';
import { parsePrefix } from '../grammar/prefix.ts';
import { parseHost, requestFailure } from './ipv4.ts';

/** What the words of one command say. */
interface Draft {
  device: string;
  request?: TunnelRequest;
  data: Buffer;
}

const DEVICE = value(
  { synopsis: 'NAME', names: 'device' },
  word => (isDeviceName(word) ? word : undefined),
  '"dev" not a valid ifname',
);
const ADDRESS: Operand = { synopsis: 'ADDR', examples: ['10.0.0.1'] };
const PREFIX: Operand = { synopsis: 'ADDR', examples: ['fd00::/32'] };
const RELAY_PREFIX: Operand = { synopsis: 'ADDR', examples: ['10.0.0.0/8'] };

const device: Keyword<Draft, Context> = exact('dev', DEVICE, 'device');

function routerWord(word: string, request: TunnelRequest, isDefault: boolean): Keyword<Draft, Context> {
  return reads(word, [ADDRESS], (draft, args) => {
    const address = args.next();
    if (draft.request !== undefined) throw new UsageError('One PRL entry at a time', EXIT_USAGE);
    draft.request = request;
    draft.data = encodeRouter(parseHost(address), isDefault);
  });
}

/** The words of `prl`. */
export const ROUTER_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    device,
    routerWord('prl-default', 'addRouter', true),
    routerWord('prl-nodefault', 'addRouter', false),
    routerWord('prl-delete', 'deleteRouter', false),
  ],
  readOperand(_draft, args) {
    throw new UsageError(`Invalid PRL parameter "${args.peek()}"`, EXIT_USAGE);
  },
};

/** The words of `6rd`. */
export const RAPID_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    device,
    reads('6rd-prefix', [PREFIX], (draft, args) => {
      const { bytes, length } = parsePrefix(args.next(), AF_INET6);
      draft.data.set(bytes, 0);
      draft.data.writeUInt16LE(length, 20);
      draft.request = 'add6rd';
    }),
    reads('6rd-relay_prefix', [RELAY_PREFIX], (draft, args) => {
      const { bytes, length } = parsePrefix(args.next(), AF_INET);
      draft.data.set(bytes, 16);
      draft.data.writeUInt16LE(length, 22);
      draft.request = 'add6rd';
    }),
    flag('6rd-reset', draft => {
      draft.request = 'delete6rd';
    }),
  ],
  readOperand(_draft, args) {
    throw new UsageError(`Invalid 6RD parameter "${args.peek()}"`, EXIT_USAGE);
  },
};

/** Adds or deletes a potential router of an ISATAP tunnel. */
export function changeRouters(args: Args, context: Context): number {
  const draft: Draft = { device: '', data: Buffer.alloc(0) };
  readWords(ROUTER_GRAMMAR, draft, args, context);
  return send(draft, context);
}

/** Sets or resets the prefixes of a tunnel for IPv6 rapid deployment. */
export function changeRapidDeployment(args: Args, context: Context): number {
  const draft: Draft = { device: '', data: Buffer.alloc(RAPID_LENGTH) };
  readWords(RAPID_GRAMMAR, draft, args, context);
  return send(draft, context);
}

function send({ device, request, data }: Draft, { kernel }: Context): number {
  if (device === '') throw new UsageError('Must specify device', EXIT_USAGE);
  try {
    // Nothing to do is a request that no kernel knows.
    if (request === undefined) throw new SystemError('ioctl', ENOTTY);
    requestTunnel(kernel.calls, request, AF_INET, device, data, 'ioctl');
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw new UsageError(requestFailure(device, request, error), EXIT_FAILURE);
  }
  return 0;
}
