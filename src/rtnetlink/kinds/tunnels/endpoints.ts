/**
 * Rows and rules that the kinds of tunnels share. Source: linux/if_tunnel.h, linux/ip6_tunnel.h. Most IP tunnels are
 * described anew by each request: `set` starts from the values of the device.
 */
import { EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../../schema/args.ts';
import { formatHex, parseUnsigned } from '../../../schema/number.ts';
import type { Output } from '../../../schema/output.ts';
import * as row from '../../../schema/row.ts';
import { alternateHex, type Spelling } from '../../../schema/spelling.ts';
import type { View } from '../../../schema/view.ts';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../../wire/address.ts';

/** Families as the original names them in complaints. */
export type Family = 'inet' | 'inet6' | 'any valid';

/** What an address is where none is given. */
export const UNSPECIFIED = { inet: '0.0.0.0', inet6: '::' } as const;

/** Whether a word stands for no address in particular. */
function isWildcard(word: string): boolean {
  return word === 'any' || word === 'all' || word === 'default';
}

/** Reads an address of `family`; answers '' for `any`, `all` and `default`. */
export function readAddress(word: string, family: Family): string {
  const address = isWildcard(word) ? '' : parseAddress(word, family);
  if (address === undefined) throw expected('address', word, family);
  return address;
}

function expected(what: string, word: string, family: Family): UsageError {
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

function parsePrefixLength(word: string): number | undefined {
  const number = parseUnsigned(word, 0xffffffff);
  if (number !== undefined) return number;
  const mask = parseIpv4(word);
  if (mask === undefined) return undefined;
  const length = Math.clz32(~Buffer.from(mask).readUInt32BE());
  return Buffer.from(mask).readUInt32BE() === 2 ** 32 - 2 ** (32 - length) ? length : undefined;
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

/** One end of a tunnel, named by the row: `any` where it is not fixed. */
export function endpoint(name: string, type: number, family: 'inet' | 'inet6'): row.Row<string> {
  const unspecified = UNSPECIFIED[family];
  const show = (value: string, out: Output, { names }: View) => {
    const shown = value === unspecified ? 'any' : names.host(value);
    out.field(name, shown, `${name} ${shown} `);
  };
  const facets: row.Facets<string> = {
    show: (value, out, _all, view) => show(value, out, view),
    whenAbsent: (out, _all, view) => show(unspecified, out, view),
    parse(args, draft) {
      draft[name] = readAddress(args.next(), family) || unspecified;
    },
  };
  return family === 'inet' ? row.ipv4(type, facets) : row.ipv6(type, facets);
}

/** The device that a tunnel goes out by. */
export function lowerDevice(type: number, facets: row.Facets<number> = {}): row.Row<number> {
  return row.device(type, {
    label: 'dev',
    key: 'link',
    keyword: 'dev',
    when: value => value !== 0,
    complaint: word => new UsageError(`Cannot find device "${word}"`, EXIT_USAGE),
    ...facets,
  });
}

/** Time to live of outer IPv4 packets; 0 takes that of the packet inside. */
export const inheritedTtl: row.Facets<number> = {
  keyword: ['ttl', 'hoplimit', 'hlim'],
  spelling: inheritable(0xff),
  complaint: 'invalid TTL\n',
  whenAbsent: out => out.field('ttl', 0, 'ttl inherit '),
};

/** Hop limit of outer IPv6 packets; 0 takes that of the packet inside. */
export const inheritedHopLimit: row.Facets<number> = {
  label: 'hoplimit',
  key: 'ttl',
  keyword: ['ttl', 'hoplimit', 'hlim'],
  spelling: inheritable(0xff),
  complaint: 'invalid HLIM\n',
  whenAbsent: out => out.field('ttl', 0, 'hoplimit inherit '),
};

function inheritable(max: number): Spelling<number> {
  return {
    show: value => (value === 0 ? 'inherit' : String(value)),
    datum: value => value,
    parse: word => (word === 'inherit' ? 0 : parseUnsigned(word, max)),
  };
}

/** Type of service of outer packets: 1 takes that of the packet inside. For programs always hexadecimal. */
export const typeOfService: row.Facets<number> = {
  when: value => value !== 0,
  spelling: {
    show: value => (value === 1 ? 'inherit' : formatHex(value)),
    datum: value => formatHex(value),
    parse: (word, { names }) => (word === 'inherit' ? 1 : names.number('dsfield', word)),
  },
  complaint: 'bad TOS value',
};

/** Firewall mark by which outer packets are routed. */
export const firewallMark: row.Facets<number> = {
  spelling: alternateHex(0xffffffff),
  when: value => value !== 0,
  complaint: 'invalid fwmark\n',
};

/** Parameters come with each packet, from a route or a program. */
export function external(type: number): row.Row<true> {
  return row.flag(type, { label: 'external', key: 'external', keyword: 'external' });
}

/** The protocol inside a tunnel: shown by its name alone, set by one of `modes`. */
export function innerProtocol(
  type: number,
  names: Readonly<Record<number, string>>,
  modes: ReadonlyMap<string, number>,
): row.Row<number> {
  return row.u8(type, {
    keyword: 'mode',
    spelling: { show: value => names[value] ?? '', parse: word => modes.get(word) },
    complaint: 'Cannot guess tunnel mode.',
    label: '',
    when: value => names[value] !== undefined,
  });
}

/** A key, written as an IPv4 address is. */
const dottedKey: Spelling<number> = {
  show: value => `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`,
  parse: () => undefined,
};

/** Reads a key: a number, or one written as an IPv4 address is. */
export function readKey(word: string, keyword: string): number {
  if (word.includes('.')) {
    const bytes = parseIpv4(word);
    if (bytes === undefined) {
      throw new UsageError(`Error: an IP address is expected rather than "${word}"`, EXIT_FAILURE, true);
    }
    return Buffer.from(bytes).readUInt32BE();
  }
  const key = parseUnsigned(word, 0xffffffff);
  if (key === undefined) {
    throw new UsageError(
      `invalid value for "${keyword}": "${word}"; it should be an unsigned integer`,
      EXIT_USAGE,
    );
  }
  return key;
}

/** The key of packets that come in or go out. */
export function key(type: number, facets: row.Facets<number>): row.Row<number> {
  return row.be32(type, { spelling: dottedKey, ...facets });
}

/** `value` with `bits` set or cleared, as an unsigned number. */
export function setBits(value: number, bits: number, isSet: boolean): number {
  return (isSet ? value | bits : value & ~bits) >>> 0;
}

/** Removes what the kernel should not be told: ends and lower devices that are not fixed. */
export function dropUnspecified(draft: { remote?: string | undefined; local?: string | undefined }): void {
  for (const end of ['remote', 'local'] as const) {
    const address = draft[end];
    if (address === UNSPECIFIED.inet || address === UNSPECIFIED.inet6) delete draft[end];
  }
}

/** Removes all attributes but those of `names`. */
export function keepOnly(draft: row.Values, names: readonly string[]): void {
  for (const name of Object.keys(draft)) if (!names.includes(name)) delete draft[name];
}
