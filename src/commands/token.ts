/** `ip token`: the interface identifiers of the addresses that router advertisements give. Source: linux/if_link.h. */

import { AF_INET6 } from '../linux/families.ts';
import { IFF_LOOPBACK, IFF_NOARP, IFLA_AF_SPEC } from '../linux/interfaces.ts';
import { RTM_GETLINK, RTM_SETLINK } from '../linux/rtnetlink.ts';
import { decodeLink, link, linkHeader } from '../rtnetlink/link.ts';
import {
  type Args,
  EXIT_FAILURE,
  EXIT_USAGE,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../schema/args.ts';
import type { Names } from '../schema/names.ts';
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import type { Message } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './frame/context.ts';

import { parsePrefix } from './grammar/prefix.ts';

const USAGE = `Usage: ip token [list | lst | show] [dev DEVICE]
       ip token get [dev DEVICE]
       ip token set TOKEN dev DEVICE
       ip token del dev DEVICE
TOKEN is an IPv6 address whose lower 64 bits are taken, such as ::1.`;

const IPV6_LENGTH = 16;

/** IFLA_INET6_*, of which IFLA_PROTINFO and the AF_INET6 part of IFLA_AF_SPEC are made. */
const inet6 = table({ token: row.ipv6(7) });

const DECODE = link.select(['ifname', 'protinfo']);

/** Runs `ip token`. */
export async function token(args: Args, context: Context): Promise<number> {
  if (args.done || args.acceptPrefix('list', 'lst', 'show', 'get')) return showTokens(args, context);
  if (args.acceptPrefix('set', 'add')) return setToken(args, context);
  if (args.acceptPrefix('delete')) return deleteToken(args, context);
  if (args.acceptPrefix('help')) throw new UsageRequest(USAGE);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip token help".`, EXIT_USAGE);
}

async function showTokens(args: Args, context: Context): Promise<number> {
  const device = readDevice(args, context.names);
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
  let value: Uint8Array | undefined;
  let device: number | undefined;
  while (!args.done && (value === undefined || device === undefined)) {
    if (args.accept('dev')) {
      const name = args.next();
      // Only the first one counts; the others need not even exist.
      device ??= deviceIndex(name, context.names);
    } else {
      const word = args.next();
      value ??= parsePrefix(word, AF_INET6).bytes;
    }
  }
  if (value === undefined) throw new UsageError('Not enough information: token is required.', EXIT_FAILURE);
  return changeToken(value, device, context);
}

async function deleteToken(args: Args, context: Context): Promise<number> {
  return changeToken(new Uint8Array(IPV6_LENGTH), readDevice(args, context.names), context);
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

/** The device after the first `dev`; all other words mean nothing. */
function readDevice(args: Args, names: Names): number | undefined {
  while (!args.done) {
    if (args.accept('dev')) return deviceIndex(args.next(), names);
    args.skip();
  }
  return undefined;
}

function deviceIndex(name: string, names: Names): number {
  const index = names.deviceIndex(name);
  if (index === undefined) throw wrongArgument(name, 'dev is invalid\n');
  return index;
}
