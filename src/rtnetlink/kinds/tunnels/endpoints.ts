/**
 * Rows and rules that the kinds of tunnels share. Source: linux/if_tunnel.h, linux/ip6_tunnel.h. Most IP tunnels are
 * described whole by each request: `set` starts from the values of the device.
 */
import { EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../../schema/args.ts';
import type { Facets, Values } from '../../../schema/facets.ts';
import { formatHex, parseUnsigned } from '../../../schema/number.ts';
import { isWildcard, parsePrefixLength } from '../../../schema/prefix-length.ts';
import * as row from '../../../schema/row.ts';
import {
  alternateHex,
  numberOr,
  type Operand,
  type PlainSpelling,
  type Spelling,
} from '../../../schema/spelling.ts';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../../wire/address.ts';

/** Families as the original names them in complaints. */
export type Family = 'inet' | 'inet6' | 'any valid';

/** What an address is where none is given. */
export const UNSPECIFIED = { inet: '0.0.0.0', inet6: '::' } as const;

/** An address of `family`, '' for `any`, `all` and `default`; undefined for other words. */
export function parseEnd(word: string, family: Family): string | undefined {
  return isWildcard(word) ? '' : parseAddress(word, family);
}

/** Reads an address of `family` as {@link parseEnd} does. */
export function readAddress(word: string, family: Family): string {
  const address = parseEnd(word, family);
  if (address === undefined) throw expected('address', word, family);
  return address;
}

/** `FAMILY WHAT is expected rather than "WORD".`, exit 1; ends a batch. */
export function expected(what: string, word: string, family: Family): UsageError {
  return new UsageError(`Error: ${family} ${what} is expected rather than "${word}".`, EXIT_FAILURE, true);
}

function parseAddress(word: string, family: Family): string | undefined {
  const isIpv6 = word.includes(':');
  if (family !== 'any valid' && isIpv6 !== (family === 'inet6')) return undefined;
  const bytes = isIpv6 ? parseIpv6(word) : parseIpv4(word);
  return bytes && (isIpv6 ? formatIpv6(bytes) : formatIpv4(bytes));
}

/** A prefix; its address is '' for `any` and `all`. */
export interface Prefix {
  readonly address: string;
  readonly length: number;
}

/** Reads a prefix of `family`: an address, and after a slash its length or a netmask. */
export function readPrefix(word: string, family: 'inet' | 'inet6'): Prefix {
  if (isWildcard(word)) return { address: word === 'default' ? UNSPECIFIED[family] : '', length: 0 };
  const slash = word.indexOf('/');
  const bits = family === 'inet' ? 32 : 128;
  const address = parseAddress(slash < 0 ? word : word.slice(0, slash), family);
  const length = slash < 0 ? bits : parsePrefixLength(word.slice(slash + 1));
  if (address === undefined || length === undefined || length > bits) throw expected('prefix', word, family);
  return { address, length };
}

/** The family of an address in text. */
export function familyOf(address: string): 'inet' | 'inet6' {
  return address.includes(':') ? 'inet6' : 'inet';
}

/** Whether an IPv4 or IPv6 address is one of many receivers. */
export function isMulticast(address: string): boolean {
  if (address.includes(':')) return /^ff[0-9a-f]{2}:/.test(address);
  const first = Number.parseInt(address, 10);
  return first >= 224 && first <= 239;
}

/** The address of one end of a tunnel: `any` where it is not fixed. */
function end(family: 'inet' | 'inet6'): Spelling<string> {
  const unspecified = UNSPECIFIED[family];
  return {
    show: (value, { names }) => (value === unspecified ? 'any' : names.host(value)),
    parse: word => (isWildcard(word) ? unspecified : parseAddress(word, family)),
    operand: { synopsis: '{ ADDRESS | any }' },
  };
}

const END: Facets<string> = { absent: { datum: 'any', text: 'any' } };
const IPV4_END: Facets<string> = {
  ...END,
  spelling: end('inet'),
  complaint: word => expected('address', word, 'inet'),
};
const IPV6_END: Facets<string> = {
  ...END,
  spelling: end('inet6'),
  complaint: word => expected('address', word, 'inet6'),
};

/** One end of a tunnel over IPv4. */
export function endpoint4(type: number, facets: Facets<string> = {}): row.Row<string> {
  return row.ipv4(type, { ...IPV4_END, ...facets });
}

/** One end of a tunnel over IPv6. */
export function endpoint6(type: number, facets: Facets<string> = {}): row.Row<string> {
  return row.ipv6(type, { ...IPV6_END, ...facets });
}

/** The device that a tunnel goes out by. */
export function lowerDevice(type: number, facets: Facets<number> = {}): row.Row<number> {
  return row.device(type, {
    word: 'dev',
    key: 'link',
    when: value => value !== 0,
    complaint: word => new UsageError(`Cannot find device "${word}"`, EXIT_USAGE),
    ...facets,
  });
}

const inherited = numberOr({ inherit: 0 }, 0xff);

/** Time to live of outer IPv4 packets; 0 takes that of the packet inside. */
export const inheritedTtl: Facets<number, 'inherit'> = {
  keyword: ['ttl', 'hoplimit', 'hlim'],
  spelling: inherited,
  complaint: 'invalid TTL\n',
  absent: { datum: 0, text: 'inherit' },
};

/** Hop limit of outer IPv6 packets; 0 takes that of the packet inside. */
export const inheritedHopLimit: Facets<number, 'inherit'> = {
  label: 'hoplimit',
  key: 'ttl',
  keyword: ['ttl', 'hoplimit', 'hlim'],
  spelling: inherited,
  complaint: 'invalid HLIM\n',
  absent: { datum: 0, text: 'inherit' },
};

/** Type of service of outer packets: 1 takes that of the packet inside. For programs always hexadecimal. */
export const typeOfService: Facets<number, string> = {
  when: value => value !== 0,
  spelling: {
    show: value => (value === 1 ? 'inherit' : formatHex(value)),
    datum: value => formatHex(value),
    parse: (word, { names }) => (word === 'inherit' ? 1 : names.number('dsfield', word)),
    operand: { synopsis: '{ TOS | inherit }', words: ['inherit'], names: 'dsfield' },
  },
  complaint: 'bad TOS value',
};

/** Firewall mark by which outer packets are routed. */
export const firewallMark: Facets<number, never> = {
  spelling: alternateHex(0xffffffff),
  when: value => value !== 0,
  complaint: 'invalid fwmark\n',
};

/** Parameters come with each packet, from a route or a program. */
export function external(type: number, facets: Facets<true, never> = {}): row.Row<true, never> {
  return row.flag(type, { word: 'external', key: 'external', ...facets });
}

/** A protocol inside a tunnel: its name, by which it is shown, and the words for it in arguments. */
export interface InnerProtocol<W extends string> {
  readonly number: number;
  readonly name: string;
  readonly modes: readonly W[];
}

/** The protocol inside a tunnel: shown by its name alone, set by one of its modes. */
export function innerProtocol<const W extends string>(
  type: number,
  protocols: readonly InnerProtocol<W>[],
): row.Row<number, W> {
  const modes = protocols.flatMap(protocol => protocol.modes);
  const names = new Map(protocols.map(({ number, name }) => [number, name]));
  return row.u8(type, {
    keyword: 'mode',
    label: '',
    spelling: {
      show: value => names.get(value) ?? '',
      parse: word => protocols.find(protocol => protocol.modes.some(mode => mode === word))?.number,
      operand: { synopsis: `{ ${modes.join(' | ')} }`, words: modes },
    },
    complaint: 'Cannot guess tunnel mode.',
    when: value => names.has(value),
  });
}

/** A key, written as an IPv4 address is. */
const dottedKey: PlainSpelling<number, never> = {
  show: value => `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`,
  parse(word) {
    if (!word.includes('.')) return parseUnsigned(word, 0xffffffff);
    const bytes = parseIpv4(word);
    return bytes && Buffer.from(bytes).readUInt32BE();
  },
  operand: { synopsis: 'KEY', range: [0, 0xffffffff] },
};

/** What follows the keyword of a key. */
export const KEY_OPERANDS: readonly Operand[] = [dottedKey.operand!];

/** Reads a key: a number, or one written as an IPv4 address is. */
export function readKey(word: string, keyword: string): number {
  const key = dottedKey.parse(word);
  if (key !== undefined) return key;
  if (word.includes('.'))
    throw new UsageError(`Error: an IP address is expected rather than "${word}"`, EXIT_FAILURE, true);
  const text = `invalid value for "${keyword}": "${word}"; it should be an unsigned integer`;
  throw new UsageError(text, EXIT_USAGE);
}

/** The key of packets that come in or go out. */
export function key<V = Values>(type: number, facets: Facets<number, never, V>): row.Row<number, never> {
  return row.be32(type, { spelling: dottedKey, ...facets });
}

/** Removes what the kernel should not get: ends that are not fixed. */
export function dropUnspecified(draft: { remote?: string | undefined; local?: string | undefined }): void {
  for (const end of ['remote', 'local'] as const) {
    const address = draft[end];
    if (address === UNSPECIFIED.inet || address === UNSPECIFIED.inet6) delete draft[end];
  }
}

/** Removes all attributes but those of `names`. */
export function keepOnly(draft: Values, names: readonly string[]): void {
  for (const name of Object.keys(draft)) if (!names.includes(name)) delete draft[name];
}
