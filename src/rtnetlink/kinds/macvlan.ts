/** MACVLAN and MACVTAP devices. Source: linux/if_link.h IFLA_MACVLAN_*, MACVLAN_MODE_*, MACVLAN_FLAG_*. */
import { type Args, invalidHardwareAddress, UsageError } from '../../schema/args.ts';
import type { ParseTools } from '../../schema/facets.ts';
import type { Output } from '../../schema/output.ts';
import * as row from '../../schema/row.ts';
import { showRows } from '../../schema/show.ts';
import { hardwareAddressText, named, signed } from '../../schema/spelling.ts';
import { formatHardwareAddress } from '../../wire/address.ts';
import * as codec from '../../wire/codec.ts';
import { type AttributeVisitor, PLAIN_TYPE, walkAttributes } from '../../wire/message.ts';
import { linkKind, unknownOption } from '../kind.ts';

const usageOf = (kind: string) => `Usage: ... ${kind} mode MODE [ flag FLAG ] [ macaddr CHANGE ]
		[ bcqueuelen LENGTH ] [ bclim LIMIT ]

MODE: private | vepa | bridge | passthru | source
FLAG: nopromisc (in mode passthru) | nodst | null
CHANGE, of the senders that mode source admits: add LLADDR | del LLADDR | set [ LLADDR ... ] | flush
LENGTH, of the queue of broadcasts: 0 to 4294967295
LIMIT, of ports from which on broadcasts are queued: a signed 32-bit number`;

const PASSTHRU = 8;
const SOURCE = 16;
const MODES = { 1: 'private', 2: 'vepa', 4: 'bridge', [PASSTHRU]: 'passthru', [SOURCE]: 'source' } as const;

const NOPROMISC = 1;
const NODST = 2;
const FLAGS: Readonly<Record<string, number>> = { nopromisc: NOPROMISC, nodst: NODST, null: 0 };

/** MACVLAN_MACADDR_*. */
const CHANGES: Readonly<Record<string, number>> = { add: 0, del: 1, flush: 2, set: 3 };

const MACADDR = 4;
const ADDRESS_LENGTH = 6;

/** The senders that mode source admits: attributes IFLA_MACVLAN_MACADDR. Shorter ones are none. */
const addressList: codec.Codec<string[]> = {
  read(bytes, at, length) {
    const found: string[] = [];
    const visit: AttributeVisitor = (type, start, size) => {
      if (type !== MACADDR || size < ADDRESS_LENGTH) return;
      found.push(formatHardwareAddress(bytes, start, ADDRESS_LENGTH));
    };
    walkAttributes(bytes, at, at + length, visit, PLAIN_TYPE);
    return found;
  },
  write(out, values) {
    for (const value of values) out.attribute(MACADDR, codec.hardwareAddress, value);
  },
};

/** An address and its length in bytes; undefined if the word is not one, or is too long. */
function readAddress(word: string): { text: string; length: number } | undefined {
  const text = hardwareAddressText.parse(word);
  const length = text === undefined ? 0 : text.split(':').length;
  return text === undefined || length > ADDRESS_LENGTH ? undefined : { text, length };
}

/** The values that describe senders and flags. */
type Senders = {
  mode?: number | undefined;
  flags?: number | undefined;
  macaddr_mode?: number | undefined;
  macaddr?: string | undefined;
  macaddr_count?: number | undefined;
  macaddr_data?: string[] | undefined;
};

function parseChange(args: Args, tools: ParseTools, kind: string): Senders {
  const word = args.next();
  const change = Object.hasOwn(CHANGES, word) ? CHANGES[word] : undefined;
  if (change === undefined) throw new UsageError(usageOf(kind));
  if (word === 'set') return { macaddr_mode: change, macaddr_data: parseAddresses(args, tools) };
  return { macaddr_mode: change, ...(word === 'flush' ? {} : { macaddr: parseAddress(args) }) };
}

function parseAddress(args: Args): string {
  const word = args.next();
  const address = readAddress(word);
  if (address === undefined) throw invalidHardwareAddress(word);
  // The original says nothing about an address that is too short.
  if (address.length < ADDRESS_LENGTH) throw new UsageError('');
  return address.text;
}

/** Reads addresses up to another word. The original complains of that word, and goes on with it. */
function parseAddresses(args: Args, tools: ParseTools): string[] {
  const found: string[] = [];
  for (let word = args.peek(); word !== undefined; word = args.peek()) {
    const address = readAddress(word);
    if (address === undefined) tools.warn(invalidHardwareAddress(word).message);
    if (address?.length !== ADDRESS_LENGTH) break;
    found.push(address.text);
    args.skip();
  }
  return found;
}

function parseFlag(args: Args, word: string, { flags = 0 }: Senders): number {
  const name = word === 'flag' ? args.next() : word;
  const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
  if (flag === undefined) {
    throw new UsageError(`Error: argument of "flag" must be "nopromisc", "nodst" or "null", not "${name}"`);
  }
  return flags | flag;
}

function showFlags(flags: number, out: Output): void {
  if (flags & NOPROMISC) out.field('nopromisc', true, 'nopromisc ');
  if (flags & NODST) out.field('nodst', true, 'nodst ');
}

/** What follows the number of senders, which mode source alone has. */
function showAddresses(addresses: readonly string[], out: Output): void {
  out.list('macaddr_data');
  for (const address of addresses) out.item(address, `${address} `);
  out.end();
}

const isSource = (_value: unknown, { mode }: Senders) => mode === SOURCE;

function macvlanKind<const N extends string>(name: N) {
  const rows = {
    mode: row.u32(1, {
      abbreviable: true,
      spelling: named(MODES, { unknown: () => 'unknown' }),
      complaint: (word, keyword) => {
        const words = '"private", "vepa", "bridge", "passthru" or "source"';
        return new UsageError(`Error: argument of "${keyword}" must be ${words}, not "${word}"`);
      },
    }),
    flags: row.u16(2, {
      keyword: ['flag', 'nopromisc', 'nodst'],
      abbreviable: true,
      operands: keyword => (keyword === 'flag' ? [{ synopsis: 'FLAG', words: Object.keys(FLAGS) }] : []),
      parse: parseFlag,
      show: showFlags,
    }),
    bc_queue_len: row.u32(7, {
      word: 'bcqueuelen',
      key: 'bcqueuelen',
      abbreviable: true,
      complaint: (word, keyword) => {
        const range = 'a positive integer [0-4294967295]';
        return new UsageError(`Error: argument of "${keyword}" must be ${range}, not "${word}"`);
      },
    }),
    bc_queue_len_used: row.u32(8, { label: 'usedbcqueuelen', key: 'usedbcqueuelen', keyword: false }),
    bc_cutoff: row.s32(9, {
      word: 'bclim',
      key: 'bclim',
      complaint: (word, keyword) => new UsageError(`Error: illegal value for "${keyword}": "${word}"`),
    }),
    macaddr_mode: row.u32(3, {
      keyword: 'macaddr',
      abbreviable: true,
      operands: [{ synopsis: 'CHANGE', words: Object.keys(CHANGES) }],
      patch: (args, _keyword, _draft: Senders, tools) => parseChange(args, tools, name),
      show: false,
    }),
    macaddr: row.mac(MACADDR, { keyword: false, show: false }),
    macaddr_count: row.s32(6, {
      keyword: false,
      when: isSource,
      label: 'remotes',
      spelling: { ...signed, show: count => `(${count})` },
    }),
    macaddr_data: row.value(5, addressList, {
      when: (_, all: Senders) => isSource(_, all) && all.macaddr_count !== undefined,
      show: showAddresses,
    }),
  } as const;

  return linkKind(name, usageOf(name), rows, {
    required: ['link'],
    unknownWord: unknownOption,
    sentOnce: ['mode', 'flags'],
    finish({ mode, flags = 0 }) {
      if ((flags & NOPROMISC) === 0 || mode === PASSTHRU) return;
      throw new UsageError(`${name}: nopromisc flag only valid in passthru mode\n${usageOf(name)}`);
    },
    // Without a mode the original shows nothing.
    show(values, out, view) {
      if (values.mode !== undefined) showRows(rows, values, out, view);
    },
  });
}

export const macvlan = macvlanKind('macvlan');
export const macvtap = macvlanKind('macvtap');
