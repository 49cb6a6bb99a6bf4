/** The words of all commands of `ip l2tp`: any of them takes any word, and passes over what it does not need. */
import { L2TP_ENCAPS, L2TP_L2SPECS } from '../../genetlink/l2tp.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import {
  type Args,
  EXIT_USAGE,
  missingArgument,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  hidden,
  type Operand,
  reads,
  readWords,
  shortened,
  type Value,
  value,
  withSynonyms,
} from '../../schema/keywords.ts';
import type { Context } from '../frame/context.ts';
import { isDeviceName } from '../grammar/device-names.ts';
import { type Address, parseAddress } from '../grammar/prefix.ts';
import { number, oneOf } from '../grammar/values.ts';
import { L2TP_USAGE } from './usage.ts';

const MAX_PORT = 0xffff;

/** Which packets are numbered. */
interface Sequence {
  readonly isSent: boolean;
  readonly isReceived: boolean;
}

/** What the words say. */
export interface Draft {
  isTunnel: boolean;
  isSession: boolean;
  tunnel: number;
  peerTunnel: number;
  session: number;
  peerSession: number;
  encap: number;
  local?: Address;
  remote?: Address;
  sourcePort: number;
  destinationPort: number;
  hasChecksum: boolean;
  hasSentChecksum: boolean;
  hasReceivedChecksum: boolean;
  name?: string;
  cookie?: Buffer;
  peerCookie?: Buffer;
  sequence: Sequence;
  l2spec: number;
}

const ID = number('ID', 'invalid ID\n');
const PORT = number('PORT', 'invalid port\n', MAX_PORT);
const ADDRESS: Operand = { synopsis: 'ADDR', examples: ['10.0.0.1', 'fd00::1', 'any'] };
const NAME: Value<string> = value(
  { synopsis: 'NAME', examples: ['l2tpeth0'] },
  word => (isDeviceName(word) ? word : undefined),
  '"name" not a valid ifname',
);
const ENCAP = oneOf(
  { ip: L2TP_ENCAPS.ip, udp: L2TP_ENCAPS.udp },
  word => new UsageError(`Unknown tunnel encapsulation "${word}"`, EXIT_USAGE),
);
/** What each word sets; the other direction stays as it is. */
const SEQUENCES: Readonly<Record<string, Partial<Sequence>>> = {
  none: { isSent: false, isReceived: false },
  send: { isSent: true },
  recv: { isReceived: true },
  both: { isSent: true, isReceived: true },
};
const SEQUENCE = oneOf(SEQUENCES, word => new UsageError(`Unknown seq value "${word}"`, EXIT_USAGE));
const L2SPEC = oneOf(
  L2TP_L2SPECS,
  word => new UsageError(`Unknown layer2specific header type "${word}"`, EXIT_USAGE),
  'L2SPEC',
);
const ON_OFF: Value<boolean> = {
  ...oneOf({ on: true, off: false }, (word, keyword) =>
    wrongArgument(word, `invalid option for ${keyword}\n`),
  ),
};
const COOKIE: Value<Buffer> = value(
  { synopsis: 'HEXSTR', examples: ['01020304', '0102030405060708'] },
  word => (/^([0-9a-fA-F]{8}){1,2}$/.test(word) ? Buffer.from(word, 'hex') : undefined),
  word =>
    wrongArgument(
      word,
      word.length === 8 || word.length === 16
        ? 'cookie must be a hex string\n'
        : 'cookie must be either 8 or 16 hex digits\n',
    ),
);

/** An address; `any` leaves the one before. */
function address(word: string, member: 'local' | 'remote') {
  return reads<Draft, Context>(word, [ADDRESS], (draft, args) => {
    const found = parseAddress(args.next(), AF_UNSPEC);
    draft[member] = found;
  });
}

/** Words that once set offsets: their values are passed over. */
function ignored(word: string) {
  return hidden(
    reads<Draft, Context>(word, [{ synopsis: 'OFFSET', examples: ['0'] }], (_draft, args, context) => {
      context.complain(`Ignoring option "${word}"`);
      args.next();
    }),
  );
}

export const L2TP_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    flag('tunnel', draft => {
      draft.isTunnel = true;
    }),
    flag('session', draft => {
      draft.isSession = true;
    }),
    exact('encap', ENCAP, 'encap'),
    exact('name', NAME, 'name'),
    address('remote', 'remote'),
    address('local', 'local'),
    ...withSynonyms(exact('tunnel_id', ID, 'tunnel'), 'tid'),
    ...withSynonyms(exact('peer_tunnel_id', ID, 'peerTunnel'), 'ptid'),
    ...withSynonyms(exact('session_id', ID, 'session'), 'sid'),
    ...withSynonyms(exact('peer_session_id', ID, 'peerSession'), 'psid'),
    exact('udp_sport', PORT, 'sourcePort'),
    exact('udp_dport', PORT, 'destinationPort'),
    exact('udp_csum', ON_OFF, 'hasChecksum'),
    exact('udp6_csum_rx', ON_OFF, 'hasReceivedChecksum'),
    exact('udp6_csum_tx', ON_OFF, 'hasSentChecksum'),
    ignored('offset'),
    ignored('peer_offset'),
    exact('cookie', COOKIE, 'cookie'),
    exact('peer_cookie', COOKIE, 'peerCookie'),
    exact('l2spec_type', L2SPEC, 'l2spec'),
    exact('seq', SEQUENCE, (draft, sequence) => {
      draft.sequence = { ...draft.sequence, ...sequence };
    }),
    hidden(
      shortened(
        reads('help', [], () => {
          throw new UsageRequest();
        }),
      ),
    ),
  ],
  readOperand(_draft, args) {
    throw new UsageError(`Unknown command: ${args.next()}\n${L2TP_USAGE}`, EXIT_USAGE);
  },
};

/** Reads the words of a command: at least one, and what it is about must be among them. */
export function readDraft(args: Args, context: Context): Draft {
  if (args.done) throw new UsageRequest();
  const draft: Draft = {
    ...{ isTunnel: false, isSession: false, tunnel: 0, peerTunnel: 0, session: 0, peerSession: 0 },
    ...{ encap: L2TP_ENCAPS.udp, sourcePort: 0, destinationPort: 0, hasChecksum: false },
    ...{ hasSentChecksum: true, hasReceivedChecksum: true },
    ...{ sequence: { isSent: false, isReceived: false }, l2spec: L2TP_L2SPECS.default },
  };
  readWords(L2TP_GRAMMAR, draft, args, context);
  if (!draft.isTunnel && !draft.isSession) throw missingArgument('tunnel or session');
  return draft;
}
