/** MACsec devices (IEEE 802.1AE). Source: linux/if_link.h IFLA_MACSEC_*, linux/if_macsec.h. */
import {
  type Args,
  duplicateArgument,
  duplicateOrGarbage,
  invalidHardwareAddress,
  UsageError,
  wrongArgument,
} from '../../schema/args.ts';
import { parseUnsigned, parseUnsigned64 } from '../../schema/number.ts';
import * as row from '../../schema/row.ts';
import {
  hardwareAddressText,
  type Operand,
  type PlainSpelling,
  shownSigned,
  unsigned,
} from '../../schema/spelling.ts';
import { packHardwareAddress } from '../../wire/address.ts';
import { linkKind } from '../kind.ts';

const usage = `Usage: ... macsec [ [ address LLADDR ] port PORT | sci SCI ]
		[ cipher CIPHER ] [ icvlen 8..16 ] [ encrypt on|off ] [ protect on|off ]
		[ send_sci on|off ] [ end_station on|off ] [ scb on|off ]
		[ replay on|off ] [ window 0..4294967294 ] [ validate strict|check|disabled ]
		[ encodingsa 0..3 ] [ offload mac|phy|off ]

The channel (address, port, sci) comes first. PORT: 1 to 65535; SCI: 16 hex digits
CIPHER: default | gcm-aes-128 | gcm-aes-256 | gcm-aes-xpn-128 | gcm-aes-xpn-256
At most one of send_sci, end_station and scb may be on; replay needs a window.`;

/** MACSEC_CIPHER_ID_*, and before them MACSEC_DEFAULT_CIPHER_ID, an older number of the first, by number. */
export const MACSEC_CIPHERS: ReadonlyMap<bigint, string> = new Map([
  [0x0080020001000001n, 'GCM-AES-128'],
  [0x0080c20001000001n, 'GCM-AES-128'],
  [0x0080c20001000002n, 'GCM-AES-256'],
  [0x0080c20001000003n, 'GCM-AES-XPN-128'],
  [0x0080c20001000004n, 'GCM-AES-XPN-256'],
]);

/** MACSEC_DEFAULT_CIPHER_ID. */
const DEFAULT_CIPHER = 0x0080020001000001n;

const CIPHER_WORDS = ['default', 'gcm-aes-128', 'gcm-aes-256', 'gcm-aes-xpn-128', 'gcm-aes-xpn-256'] as const;

const cipherSuite: PlainSpelling<bigint, (typeof CIPHER_WORDS)[number]> = {
  show: value => MACSEC_CIPHERS.get(value) ?? '(unknown)',
  parse(word) {
    if (word === 'default') return DEFAULT_CIPHER;
    return [...MACSEC_CIPHERS].findLast(([, name]) => name === word || name.toLowerCase() === word)?.[0];
  },
  operand: { synopsis: 'CIPHER', words: CIPHER_WORDS },
};

const secureChannel: PlainSpelling<bigint, never> = {
  show: value => value.toString(16).padStart(16, '0'),
  parse: word => parseUnsigned64(word, 16),
};

const ADDRESS_LENGTH = 6;

const PORT: Operand = { synopsis: 'PORT', range: [1, 0xffff] };

/** What follows the words for the secure channel. */
const CHANNEL_OPERANDS: Readonly<Record<string, readonly Operand[]>> = {
  address: [hardwareAddressText.operand!, { synopsis: 'port' }, PORT],
  port: [PORT],
  sci: [{ synopsis: 'SCI' }],
};

/** What the original takes for a window that is not set. */
const NO_WINDOW = 0xffffffff;

/** The values that name the secure channel. */
type Channel = { sci?: bigint; port?: number };

/** Reads what names the secure channel, which may stand at the beginning only. */
function parseChannel(args: Args, keyword: string, draft: Channel): Channel {
  if (Object.keys(draft).length > 0) throw new UsageError(`macsec: unknown command "${keyword}"?\n${usage}`);
  if (keyword === 'port') return { port: parsePort(args) };
  const sci = keyword === 'sci' ? parseSci(args) : parseAddressAndPort(args);
  // A channel of zero is sent as its port, 0.
  return sci === 0n ? { port: 0 } : { sci };
}

function parseSci(args: Args): bigint {
  const word = args.next();
  const sci = secureChannel.parse(word);
  if (sci === undefined) throw wrongArgument(word, 'expected sci');
  return sci;
}

function parsePort(args: Args): number {
  const word = args.next();
  const port = parseUnsigned(word, 0xffff);
  if (port === undefined) throw wrongArgument(word, 'expected port');
  if (port === 0) throw wrongArgument(word, 'expected port != 0');
  return port;
}

/** The channel of an address and a port; 0 without port. Of several addresses the last counts. */
function parseAddressAndPort(args: Args): bigint {
  let address = parseAddress(args);
  while (args.accept('address')) address = parseAddress(args);
  if (args.is('sci')) throw wrongArgument('sci', 'expected port');
  if (!args.accept('port')) return 0n;
  const channel = Buffer.alloc(8);
  channel.set(address);
  channel.writeUInt16BE(parsePort(args), ADDRESS_LENGTH);
  return channel.readBigUInt64BE();
}

function parseAddress(args: Args): Uint8Array {
  const word = args.next();
  const text = hardwareAddressText.parse(word);
  const bytes = text === undefined ? undefined : packHardwareAddress(text);
  if (bytes !== undefined && bytes.length <= ADDRESS_LENGTH) return bytes;
  const wrong = wrongArgument(word, 'expected lladdr');
  throw new UsageError(`${invalidHardwareAddress(word).message}\n${wrong.message}`, wrong.exitCode);
}

/** Complaint about a second value. */
const duplicate = (keyword: string, args: Args) => duplicateArgument(keyword, args.next());

const unknown = () => '(unknown)';

export const macsec = linkKind(
  'macsec',
  usage,
  {
    sci: row.be64(1, {
      keyword: ['address', 'port', 'sci'],
      operands: keyword => CHANNEL_OPERANDS[keyword] ?? [],
      patch: parseChannel,
      spelling: secureChannel,
    }),
    port: row.be16(2, { keyword: false, show: false }),
    protect: row.onOff(8),
    cipher_suite: row.u64(4, {
      word: 'cipher',
      spelling: cipherSuite,
      isUnique: duplicate,
      complaint: 'expected: default, gcm-aes-128, gcm-aes-256, gcm-aes-xpn-128 or gcm-aes-xpn-256',
    }),
    icv_len: row.u8(3, {
      word: 'icvlen',
      spelling: unsigned(0xff, 10),
      isUnique: duplicate,
      complaint: 'expected ICV length',
      range: { min: 8, max: 16, complaint: 'ICV length must be in the range {8..16}' },
    }),
    encoding_sa: row.u8(6, {
      word: 'encodingsa',
      spelling: unsigned(3),
      isUnique: keyword => duplicateOrGarbage(keyword, keyword),
      complaint: 'expected an { 0..3 }',
    }),
    validation: row.u8(13, {
      ...row.oneOf(['disabled', 'check', 'strict'], { unknown, isAbbreviable: true }),
      word: 'validate',
    }),
    offload: row.u8(15, row.oneOf(['off', 'phy', 'mac'], { unknown, isAbbreviable: 'with a warning' })),
    encrypt: row.onOff(7),
    inc_sci: row.onOff(9, { word: 'send_sci' }),
    es: row.onOff(10, { word: 'end_station' }),
    scb: row.onOff(11),
    replay_protect: row.onOff(12, { word: 'replay' }),
    window: row.u32(5, { spelling: shownSigned, complaint: 'expected replay window size' }),
  },
  {
    required: ['link'],
    help: 'none',
    sentOnce: ['replay_protect', 'window'],
    finish(draft) {
      const { inc_sci, es, scb, replay_protect: replay } = draft;
      if (draft.window === NO_WINDOW) delete draft.window;
      if ((inc_sci && es) || (inc_sci && scb) || (es && scb)) {
        throw new UsageError('invalid combination of send_sci/end_station/scb');
      }
      if (draft.window !== undefined && replay === undefined) {
        const hint = `did you mean 'replay on window ${draft.window}'?`;
        throw new UsageError(`replay window set, but replay protection not enabled. ${hint}`);
      }
      if (draft.window === undefined && replay) {
        const hint = "did you mean 'replay on window VALUE'?";
        throw new UsageError(`replay protection enabled, but no window set. ${hint}`);
      }
      if (!replay) delete draft.window;
    },
  },
);
