/**
 * A netlink message as people read it: its type and flags, its header, and every attribute by the name that it has in
 * the kernel's headers, nested ones indented. What has no name is printed by number, its bytes in hexadecimal.
 */

import { errorCode, strerror } from '../kernel/system/errors.ts';
import {
  NLA_HDRLEN,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLM_F_DUMP,
  NLMSG_DONE,
  NLMSG_ERROR,
} from '../linux/netlink.ts';
import { attributeStepsIn } from '../rtnetlink/catalogue/attribute-path.ts';
import { attributeName } from '../rtnetlink/catalogue/kernel-names.ts';
import {
  type Header,
  type MessageSchema,
  nestOf,
  rowOfType,
  siblingsOf,
} from '../rtnetlink/catalogue/message-catalogue.ts';
import { ATTRIBUTE_TYPE, HEADER_LENGTH, type Message, splitDatagram } from '../wire/message.ts';
import { decodeText } from '../wire/text.ts';
import { type Protocol, routing } from './protocol.ts';
import { attributeText, flagNames, headerWords, hexText } from './values.ts';

const STEP = '  ';
const WIDTH = 110;
const MAX_DEPTH = 10;
const ERROR_LENGTH = 4;
/** Of attributes that no table decodes, though their names are known: settings and counters of IPv6, mostly. */
const SHOWN_OF_UNDECODED = 16;

const COMMON_FLAGS: readonly (readonly [number, string])[] = [
  [0x1, 'REQUEST'],
  [0x2, 'MULTI'],
  [0x4, 'ACK'],
  [0x8, 'ECHO'],
  [0x10, 'DUMP_INTR'],
  [0x20, 'DUMP_FILTERED'],
];
/** The bits above mean something else for each verb. */
const FLAGS_OF_VERB = {
  new: [
    [0x100, 'REPLACE'],
    [0x200, 'EXCL'],
    [0x400, 'CREATE'],
    [0x800, 'APPEND'],
  ],
  get: [
    [0x100, 'ROOT'],
    [0x200, 'MATCH'],
    [0x400, 'ATOMIC'],
  ],
  delete: [
    [0x100, 'NONREC'],
    [0x200, 'BULK'],
  ],
  set: [],
  answer: [
    [0x100, 'CAPPED'],
    [0x200, 'ACK_TLVS'],
  ],
} as const;
const CONTROL: Readonly<Record<number, string>> = {
  1: 'NLMSG_NOOP',
  [NLMSG_ERROR]: 'NLMSG_ERROR',
  [NLMSG_DONE]: 'NLMSG_DONE',
  4: 'NLMSG_OVERRUN',
};

/** The lines of all messages of a datagram; `mark` stands before the first line of each. */
export function datagramLines(bytes: Buffer, mark: string, protocol: Protocol = routing): string[] {
  const { messages, rest } = splitDatagram(bytes);
  const lines = messages.flatMap(message => messageLines(message, mark, protocol));
  if (rest > 0) {
    const shown = protocol.hidesUnknown ? '' : `: ${hexText(bytes.subarray(-rest))}`;
    lines.push(`${mark} ${rest} bytes that are no message${shown}`);
  }
  return lines;
}

/** Has a protocol note what the messages of a received datagram say about later ones. */
export function learnFrom(bytes: Buffer, protocol: Protocol): void {
  if (protocol.learn !== undefined)
    for (const message of splitDatagram(bytes).messages) protocol.learn(message);
}

/** The lines of one message. */
export function messageLines(message: Message, mark: string, protocol: Protocol = routing): string[] {
  const { bytes, payload, end, type } = message;
  const anatomy = type < HEADER_LENGTH ? undefined : protocol.anatomyOf(message);
  const name = CONTROL[type] ?? anatomy?.name ?? `message ${type}`;
  const flags = message.flags === 0 ? '' : `, ${messageFlags(message.flags, type, anatomy?.verb)}`;
  const title = `${mark} ${name}${flags}, sequence ${message.sequence}, ${end - message.start} bytes`;
  const lines: string[] = [];
  if (type === NLMSG_ERROR) errorLines(message, lines, protocol);
  else if (type === NLMSG_DONE) doneLines(message, lines);
  else if (anatomy === undefined && protocol.hidesUnknown) lines.push(`${STEP}${end - payload} bytes`);
  else if (anatomy === undefined) hexLines('payload', bytes.subarray(payload, end), lines, 1);
  else setLines(bytes, payload, end, { ...anatomy.attributes, header: anatomy.header }, lines, 1);
  return [title, ...lines];
}

function messageFlags(flags: number, type: number, verb: keyof typeof FLAGS_OF_VERB | undefined): string {
  const isControl = CONTROL[type] !== undefined;
  const above = FLAGS_OF_VERB[isControl ? 'answer' : (verb ?? 'set')];
  if (verb === 'get' && (flags & NLM_F_DUMP) === NLM_F_DUMP)
    return flagNames(flags, [...COMMON_FLAGS, [NLM_F_DUMP, 'DUMP']]);
  return flagNames(flags, [...COMMON_FLAGS, ...above]);
}

/** Header and attributes of a message or nest. */
function setLines(
  bytes: Buffer,
  at: number,
  end: number,
  anatomy: MessageSchema,
  lines: string[],
  depth: number,
): void {
  if (depth > MAX_DEPTH) {
    hexLines('deeper', bytes.subarray(at, end), lines, depth);
    return;
  }
  if (anatomy.isSeries) {
    seriesLines(bytes, at, end, anatomy, lines, depth);
    return;
  }
  const { header } = anatomy;
  if (header !== undefined) {
    if (end - at < header.struct.size) {
      hexLines(`${header.name}, too short`, bytes.subarray(at, end), lines, depth);
      return;
    }
    headerLines(header, bytes, at, lines, depth);
    at += align(header.struct.size);
  }
  attributeLines(bytes, at, end, anatomy, lines, depth);
}

/** struct rtnexthop and attributes, again and again. */
function seriesLines(
  bytes: Buffer,
  at: number,
  end: number,
  { isSeries: _isSeries, ...anatomy }: MessageSchema,
  lines: string[],
  depth: number,
): void {
  while (at + NLA_HDRLEN <= end) {
    const length = bytes.readUInt16LE(at);
    if (length < NLA_HDRLEN || length > end - at) break;
    setLines(bytes, at, at + length, anatomy, lines, depth);
    at += align(length);
  }
}

function headerLines(
  { name, struct }: Header,
  bytes: Buffer,
  at: number,
  lines: string[],
  depth: number,
): void {
  const value = struct.read(bytes, at, struct.size) as Record<string, unknown>;
  if (Object.keys(value).length === 0) return;
  addWrapped(`struct ${name}:`, headerWords(name, value), lines, depth);
}

function attributeLines(
  bytes: Buffer,
  start: number,
  end: number,
  anatomy: MessageSchema,
  lines: string[],
  depth: number,
): void {
  const siblings = siblingsOf(anatomy, bytes, start, end);
  let at = start;
  while (at + NLA_HDRLEN <= end) {
    const length = bytes.readUInt16LE(at);
    if (length < NLA_HDRLEN || length > end - at) break;
    const raw = bytes.readUInt16LE(at + 2);
    const type = raw & ATTRIBUTE_TYPE;
    const [from, to] = [at + NLA_HDRLEN, at + length];
    const [name, row] = rowOfType(anatomy, type) ?? [];
    const title = attributeName(anatomy, type, name) ?? `attribute ${type}`;
    const nest = name === undefined ? undefined : nestOf(anatomy, name, siblings, raw & ~ATTRIBUTE_TYPE);
    if (nest !== undefined) {
      lines.push(`${STEP.repeat(depth)}${title}`);
      setLines(bytes, from, to, nest, lines, depth + 1);
    } else {
      const value = row?.codec.read(bytes, from, to - from);
      if (row !== undefined && value !== undefined) {
        addWrapped(title, wordsOf(attributeText(row, value)), lines, depth);
      } else if (anatomy.hidesUnknown) {
        lines.push(`${STEP.repeat(depth)}${title}, ${to - from} bytes`);
      } else {
        const isKnown = row === undefined && !title.startsWith('attribute');
        hexLines(title, bytes.subarray(from, to), lines, depth, isKnown ? SHOWN_OF_UNDECODED : undefined);
      }
    }
    at += align(length);
  }
  if (at < end && end - at >= NLA_HDRLEN && !anatomy.hidesUnknown)
    hexLines('no attribute', bytes.subarray(at, end), lines, depth);
}

/** NLMSG_ERROR: a status, the request or its header, and what the kernel says of it. */
function errorLines(message: Message, lines: string[], protocol: Protocol): void {
  const { bytes, payload, end } = message;
  if (end - payload < ERROR_LENGTH) {
    hexLines('too short', bytes.subarray(payload, end), lines, 1);
    return;
  }
  lines.push(`${STEP}${statusText(bytes.readInt32LE(payload))}`);
  const request = payload + ERROR_LENGTH;
  if (end - request < HEADER_LENGTH || !(message.flags & NLM_F_ACK_TLVS)) return;
  const isWhole = !(message.flags & NLM_F_CAPPED);
  const copied = isWhole ? Math.max(bytes.readUInt32LE(request), HEADER_LENGTH) : HEADER_LENGTH;
  const at = request + align(copied);
  if (at > end) return;
  const whole = isWhole ? splitDatagram(bytes.subarray(request, request + copied)).messages[0] : undefined;
  extendedLines(bytes, at, end, whole, protocol, lines);
}

function doneLines({ bytes, payload, end, flags }: Message, lines: string[]): void {
  if (end - payload < ERROR_LENGTH) return;
  const status = bytes.readInt32LE(payload);
  lines.push(`${STEP}${status === 0 ? 'the dump is complete' : statusText(status)}`);
  if (flags & NLM_F_ACK_TLVS) extendedLines(bytes, payload + ERROR_LENGTH, end, undefined, routing, lines);
}

function statusText(status: number): string {
  if (status === 0) return 'error 0: done as asked';
  return `error ${status}: ${errorCode(-status)}, ${strerror(-status)}`;
}

/** The attributes of an extended acknowledgement. Source: linux/netlink.h NLMSGERR_ATTR_*. */
function extendedLines(
  bytes: Buffer,
  start: number,
  end: number,
  request: Message | undefined,
  protocol: Protocol,
  lines: string[],
): void {
  for (let at = start; at + NLA_HDRLEN <= end; ) {
    const length = bytes.readUInt16LE(at);
    if (length < NLA_HDRLEN || length > end - at) return;
    const payload = bytes.subarray(at + NLA_HDRLEN, at + length);
    const type = bytes.readUInt16LE(at + 2) & ATTRIBUTE_TYPE;
    const name = `NLMSGERR_ATTR_${EXTENDED[type] ?? type}`;
    if (type === 1) {
      lines.push(`${STEP}${name} ${JSON.stringify(decodeText(payload).replace(/\0[\s\S]*$/, ''))}`);
    } else if ((type === 2 || type === 6) && payload.length >= 4) {
      const offset = payload.readUInt32LE(0);
      const anatomy = request && protocol.anatomyOf(request);
      const steps = anatomy && attributeStepsIn(request, offset, anatomy);
      const where = steps ? `: ${steps.map(({ kernelName }) => kernelName).join(', in it ')}` : '';
      lines.push(`${STEP}${name} ${offset}${where}`);
    } else if (type === 5 && payload.length >= 4) {
      lines.push(`${STEP}${name} ${payload.readUInt32LE(0)}`);
    } else {
      hexLines(name, payload, lines, 1);
    }
    at += align(length);
  }
}

const EXTENDED: Readonly<Record<number, string>> = {
  1: 'MSG',
  2: 'OFFS',
  3: 'COOKIE',
  4: 'POLICY',
  5: 'MISS_TYPE',
  6: 'MISS_NEST',
};

/** Bytes in hexadecimal; of more than `limit` the first ones and their number. */
function hexLines(
  title: string,
  bytes: Uint8Array,
  lines: string[],
  depth: number,
  limit = bytes.length,
): void {
  const words = hexText(bytes.subarray(0, limit)).split(' ');
  if (bytes.length > limit) words.push('...', `(${bytes.length}`, 'bytes)');
  addWrapped(`${title} hex`, words, lines, depth);
}

/** Quoted texts stay on one line. */
function wordsOf(text: string): string[] {
  return text.startsWith('"') ? [text] : text.split(' ');
}

/** A title and words after it, on as many lines as they take. */
function addWrapped(title: string, words: readonly string[], lines: string[], depth: number): void {
  let line = STEP.repeat(depth) + title;
  for (const word of words) {
    if (word === '') continue;
    if (line.length + 1 + word.length > WIDTH && line.trim() !== title) {
      lines.push(line);
      line = STEP.repeat(depth + 2) + word;
    } else {
      line += ` ${word}`;
    }
  }
  lines.push(line);
}

function align(length: number): number {
  return (length + 3) & ~3;
}
