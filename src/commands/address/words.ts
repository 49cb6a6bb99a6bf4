/**
 * The words of `ip address add`, `change`, `replace` and `delete`. Attributes are sent in the order of their words,
 * as often as they are given.
 */

import { AF_INET6, AF_UNSPEC } from '../../linux/families.ts';
import { ADDRESS_FLAGS, address, FOREVER } from '../../rtnetlink/address.ts';
import {
  type Args,
  duplicateArgument,
  duplicateOrGarbage,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import {
  anyWord,
  exact,
  flag,
  type Grammar,
  type Keyword,
  type Operand,
  reads,
  shortened,
  value,
  withSynonyms,
} from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import { encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { type Prefix, parseAddress, parsePrefix } from '../grammar/prefix.ts';
import { DEVICE_NAME, named, number } from '../grammar/values.ts';

/** Bytes of the longest request that the original sends, and of one without attributes. */
const MAX_LENGTH = 280;
const EMPTY_LENGTH = 24;

const { rows } = address;

/** What the words of one command say. */
export interface Draft {
  readonly isDelete: boolean;
  /** Reports what does not keep the request from being made. */
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

/** A draft in which nothing has been read. */
export function newDraft(context: Context, isDelete: boolean): Draft {
  return {
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
}

/** Adds an attribute; complains about one that does not fit into the request. */
export function attach(draft: Draft, type: number, payload: Uint8Array): void {
  const length = draft.length + 4 + ((payload.length + 3) & ~3);
  if (length > MAX_LENGTH) {
    draft.complain(`addattr_l ERROR: message exceeded bound of ${MAX_LENGTH}`);
    return;
  }
  draft.length = length;
  draft.attributes.push({ type, payload });
}

const PREFIX: Operand = { synopsis: 'PREFIX', examples: ['10.0.0.1/24', 'fd00::1/64'] };
const ADDRESS: Operand = { synopsis: 'ADDR', examples: ['10.0.0.255', 'fd00::ff'] };
const BROADCAST: Operand = { ...ADDRESS, words: ['+', '-'] };

const LIFETIME = value(
  { synopsis: 'LFT', words: ['forever'], examples: ['100', '0'] },
  word => (word === 'forever' ? FOREVER : parseUnsigned(word, FOREVER)),
  (word, keyword) => wrongArgument(word, `${keyword} value`),
);

/** A lifetime; a complaint about a second one names the keyword as it was typed. */
function lifetime(word: string, member: 'valid' | 'preferred'): Keyword<Draft, Context> {
  return shortened(
    reads(word, [LIFETIME], (draft, args, tools, typed) => {
      if (draft[member] !== undefined) throw duplicateArgument(word, typed);
      draft[member] = LIFETIME.read(args, tools, word);
    }),
  );
}

/** A flag that can be set. */
function settable(word: string, bit: number): Keyword<Draft, Context> {
  return flag(word, draft => {
    draft.flags |= bit;
  });
}

/** A flag that can be set for IPv6 addresses, if the words before it say that this is one. */
function settableIpv6(word: string, bit: number): Keyword<Draft, Context> {
  return flag(word, draft => {
    if (draft.family === AF_INET6) draft.flags |= bit;
    else draft.complain(`Warning: ${word} option can be set only for IPv6 addresses`);
  });
}

/** A flag that cannot be set. */
function notSettable(word: string): Keyword<Draft, Context> {
  const complain = ({ complain }: Draft) => complain(`Warning: ${word} option is not mutable from userspace`);
  return { ...flag(word, complain), isHidden: true };
}

const METRIC = exact<Draft, Context, number>(
  'metric',
  number('METRIC', '"metric" value is invalid\n'),
  (draft, metric) => attach(draft, rows.rt_priority.type, Buffer.from(Uint32Array.of(metric).buffer)),
);

/** The words of `add`, `change`, `replace` and `delete`. */
export const CHANGE_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    ...withSynonyms(reads('peer', [PREFIX], readPeer), 'remote'),
    ...withSynonyms(shortened(reads('broadcast', [BROADCAST], readBroadcast)), 'brd'),
    reads('anycast', [ADDRESS], readAnycast),
    exact('label', anyWord('IFNAME'), (draft, label) =>
      attach(draft, rows.label.type, encodeText(`${label}\0`)),
    ),
    exact('scope', named('SCOPE-ID', 'scopes', 'invalid scope value.'), 'scope'),
    exact('dev', { ...DEVICE_NAME, synopsis: 'IFNAME' }, 'device'),
    ...withSynonyms(shortened(METRIC), 'priority', 'preference'),
    lifetime('valid_lft', 'valid'),
    lifetime('preferred_lft', 'preferred'),
    settableIpv6('home', ADDRESS_FLAGS.home),
    settableIpv6('nodad', ADDRESS_FLAGS.nodad),
    settableIpv6('optimistic', ADDRESS_FLAGS.optimistic),
    settableIpv6('mngtmpaddr', ADDRESS_FLAGS.mngtmpaddr),
    settable('noprefixroute', ADDRESS_FLAGS.noprefixroute),
    settable('autojoin', ADDRESS_FLAGS.autojoin),
    ...['secondary', 'temporary', 'dadfailed', 'deprecated', 'tentative', 'permanent', 'stable-privacy'].map(
      notSettable,
    ),
    exact('proto', named('ADDRPROTO', 'addressProtocols', '"proto" value is invalid\n'), (draft, protocol) =>
      attach(draft, rows.proto.type, Uint8Array.of(protocol)),
    ),
    reads('local', [PREFIX], readLocal),
  ],
  operand: PREFIX,
  readOperand: readLocal,
};

function readLocal(draft: Draft, args: Args): void {
  if (args.matches('help')) throw new UsageRequest();
  const word = args.next();
  if (draft.local?.bytes.length) throw duplicateOrGarbage('local', word);
  draft.local = readPrefix(word, draft);
  draft.localWord = word;
  attach(draft, rows.local.type, draft.local.bytes);
}

function readPeer(draft: Draft, args: Args): void {
  const word = args.next();
  if (draft.peer?.bytes.length) throw duplicateArgument('peer', word);
  draft.peer = readPrefix(word, draft);
  attach(draft, rows.address.type, draft.peer.bytes);
}

function readBroadcast(draft: Draft, args: Args): void {
  const word = args.next();
  if (draft.broadcast?.length) throw duplicateArgument('broadcast', word);
  draft.broadcast = word === '+' || word === '-' ? word : readAddress(word, draft, rows.broadcast.type);
}

function readAnycast(draft: Draft, args: Args): void {
  const word = args.next();
  if (draft.anycast?.length) throw duplicateArgument('anycast', word);
  draft.anycast = readAddress(word, draft, rows.anycast.type);
}

/** Reads a prefix of the family of the words before it, if one of them has a family. */
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
