/**
 * `ip address add`, `change`, `replace` and `delete`: one request made of arguments. Attributes are sent in the
 * order of their words, as often as they are given.
 */

import { showAddress } from '../../layouts/address.ts';
import { AF_INET, AF_INET6, AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RT_SCOPE_HOST, RTM_DELADDR, RTM_NEWADDR } from '../../linux/rtnetlink.ts';
import {
  ADDRESS_FLAGS,
  AddressReader,
  address,
  addressHeader,
  addressLifetimes,
  FOREVER,
} from '../../rtnetlink/address.ts';
import {
  type Args,
  duplicateArgument,
  duplicateOrGarbage,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import { parseUnsigned } from '../../schema/number.ts';
import * as codec from '../../wire/codec.ts';

import { encodeText } from '../../wire/text.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';

import { type Prefix, parseAddress, parsePrefix } from '../grammar/prefix.ts';
import { ADDRESS_USAGE } from './usage.ts';

/** Shortest prefix whose network has no broadcast address. */
const POINT_TO_POINT = 31;
/** Bytes of the longest request that the original sends, and of one without attributes. */
const MAX_LENGTH = 280;
const EMPTY_LENGTH = 24;

const { rows } = address;

/** What the words of one command say. */
interface Draft {
  readonly isDelete: boolean;
  /** Says what does not keep the request from being made. */
  readonly complain: (text: string) => void;
  family: number;
  /** Bytes of the request so far. */
  length: number;
  readonly attributes: { readonly type: number; readonly payload: Uint8Array }[];
  local: Prefix | undefined;
  localWord: string;
  peer: Prefix | undefined;
  broadcast: Uint8Array | '+' | '-' | undefined;
  anycast: Uint8Array | undefined;
  device: string | undefined;
  scope: number | undefined;
  flags: number;
  valid: number | undefined;
  preferred: number | undefined;
}

/** Request flags by command word. */
const ADD = NLM_F_CREATE | NLM_F_EXCL;
const CHANGE = NLM_F_REPLACE;
const REPLACE = NLM_F_CREATE | NLM_F_REPLACE;

export const addAddress = (args: Args, context: Context) => change(args, context, RTM_NEWADDR, ADD);
export const changeAddress = (args: Args, context: Context) => change(args, context, RTM_NEWADDR, CHANGE);
export const replaceAddress = (args: Args, context: Context) => change(args, context, RTM_NEWADDR, REPLACE);
export const deleteAddress = (args: Args, context: Context) => change(args, context, RTM_DELADDR, 0);

function change(args: Args, context: Context, type: number, flags: number): number | Promise<number> {
  const draft = parseChange(args, context, type === RTM_DELADDR);
  const request = encodeChange(draft, context, type, flags);
  return context.options.echo ? changeAndShow(request, context) : context.change(request);
}

/** Shows what the kernel reports of the change. */
async function changeAndShow(request: MessageWriter, context: Context): Promise<number> {
  request.flags |= NLM_F_ECHO;
  const answers = await context.request(request);
  const out = context.output();
  out.list();
  out.open();
  const told = new AddressReader();
  for (const message of answers) {
    if (!told.read(message)) continue;
    showAddress(told, out, context.view, { isDeleted: message.type === RTM_DELADDR, hasDevice: true });
  }
  out.close();
  out.end();
  return 0;
}

function parseChange(args: Args, context: Context, isDelete: boolean): Draft {
  const draft: Draft = {
    isDelete,
    complain: text => context.complain(text),
    family: context.family,
    length: EMPTY_LENGTH,
    attributes: [],
    local: undefined,
    localWord: '',
    peer: undefined,
    broadcast: undefined,
    anycast: undefined,
    device: undefined,
    scope: undefined,
    flags: 0,
    valid: undefined,
    preferred: undefined,
  };
  while (!args.done) parseOption(args, draft, context);
  return draft;
}

function parseOption(args: Args, draft: Draft, context: Context): void {
  const { names } = context;
  const keyword = args.peek() as string;
  if (args.accept('peer', 'remote')) {
    const word = args.next();
    if (draft.peer?.bytes.length) throw duplicateArgument('peer', word);
    draft.peer = readPrefix(word, draft);
    attach(draft, rows.address.type, draft.peer.bytes);
  } else if (args.acceptPrefix('broadcast', 'brd')) {
    const word = args.next();
    if (draft.broadcast?.length) throw duplicateArgument('broadcast', word);
    draft.broadcast = word === '+' || word === '-' ? word : readAddress(word, draft, rows.broadcast.type);
  } else if (args.accept('anycast')) {
    const word = args.next();
    if (draft.anycast?.length) throw duplicateArgument('anycast', word);
    draft.anycast = readAddress(word, draft, rows.anycast.type);
  } else if (args.accept('scope')) {
    const word = args.next();
    draft.scope = names.number('scopes', word);
    if (draft.scope === undefined) throw wrongArgument(word, 'invalid scope value.');
  } else if (args.accept('dev')) {
    draft.device = args.next();
  } else if (args.accept('label')) {
    attach(draft, rows.label.type, encodeText(`${args.next()}\0`));
  } else if (args.acceptPrefix('metric', 'priority', 'preference')) {
    const word = args.next();
    const metric = parseUnsigned(word, 0xffffffff);
    if (metric === undefined) throw wrongArgument(word, '"metric" value is invalid\n');
    attach(draft, rows.rt_priority.type, Buffer.from(Uint32Array.of(metric).buffer));
  } else if (args.acceptPrefix('valid_lft')) {
    if (draft.valid !== undefined) throw duplicateArgument('valid_lft', keyword);
    draft.valid = parseLifetime(args.next(), 'valid_lft');
  } else if (args.acceptPrefix('preferred_lft')) {
    if (draft.preferred !== undefined) throw duplicateArgument('preferred_lft', keyword);
    draft.preferred = parseLifetime(args.next(), 'preferred_lft');
  } else if (parseFlag(keyword, draft, context)) {
    args.skip();
  } else if (args.accept('proto')) {
    const word = args.next();
    const protocol = names.number('addressProtocols', word);
    if (protocol === undefined) throw wrongArgument(word, '"proto" value is invalid\n');
    attach(draft, rows.proto.type, Uint8Array.of(protocol));
  } else {
    args.accept('local');
    if (args.matches('help')) throw new UsageRequest(ADDRESS_USAGE);
    const word = args.next();
    if (draft.local?.bytes.length) throw duplicateOrGarbage('local', word);
    draft.local = readPrefix(word, draft);
    draft.localWord = word;
    attach(draft, rows.local.type, draft.local.bytes);
  }
}

/** Adds an attribute; one that has no place is complained about. */
function attach(draft: Draft, type: number, payload: Uint8Array): void {
  const length = draft.length + 4 + ((payload.length + 3) & ~3);
  if (length > MAX_LENGTH) {
    draft.complain(`addattr_l ERROR: message exceeded bound of ${MAX_LENGTH}`);
    return;
  }
  draft.length = length;
  draft.attributes.push({ type, payload });
}

/** Reads a prefix of the family of the words before it, if they tell one. */
function readPrefix(word: string, draft: Draft): Prefix {
  const prefix = parsePrefix(word, draft.family);
  if (draft.family === AF_UNSPEC) draft.family = prefix.family;
  return prefix;
}

function readAddress(word: string, draft: Draft, type: number): Uint8Array {
  const { bytes, family } = parseAddress(word, draft.family);
  if (draft.family === AF_UNSPEC) draft.family = family;
  attach(draft, type, bytes);
  return bytes;
}

function parseLifetime(word: string, keyword: string): number {
  const seconds = word === 'forever' ? FOREVER : parseUnsigned(word, FOREVER);
  if (seconds === undefined) throw wrongArgument(word, `${keyword} value`);
  return seconds;
}

/** Flags that may be asked for, by name; of the others it is only said that they may not. */
const SETTABLE: Readonly<Record<string, { readonly bit: number; readonly isIpv6Only: boolean }>> = {
  home: { bit: ADDRESS_FLAGS.home, isIpv6Only: true },
  nodad: { bit: ADDRESS_FLAGS.nodad, isIpv6Only: true },
  optimistic: { bit: ADDRESS_FLAGS.optimistic, isIpv6Only: true },
  mngtmpaddr: { bit: ADDRESS_FLAGS.mngtmpaddr, isIpv6Only: true },
  noprefixroute: { bit: ADDRESS_FLAGS.noprefixroute, isIpv6Only: false },
  autojoin: { bit: ADDRESS_FLAGS.autojoin, isIpv6Only: false },
};
const NOT_SETTABLE = new Set([
  'secondary',
  'temporary',
  'dadfailed',
  'deprecated',
  'tentative',
  'permanent',
  'stable-privacy',
]);

function parseFlag(word: string, draft: Draft, context: Context): boolean {
  if (NOT_SETTABLE.has(word)) {
    context.complain(`Warning: ${word} option is not mutable from userspace`);
    return true;
  }
  const flag = Object.hasOwn(SETTABLE, word) ? SETTABLE[word] : undefined;
  if (flag === undefined) return false;
  if (flag.isIpv6Only && draft.family !== AF_INET6) {
    context.complain(`Warning: ${word} option can be set only for IPv6 addresses`);
  } else {
    draft.flags |= flag.bit;
  }
  return true;
}

function encodeChange(draft: Draft, context: Context, type: number, flags: number): MessageWriter {
  if (draft.device === undefined) throw new UsageError('Not enough information: "dev" argument is required.');
  if (draft.flags > 0xff) attach(draft, rows.flags.type, Buffer.from(Uint32Array.of(draft.flags).buffer));
  completePeer(draft, context);
  if (type !== RTM_DELADDR) completeBroadcast(draft);
  const header = {
    family: draft.family,
    prefixlen: prefixLength(draft),
    flags: draft.flags > 0xff ? 0 : draft.flags,
    scope: draft.scope ?? defaultScope(draft),
    index: deviceIndex(draft.device, context),
  };
  completeLifetimes(draft);
  if (draft.flags & ADDRESS_FLAGS.autojoin && !isMulticast(draft))
    throw new UsageError('autojoin needs multicast address');
  const request = new MessageWriter(type, flags);
  addressHeader.write(request, header);
  for (const { type, payload } of draft.attributes)
    request.attribute(type, codec.bytes, Buffer.from(payload));
  if (draft.valid !== undefined || draft.preferred !== undefined) {
    const { valid = FOREVER, preferred = FOREVER } = draft;
    const lifetimes = { valid, preferred, created: 0, updated: 0 };
    request.attribute(rows.cacheinfo.type, addressLifetimes, lifetimes);
  }
  return request;
}

function deviceIndex(name: string, context: Context): number {
  const index = context.names.deviceIndex(name);
  if (index === undefined) throw new UsageError(`Cannot find device "${name}"`);
  return index;
}

/** The peer's length counts, or the address's own where the peer has none. */
function prefixLength({ local, peer }: Draft): number {
  return peer?.length || local?.length || 0;
}

/** Without a peer the address itself stands there, except where an IPv4 address of any length is to be deleted. */
function completePeer(draft: Draft, context: Context): void {
  const { local, peer } = draft;
  if (!local?.bytes.length || peer?.bytes.length) return;
  if (draft.isDelete && local.family === AF_INET && !local.isLengthGiven) {
    context.complain(
      [
        'Warning: Executing wildcard deletion to stay compatible with old scripts.',
        `         Explicitly specify the prefix length (${draft.localWord}/32) to avoid this warning.`,
        '         This special behaviour is likely to disappear in further releases,',
        '         fix your scripts!',
      ].join('\n'),
    );
    return;
  }
  attach(draft, rows.address.type, local.bytes);
}

/** Computes `brd +` and `brd -` from the network of the peer, or of the address. */
function completeBroadcast(draft: Draft): void {
  const { broadcast } = draft;
  if (broadcast !== '+' && broadcast !== '-') return;
  if (draft.family !== AF_INET) throw new UsageError('Broadcast can be set only for IPv4 addresses');
  const network = draft.peer?.bytes.length ? draft.peer : draft.local;
  if (network === undefined || network.length >= POINT_TO_POINT) {
    if (network === undefined) attach(draft, rows.broadcast.type, new Uint8Array());
    return;
  }
  const bytes = Uint8Array.from(network.bytes);
  for (let bit = network.length; bit < 32; bit++) {
    const mask = 0x80 >> (bit & 7);
    if (broadcast === '+') bytes[bit >> 3]! |= mask;
    else bytes[bit >> 3]! &= ~mask;
  }
  attach(draft, rows.broadcast.type, bytes);
}

function defaultScope({ isDelete, local }: Draft): number {
  const isLoopback = local?.family === AF_INET && local.bytes[0] === 127;
  return !isDelete && isLoopback ? RT_SCOPE_HOST : 0;
}

function completeLifetimes({ valid = FOREVER, preferred = FOREVER }: Draft): void {
  if (valid === 0) throw new UsageError('valid_lft is zero');
  if (valid < preferred) throw new UsageError('preferred_lft is greater than valid_lft');
}

function isMulticast({ local }: Draft): boolean {
  const first = local?.bytes[0] ?? 0;
  return local?.family === AF_INET6 ? first === 0xff : first >= 224 && first < 240;
}
