/** `ip route get`: the route that the kernel would take. */

import { showRoute } from '../../layouts/route.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import {
  RTM_DELROUTE,
  RTM_F_FIB_MATCH,
  RTM_F_LOOKUP_TABLE,
  RTM_F_NOTIFY,
  RTM_GETROUTE,
  RTM_NEWROUTE,
} from '../../linux/rtnetlink.ts';
import { ipProtocolNumber } from '../../rtnetlink/names/ip-protocols.ts';
import {
  encodeRoute,
  type RouteHeader,
  RouteReader,
  type RouteValues,
  routeHeader,
} from '../../rtnetlink/route.ts';
import { type Args, UsageError, UsageRequest, wrongArgument } from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';

import { CommandFailed } from '../frame/report.ts';
import { addressBits, addressText, parseAddress, parsePrefix } from '../grammar/prefix.ts';
import { vrfDevice } from '../grammar/route-words.ts';
import { routeView } from './show.ts';
import { ROUTE_USAGE } from './usage.ts';

const U32 = 0xffffffff;

interface Draft {
  readonly header: RouteHeader;
  readonly values: RouteValues;
  device?: string;
  inputDevice?: string;
  hasDestination: boolean;
  isConnected: boolean;
  hasSource: boolean;
  isFibMatch: boolean;
}

/** Asks for one route and shows it; `connected` asks again, as a connected socket would. */
export async function getRoute(args: Args, context: Context): Promise<number> {
  const draft: Draft = {
    header: { ...routeHeader.zero(), family: context.family },
    values: {},
    hasDestination: false,
    isConnected: false,
    hasSource: false,
    isFibMatch: false,
  };
  while (!args.done) parseWord(args, draft, context);
  completeDraft(draft, context.names);
  const out = context.output();
  const answer = await askFor(draft, context);
  out.list();
  show(answer, out, context);
  out.end();
  if (draft.isConnected && !draft.hasSource)
    show(await askFor(draft, context), context.textOutput(), context);
  return 0;
}

async function askFor({ header, values }: Draft, context: Context): Promise<Message | undefined> {
  const request = new MessageWriter(RTM_GETROUTE, 0);
  encodeRoute(request, header, values);
  return (await context.session.request(request, 'answer'))[0];
}

function show(answer: Message | undefined, out: Output, context: Context): void {
  const route = new RouteReader();
  const isRoute = answer?.type === RTM_NEWROUTE || answer?.type === RTM_DELROUTE;
  if (answer === undefined || !isRoute || !route.read(answer)) {
    context.complain('An error :-)');
    throw new CommandFailed();
  }
  showRoute(route, out, routeView(context, {}));
}

/** Devices are looked up at the end, whatever their place in the line. */
function completeDraft(draft: Draft, names: Names): void {
  const { header, values } = draft;
  if (!draft.hasDestination) throw new UsageError('need at least a destination address');
  if (draft.inputDevice !== undefined) values.iif = deviceIndex(draft.inputDevice, names);
  if (draft.device !== undefined) values.oif = deviceIndex(draft.device, names);
  if (header.family === AF_UNSPEC) header.family = AF_INET;
  if (header.family === AF_INET) header.flags |= RTM_F_LOOKUP_TABLE;
  if (draft.isFibMatch) header.flags |= RTM_F_FIB_MATCH;
}

function parseWord(args: Args, draft: Draft, context: Context): void {
  const { header, values } = draft;
  const { names } = context;
  if (args.accept('tos') || args.acceptPrefix('dsfield'))
    header.tos = read(args, word => names.number('dsfield', word), 'TOS value is invalid\n');
  else if (args.accept('as')) parseNewDestination(args, draft);
  else if (args.acceptPrefix('iif')) draft.inputDevice = args.next();
  else if (args.acceptPrefix('mark')) values.mark = read(args, readNumber, 'invalid mark value') || undefined;
  else if (args.acceptPrefix('oif') || args.accept('dev')) draft.device = args.next();
  else if (args.acceptPrefix('notify')) header.flags |= RTM_F_NOTIFY;
  else if (args.acceptPrefix('connected')) draft.isConnected = true;
  else if (args.acceptPrefix('vrf')) parseVrf(args, draft);
  else if (args.acceptPrefix('uid')) values.uid = read(args, readNumber, 'invalid UID\n');
  else if (args.acceptPrefix('from')) parseSource(args, draft, context);
  else if (args.acceptPrefix('fibmatch')) draft.isFibMatch = true;
  else parseRest(args, draft, context);
}

function parseRest(args: Args, draft: Draft, context: Context): void {
  const { values } = draft;
  if (args.acceptPrefix('sport')) values.sport = read(args, readPort, 'invalid sport\n');
  else if (args.acceptPrefix('dport')) values.dport = read(args, readPort, 'invalid dport\n');
  else if (args.acceptPrefix('ipproto'))
    values.ip_proto = read(args, ipProtocolNumber, 'Invalid "ipproto" value\n');
  else if (args.accept('flowlabel')) values.flowlabel = read(args, readNumber, 'invalid flowlabel');
  else {
    args.accept('to');
    if (args.matches('help')) throw new UsageRequest(ROUTE_USAGE);
    parseEnd(args, draft, context, 'dst');
  }
}

function parseNewDestination(args: Args, { header, values }: Draft): void {
  args.accept('to');
  const address = parseAddress(args.next(), header.family);
  if (header.family === AF_UNSPEC) header.family = address.family;
  values.newdst = addressText(address);
}

function parseSource(args: Args, draft: Draft, context: Context): void {
  if (args.matches('help')) throw new UsageRequest(ROUTE_USAGE);
  parseEnd(args, draft, context, 'src');
}

/** The output device of a VRF decides: `ip` takes its index for one. */
function parseVrf(args: Args, draft: Draft): void {
  const name = args.next();
  if (vrfDevice(name) === undefined) throw wrongArgument(name, 'Invalid VRF\n');
  draft.device = name;
}

/** The destination, which is one address whatever its length, or the source. */
function parseEnd(args: Args, draft: Draft, context: Context, end: 'dst' | 'src'): void {
  const { header, values } = draft;
  const prefix = parsePrefix(args.next(), header.family);
  if (header.family === AF_UNSPEC) header.family = prefix.family;
  if (prefix.bytes.length > 0) values[end] = addressText(prefix);
  if (end === 'src') {
    draft.hasSource = true;
    header.src_len = prefix.length;
    return;
  }
  draft.hasDestination = true;
  const whole = addressBits(header.family);
  if (prefix.length !== whole)
    context.complain(
      `Warning: /${prefix.length} as prefix is invalid, only /${whole} (or none) is supported.`,
    );
  header.dst_len = whole;
}

function read<T>(args: Args, parse: (word: string) => T | undefined, complaint: string): T {
  const word = args.next();
  const value = parse(word);
  if (value === undefined) throw wrongArgument(word, complaint);
  return value;
}

const readNumber = (word: string) => parseUnsigned(word, U32);
const readPort = (word: string) => parseUnsigned(word, 0xffff);

function deviceIndex(name: string, names: Names): number {
  const index = names.deviceIndex(name);
  if (index === undefined) throw new UsageError(`Cannot find device "${name}"`);
  return index;
}
