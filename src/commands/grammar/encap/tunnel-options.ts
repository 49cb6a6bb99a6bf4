/** Options of the outer tunnel header: `geneve_opts`, `vxlan_opts`, `erspan_opts`. */
import type { ErspanOption, GeneveOption, TunnelOptions } from '../../../rtnetlink/encap.ts';
import { EXIT_USAGE, UsageError, wrongArgument } from '../../../schema/args.ts';
import { type Value, value } from '../../../schema/keywords.ts';
import { parseUnsigned } from '../../../schema/number.ts';

type Keyword = 'geneve_opts' | 'vxlan_opts' | 'erspan_opts';

/** The words that give options, each with what it reads. */
export const TUNNEL_OPTIONS: Readonly<Record<Keyword, Value<TunnelOptions>>> = {
  geneve_opts: read({ synopsis: 'CLASS:TYPE:DATA,...', examples: ['1:2:0a0b'] }, list => ({
    geneve: list.split(',').map(parseGeneveOption),
  })),
  vxlan_opts: read({ synopsis: 'GBP', examples: ['5'] }, parseVxlanOption),
  erspan_opts: read({ synopsis: 'VERSION:INDEX:DIRECTION:HARDWARE', examples: ['1:2:3:4'] }, list => ({
    erspan: parseErspanOption(list),
  })),
};

function read(
  operand: { synopsis: string; examples: string[] },
  parse: (list: string) => TunnelOptions | undefined,
): Value<TunnelOptions> {
  return value(operand, parse, '"vxlan_opts" value is invalid\n');
}

function parseVxlanOption(word: string): TunnelOptions | undefined {
  const gbp = parseUnsigned(word, 0xffffffff);
  return gbp === undefined ? undefined : { vxlan: { gbp } };
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
