/** The words that name a channel: its identifier, or the port and the address that it is made of. */
import {
  type Args,
  EXIT_USAGE,
  invalidHardwareAddress,
  UsageError,
  wrongArgument,
} from '../../schema/args.ts';
import { findKeyword, type Grammar, type Operand, reads, value } from '../../schema/keywords.ts';
import { parseUnsigned, parseUnsigned64 } from '../../schema/number.ts';
import { parseHardwareAddress, parseIpv4 } from '../../wire/address.ts';
import type { Context } from '../frame/context.ts';
import { MACSEC_USAGE } from './usage.ts';

const ADDRESS_LENGTH = 6;
const CHANNEL_LENGTH = 8;
const MAX_PORT = 0xffff;

/** What names a channel. */
interface Draft {
  sci?: bigint;
  port?: number;
  address?: Uint8Array;
}

const SCI = value(
  { synopsis: '<u64>', examples: ['0102030405060708', '1'] },
  word => parseUnsigned64(word, 16),
  'expected sci',
);
const PORT: Operand = { synopsis: '{ 1..65535 }', examples: ['1', '65535'] };
const ADDRESS: Operand = { synopsis: '<lladdr>', examples: ['02:00:00:00:00:01'] };

/** The words that name a channel. */
export const CHANNEL_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    reads('sci', [SCI], (draft, args, context) => {
      if (draft.port !== undefined) throw wrongArgument('sci', 'expected address');
      if (draft.address !== undefined) throw wrongArgument('sci', 'expected port');
      draft.sci = SCI.read(args, context, 'sci');
    }),
    reads('port', [PORT], (draft, args) => {
      draft.port = readPort(args);
    }),
    reads('address', [ADDRESS], (draft, args) => {
      draft.address = readAddress(args);
    }),
  ],
};

function readPort(args: Args): number {
  const word = args.next();
  const port = parseUnsigned(word, MAX_PORT);
  if (port === undefined) throw wrongArgument(word, 'expected port');
  if (port === 0) throw wrongArgument(word, 'expected port != 0');
  return port;
}

/** Addresses may be shorter than those of Ethernet: zeros follow. */
function readAddress(args: Args): Uint8Array {
  const word = args.next();
  const bytes = word.includes('.') ? parseIpv4(word) : parseHardwareAddress(word);
  if (bytes !== undefined && bytes.length > 0 && bytes.length <= ADDRESS_LENGTH) return bytes;
  const wrong = wrongArgument(word, 'expected lladdr');
  throw new UsageError(`${invalidHardwareAddress(word).message}\n${wrong.message}`, wrong.exitCode);
}

/** Reads what names a channel; throws if the line ends before it is named. */
export function readChannel(args: Args, context: Context): bigint {
  const draft: Draft = {};
  while (!args.done) {
    const word = args.next();
    const keyword = findKeyword(CHANNEL_GRAMMAR.keywords, word);
    if (keyword === undefined) throw wrongArgument(word, 'expected sci, port, or address');
    keyword.read(draft, args, context, word);
    const sci = channelOf(draft);
    if (sci !== undefined) return sci;
  }
  throw new UsageError(`expected sci\n${MACSEC_USAGE}`, EXIT_USAGE);
}

function channelOf({ sci, port, address }: Draft): bigint | undefined {
  if (sci !== undefined || port === undefined || address === undefined) return sci;
  const channel = Buffer.alloc(CHANNEL_LENGTH);
  channel.set(address);
  channel.writeUInt16BE(port, ADDRESS_LENGTH);
  return channel.readBigUInt64BE();
}
