/** `encap ip` and `encap ip6` on the command line, with the options of the outer tunnel header. */
import { AF_INET } from '../../linux/families.ts';
import {
  type ErspanOption,
  encapPayload,
  type GeneveOption,
  ipEncap,
  TUNNEL_CHECKSUM,
  TUNNEL_KEY,
  TUNNEL_SEQUENCE,
  type TunnelOptions,
} from '../../rtnetlink/encap.ts';

import { type Args, duplicateOrGarbage, EXIT_USAGE, UsageError, wrongArgument } from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned, parseUnsigned64 } from '../../schema/number.ts';
import type { ValuesOf } from '../../schema/row.ts';
import { addressText, parseAddress } from './prefix.ts';

const FLAGS: Readonly<Record<string, number>> = {
  key: TUNNEL_KEY,
  csum: TUNNEL_CHECKSUM,
  seq: TUNNEL_SEQUENCE,
};

/** Reads tunnel metadata of `family`: IPv6 calls its TTL `hoplimit` and its TOS `tc`. */
export function parseIpEncap(args: Args, names: Names, family: number): Buffer {
  const values: ValuesOf<typeof ipEncap.rows> = {};
  const [ttlWord, tosWord] = family === AF_INET ? ['ttl', 'tos'] : ['hoplimit', 'tc'];
  while (!args.done) {
    if (args.accept('id')) {
      values.id = readOnce('id', values.id, args, parseUnsigned64);
    } else if (args.accept('dst')) {
      values.dst = readOnce('dst', values.dst, args, word => addressText(parseAddress(word, family)));
    } else if (args.accept('src')) {
      values.src = readOnce('src', values.src, args, word => addressText(parseAddress(word, family)));
    } else if (args.accept(tosWord)) {
      values.tos = readOnce(tosWord, values.tos, args, word => names.number('dsfield', word));
    } else if (args.accept(ttlWord)) {
      values.ttl = readOnce(ttlWord, values.ttl, args, word => parseUnsigned(word, 0xff));
    } else if (!parseFlagOrOptions(args, values)) break;
  }
  return encapPayload(ipEncap, values);
}

function readOnce<T>(
  keyword: string,
  before: T | undefined,
  args: Args,
  parse: (word: string) => T | undefined,
): T {
  const word = args.next();
  if (before !== undefined) throw duplicateOrGarbage(keyword, word);
  const value = parse(word);
  if (value === undefined) throw wrongArgument(word, `"${keyword}" value is invalid\n`);
  return value;
}

function parseFlagOrOptions(args: Args, values: ValuesOf<typeof ipEncap.rows>): boolean {
  const word = args.peek()!;
  const flag = FLAGS[word];
  if (flag !== undefined) {
    const flags = values.flags ?? 0;
    if (flags & flag) throw duplicateOrGarbage(word, word);
    values.flags = flags | flag;
  } else if (word === 'geneve_opts' || word === 'vxlan_opts' || word === 'erspan_opts') {
    if (values.opts !== undefined) throw duplicateOrGarbage('opts', word);
    args.skip();
    values.opts = parseOptions(word, args.next());
    return true;
  } else {
    return false;
  }
  args.skip();
  return true;
}

function parseOptions(keyword: string, list: string): TunnelOptions {
  if (keyword === 'geneve_opts') return { geneve: list.split(',').map(parseGeneveOption) };
  if (keyword === 'erspan_opts') return { erspan: parseErspanOption(list) };
  const gbp = parseUnsigned(list, 0xffffffff);
  if (gbp === undefined) throw wrongArgument(list, '"vxlan_opts" value is invalid\n');
  return { vxlan: { gbp } };
}

/** `CLASS:TYPE:DATA`; empty parts are left out. */
function parseGeneveOption(option: string, _index: number, all: readonly string[]): GeneveOption {
  const value: GeneveOption = {};
  for (const [index, part] of option.split(':').entries()) {
    if (part === '') continue;
    if (index === 0) value.class = parsePart(part, 0xffff, 'geneve_opts', all);
    else if (index === 1) value.type = parsePart(part, 0xff, 'geneve_opts', all);
    else if (index === 2) value.data = parseHex(part, all);
    else throw tooManyParts('geneve_opts', all);
  }
  return value;
}

/** `VERSION:INDEX:DIRECTION:HARDWARE`; empty parts are left out. */
function parseErspanOption(option: string): ErspanOption {
  const value: ErspanOption = {};
  for (const [index, part] of option.split(':').entries()) {
    if (part === '') continue;
    if (index === 0) value.ver = parsePart(part, 0xff, 'erspan_opts', [option]);
    else if (index === 1) value.index = parsePart(part, 0xffffffff, 'erspan_opts', [option]);
    else if (index === 2) value.dir = parsePart(part, 0xff, 'erspan_opts', [option]);
    else if (index === 3) value.hwid = parsePart(part, 0xff, 'erspan_opts', [option]);
    else throw tooManyParts('erspan_opts', [option]);
  }
  return value;
}

function parsePart(part: string, max: number, keyword: string, all: readonly string[]): number {
  const value = parseUnsigned(part, max);
  if (value === undefined) throw wrongOptions(keyword, all);
  return value;
}

/** Pairs of hex digits; an odd digit at the end is dropped. */
function parseHex(part: string, all: readonly string[]): Buffer {
  const digits = part.slice(0, part.length & ~1);
  if (!/^[0-9a-fA-F]*$/.test(digits)) throw wrongOptions('geneve_opts', all);
  return Buffer.from(digits, 'hex');
}

/** The original has cut the word at its first separator by the time it complains. */
function wrongOptions(keyword: string, all: readonly string[]): UsageError {
  return wrongArgument(all[0]!.split(':')[0]!, `"${keyword}" value is invalid\n`);
}

function tooManyParts(keyword: string, all: readonly string[]): UsageError {
  return new UsageError(`Unknown "geneve_opts" type\n${wrongOptions(keyword, all).message}`, EXIT_USAGE);
}
