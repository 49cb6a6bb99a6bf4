/** Encapsulations on the command line: the words after `encap`, each type with a grammar of its own. */
import { AF_INET, AF_INET6, AF_MPLS } from '../../linux/families.ts';
import {
  ENCAP_ILA,
  ENCAP_IOAM6,
  ENCAP_IP,
  ENCAP_IP6,
  ENCAP_MPLS,
  ENCAP_RPL,
  ENCAP_SEG6,
  ENCAP_SEG6_LOCAL,
  ENCAP_XFRM,
  encapPayload,
  IOAM6_MODES,
  ilaEncap,
  ioam6Encap,
  mplsEncap,
  rplEncap,
  SEG6_ACTIONS,
  SEG6_FLAVORS,
  SEG6_INLINE,
  SEG6_MODES,
  type SegmentRoutingHeader,
  seg6Encap,
  seg6LocalEncap,
  xfrmEncap,
} from '../../rtnetlink/encap.ts';

import {
  type Args,
  duplicateOrGarbage,
  EXIT_USAGE,
  missingArgument,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { ValuesOf } from '../../schema/row.ts';
import { parseIpEncap } from './encap-ip.ts';
import { addressText, parseAddress } from './prefix.ts';

const U32 = 0xffffffff;
/** Room that the original has for an encapsulation's attributes, headers included. */
const MAX_PAYLOAD = 1020;

/** An encapsulation as a route carries it. */
export interface Encap {
  /** LWTUNNEL_ENCAP_*. */
  readonly type: number;
  readonly payload: Buffer;
}

type Parse = (args: Args, names: Names) => Buffer;

const ENCAPS: Readonly<Record<string, readonly [type: number, parse: Parse]>> = {
  mpls: [ENCAP_MPLS, parseMpls],
  ip: [ENCAP_IP, (args, names) => parseIpEncap(args, names, AF_INET)],
  ip6: [ENCAP_IP6, (args, names) => parseIpEncap(args, names, AF_INET6)],
  ila: [ENCAP_ILA, parseIla],
  seg6: [ENCAP_SEG6, parseSeg6],
  seg6local: [ENCAP_SEG6_LOCAL, parseSeg6Local],
  rpl: [ENCAP_RPL, parseRpl],
  ioam6: [ENCAP_IOAM6, parseIoam6],
  xfrm: [ENCAP_XFRM, parseXfrm],
};

const ENCAP_USAGE = `Usage: ip route ... encap TYPE OPTIONS...

TYPE  mpls LABEL[/LABEL...] [ttl NUMBER]
      ip [id NUMBER] [dst ADDRESS] [src ADDRESS] [ttl NUMBER] [tos VALUE] [key] [csum] [seq] [TUNNEL-OPTIONS]
      ip6 [id NUMBER] [dst ADDRESS] [src ADDRESS] [hoplimit NUMBER] [tc VALUE] [key] [csum] [seq] [TUNNEL-OPTIONS]
      seg6 mode encap|encap.red|inline|l2encap|l2encap.red segs ADDRESS,... [hmac KEY] [tunsrc ADDRESS] [lookup TABLE]
      seg6local action ACTION [srh segs ADDRESS,... [hmac KEY]] [table|vrftable TABLE] [nh4|nh6 ADDRESS]
                [iif|oif DEVICE] [flavors FLAVOR,... [lblen NUMBER] [nflen NUMBER]] [count]
      rpl segs ADDRESS,...
      ioam6 [freq K/N] [mode inline|encap|auto] [tunsrc ADDRESS] [tundst ADDRESS]
            trace prealloc type MASK ns NUMBER size BYTES
      xfrm if_id NUMBER [link_dev DEVICE]
      ila LOCATOR [csum-mode MODE] [ident-type TYPE] [hook-type input|output]
TUNNEL-OPTIONS  geneve_opts CLASS:TYPE:DATA,... | vxlan_opts GBP | erspan_opts VERSION:INDEX:DIRECTION:HARDWARE
`;

/** Reads the words after `encap`. */
export function parseEncap(args: Args, names: Names): Encap {
  const name = args.next();
  if (name === 'help') throw new UsageRequest(ENCAP_USAGE);
  if (name === 'bpf') throw new UsageError('Error: encap type "bpf" is not supported by tsip yet.');
  const entry = Object.hasOwn(ENCAPS, name) ? ENCAPS[name] : undefined;
  if (entry === undefined) throw wrongArgument(name, '"encap type" value is invalid\n');
  args.next();
  const isAlone = args.done;
  args.back();
  if (isAlone) throw missingArgument('encap type');
  const [type, parse] = entry;
  const payload = parse(args, names);
  if (payload.length > MAX_PAYLOAD)
    throw new UsageError('rta_addattr_l: Error! max allowed bound 1024 exceeded', EXIT_USAGE);
  return { type, payload };
}

/** Complains of a second value, which stands at the cursor. */
function refuseSecond(keyword: string, isGiven: boolean, args: Args): void {
  if (isGiven) throw duplicateOrGarbage(keyword, args.next());
}

function read<T>(args: Args, parse: (word: string) => T | undefined, complaint: string): T {
  const word = args.next();
  const value = parse(word);
  if (value === undefined) throw wrongArgument(word, complaint);
  return value;
}

const upTo = (max: number) => (word: string) => parseUnsigned(word, max);

function parseMpls(args: Args): Buffer {
  const values: ValuesOf<typeof mplsEncap.rows> = {
    dst: addressText(parseAddress(args.next(), AF_MPLS)),
  };
  while (args.accept('ttl')) {
    refuseSecond('ttl', values.ttl !== undefined, args);
    values.ttl = read(args, upTo(0xff), '"ttl" value is invalid\n');
  }
  return encapPayload(mplsEncap, values);
}

const CHECKSUM_MODES = ['adj-transport', 'neutral-map', 'no-action', 'neutral-map-auto'];
const IDENTIFIER_TYPES: Readonly<Record<string, number>> = { luid: 1, 'use-format': 32 };
const HOOK_TYPES = ['output', 'input'];

function parseIla(args: Args): Buffer {
  const values: ValuesOf<typeof ilaEncap.rows> = { locator: parseLocator(args.next()) };
  const oneOf = (words: readonly string[]) => (word: string) =>
    words.includes(word) ? words.indexOf(word) : undefined;
  while (!args.done) {
    if (args.accept('csum-mode'))
      values.csum_mode = read(args, oneOf(CHECKSUM_MODES), '"csum-mode" value is invalid\n');
    else if (args.accept('ident-type'))
      values.ident_type = read(args, word => IDENTIFIER_TYPES[word], '"ident-type" value is invalid\n');
    else if (args.accept('hook-type'))
      values.hook_type = read(args, oneOf(HOOK_TYPES), '"hook-type" value is invalid\n');
    else break;
  }
  return encapPayload(ilaEncap, values);
}

/** One to four groups of hex digits; missing ones are 0 at the end. */
function parseLocator(word: string): bigint {
  const groups = word.split(':');
  if (groups.length > 4 || !groups.every(group => /^[0-9a-fA-F]{1,4}$/.test(group)))
    throw new UsageError(`Bad locator: ${word}`);
  return [0, 1, 2, 3].reduce((value, index) => (value << 16n) | BigInt(`0x${groups[index] ?? '0'}`), 0n);
}

function parseSeg6(args: Args, names: Names): Buffer {
  const draft: { mode?: number; segments?: string; hmacKey?: number; table?: number; tunsrc?: string } = {};
  while (!args.done) {
    if (args.accept('mode')) {
      refuseSecond('mode', draft.mode !== undefined, args);
      draft.mode = read(args, readSeg6Mode, '"mode" value is invalid\n');
    } else if (args.accept('segs')) {
      refuseSecond('segs', draft.segments !== undefined, args);
      const word = args.next();
      if (draft.mode === undefined) throw wrongArgument(word, '"segs" provided before "mode"\n');
      draft.segments = word;
    } else if (args.accept('hmac')) {
      refuseSecond('hmac', draft.hmacKey !== undefined, args);
      draft.hmacKey = readHmacKey(args.next());
    } else if (args.accept('tunsrc')) {
      refuseSecond('tunsrc', draft.tunsrc !== undefined, args);
      draft.tunsrc = readSpecificAddress(args, '"tunsrc" value is invalid\n');
    } else if (args.accept('lookup')) {
      refuseSecond('lookup', draft.table !== undefined, args);
      draft.table = read(
        args,
        word => names.number('tables', word) || undefined,
        '"lookup" value is invalid\n',
      );
    } else break;
  }
  const { mode = SEG6_INLINE, segments = '', hmacKey, table, tunsrc } = draft;
  const header = routingHeader(segments, hmacKey, draft.mode === SEG6_INLINE);
  return encapPayload(seg6Encap, { srh: { mode, ...header }, tunsrc, table });
}

function readSeg6Mode(word: string): number | undefined {
  const mode = (SEG6_MODES as readonly string[]).indexOf(word);
  return mode < 0 ? undefined : mode;
}

/** A word that is no number counts as no key. */
function readHmacKey(word: string): number {
  return parseUnsigned(word, U32) ?? 0;
}

/** An IPv6 address that is neither `any` nor `all`. */
function readSpecificAddress(args: Args, complaint: string): string {
  const word = args.next();
  const text = addressText(parseAddress(word, AF_INET6));
  if (text === '') throw wrongArgument(word, complaint);
  return text;
}

/** In inline mode the packet's own destination takes the last place, which is left empty here. */
function routingHeader(list: string, hmacKey: number | undefined, isInline: boolean): SegmentRoutingHeader {
  const segments = [...parseSegments(list), ...(isInline ? ['::'] : [])];
  return hmacKey ? { segments, hmacKey } : { segments };
}

/** Addresses joined by commas. An empty place is filled with zeros, all such places at the end. */
function parseSegments(list: string): string[] {
  const words = list.split(',');
  const segments = words
    .filter(word => word !== '')
    .map(word => addressText(parseAddress(word, AF_INET6)) || '::');
  return [...segments, ...new Array<string>(words.length - segments.length).fill('::')];
}

interface Seg6LocalDraft extends ValuesOf<typeof seg6LocalEncap.rows> {
  segments?: string;
  hmacKey?: number;
  isInline?: boolean;
}

function parseSeg6Local(args: Args, names: Names): Buffer {
  const draft: Seg6LocalDraft = {};
  while (!args.done && parseSeg6LocalWord(args, draft, names));
  if (draft.action === undefined) throw new UsageError('Missing action type', EXIT_USAGE);
  if (draft.segments !== undefined) {
    const isInline = draft.action !== SEG6_ACTIONS.indexOf('End.B6.Encaps');
    draft.srh = routingHeader(draft.segments, draft.hmacKey, isInline);
  }
  return encapPayload(seg6LocalEncap, draft);
}

function parseSeg6LocalWord(args: Args, draft: Seg6LocalDraft, names: Names): boolean {
  if (args.accept('action')) {
    refuseSecond('action', draft.action !== undefined, args);
    draft.action = read(args, readSeg6Action, '"action" value is invalid\n');
  } else if (args.accept('table')) {
    refuseSecond('table', draft.table !== undefined, args);
    draft.table = read(args, word => names.number('tables', word), 'invalid table id\n');
  } else if (args.accept('vrftable')) {
    refuseSecond('vrftable', draft.vrftable !== undefined, args);
    draft.vrftable = read(args, word => names.number('tables', word), 'invalid vrf table id\n');
  } else if (args.accept('nh4')) {
    refuseSecond('nh4', draft.nh4 !== undefined, args);
    draft.nh4 = addressText(parseAddress(args.next(), AF_INET));
  } else if (args.accept('nh6')) {
    refuseSecond('nh6', draft.nh6 !== undefined, args);
    draft.nh6 = addressText(parseAddress(args.next(), AF_INET6));
  } else if (args.accept('iif')) {
    refuseSecond('iif', draft.iif !== undefined, args);
    draft.iif = readDevice(args, names);
  } else if (args.accept('oif')) {
    refuseSecond('oif', draft.oif !== undefined, args);
    draft.oif = readDevice(args, names);
  } else {
    return parseSeg6LocalExtra(args, draft);
  }
  return true;
}

function parseSeg6LocalExtra(args: Args, draft: Seg6LocalDraft): boolean {
  if (args.accept('count')) {
    if (draft.counters !== undefined) throw duplicateOrGarbage('count', 'count');
    draft.counters = { packets: 0n, bytes: 0n, errors: 0n };
  } else if (args.accept('srh')) {
    refuseSecond('srh', draft.segments !== undefined, args);
    parseLocalRoutingHeader(args, draft);
  } else if (args.accept('flavors')) {
    refuseSecond('flavors', draft.flavors !== undefined, args);
    draft.flavors = parseFlavors(args);
  } else if (args.accept('endpoint')) {
    throw new UsageError('Error: endpoint of action "End.BPF" is not supported by tsip yet.');
  } else {
    return false;
  }
  return true;
}

function parseLocalRoutingHeader(args: Args, draft: Seg6LocalDraft): void {
  const word = args.next();
  if (word !== 'segs') throw wrongArgument(word, 'missing "segs" attribute for srh\n');
  draft.segments = args.next();
  parseSegments(draft.segments);
  if (args.accept('hmac')) draft.hmacKey = readHmacKey(args.next());
}

function readSeg6Action(word: string): number | undefined {
  const action = (SEG6_ACTIONS as readonly string[]).indexOf(word);
  return action <= 0 ? undefined : action;
}

/** `FLAVOR,...`, each once, and the lengths that compressed SIDs need. */
function parseFlavors(args: Args): NonNullable<Seg6LocalDraft['flavors']> {
  const word = args.next();
  let operation = 0;
  for (const name of word.split(',').filter(Boolean)) {
    const bit = SEG6_FLAVORS.find(([, flavor]) => flavor === name)?.[0];
    if (bit === undefined || operation & bit) throw wrongArgument(word, 'invalid "flavors" attribute\n');
    operation |= bit;
  }
  if (operation === 0) throw wrongArgument(word, 'invalid "flavors" attribute\n');
  const isCompressed = word.split(',').includes('next-csid');
  const lblen =
    isCompressed && args.accept('lblen')
      ? read(args, upTo(0xff), '"locator-block length" value is invalid\n')
      : undefined;
  const nflen =
    isCompressed && args.accept('nflen')
      ? read(args, upTo(0xff), '"locator-node function length" value is invalid\n')
      : undefined;
  return { operation, lblen, nflen };
}

function readDevice(args: Args, names: Names): number {
  const word = args.next();
  const index = names.deviceIndex(word);
  if (index === undefined) throw new UsageError(`Cannot find device "${word}"`, EXIT_USAGE);
  return index;
}

function parseRpl(args: Args): Buffer {
  let segments: string | undefined;
  while (args.accept('segs')) {
    refuseSecond('segs', segments !== undefined, args);
    segments = args.next();
    parseSegments(segments);
  }
  return encapPayload(rplEncap, { srh: parseSegments(segments ?? '') });
}

const IOAM6_INLINE = 1;
const MAX_FREQUENCY = 1_000_000;
const MAX_TRACE_SIZE = 244;

/** The words have a fixed order. */
function parseIoam6(args: Args): Buffer {
  const values: ValuesOf<typeof ioam6Encap.rows> = { mode: IOAM6_INLINE, freq_k: 1, freq_n: 1 };
  if (args.accept('freq')) [values.freq_k, values.freq_n] = parseFrequency(args.next());
  if (args.accept('mode')) values.mode = read(args, readIoam6Mode, 'Invalid mode');
  parseTunnelEnds(args, values);
  requireMore(args);
  require('trace', args);
  requireMore(args);
  require('prealloc', args);
  require('type', args);
  const type = read(args, word => parseUnsigned(word, U32) || undefined, 'Invalid trace type');
  require('ns', args);
  const namespace = read(args, upTo(0xffff), 'Invalid namespace ID');
  require('size', args);
  const size = parseTraceSize(args.next());
  // As in the original, the last word of a line is read once more, as a destination.
  if (args.done) args.back();
  return encapPayload(ioam6Encap, { ...values, trace: { namespace, size, type } });
}

function parseTunnelEnds(args: Args, values: ValuesOf<typeof ioam6Encap.rows>): void {
  const isInline = values.mode === IOAM6_INLINE;
  if (args.accept('tunsrc')) {
    if (isInline) throw wrongArgument('tunsrc', 'Inline mode does not need tunsrc');
    values.tunsrc = readSpecificAddress(args, 'Invalid IPv6 address for tunsrc');
  }
  if (args.accept('tundst')) {
    if (isInline) throw wrongArgument('tundst', 'Inline mode does not need tundst');
    values.tundst = readSpecificAddress(args, 'Invalid IPv6 address for tundst');
  } else if (!isInline) {
    requireMore(args);
    throw missingArgument('tundst');
  }
}

function require(keyword: string, args: Args): void {
  if (!args.accept(keyword)) throw missingArgument(keyword);
}

function requireMore(args: Args): void {
  args.next();
  args.back();
}

function readIoam6Mode(word: string): number | undefined {
  const index = (IOAM6_MODES as readonly string[]).indexOf(word);
  return index < 0 ? undefined : index + 1;
}

/** `K/N`: K of N packets. */
function parseFrequency(word: string): [number, number] {
  const match = /^[\t-\r ]*\+?(\d+)\/[\t-\r ]*\+?(\d+)$/.exec(word);
  if (match === null) throw wrongArgument(word, 'Invalid frequency (malformed)');
  const [k, n] = [Number(match[1]), Number(match[2])];
  if (k < 1 || k > MAX_FREQUENCY) throw wrongArgument(word, 'Out of bound "k" frequency');
  if (n < 1 || n > MAX_FREQUENCY) throw wrongArgument(word, 'Out of bound "n" frequency');
  if (k > n) throw wrongArgument(word, 'Frequency with k > n is forbidden');
  return [k, n];
}

function parseTraceSize(word: string): number {
  const size = parseUnsigned(word, U32);
  if (!size) throw wrongArgument(word, 'Invalid trace size');
  if (size % 4 !== 0) throw wrongArgument(word, 'Trace size must be a 4-octet multiple');
  if (size > MAX_TRACE_SIZE) throw wrongArgument(word, 'Trace size is too big');
  return size;
}

const XFRM_USAGE = `Usage: ip route ... encap xfrm if_id NUMBER [link_dev DEVICE]
`;

/** Takes the rest of the line; words that it does not know are passed over. */
function parseXfrm(args: Args, names: Names): Buffer {
  const values: ValuesOf<typeof xfrmEncap.rows> = {};
  while (!args.done) {
    if (args.accept('if_id')) {
      refuseSecond('if_id', values.if_id !== undefined, args);
      values.if_id = read(args, word => parseUnsigned(word, U32) || undefined, '"if_id" value is invalid\n');
    } else if (args.accept('link_dev')) {
      refuseSecond('link_dev', values.link !== undefined, args);
      values.link = readDevice(args, names);
    } else {
      args.skip();
    }
  }
  if (values.if_id === undefined) throw new UsageRequest(XFRM_USAGE);
  return encapPayload(xfrmEncap, values);
}
