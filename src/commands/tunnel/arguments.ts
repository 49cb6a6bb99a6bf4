/** Words that tunnels over IPv4 and IPv6 share, and what both do with them. */
import type { SystemCalls } from '../../kernel/kernel.ts';
import { SystemError, strerror } from '../../kernel/system/errors.ts';
import { requestTunnel, type TunnelRequest } from '../../kernel/system/tunnel-requests.ts';
import { readKey } from '../../rtnetlink/kinds/tunnels/endpoints.ts';
import {
  type Ipv4Tunnel,
  type Ipv6Tunnel,
  TUNNEL_CHECKSUM,
  TUNNEL_SEQUENCE,
} from '../../rtnetlink/tunnel.ts';
import {
  type Args,
  duplicateOrGarbage,
  EXIT_FAILURE,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import {
  flag,
  type Grammar,
  hidden,
  type Keyword,
  type Operand,
  reads,
  shownAs,
} from '../../schema/keywords.ts';
import type { Context } from '../frame/context.ts';
import { isDeviceName } from '../grammar/device-names.ts';
import { called, DEVICE_NAME } from '../grammar/values.ts';

/** What is to be done with the tunnel that words describe. */
export type TunnelAction = 'add' | 'change' | 'delete' | 'show';

/** A tunnel while its words are being read. */
export interface Draft<Tunnel extends Ipv4Tunnel | Ipv6Tunnel> {
  readonly tunnel: Tunnel;
  readonly action: TunnelAction;
  /** The device after `dev`, which is looked up when all words have been read. */
  link?: string;
  /** Whether a word has been read. */
  hasWords: boolean;
}

type AnyDraft = Draft<Ipv4Tunnel | Ipv6Tunnel>;

/** Flag words: bits for packets that come in and for those that go out. */
const FLAG_WORDS: Readonly<Record<string, readonly [input: number, output: number]>> = {
  seq: [TUNNEL_SEQUENCE, TUNNEL_SEQUENCE],
  iseq: [TUNNEL_SEQUENCE, 0],
  oseq: [0, TUNNEL_SEQUENCE],
  csum: [TUNNEL_CHECKSUM, TUNNEL_CHECKSUM],
  icsum: [TUNNEL_CHECKSUM, 0],
  ocsum: [0, TUNNEL_CHECKSUM],
};

const KEY: Operand = { synopsis: 'KEY', examples: ['5', '1.2.3.4'] };

/** Words about keys, sequence numbers and checksums. A synopsis shows three as one: `[i|o]key`. */
export const KEY_WORDS: readonly Keyword<AnyDraft, Context>[] = [
  ...['key', 'ikey', 'okey'].map(word =>
    directed(
      reads<AnyDraft, Context>(word, [KEY], ({ tunnel: { keys } }, args) => {
        const key = readKey(args.next(), word);
        if (word !== 'okey') keys.setInputKey(key);
        if (word !== 'ikey') keys.setOutputKey(key);
      }),
    ),
  ),
  ...Object.entries(FLAG_WORDS).map(([word, [input, output]]) =>
    directed(
      flag<AnyDraft, Context>(word, ({ tunnel: { keys } }) => {
        keys.inputFlags |= input;
        keys.outputFlags |= output;
      }),
    ),
  ),
];

function directed(keyword: Keyword<AnyDraft, Context>): Keyword<AnyDraft, Context> {
  return /^[io]/.test(keyword.word) ? hidden(keyword) : shownAs(`[i|o]${keyword.word}`, keyword);
}

/** The device that a tunnel goes through. */
export const LINK = called('PHYS_DEV', DEVICE_NAME);

const NAME: Operand = { synopsis: 'NAME', names: 'device' };

/**
 * A grammar of tunnels: `keywords`, and the name of the tunnel with or without `name`. If the first word names a tunnel
 * that is to be changed, it becomes what it is now, and the words after that change it.
 */
export function tunnelGrammar<Tunnel extends Ipv4Tunnel | Ipv6Tunnel>(
  keywords: readonly Keyword<Draft<Tunnel>, Context>[],
  family: number,
  check: (tunnel: Tunnel) => void = () => undefined,
): Grammar<Draft<Tunnel>, Context> {
  const readName = (draft: Draft<Tunnel>, args: Args, { kernel }: Context) => {
    const { tunnel, action, hasWords } = draft;
    const word = args.next();
    if (tunnel.name !== '') throw duplicateOrGarbage('name', word);
    if (!isDeviceName(word)) throw wrongArgument(word, '"name" not a valid ifname');
    if (action === 'change' && !hasWords) {
      tunnel.bytes.fill(0);
      getTunnel(kernel.calls, tunnel, word, family);
    } else {
      tunnel.name = word;
    }
    draft.hasWords = true;
    check(tunnel);
  };
  return {
    keywords: [...keywords.map(noticed), hidden(reads('name', [NAME], readName))],
    operand: NAME,
    readOperand(draft, args, context) {
      if (args.matches('help')) throw new UsageRequest();
      readName(draft, args, context);
    },
  };
}

/** The same keyword, which notes that it has been read. */
function noticed<Tunnel extends Ipv4Tunnel | Ipv6Tunnel>(
  keyword: Keyword<Draft<Tunnel>, Context>,
): Keyword<Draft<Tunnel>, Context> {
  return {
    ...keyword,
    read(draft, args, context, typed) {
      keyword.read(draft, args, context, typed);
      draft.hasWords = true;
    },
  };
}

/** Asks the kernel what the tunnel `device` is; `tunnel` is what it may go by. */
export function getTunnel(
  calls: SystemCalls,
  tunnel: Ipv4Tunnel | Ipv6Tunnel,
  device: string,
  family: number,
): void {
  act(calls, 'getTunnel', 'get', tunnel, device, family);
}

/** Makes, changes or deletes a tunnel. `device` is what the kernel is asked for it. */
export function changeTunnel(
  calls: SystemCalls,
  tunnel: Ipv4Tunnel | Ipv6Tunnel,
  action: 'add' | 'change' | 'delete',
  device: string,
  family: number,
): void {
  const verb = action === 'delete' ? 'delete' : 'add';
  act(calls, `${action}Tunnel`, verb, tunnel, device, family);
}

function act(
  calls: SystemCalls,
  request: TunnelRequest,
  verb: string,
  { bytes }: Ipv4Tunnel | Ipv6Tunnel,
  device: string,
  family: number,
): void {
  try {
    requestTunnel(calls, request, family, device, bytes, 'ioctl');
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const text = `${verb} tunnel "${device}" failed: ${strerror(error.errno)}`;
    throw new UsageError(text, EXIT_FAILURE);
  }
}
