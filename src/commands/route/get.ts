/** `ip route get`: the route that the kernel would take. */

import { showRoute } from '../../layouts/route/route.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import {
  RTA_PREFSRC,
  RTA_SRC,
  RTM_F_FIB_MATCH,
  RTM_F_LOOKUP_TABLE,
  RTM_F_NOTIFY,
  RTM_GETROUTE,
} from '../../linux/rtnetlink.ts';
import { ipProtocolNumber } from '../../rtnetlink/names/ip-protocols.ts';
import { encodeRoute, type RouteHeader, type RouteValues, routeHeader } from '../../rtnetlink/route.ts';
import type { RouteReader } from '../../rtnetlink/route-reader.ts';
import { type Args, UsageError, UsageRequest } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  hidden,
  reads,
  readWords,
  shortened,
  type Value,
  value,
} from '../../schema/keywords.ts';
import type { Names } from '../../schema/names.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';

import { CommandFailed } from '../frame/report.ts';
import { addressBits, addressText, parsePrefix } from '../grammar/prefix.ts';
import { ADDRESS, VRF_DEVICE } from '../grammar/route-words.ts';
import { called, DEVICE_NAME, deviceIndex, named, number, optionalWord } from '../grammar/values.ts';
import { readAnswer } from './answer.ts';
import { routeView } from './show.ts';
import { readOwnAddress } from './values.ts';

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
  readWords(GET_GRAMMAR, draft, args, context);
  context.state.routeFilter = undefined;
  completeDraft(draft, context.names);
  const out = context.output();
  const answer = await askFor(draft, context);
  out.list();
  const { attributes } = show(answer, out, context);
  out.end();
  if (!draft.isConnected || draft.hasSource) return 0;
  if (!attributes.has(RTA_PREFSRC) && !attributes.has(RTA_SRC)) {
    context.complain('Failed to connect the route');
    throw new CommandFailed();
  }
  show(await askFor(draft, context), context.textOutput(), context);
  return 0;
}

async function askFor({ header, values }: Draft, context: Context): Promise<Message | undefined> {
  const request = new MessageWriter(RTM_GETROUTE, 0);
  encodeRoute(request, header, values);
  return (await context.request(request, 'answer'))[0];
}

function show(answer: Message | undefined, out: Output, context: Context): RouteReader {
  const route = readAnswer(answer, context);
  if (route === undefined) {
    context.complain('An error :-)');
    out.end();
    throw new CommandFailed();
  }
  showRoute(route, out, routeView(context, {}));
  return route;
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

const TOS = named('TOS', 'dsfield', 'TOS value is invalid\n');
const DEVICE = called('STRING', DEVICE_NAME);
const port = (complaint: string) => number('NUMBER', complaint, 0xffff);
const PROTOCOL = value(
  { synopsis: 'PROTOCOL', examples: ['tcp', 'udp', '1'] },
  ipProtocolNumber,
  'Invalid "ipproto" value\n',
);

/** A VRF as the name of its device, which is looked up at once and again at the end, as any other. */
const VRF_NAME: Value<string, Context> = {
  ...VRF_DEVICE,
  read(args, context) {
    const name = args.peek();
    VRF_DEVICE.read(args, context, 'vrf');
    return name!;
  },
};

/** The words of `get`. */
export const GET_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    exact('tos', TOS, ({ header }, tos) => {
      header.tos = tos;
    }),
    hidden(
      shortened(
        exact('dsfield', TOS, ({ header }, tos) => {
          header.tos = tos;
        }),
      ),
    ),
    reads('as', [called('', optionalWord('to')), ADDRESS], ({ header, values }, args) => {
      args.accept('to');
      values.newdst = addressText(readOwnAddress(args, header));
    }),
    shortened(exact('iif', DEVICE, 'inputDevice')),
    shortened(
      exact('mark', number('NUMBER', 'invalid mark value'), ({ values }, mark) => {
        values.mark = mark || undefined;
      }),
    ),
    shortened(exact('oif', DEVICE, 'device')),
    hidden(exact('dev', DEVICE, 'device')),
    shortened(
      flag('notify', ({ header }) => {
        header.flags |= RTM_F_NOTIFY;
      }),
    ),
    shortened(
      flag('connected', draft => {
        draft.isConnected = true;
      }),
    ),
    shortened(exact('vrf', VRF_NAME, 'device')),
    shortened(
      exact('uid', number('NUMBER', 'invalid UID\n'), ({ values }, uid) => {
        values.uid = uid;
      }),
    ),
    shortened(
      reads('from', [ADDRESS], (draft, args, context) => {
        if (args.matches('help')) throw new UsageRequest();
        readEnd(draft, args, context, 'src');
      }),
    ),
    shortened(
      flag('fibmatch', draft => {
        draft.isFibMatch = true;
      }),
    ),
    shortened(
      exact('sport', port('invalid sport\n'), ({ values }, sport) => {
        values.sport = sport;
      }),
    ),
    shortened(
      exact('dport', port('invalid dport\n'), ({ values }, dport) => {
        values.dport = dport;
      }),
    ),
    shortened(
      exact('ipproto', PROTOCOL, ({ values }, protocol) => {
        values.ip_proto = protocol;
      }),
    ),
    exact('flowlabel', number('FLOWLABEL', 'invalid flowlabel'), ({ values }, label) => {
      values.flowlabel = label;
    }),
    hidden(reads('to', [ADDRESS], readDestination)),
  ],
  operand: ADDRESS,
  readOperand: readDestination,
};

function readDestination(draft: Draft, args: Args, context: Context): void {
  if (args.matches('help')) throw new UsageRequest();
  readEnd(draft, args, context, 'dst');
}

/** The destination, which is one address whatever its length, or the source. */
function readEnd(draft: Draft, args: Args, context: Context, end: 'dst' | 'src'): void {
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
