/** `ip token`: the interface identifiers of the addresses that router advertisements give. Source: linux/if_link.h. */

import { AF_INET6 } from '../linux/families.ts';
import { IFF_LOOPBACK, IFF_NOARP, IFLA_AF_SPEC } from '../linux/interfaces.ts';
import { RTM_GETLINK, RTM_SETLINK } from '../linux/rtnetlink.ts';
import { decodeLink, link, linkHeader } from '../rtnetlink/link.ts';
import { type Args, EXIT_FAILURE, UsageError } from '../schema/args.ts';
import { exact, type Grammar, type Operand, reads, readWord, value } from '../schema/keywords.ts';
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import type { Message } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './frame/context.ts';
import type { Subcommands } from './frame/subcommands.ts';

import { parsePrefix } from './grammar/prefix.ts';

const IPV6_LENGTH = 16;

/** IFLA_INET6_*, of which IFLA_PROTINFO and the AF_INET6 part of IFLA_AF_SPEC are made. */
const inet6 = table({ token: row.ipv6(7) });

const DECODE = link.select(['ifname', 'protinfo']);

/** What the words say. */
interface Draft {
  value?: Uint8Array;
  device?: number;
}

const DEV = value<number, Context>(
  { synopsis: 'DEV', names: 'device' },
  (word, { names }) => names.deviceIndex(word),
  'dev is invalid\n',
);

const TOKEN_OPERAND: Operand = { synopsis: 'TOKEN', examples: ['::1', 'fd00::1'] };

/** The words of `set`. The first device and the first token count; devices after the first are not looked up. */
const SET_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    reads('dev', [DEV], (draft, args, context) => {
      if (draft.device === undefined) draft.device = DEV.read(args, context, 'dev');
      else args.next();
    }),
  ],
  operand: TOKEN_OPERAND,
  readOperand(draft, args) {
    const word = args.next();
    draft.value ??= parsePrefix(word, AF_INET6).bytes;
  },
};

/** The words of the other commands: words other than `dev` are ignored. */
const DEVICE_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [exact('dev', DEV, 'device')],
  readOperand: (_draft, args) => args.skip(),
};

const deviceGrammar = async () => DEVICE_GRAMMAR;

export const TOKEN: Subcommands = {
  program: 'ip token',
  default: 'list',
  usage: async () => `\
Usage: ip token [ list | set | del | get ] [ TOKEN ] [ dev DEV ]

TOKEN is an IPv6 address, such as ::1: its lower 64 bits become those of addresses that
router advertisements give to the device.`,
  commands: [
    { names: ['list', 'lst', 'show', 'get'], load: async () => showTokens, grammar: deviceGrammar },
    { names: ['set', 'add'], load: async () => setToken, grammar: async () => SET_GRAMMAR },
    { names: ['delete'], load: async () => deleteToken, grammar: deviceGrammar },
  ],
};

async function showTokens(args: Args, context: Context): Promise<number> {
  const device = readDevice(args, context);
  const request = new MessageWriter(RTM_GETLINK, 0);
  linkHeader.write(request, { ...linkHeader.zero(), family: AF_INET6 });
  // Of a refused list nothing is shown.
  const messages: Message[] = [];
  for await (const batch of context.dump(request)) messages.push(...batch);
  const out = context.output();
  out.list();
  for (const message of messages) {
    const found = decodeLink(message, DECODE);
    if (found?.ifname === undefined || found.protinfo === undefined) continue;
    if (device !== undefined && found.header.index !== device) continue;
    // Such devices never hear a router.
    if ((found.header.flags & (IFF_LOOPBACK | IFF_NOARP)) !== 0) continue;
    const { token: value } = inet6.decode(found.protinfo, 0, found.protinfo.length);
    if (value === undefined) continue;
    out.open();
    out.text('token ');
    out.field('token', value, value, 'inet6');
    out.text(' dev ');
    out.field('ifname', found.ifname, `${found.ifname}\n`, 'ifname');
    out.close();
  }
  out.end();
  return 0;
}

async function setToken(args: Args, context: Context): Promise<number> {
  const draft: Draft = {};
  while (!args.done && (draft.value === undefined || draft.device === undefined)) {
    readWord(SET_GRAMMAR, draft, args, context);
  }
  const { value, device } = draft;
  if (value === undefined) throw new UsageError('Not enough information: token is required.', EXIT_FAILURE);
  return changeToken(value, device, context);
}

async function deleteToken(args: Args, context: Context): Promise<number> {
  return changeToken(new Uint8Array(IPV6_LENGTH), readDevice(args, context), context);
}

async function changeToken(value: Uint8Array, device: number | undefined, context: Context): Promise<number> {
  if (device === undefined) throw new UsageError('Not enough information: "dev" argument is required.');
  const request = new MessageWriter(RTM_SETLINK, 0);
  linkHeader.write(request, { ...linkHeader.zero(), family: AF_INET6, index: device });
  const families = request.open(IFLA_AF_SPEC, 0);
  const family = request.open(AF_INET6, 0);
  request.attribute(inet6.rows.token.type, codec.bytes, Buffer.from(value));
  request.close(family);
  request.close(families);
  await context.change(request);
  return 0;
}

/** The device after the first `dev`. */
function readDevice(args: Args, context: Context): number | undefined {
  const draft: Draft = {};
  while (!args.done && draft.device === undefined) readWord(DEVICE_GRAMMAR, draft, args, context);
  return draft.device;
}
