/** MACsec devices (IEEE 802.1AE). Source: linux/if_link.h IFLA_MACSEC_*, linux/if_macsec.h. */
import {
  type Args,
  duplicateArgument,
  duplicateOrGarbage,
  invalidHardwareAddress,
  isPrefixOf,
  mustBeOneOf,
  UsageError,
  wrongArgument,
} from '../../schema/args.ts';
import { parseUnsigned, parseUnsigned64 } from '../../schema/number.ts';
import type { Facets, ParseTools, Values } from '../../schema/row.ts';
import * as row from '../../schema/row.ts';
import { hardwareAddressText, type Spelling, shownSigned } from '../../schema/spelling.ts';
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

/** MACSEC_CIPHER_ID_*, by number. */
const CIPHERS = new Map([
  [0x0080c20001000001n, 'GCM-AES-128'],
  [0x0080c20001000002n, 'GCM-AES-256'],
  [0x0080c20001000003n, 'GCM-AES-XPN-128'],
  [0x0080c20001000004n, 'GCM-AES-XPN-256'],
]);

/** MACSEC_DEFAULT_CIPHER_ID, an older number of GCM-AES-128. */
const DEFAULT_CIPHER = 0x0080020001000001n;

const cipherSuite: Spelling<bigint> = {
  show: value => CIPHERS.get(value) ?? (value === DEFAULT_CIPHER ? 'GCM-AES-128' : '(unknown)'),
  parse(word) {
    if (word === 'default') return DEFAULT_CIPHER;
    return [...CIPHERS].find(([, name]) => name === word || name.toLowerCase() === word)?.[0];
  },
};

const secureChannel: Spelling<bigint> = {
  show: value => value.toString(16).padStart(16, '0'),
  parse: word => parseUnsigned64(word, 16),
};

const ADDRESS_LENGTH = 6;
const VALIDATIONS = ['disabled', 'check', 'strict'];
const OFFLOADS = ['off', 'phy', 'mac'];

/** What the original takes for a window that is not set. */
const NO_WINDOW = 0xffffffff;

/** Reads what names the secure channel, which may stand at the beginning only. */
function parseChannel(args: Args, draft: Values, _tools: ParseTools, keyword: string): void {
  if (Object.keys(draft).length > 0) throw new UsageError(`macsec: unknown command "${keyword}"?\n${usage}`);
  if (keyword === 'port') draft['port'] = parsePort(args);
  else setChannel(draft, keyword === 'sci' ? parseSci(args) : parseAddressAndPort(args));
}

/** A channel of zero is told by its port, 0. */
function setChannel(draft: Values, sci: bigint): void {
  if (sci === 0n) draft['port'] = 0;
  else draft['sci'] = sci;
}

function parseSci(args: Args): bigint {
  const word = args.next();
  const sci = secureChannel.parse(word, undefined as never);
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
  const text = hardwareAddressText.parse(word, undefined as never);
  const bytes = text === undefined ? undefined : packHardwareAddress(text);
  if (bytes !== undefined && bytes.length <= ADDRESS_LENGTH) return bytes;
  const wrong = wrongArgument(word, 'expected lladdr');
  throw new UsageError(`${invalidHardwareAddress(word).message}\n${wrong.message}`, wrong.exitCode);
}

/** The facets of a word for on or off whose name differs from the kernel's. */
const called = (word: string): Facets<number> => ({ label: word, keyword: word });

const unknown = () => '(unknown)';

export const macsec = linkKind(
  'macsec',
  usage,
  {
    sci: row.be64(1, {
      keyword: ['address', 'port', 'sci'],
      parse: parseChannel,
      spelling: secureChannel,
    }),
    port: row.be16(2, { keyword: false, show: false }),
    protect: row.onOff(8),
    cipher_suite: row.u64(4, {
      label: 'cipher',
      keyword: 'cipher',
      spelling: cipherSuite,
      parse(args, draft, tools, keyword, name) {
        const word = args.next();
        if (draft[name] !== undefined) throw duplicateArgument(keyword, word);
        draft[name] = cipherSuite.parse(word, tools);
        if (draft[name] !== undefined) return;
        const names = 'default, gcm-aes-128, gcm-aes-256, gcm-aes-xpn-128 or gcm-aes-xpn-256';
        throw wrongArgument(word, `expected: ${names}`);
      },
    }),
    icv_len: row.u8(3, {
      label: 'icvlen',
      keyword: 'icvlen',
      parse(args, draft, _tools, keyword, name) {
        const word = args.next();
        if (draft[name] !== undefined) throw duplicateArgument(keyword, word);
        const length = parseUnsigned(word, 0xff, 10);
        if (length === undefined) throw wrongArgument(word, 'expected ICV length');
        if (length < 8 || length > 16) throw wrongArgument(word, 'ICV length must be in the range {8..16}');
        draft[name] = length;
      },
    }),
    encoding_sa: row.u8(6, {
      label: 'encodingsa',
      keyword: 'encodingsa',
      parse(args, draft, _tools, keyword, name) {
        if (draft[name] !== undefined) throw duplicateOrGarbage(keyword, keyword);
        const word = args.next();
        draft[name] = parseUnsigned(word, 3);
        if (draft[name] === undefined) throw wrongArgument(word, 'expected an { 0..3 }');
      },
    }),
    validation: row.u8(13, {
      ...row.oneOf(VALIDATIONS, unknown),
      ...called('validate'),
      parse(args, draft, _tools, keyword, name) {
        const word = args.next();
        const index = VALIDATIONS.findIndex(known => isPrefixOf(word, known));
        if (index < 0) throw mustBeOneOf(keyword, VALIDATIONS, word);
        draft[name] = index;
      },
    }),
    offload: row.u8(15, row.oneOfAbbreviated(OFFLOADS, unknown)),
    encrypt: row.onOff(7),
    inc_sci: row.onOff(9, called('send_sci')),
    es: row.onOff(10, called('end_station')),
    scb: row.onOff(11),
    replay_protect: row.onOff(12, called('replay')),
    window: row.u32(5, { spelling: shownSigned, complaint: 'expected replay window size' }),
  },
  {
    help: 'none',
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
