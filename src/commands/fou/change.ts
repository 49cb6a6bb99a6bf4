/** `ip fou add` and `delete`. */
import { FOU_ENCAP_DIRECT, FOU_ENCAP_GUE, type FouAttributes, fou } from '../../genetlink/fou.ts';
import { AF_INET, AF_INET6, AF_UNSPEC } from '../../linux/families.ts';
import { ipProtocolByName } from '../../rtnetlink/names/ip-protocols.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import {
  abbreviable,
  flag,
  type Grammar,
  type Operand,
  reads,
  readWords,
  shortened,
  type Value,
  value,
} from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { isDeviceName } from '../grammar/device-names.ts';
import { parseAddress } from '../grammar/prefix.ts';
import { FOU_USAGE } from './usage.ts';

const MAX_PORT = 0xffff;

/** What the words say. */
interface Draft {
  port?: number;
  ipproto?: number;
  isGue: boolean;
  /** Read when all other words have been. */
  local?: string;
  peer?: string;
  family?: number;
  peerPort?: number;
  ifindex?: number;
}

const portNumber = (complaint: string): Value<number> =>
  value(
    { synopsis: 'PORT', examples: ['5555', '1', '65535'] },
    word => parseUnsigned(word, MAX_PORT) || undefined,
    complaint,
  );
const PROTOCOL: Value<number> = value(
  { synopsis: 'PROTO', examples: ['4', 'gre', '255'] },
  word => (parseUnsigned(word, 0xff) ?? ipProtocolByName(word)) || undefined,
  'invalid ipproto',
);
const ADDRESS: Operand = { synopsis: 'IFADDR', examples: ['10.0.0.1', 'any'] };
const DEV = value<number, Context>(
  { synopsis: 'IFNAME', names: 'device' },
  (word, { names }) => names.deviceIndex(word),
  word =>
    new UsageError(`fou: ${isDeviceName(word) ? 'unknown' : 'invalid'} device name`, EXIT_FAILURE, true),
);

/** The words of both commands. Which of them make sense together is looked at afterwards. */
export const PORT_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    abbreviable('port', portNumber('invalid port'), 'port'),
    abbreviable('ipproto', PROTOCOL, 'ipproto'),
    shortened(
      flag('gue', draft => {
        draft.isGue = true;
      }),
    ),
    shortened(
      reads('local', [ADDRESS], (draft, args) => {
        draft.local = args.next();
      }),
    ),
    shortened(
      reads('peer', [ADDRESS], (draft, args) => {
        draft.peer = args.next();
      }),
    ),
    abbreviable('peer_port', portNumber('invalid peer port'), 'peerPort'),
    abbreviable('dev', DEV, 'ifindex'),
    shortened(
      flag('-6', draft => {
        draft.family = AF_INET6;
      }),
    ),
  ],
  readOperand(_draft, args) {
    throw new UsageError(`fou: unknown command "${args.next()}"?\n${FOU_USAGE}`, EXIT_USAGE);
  },
};

function familyOf({ family }: Context): number {
  return family === AF_UNSPEC ? AF_INET : family;
}

export const addPort = (args: Args, context: Context) => change(args, context, 'add');
export const deletePort = (args: Args, context: Context) => change(args, context, 'del');

/** After a complaint the original sends its request without a word of it. */
async function change(args: Args, context: Context, command: 'add' | 'del'): Promise<number> {
  const session = await openFamily(fou, context);
  const draft: Draft = { isGue: false };
  readWords(PORT_GRAMMAR, draft, args, context);
  const complaint = complaintAbout(draft, command === 'add');
  const request = session.begin(command);
  if (complaint === undefined) fou.attributes.encode(request, attributesOf(draft, context));
  else context.complain(`fou: ${complaint}`);
  return session.change(request);
}

function complaintAbout({ port, ipproto, isGue, peer, peerPort }: Draft, isAdd: boolean): string | undefined {
  if (port === undefined) return 'missing port';
  if (isAdd && ipproto === undefined && !isGue) return 'must set ipproto or gue';
  if (ipproto !== undefined && isGue) return 'cannot set ipproto and gue';
  return (peer === undefined) === (peerPort === undefined)
    ? undefined
    : 'both peer and peer port must be set';
}

function attributesOf({ port, ipproto, isGue, ...draft }: Draft, context: Context): FouAttributes {
  const { peerPort, ifindex, family: af = familyOf(context) } = draft;
  const [local, peer] = [draft.local, draft.peer].map(word =>
    word === undefined ? undefined : parseAddress(word, af),
  );
  return {
    port,
    type: isGue ? FOU_ENCAP_GUE : FOU_ENCAP_DIRECT,
    af,
    ipproto,
    ...(local && { [af === AF_INET ? 'local_v4' : 'local_v6']: Buffer.from(local.bytes) }),
    ...(peer && { [af === AF_INET ? 'peer_v4' : 'peer_v6']: Buffer.from(peer.bytes) }),
    peer_port: peerPort,
    ifindex,
  };
}
