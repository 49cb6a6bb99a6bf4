/**
 * Netlink messages as test data: annotated hexadecimal text, and the comparison of two messages as sets of
 * attributes. Knows the framing only, and knows it apart from src/, so that an error there is not repeated here.
 */
import assert from 'node:assert/strict';

/** One attribute; `nested` if its payload reads as attributes to the last byte, after `header` bytes of a struct. */
export interface Attribute {
  readonly type: number;
  /** NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
  readonly flagBits: number;
  readonly payload: Buffer;
  readonly header: Buffer;
  readonly nested: readonly Attribute[] | undefined;
  readonly padding: Buffer;
}

export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  /** The struct of the message family: ifinfomsg, rtmsg, ... */
  readonly header: Buffer;
  readonly attributes: readonly Attribute[];
  /** What follows that is no attribute. */
  readonly rest: Buffer;
}

const messageHeader = 16;
const attributeHeader = 4;

/** Length of the struct that a message begins with, by the first type of its family (RTM_NEW...). */
const structs: Readonly<Record<number, { name: string; length: number }>> = {
  16: { name: 'ifinfomsg', length: 16 },
  20: { name: 'ifaddrmsg', length: 8 },
  24: { name: 'rtmsg', length: 12 },
  28: { name: 'ndmsg', length: 12 },
  32: { name: 'fib_rule_hdr', length: 12 },
  52: { name: 'prefixmsg', length: 12 },
  56: { name: 'rtgenmsg', length: 4 },
  60: { name: 'rtgenmsg', length: 4 },
  64: { name: 'ndtmsg', length: 4 },
  72: { name: 'ifaddrlblmsg', length: 12 },
  80: { name: 'netconfmsg', length: 4 },
  84: { name: 'br_port_msg', length: 8 },
  88: { name: 'rtgenmsg', length: 4 },
  92: { name: 'if_stats_msg', length: 12 },
  104: { name: 'nhmsg', length: 8 },
  108: { name: 'ifinfomsg', length: 16 },
  116: { name: 'nhmsg', length: 8 },
  120: { name: 'tunnel_msg', length: 8 },
};

/** Families of generic netlink have ids from here on under capture, where no other protocol has types. */
const FIRST_FAMILY = 0x1000;

/** The struct that a message of `type` begins with. */
export function structOf(type: number): { name: string; length: number } {
  if (type >= FIRST_FAMILY) return { name: 'genlmsghdr', length: 4 };
  return structs[type & ~3] ?? { name: 'struct', length: 0 };
}

/** Splits `bytes` into whole messages. Throws if they do not add up. */
export function splitMessages(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = at + messageHeader <= bytes.length ? bytes.readUInt32LE(at) : 0;
    assert.ok(length >= messageHeader && at + length <= bytes.length, `no netlink message at offset ${at}`);
    messages.push(bytes.subarray(at, at + length));
    at += (length + 3) & ~3;
  }
  return messages;
}

/** What strace's `-e read=all` or `-e write=all` shows of buffers, one after the other. */
export function tracedBytes(trace: string): Buffer[] {
  const dumps = trace.split(/^ \* \d+ bytes in buffer \d+$/m).slice(1);
  return dumps.map(dump => {
    const rows = dump.matchAll(/^ \| [0-9a-f]+ {2}((?:[0-9a-f]{2} {1,2}){1,16})/gm);
    return Buffer.from([...rows].map(([, bytes]) => bytes!.replace(/\s/g, '')).join(''), 'hex');
  });
}

/** Takes one message apart; `length` is that of the struct that it begins with. */
export function readMessage(bytes: Buffer, length?: number): NetlinkMessage {
  const type = bytes.readUInt16LE(4);
  const start = Math.min(messageHeader + (length ?? structOf(type).length), bytes.length);
  const { attributes, end } = readAttributes(bytes, start);
  return {
    type,
    flags: bytes.readUInt16LE(6),
    header: bytes.subarray(messageHeader, start),
    attributes,
    rest: bytes.subarray(end),
  };
}

function readAttributes(bytes: Buffer, start: number): { attributes: Attribute[]; end: number } {
  const attributes: Attribute[] = [];
  let at = start;
  while (at + attributeHeader <= bytes.length) {
    const length = bytes.readUInt16LE(at);
    if (length < attributeHeader || at + length > bytes.length) break;
    const type = bytes.readUInt16LE(at + 2);
    const end = Math.min((at + length + 3) & ~3, bytes.length);
    const payload = bytes.subarray(at + attributeHeader, at + length);
    const padding = bytes.subarray(at + length, end);
    attributes.push({
      type: type & 0x3fff,
      flagBits: type & ~0x3fff,
      payload,
      padding,
      ...readNest(payload),
    });
    at = end;
  }
  return { attributes, end: at };
}

/** A nest begins with attributes, or (the peer of veth and its like) with a whole ifinfomsg before them. */
function readNest(payload: Buffer): Pick<Attribute, 'header' | 'nested'> {
  for (const skipped of [0, 16]) {
    if (payload.length < skipped + attributeHeader) break;
    const { attributes, end } = readAttributes(payload, skipped);
    const isPlausible = attributes.every(
      ({ type, padding }) => type < 512 && padding.every(byte => byte === 0),
    );
    if (end === payload.length && attributes.length > 0 && isPlausible)
      return { header: payload.subarray(0, skipped), nested: attributes };
  }
  return { header: payload.subarray(0, 0), nested: undefined };
}

/** A message as lines of text in which the order of attributes does not matter; sequence and port are left out. */
export function attributeSet(bytes: Buffer): string {
  const { type, flags, header, attributes, rest } = readMessage(bytes);
  const lines = [`type ${type} flags 0x${flags.toString(16)}`, `${structOf(type).name} ${hex(header)}`];
  lines.push(...setLines(attributes));
  if (rest.length > 0) lines.push(`rest ${hex(rest)}`);
  return lines.join('\n');
}

function setLines(attributes: readonly Attribute[]): string[] {
  return attributes
    .map(({ type, flagBits, payload, header, nested, padding }) => {
      const flagText = flagBits === 0 ? '' : ` flags 0x${flagBits.toString(16)}`;
      const paddingText = padding.every(byte => byte === 0) ? '' : ` padding ${hex(padding)}`;
      const value = nested
        ? `${header.length > 0 ? ` ${hex(header)}` : ''} {`
        : ` ${hex(payload)}${meaning(payload)}`;
      const inner = nested ? [...setLines(nested).map(line => `  ${line}`), '}'] : [];
      return [`${type}${flagText}${paddingText}${value}`, ...inner].join('\n');
    })
    .sort()
    .flatMap(text => text.split('\n'));
}

/** Asserts that two lists of messages ask for the same, whatever the order of their attributes. */
export function assertSameRequest(got: readonly Buffer[], wanted: readonly Buffer[]): void {
  const text = (messages: readonly Buffer[]) => messages.map(attributeSet).join('\n\n');
  assert.equal(text(got), text(wanted));
}

/** Names for annotations: of a message type, and of an attribute by the numbers that lead to it. */
export interface AnnotationNames {
  message(type: number): string | undefined;
  attribute(message: NetlinkMessage, path: readonly number[]): string | undefined;
}

/** One part of a hex file: what is said of it, and its bytes. */
export interface HexBlock {
  readonly comments: readonly string[];
  readonly bytes: Buffer;
}

/** Writes messages as hexadecimal text, a line an attribute, each with what it is. */
export function formatHex(blocks: readonly HexBlock[], names?: AnnotationNames): string {
  return blocks
    .map(({ comments, bytes }) => {
      const lines = comments.map(comment => `# ${comment}`);
      for (const message of splitMessages(bytes)) lines.push(...annotate(message, names));
      return `${lines.join('\n')}\n`;
    })
    .join('\n');
}

/** Reads hexadecimal text: `#` begins a comment, an empty line ends a block. */
export function parseHex(text: string): HexBlock[] {
  const blocks: HexBlock[] = [];
  for (const part of text.split(/\n(?:[ \t]*\n)+/)) {
    const comments: string[] = [];
    let digits = '';
    for (const line of part.split('\n')) {
      const [code = '', ...comment] = line.split('#');
      if (code.trim() === '' && comment.length > 0) comments.push(comment.join('#').trim());
      digits += code.replace(/\s+/g, '');
    }
    assert.match(digits, /^([0-9a-f]{2})*$/, `not hexadecimal: ${digits.slice(0, 80)}`);
    if (comments.length > 0 || digits !== '') blocks.push({ comments, bytes: Buffer.from(digits, 'hex') });
  }
  return blocks;
}

function annotate(bytes: Buffer, names?: AnnotationNames): string[] {
  const message = readMessage(bytes);
  const stable = Buffer.from(bytes.subarray(0, messageHeader));
  stable.fill(0, 8, messageHeader); // sequence and port are the run's, not the message's
  const name = names?.message(message.type) ?? `type ${message.type}`;
  const lines = [`${hex(stable)}  # ${name}, flags 0x${message.flags.toString(16)}, ${bytes.length} bytes`];
  if (message.header.length > 0) lines.push(`${hex(message.header)}  # ${structOf(message.type).name}`);
  const walk = (attributes: readonly Attribute[], path: readonly number[], indent: string) => {
    for (const { type, flagBits, payload, header, nested, padding } of attributes) {
      const own = [...path, type];
      const head = Buffer.alloc(attributeHeader);
      head.writeUInt16LE(attributeHeader + payload.length, 0);
      head.writeUInt16LE(type | flagBits, 2);
      const title = names?.attribute(message, own) ?? `attribute ${own.join('.')}`;
      if (nested) {
        lines.push(`${indent}${hex(Buffer.concat([head, header]))}  # ${title}`);
        walk(nested, own, `${indent}  `);
      } else {
        lines.push(`${indent}${hex(Buffer.concat([head, payload, padding]))}  # ${title}${meaning(payload)}`);
      }
    }
  };
  walk(message.attributes, [], '');
  if (message.rest.length > 0) lines.push(`${hex(message.rest)}  # rest`);
  return lines;
}

/** What a payload looks like, for people: text, or a small number. */
function meaning(payload: Buffer): string {
  const text = payload.at(-1) === 0 ? payload.subarray(0, -1) : payload;
  if (text.length > 1 && text.every(byte => byte >= 0x20 && byte < 0x7f))
    return ` "${text.toString('latin1')}"`;
  if (payload.length === 1) return ` ${payload[0]}`;
  if (payload.length === 2) return ` ${payload.readUInt16LE()}`;
  if (payload.length === 4) return ` ${payload.readUInt32LE()}`;
  if (payload.length === 8) return ` ${payload.readBigUInt64LE()}`;
  return '';
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex').replace(/..(?=.)/g, '$& ');
}
