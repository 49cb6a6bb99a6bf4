/** The words that select packets, as `ip rule` reads them when it makes rules and when it looks for them. */
import { ipProtocolNumber } from '../../rtnetlink/names/ip-protocols.ts';
import { WHOLE_DSCP, WHOLE_FLOW_LABEL, WHOLE_PORT } from '../../rtnetlink/rule.ts';
import { wrongArgument } from '../../schema/args.ts';
import {
  exact,
  flag,
  hidden,
  type Keyword,
  type Operand,
  reads,
  shortened,
  shownAs,
  type Value,
  value,
} from '../../schema/keywords.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned, parseUnsigned64 } from '../../schema/number.ts';
import type { Context } from '../frame/context.ts';
import { isDeviceName } from '../grammar/device-names.ts';
import { named, number } from '../grammar/values.ts';

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

type Selector = Keyword<SelectorDraft, Context>;

/** What a command reads selectors into. */
export interface SelectorDraft {
  readonly selection: RuleSelection;
}

function setTos({ selection }: SelectorDraft, tos: number): void {
  selection.tos = tos;
}

function setPriority({ selection }: SelectorDraft, priority: number): void {
  selection.priority = priority;
}

function setInputDevice({ selection }: SelectorDraft, name: string): void {
  selection.inputDevice = name;
}

const PRIORITY = number('NUMBER', 'preference value is invalid\n');
const TOS = named('TOS', 'dsfield', 'TOS value is invalid\n');
const INPUT_DEVICE = deviceName('"iif"/"dev" not a valid ifname');
const MARK: Operand = { synopsis: 'FWMARK[/MASK]', examples: ['1', '0x10/0xff'] };
const USERS = read({ synopsis: 'NUMBER-NUMBER', examples: ['0-99'] }, parseUsers);
const TUNNEL = value(
  { synopsis: 'ID', examples: ['1', '18446744073709551615'] },
  word => parseUnsigned64(word),
  '"tun_id" value is invalid\n',
);
const PROTOCOL = value(
  { synopsis: 'PROTOCOL', examples: ['tcp', 'udp', '1'] },
  ipProtocolNumber,
  'Invalid "ipproto" value\n',
);
const PORTS = read(
  { synopsis: '[ NUMBER[/MASK] | NUMBER-NUMBER ]', examples: ['53', '1000-2000', '8/0xf'] },
  parsePorts,
);
const DSCP = read({ synopsis: 'DSCP[/MASK]', names: 'dsfield', examples: ['8', '0x8/0x38'] }, parseDscp);
const FLOW_LABEL = read({ synopsis: 'FLOWLABEL[/MASK]', examples: ['1', '0x1/0xff'] }, parseFlowLabel);

/** A value whose parts are complained about one by one. */
function read<T>(operand: Operand, parse: (word: string, names: Names) => T): Value<T, Context> {
  return { ...operand, read: (args, { names }) => parse(args.next(), names) };
}

/** The name of a device that need not exist. */
function deviceName(complaint: string): Value<string> {
  const parse = (word: string) => (isDeviceName(word) ? word : undefined);
  return value({ synopsis: 'STRING', names: 'device' }, parse, complaint);
}

/** The selectors. `dsfield` may be abbreviated in rules to be made, not in lists. */
export function selectors(isDsfieldAbbreviable: boolean): readonly Selector[] {
  const dsfield: Selector = hidden(exact('dsfield', TOS, setTos));
  return [
    flag('not', ({ selection }) => {
      selection.isInverted = true;
    }),
    shownAs('pref', shortened(exact('preference', PRIORITY, setPriority))),
    ...['order', 'priority'].map(word =>
      hidden(shortened(exact<SelectorDraft, Context, number>(word, PRIORITY, setPriority))),
    ),
    exact('tos', TOS, setTos),
    isDsfieldAbbreviable ? shortened(dsfield) : dsfield,
    reads('fwmark', [MARK], ({ selection }, args) => readMark(args.next(), selection)),
    hidden(exact('dev', INPUT_DEVICE, setInputDevice)),
    exact('iif', INPUT_DEVICE, setInputDevice),
    exact('oif', deviceName('"oif" not a valid ifname'), ({ selection }, name) => {
      selection.outputDevice = name;
    }),
    flag('l3mdev', ({ selection }) => {
      selection.isL3mdev = true;
    }),
    exact('uidrange', USERS, ({ selection }, users) => {
      selection.users = users;
    }),
    shortened(
      exact('tun_id', TUNNEL, ({ selection }, tunnel) => {
        selection.tunnel = tunnel;
      }),
    ),
    exact('ipproto', PROTOCOL, ({ selection }, protocol) => {
      selection.ipProtocol = protocol;
    }),
    exact('sport', PORTS, ({ selection }, ports) => {
      selection.sourcePorts = ports;
    }),
    exact('dport', PORTS, ({ selection }, ports) => {
      selection.destinationPorts = ports;
    }),
    exact('dscp', DSCP, ({ selection }, dscp) => {
      selection.dscp = dscp;
    }),
    exact('flowlabel', FLOW_LABEL, ({ selection }, label) => {
      selection.flowLabel = label;
    }),
  ];
}

/** `MARK[/MASK]`. A mark without mask leaves that of an earlier word. */
function readMark(word: string, selection: RuleSelection): void {
  const [mark, mask] = splitAt(word, '/');
  selection.mark = parseUnsigned(mark, MAX_U32) ?? refuse(mark, 'fwmark value is invalid\n');
  if (mask === undefined) return;
  selection.markMask = parseUnsigned(mask, MAX_U32) ?? refuse(mask, 'fwmask value is invalid\n');
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

/** Names are those of whole bytes, and so are hexadecimal numbers that are not numbers of another base. */
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
