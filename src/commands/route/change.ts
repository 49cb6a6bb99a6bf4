/** `ip route add`, `change`, `replace`, `prepend`, `append`, `test` and `delete`: one route read and sent. */

import { showRoute } from '../../layouts/route.ts';
import { AF_INET, AF_INET6, AF_MPLS, AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_ECHO } from '../../linux/netlink.ts';
import {
  RT_SCOPE_NOWHERE,
  RT_SCOPE_UNIVERSE,
  RT_TABLE_MAIN,
  RTM_DELROUTE,
  RTN_UNICAST,
  RTNH_F_ONLINK,
  RTPROT_BOOT,
} from '../../linux/rtnetlink.ts';
import {
  type NextHop as AnyNextHop,
  encodeRawRoute,
  type RawRouteValues,
  type RouteHeader,
  RouteReader,
} from '../../rtnetlink/route.ts';
import { defaultScope, defaultTable } from '../../rtnetlink/route-defaults.ts';
import {
  type Args,
  duplicateOrGarbage,
  EXIT_USAGE,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned } from '../../schema/number.ts';

import type { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';

import { parseEncap } from '../grammar/encap.ts';
import { type Address, parseAddress, parsePrefix } from '../grammar/prefix.ts';
import { parseRealms, parseRouteType, readFamily, vrfTable } from '../grammar/route-words.ts';
import { findMetric, parseMetric } from './metrics.ts';
import { routeView } from './show.ts';
import { ROUTE_USAGE } from './usage.ts';

type NextHop = AnyNextHop<Uint8Array>;

const U32 = 0xffffffff;
const MAX_WEIGHT = 256;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

/** A route as the command line describes it, while it is being read. */
interface Draft {
  readonly header: RouteHeader;
  readonly values: RawRouteValues;
  readonly isDelete: boolean;
  /** Says what does not keep the request from being made. */
  readonly complain: (text: string) => void;
  device: string | undefined;
  /** Sent after what else the words say. */
  metrics: RawRouteValues['metrics'];
  hasDestination: boolean;
  hasTable: boolean;
  hasScope: boolean;
}

/** Reads the rest of the line and sends it as a message of `type` with `flags`. */
export function changeRoute(
  args: Args,
  context: Context,
  type: number,
  flags: number,
): number | Promise<number> {
  const request = context.writer(type, flags);
  readRoute(args, context, request);
  return context.options.echo ? changeAndShow(request, context) : context.change(request);
}

/** Shows what the kernel reports of the change; programs get the object inside another one, as from the original. */
async function changeAndShow(request: MessageWriter, context: Context): Promise<number> {
  request.flags |= NLM_F_ECHO;
  const [answer] = await context.session.request(request);
  const route = new RouteReader();
  const out = context.output();
  out.list();
  out.open();
  if (answer !== undefined && route.read(answer)) showRoute(route, out, routeView(context, {}));
  out.close();
  out.end();
  return 0;
}

/** Reads the rest of the line into a request. */
function readRoute(args: Args, context: Context, request: MessageWriter): void {
  const { names, family } = context;
  const isDelete = request.type === RTM_DELROUTE;
  const draft: Draft = {
    header: {
      family,
      dst_len: 0,
      src_len: 0,
      tos: 0,
      table: RT_TABLE_MAIN,
      protocol: isDelete ? 0 : RTPROT_BOOT,
      scope: isDelete ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE,
      type: isDelete ? 0 : RTN_UNICAST,
      flags: 0,
    },
    values: {},
    isDelete,
    complain: text => context.complain(text),
    device: undefined,
    metrics: undefined,
    hasDestination: false,
    hasTable: false,
    hasScope: false,
  };
  parseRoute(args, draft, names);
  encodeRawRoute(request, draft.header, draft.values);
}

function parseRoute(args: Args, draft: Draft, names: Names): void {
  let hasNextHops = false;
  while (!args.done && !hasNextHops) {
    hasNextHops = args.accept('nexthop');
    if (hasNextHops) break;
    // No keyword begins with a digit: most words of a batch need not be compared with all of them.
    if (beginsWithDigit(args.peek() ?? '')) parseDestination(args, draft);
    else parseWord(args, draft, names);
  }
  if (!draft.hasDestination) throw usage();
  if (draft.device !== undefined) draft.values.oif = deviceIndex(draft.device, names);
  if (draft.metrics !== undefined) draft.values.metrics = draft.metrics;
  if (hasNextHops) {
    args.back();
    draft.values.multipath = parseNextHops(args, draft, names);
  }
  completeHeader(draft);
}

function beginsWithDigit(word: string): boolean {
  const code = word.charCodeAt(0);
  return code >= DIGIT_0 && code <= DIGIT_9;
}

function usage(): UsageRequest {
  return new UsageRequest(ROUTE_USAGE);
}

/** Table, scope and family where they are not given. */
function completeHeader({ header, values, isDelete, hasTable, hasScope }: Draft): void {
  if (!hasTable) header.table = defaultTable(header.type);
  if (header.family === AF_INET6 || header.family === AF_MPLS) {
    if (!hasScope) header.scope = RT_SCOPE_UNIVERSE;
    if (header.family === AF_MPLS) header.type = RTN_UNICAST;
  } else if (!hasScope) {
    header.scope = defaultScope(header, values, isDelete);
  }
  if (header.family === AF_UNSPEC) header.family = AF_INET;
}

function parseWord(args: Args, draft: Draft, names: Names): void {
  const { header, values } = draft;
  if (args.accept('src')) {
    values.prefsrc = ownAddress(args.next(), header).bytes;
  } else if (args.accept('as')) {
    args.accept('to');
    values.newdst = ownAddress(args.next(), header).bytes;
  } else if (args.is('via')) {
    if (values.gateway !== undefined || values.via !== undefined)
      throw wrongArgument('via', 'use nexthop syntax to specify multiple via\n');
    args.skip();
    parseGateway(args, header, values);
  } else if (args.accept('from')) {
    const prefix = parsePrefix(args.next(), header.family);
    if (header.family === AF_UNSPEC) header.family = prefix.family;
    if (prefix.bytes.length > 0) values.src = prefix.bytes;
    header.src_len = prefix.length;
  } else if (args.accept('tos') || args.acceptPrefix('dsfield')) {
    header.tos = read(args, word => names.number('dsfield', word), '"tos" value is invalid\n');
  } else if (args.accept('expires')) {
    values.expires = read(args, readNumber, '"expires" value is invalid\n');
  } else if (args.acceptPrefix('metric', 'priority') || args.accept('preference')) {
    values.priority = read(args, readNumber, '"metric" value is invalid\n');
  } else if (args.accept('scope')) {
    header.scope = read(args, word => names.number('scopes', word), 'invalid "scope" value\n');
    draft.hasScope = true;
  } else {
    parseMetricOrOther(args, draft, names);
  }
}

function parseMetricOrOther(args: Args, draft: Draft, names: Names): void {
  const metric = findMetric(args.peek()!);
  if (metric !== undefined) {
    args.skip();
    draft.metrics = parseMetric(metric, args, draft.metrics, draft.complain);
  } else {
    parseOther(args, draft, names);
  }
}

function parseOther(args: Args, draft: Draft, names: Names): void {
  const { header, values } = draft;
  if (args.acceptPrefix('realms')) {
    values.flow = readRealms(args, names);
  } else if (args.accept('onlink')) {
    header.flags |= RTNH_F_ONLINK;
  } else if (args.accept('nhid')) {
    values.nh_id = read(args, readNumber, '"id" value is invalid\n');
  } else if (args.acceptPrefix('protocol')) {
    header.protocol = read(args, word => names.number('protocols', word), '"protocol" value is invalid\n');
  } else if (args.acceptPrefix('table')) {
    draft.hasTable = true;
    setTable(
      draft,
      read(args, word => names.number('tables', word), '"table" value is invalid\n'),
    );
  } else if (args.acceptPrefix('vrf')) {
    draft.hasTable = true;
    setTable(draft, read(args, vrfTable, 'Invalid VRF\n'));
  } else if (args.accept('dev', 'oif')) {
    draft.device = args.next();
  } else if (args.acceptPrefix('pref')) {
    values.pref = read(args, readPreference, '"pref" value is invalid\n');
  } else if (args.accept('encap')) {
    const { type, payload } = parseEncap(args, names);
    values.encap = payload;
    values.encap_type = type;
  } else if (args.accept('ttl-propagate')) {
    values.ttl_propagate = read(args, readEnabled, '"ttl-propagate" value is invalid\n');
  } else {
    parseDestination(args, draft);
  }
}

function parseDestination(args: Args, draft: Draft): void {
  const { header, values } = draft;
  args.accept('to');
  const word = args.next();
  const type = beginsWithDigit(word) ? undefined : parseRouteType(word);
  if (type !== undefined) {
    header.type = type;
  } else {
    args.back();
  }
  const destination = args.next();
  if (destination !== '' && 'help'.startsWith(destination)) throw usage();
  if (draft.hasDestination) throw duplicateOrGarbage('to', destination);
  const prefix = parsePrefix(destination, header.family);
  if (header.family === AF_UNSPEC) header.family = prefix.family;
  header.dst_len = prefix.length;
  draft.hasDestination = true;
  if (prefix.bytes.length > 0) values.dst = prefix.bytes;
}

/** An address of the route's family, which it settles when nothing before has. */
function ownAddress(word: string, header: RouteHeader): Address {
  const address = parseAddress(word, header.family);
  if (header.family === AF_UNSPEC) header.family = address.family;
  return address;
}

/** `[FAMILY] ADDRESS`: a gateway, or an address of another family. */
function parseGateway(
  args: Args,
  header: RouteHeader,
  values: Pick<RawRouteValues, 'gateway' | 'via'>,
): void {
  const family = readFamily(args.next());
  if (family === undefined) args.back();
  const address = parseAddress(args.next(), family ?? header.family);
  if (header.family === AF_UNSPEC) header.family = address.family;
  if (address.family === header.family) values.gateway = address.bytes;
  else values.via = { family: address.family, address: address.bytes };
}

function setTable({ header, values }: Draft, table: number): void {
  if (table < 256) {
    header.table = table;
  } else {
    header.table = 0;
    values.table = table;
  }
}

function read<T>(args: Args, parse: (word: string) => T | undefined, complaint: string): T {
  const word = args.next();
  const value = parse(word);
  if (value === undefined) throw wrongArgument(word, complaint);
  return value;
}

const readNumber = (word: string) => parseUnsigned(word, U32);

const PREFERENCES: Readonly<Record<string, number>> = { low: 3, medium: 0, high: 1 };
const readPreference = (word: string) => PREFERENCES[word] ?? parseUnsigned(word, 0xff);

const readEnabled = (word: string) => (word === 'enabled' ? 1 : word === 'disabled' ? 0 : undefined);

/** Realms by name, as a pair, or as one number for both. */
function readRealms(args: Args, names: Names): number {
  return read(
    args,
    word => parseUnsigned(word, U32) ?? parseRealms(word, names),
    '"realm" value is invalid\n',
  );
}

function deviceIndex(name: string, names: Names): number {
  const index = names.deviceIndex(name);
  if (index === undefined) throw new UsageError(`Cannot find device "${name}"`);
  return index;
}

function parseNextHops(args: Args, draft: Draft, names: Names): NextHop[] {
  const hops: NextHop[] = [];
  while (!args.done) {
    if (!args.accept('nexthop'))
      throw new UsageError(
        `Error: "nexthop" or end of line is expected instead of "${args.peek()}"`,
        EXIT_USAGE,
      );
    if (args.done) throw new UsageError('Error: unexpected end of line after "nexthop"', EXIT_USAGE);
    hops.push(parseNextHop(args, draft, names));
  }
  return hops;
}

function parseNextHop(args: Args, { header }: Draft, names: Names): NextHop {
  const hop: NextHop = { flags: 0, hops: 0, ifindex: 0 };
  while (!args.done) {
    if (args.accept('via')) parseGateway(args, header, hop);
    else if (args.accept('dev')) hop.ifindex = hopDevice(args.next(), names);
    else if (args.accept('weight')) hop.hops = read(args, readWeight, '"weight" is invalid\n') - 1;
    else if (args.accept('onlink')) hop.flags |= RTNH_F_ONLINK;
    else if (args.acceptPrefix('realms')) hop.flow = readRealms(args, names);
    else if (args.accept('encap')) {
      const { type, payload } = parseEncap(args, names);
      hop.encap = payload;
      hop.encap_type = type;
    } else if (args.accept('as')) {
      args.accept('to');
      hop.newdst = ownAddress(args.next(), header).bytes;
    } else break;
  }
  return hop;
}

function readWeight(word: string): number | undefined {
  const weight = parseUnsigned(word, MAX_WEIGHT);
  return weight === 0 ? undefined : weight;
}

function hopDevice(name: string, names: Names): number {
  const index = names.deviceIndex(name);
  if (index === undefined)
    throw new UsageError(`Cannot find device "${name}"\nError: cannot parse nexthop`, EXIT_USAGE);
  return index;
}
