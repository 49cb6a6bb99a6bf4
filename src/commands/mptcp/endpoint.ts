/** `ip mptcp endpoint`: the addresses that multipath TCP may use. */
import { decodeEndpoint, ENDPOINT_FLAGS, type EndpointAttributes, mptcp } from '../../genetlink/mptcp.ts';
import { showEndpoint } from '../../layouts/generic/mptcp.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import { type Args, EXIT_KERNEL, missingArgument, wrongArgument } from '../../schema/args.ts';
import {
  abbreviable,
  type Grammar,
  type Keyword,
  type Operand,
  reads,
  readWords,
  value,
} from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { CommandFailed } from '../frame/report.ts';
import { openFamily } from '../generic/family-session.ts';
import { showList } from '../generic/listing.ts';
import { isDeviceName } from '../grammar/device-names.ts';
import { type Address, parseAddress } from '../grammar/prefix.ts';
import { number } from '../grammar/values.ts';

const MAX_PORT = 0xffff;
const MAX_ID = 0xff;

type Verb = 'add' | 'change' | 'delete' | 'show';

/** What the words say. */
interface Draft {
  readonly verb: Verb;
  address?: Address;
  device?: number;
  id?: number;
  port?: number;
  flags: number;
}

const DEV = value<number, Context>(
  { synopsis: 'NAME', names: 'device' },
  (word, { names }) => {
    if (!isDeviceName(word)) throw wrongArgument(word, 'invalid interface name\n');
    return names.deviceIndex(word);
  },
  'device does not exist\n',
);
const ID = number('ID', 'invalid ID\n', MAX_ID);
const PORT = value<number, Context>(
  { synopsis: 'NR', examples: ['80', '5000'] },
  word => parseUnsigned(word, MAX_PORT),
  'expected port',
);
const ADDRESS: Operand = { synopsis: 'ADDRESS', examples: ['10.0.0.1', 'fd00::1'] };

/** The words of all commands. Which of them make sense together is looked at afterwards, but for the flags. */
export const ENDPOINT_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    ...Object.entries(ENDPOINT_FLAGS).map(([word, bit]) => flagKeyword(word, bit, word === 'implicit')),
    flagKeyword('nobackup', 0),
    flagKeyword('nofullmesh', 0),
    abbreviable('id', ID, 'id'),
    abbreviable('dev', DEV, 'device'),
    abbreviable('port', PORT, 'port'),
  ],
  operand: ADDRESS,
  readOperand(draft, args) {
    draft.address = parseAddress(args.next(), AF_UNSPEC);
  },
};

/** What a command starts with: flags that exclude each other are complained about at once. */
function flagKeyword(word: string, bit: number, isHidden = false): Keyword<Draft, Context> {
  const { signal, backup, fullmesh } = ENDPOINT_FLAGS;
  const keyword = reads<Draft, Context>(word, [], draft => {
    draft.flags |= bit;
    if (draft.verb === 'add' && draft.flags & signal && draft.flags & fullmesh)
      throw wrongArgument(word, "flags mustn't have both signal and fullmesh");
    if (draft.verb === 'change' && draft.flags & ~(backup | fullmesh))
      throw wrongArgument(word, 'invalid flags, backup and fullmesh only');
  });
  return isHidden ? { ...keyword, isHidden } : keyword;
}

export const addEndpoint = (args: Args, context: Context) => change(args, context, 'add', 'add_addr');
export const changeEndpoint = (args: Args, context: Context) => change(args, context, 'change', 'set_flags');
export const deleteEndpoint = (args: Args, context: Context) => change(args, context, 'delete', 'del_addr');

async function change(
  args: Args,
  context: Context,
  verb: Verb,
  command: 'add_addr' | 'set_flags' | 'del_addr',
): Promise<number> {
  const session = await openFamily(mptcp, context);
  const request = session.begin(command);
  encodeEndpoint(request, readEndpoint(args, context, verb));
  return session.change(request);
}

function readEndpoint(args: Args, context: Context, verb: Verb): Draft {
  const draft: Draft = { verb, flags: 0 };
  readWords(ENDPOINT_GRAMMAR, draft, args, context);
  const { address, id, port } = draft;
  if (verb === 'add' && address === undefined) throw missingArgument('ADDRESS');
  if (verb === 'delete') checkDeleted(draft);
  else if (id === 0) throw wrongArgument('ID', 'cannot be 0\n');
  if (port && verb === 'add' && !(draft.flags & ENDPOINT_FLAGS.signal))
    throw wrongArgument('port', 'flags must have signal when using port');
  if (port && verb === 'change' && id !== undefined)
    throw wrongArgument('port', "port can't be used with id");
  return draft;
}

function checkDeleted({ id, address }: Draft): void {
  if (id === undefined) throw missingArgument('ID');
  if (id !== 0 && address !== undefined) throw wrongArgument('ADDRESS', 'invalid for non-zero id address\n');
  if (id === 0 && address === undefined)
    throw wrongArgument('ID', 'address is needed for deleting id 0 address\n');
}

function encodeEndpoint(request: MessageWriter, { id, flags, device, port, address }: Draft): void {
  const addr: EndpointAttributes = {
    id,
    flags: flags || undefined,
    if_idx: device || undefined,
    port: port || undefined,
    family: address?.family,
    ...(address === undefined
      ? {}
      : { [address.family === AF_INET ? 'addr4' : 'addr6']: Buffer.from(address.bytes) }),
  };
  mptcp.attributes.encode(request, { addr });
}

/** Shows all endpoints, or the one that the words name. */
export async function showEndpoints(args: Args, context: Context): Promise<number> {
  const session = await openFamily(mptcp, context);
  const request = session.begin('get_addr');
  const out = context.output();
  if (args.done) {
    const batches = session.dump(request, { exitCode: EXIT_KERNEL });
    await showList(batches, out, message => showOne(message, out, context));
    return 0;
  }
  encodeEndpoint(request, readEndpoint(args, context, 'show'));
  const [answer] = await session.request(request, 'answer');
  const endpoint = answer && decodeEndpoint(answer);
  out.list();
  if (endpoint !== undefined) showEndpoint(endpoint, out, context.view);
  out.end();
  return endpoint === undefined ? 1 : 0;
}

/** A message without an endpoint ends the list. */
function showOne(message: Message, out: Output, context: Context): void {
  const endpoint = decodeEndpoint(message);
  if (endpoint === undefined) {
    context.complain('Dump terminated');
    throw new CommandFailed(EXIT_KERNEL);
  }
  showEndpoint(endpoint, out, context.view);
}

/** Forgets all endpoints; further words are passed over. */
export async function flushEndpoints(_args: Args, context: Context): Promise<number> {
  const session = await openFamily(mptcp, context);
  return session.change(session.begin('flush_addrs'));
}
