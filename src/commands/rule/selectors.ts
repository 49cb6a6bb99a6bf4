/** The words that select packets, as `ip rule` reads them when it makes rules and when it looks for them. */
import { ipProtocolNumber } from '../../rtnetlink/names/ip-protocols.ts';
import { WHOLE_DSCP, WHOLE_FLOW_LABEL, WHOLE_PORT } from '../../rtnetlink/rule.ts';
import { type Args, wrongArgument } from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned, parseUnsigned64 } from '../../schema/number.ts';
import { isDeviceName } from '../grammar/link-filter.ts';

const MAX_U32 = 0xffffffff;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A range of ports, or one port of which some bits count. */
export interface Ports extends Range {
  readonly mask: number;
}

/** A value of which some bits count. */
export interface Masked {
  readonly value: number;
  readonly mask: number;
}

/** What the words of one command select. Of words given again the last counts. */
export interface RuleSelection {
  isInverted?: true;
  priority?: number;
  tos?: number;
  mark?: number;
  markMask?: number;
  inputDevice?: string;
  outputDevice?: string;
  isL3mdev?: true;
  users?: Range;
  tunnel?: bigint;
  ipProtocol?: number;
  sourcePorts?: Ports;
  destinationPorts?: Ports;
  dscp?: Masked;
  flowLabel?: Masked;
}

/**
 * Reads one such word with its value; false, reading nothing, when the current word is none. `tos` and `dsfield` may
 * be abbreviated in rules to be made only.
 */
export function readSelector(
  args: Args,
  selection: RuleSelection,
  names: Names,
  command: 'change' | 'list',
): boolean {
  if (args.accept('not')) selection.isInverted = true;
  else if (args.acceptPrefix('preference', 'order', 'priority')) {
    selection.priority = parsePriority(args.next());
  } else if (args.accept('tos', 'dsfield') || (command === 'change' && args.acceptPrefix('dsfield'))) {
    selection.tos = parseTos(args.next(), names);
  } else if (args.accept('fwmark')) readMark(args.next(), selection);
  else if (args.accept('dev', 'iif')) selection.inputDevice = parseDevice(args.next(), '"iif"/"dev"');
  else if (args.accept('oif')) selection.outputDevice = parseDevice(args.next(), '"oif"');
  else if (args.accept('l3mdev')) selection.isL3mdev = true;
  else if (args.accept('uidrange')) selection.users = parseUsers(args.next());
  else if (args.acceptPrefix('tun_id')) selection.tunnel = parseTunnel(args.next());
  else if (args.accept('ipproto')) selection.ipProtocol = parseIpProtocol(args.next());
  else if (args.accept('sport')) selection.sourcePorts = parsePorts(args.next());
  else if (args.accept('dport')) selection.destinationPorts = parsePorts(args.next());
  else if (args.accept('dscp')) selection.dscp = parseDscp(args.next(), names);
  else if (args.accept('flowlabel')) selection.flowLabel = parseFlowLabel(args.next());
  else return false;
  return true;
}

function parsePriority(word: string): number {
  return parseUnsigned(word, MAX_U32) ?? refuse(word, 'preference value is invalid\n');
}

function parseTos(word: string, names: Names): number {
  return names.number('dsfield', word) ?? refuse(word, 'TOS value is invalid\n');
}

/** `MARK[/MASK]`. A mark without mask leaves that of an earlier word. */
function readMark(word: string, selection: RuleSelection): void {
  const [mark, mask] = splitAt(word, '/');
  selection.mark = parseUnsigned(mark, MAX_U32) ?? refuse(mark, 'fwmark value is invalid\n');
  if (mask === undefined) return;
  selection.markMask = parseUnsigned(mask, MAX_U32) ?? refuse(mask, 'fwmask value is invalid\n');
}

function parseDevice(word: string, keyword: string): string {
  return isDeviceName(word) ? word : refuse(word, `${keyword} not a valid ifname`);
}

/** `START-END` as scanf(3) reads it: spaces before, signs, anything after. */
function parseUsers(word: string): Range {
  const match = /^[\t-\r ]*([+-]?\d+)-[\t-\r ]*([+-]?\d+)/.exec(word);
  if (match === null) throw wrongArgument(word, 'invalid UID range\n');
  return { start: wrapped(match[1]!), end: wrapped(match[2]!) };
}

/** A decimal as C converts it to 32 bits: cut off, but all ones when it exceeds even 64 bits. */
function wrapped(digits: string): number {
  const value = BigInt(digits.replace('+', ''));
  const isTooLarge = value >= 1n << 64n || value <= -(1n << 64n);
  return isTooLarge ? MAX_U32 : Number(BigInt.asUintN(32, value));
}

function parseTunnel(word: string): bigint {
  return parseUnsigned64(word) ?? refuse(word, '"tun_id" value is invalid\n');
}

function parseIpProtocol(word: string): number {
  return ipProtocolNumber(word) ?? refuse(word, 'Invalid "ipproto" value\n');
}

/** `PORT`, `START-END` or `PORT/MASK`. */
function parsePorts(word: string): Ports {
  const port = (text: string, complaint: string) =>
    parseUnsigned(text, WHOLE_PORT) ?? refuse(text, complaint);
  const [first, last] = splitAt(word, '-');
  if (last !== undefined) {
    const start = port(first, 'invalid port range start');
    return { start, end: port(last, 'invalid port range end'), mask: WHOLE_PORT };
  }
  const [value, maskText] = splitAt(word, '/');
  const mask = maskText === undefined ? WHOLE_PORT : port(maskText, 'invalid mask'); // Complained of first.
  const start = port(value, 'invalid port');
  return { start, end: start, mask };
}

/** `DSCP[/MASK]`: a name of the six bits, or numbers of which the kernel gets the lowest byte. */
function parseDscp(word: string, names: Names): Masked {
  const [text, maskText] = splitAt(word, '/');
  const value = parseUnsigned(text, MAX_U32) ?? dscpOfName(text, names) ?? refuse(text, 'invalid dscp');
  if (maskText === undefined) return { value: value & 0xff, mask: WHOLE_DSCP };
  const mask = parseUnsigned(maskText, MAX_U32) ?? refuse(maskText, 'invalid dscp mask');
  return { value: value & 0xff, mask: mask & 0xff };
}

/** Names are those of whole bytes, and so are hexadecimal numbers that are none of another base. */
function dscpOfName(word: string, names: Names): number | undefined {
  const byte = names.number('dsfield', word);
  return byte === undefined ? undefined : byte >> 2;
}

/** `LABEL[/MASK]`. */
function parseFlowLabel(word: string): Masked {
  const [text, maskText] = splitAt(word, '/');
  const value = parseUnsigned(text, MAX_U32) ?? refuse(text, 'invalid flowlabel');
  if (maskText === undefined) return { value, mask: WHOLE_FLOW_LABEL };
  return { value, mask: parseUnsigned(maskText, MAX_U32) ?? refuse(maskText, 'invalid flowlabel mask') };
}

/** What stands before and after the first `separator`. */
function splitAt(word: string, separator: string): readonly [before: string, after: string | undefined] {
  const at = word.indexOf(separator);
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function refuse(word: string, complaint: string): never {
  throw wrongArgument(word, complaint);
}
