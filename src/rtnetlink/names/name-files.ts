/**
 * The name files of iproute2: numbers and names of routing tables, protocols, scopes, groups.
 * Lookup: /etc/iproute2/F, or /usr/share/iproute2/F when the former is absent; then, for some files, F.d/*.conf of
 * /usr/share/iproute2 (save those that /etc/iproute2 has too) and of /etc/iproute2. Some are read at the first number,
 * others at the first that has no built-in name, all at the first name looked up; from then on the files' names stand
 * before the built-in ones.
 */
import { closeSync, opendirSync, openSync, readSync, statSync } from 'node:fs';
import type { NameTable } from '../../schema/names.ts';
import { parseUnsigned, parseUnsigned64 } from '../../schema/number.ts';
import { decodeText } from '../../wire/text.ts';

interface TableFile {
  /** Its file; some tables have only a folder. */
  readonly file?: string;
  readonly folder?: string;
  /** Names of numbers below this are kept, one each; others keep every name of every number. */
  readonly size?: number;
  /** Largest number that the command line may give. */
  readonly max: number;
  /** Of a longer number the lowest 32 bits count. */
  readonly wraps?: true;
  readonly builtIn: Readonly<Record<number, string>>;
  /** The files are read before the first name is printed, even of a number with a built-in name. */
  readonly isReadFirst?: true;
  /** Base of numbers on the command line. */
  readonly base?: 16;
  /** Spelling of a number without name; decimal when left out. */
  readonly spell?: (number: number) => string;
}

/** As `%#x` of C. */
const hexadecimal = (number: number) => (number === 0 ? '0' : `0x${number.toString(16)}`);
const twoHexDigits = (number: number) => `0x${number.toString(16).padStart(2, '0')}`;

const FILES: Readonly<Record<NameTable, TableFile>> = {
  tables: {
    file: 'rt_tables',
    folder: 'rt_tables.d',
    max: 0xffffffff,
    isReadFirst: true,
    builtIn: { 253: 'default', 254: 'main', 255: 'local' },
  },
  protocols: {
    file: 'rt_protos',
    folder: 'rt_protos.d',
    size: 256,
    max: 0xff,
    builtIn: {
      0: 'unspec',
      1: 'redirect',
      2: 'kernel',
      3: 'boot',
      4: 'static',
      8: 'gated',
      9: 'ra',
      10: 'mrt',
      11: 'zebra',
      12: 'bird',
      13: 'dnrouted',
      14: 'xorp',
      15: 'ntk',
      16: 'dhcp',
      18: 'keepalived',
      42: 'babel',
      84: 'ovn',
      186: 'bgp',
      187: 'isis',
      188: 'ospf',
      189: 'rip',
      192: 'eigrp',
    },
  },
  scopes: {
    file: 'rt_scopes',
    size: 256,
    max: 0xff,
    builtIn: { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' },
  },
  groups: { file: 'group', max: 0x7fffffff, wraps: true, isReadFirst: true, builtIn: { 0: 'default' } },
  realms: { file: 'rt_realms', size: 256, max: 0xff, builtIn: { 0: 'unknown' } },
  dsfield: { file: 'rt_dsfield', size: 256, max: 0xff, base: 16, builtIn: { 0: '0' }, spell: twoHexDigits },
  addressProtocols: {
    file: 'rt_addrprotos',
    folder: 'rt_addrprotos.d',
    size: 256,
    max: 0xff,
    isReadFirst: true,
    builtIn: { 0: 'unspec', 1: 'kernel_lo', 2: 'kernel_ra', 3: 'kernel_ll' },
    spell: hexadecimal,
  },
  protodownReasons: { folder: 'protodown_reasons.d', size: 32, max: 31, builtIn: {} },
};

/** Folders in order of precedence. */
export interface NameFolders {
  readonly local: string;
  readonly vendor: string;
}

export const NAME_FOLDERS: NameFolders = { local: '/etc/iproute2', vendor: '/usr/share/iproute2' };

interface Loaded {
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
}

type Entry = readonly [number: number, name: string];

/** Number and name tables, each read at its first use. */
export class NameFiles {
  readonly #folders: NameFolders;
  readonly #warn: (line: string) => void;
  readonly #loaded = new Map<NameTable, Loaded>();

  /** `warn` reports corrupt files, in the original's words. */
  constructor(warn: (line: string) => void, folders: NameFolders = NAME_FOLDERS) {
    this.#warn = warn;
    this.#folders = folders;
  }

  /** Name of `number`, its spelling when it has none or names are not wanted. */
  name(table: NameTable, number: number, isNumeric: boolean): string {
    const { builtIn, spell = String, isReadFirst } = FILES[table];
    if (isNumeric) return spell(number);
    const loaded = this.#loaded.get(table);
    if (loaded === undefined && !isReadFirst && builtIn[number] !== undefined) return builtIn[number];
    return (loaded ?? this.#load(table)).names.get(number) ?? spell(number);
  }

  /** Number of a name or of a number in C notation; undefined when it is neither. */
  number(table: NameTable, word: string): number | undefined {
    const { max, base, wraps } = FILES[table];
    const { numbers } = this.#loaded.get(table) ?? this.#load(table);
    return numbers.get(word) ?? (wraps ? parseWrapped(word, max) : parseUnsigned(word, max, base ?? 0));
  }

  /** The names of a table. */
  words(table: NameTable): Iterable<string> {
    return (this.#loaded.get(table) ?? this.#load(table)).numbers.keys();
  }

  #load(table: NameTable): Loaded {
    const { builtIn, size } = FILES[table];
    const entries: Entry[] = Object.entries(builtIn).map(([number, name]) => [Number(number), name]);
    for (const path of this.#pathsOf(table)) {
      const corruptLine = readNameFile(path, (number, name) => entries.push([number, name]));
      if (corruptLine !== undefined) this.#warn(`Database ${path} is corrupted at ${corruptLine}`);
    }
    const loaded = size === undefined ? indexAll(entries) : indexLatest(entries, size);
    this.#loaded.set(table, loaded);
    return loaded;
  }

  #pathsOf(table: NameTable): string[] {
    const { file, folder } = FILES[table];
    const { local, vendor } = this.#folders;
    const paths: string[] = [];
    if (file !== undefined)
      paths.push(isThere(`${local}/${file}`) ? `${local}/${file}` : `${vendor}/${file}`);
    if (folder === undefined) return paths;
    const localConf = listConf(`${local}/${folder}`);
    const vendorConf = listConf(`${vendor}/${folder}`).filter(name => !localConf.includes(name));
    paths.push(...vendorConf.map(name => `${vendor}/${folder}/${name}`));
    paths.push(...localConf.map(name => `${local}/${folder}/${name}`));
    return paths;
  }
}

function parseWrapped(word: string, max: number): number | undefined {
  const number = parseUnsigned64(word);
  if (number === undefined || (number >> 63n && !word.includes('-'))) return undefined;
  const low = Number(number & 0xffff_ffffn);
  return low > max ? undefined : low;
}

/** Tables of few numbers: the last name of each counts, and the lowest number of a name. */
function indexLatest(entries: readonly Entry[], size: number): Loaded {
  const names = new Map(entries.filter(([number]) => number < size));
  const numbers = new Map<string, number>();
  for (const [number, name] of [...names].sort(([a], [b]) => b - a)) numbers.set(name, number);
  return { names, numbers };
}

/**
 * Tables of any number: every name stays known. Of several numbers with one name the first in the original's hash
 * table counts, whose 256 chains have the latest entry in front.
 */
function indexAll(entries: readonly Entry[]): Loaded {
  const names = new Map(entries);
  const numbers = new Map<string, number>();
  const inChains = entries.toReversed().sort(([a], [b]) => (a & 0xff) - (b & 0xff));
  for (const [number, name] of inChains) if (!numbers.has(name)) numbers.set(name, number);
  return { names, numbers };
}

/** Whether a file exists, even one that cannot be read. */
function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/** Names of the files in a folder that count, in the order of the folder, which is the order in which they are read. */
function listConf(folder: string): string[] {
  const names: string[] = [];
  try {
    const directory = opendirSync(folder);
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync())
        names.push(entry.name);
    } finally {
      directory.closeSync();
    }
  } catch {
    return [];
  }
  return names.filter(name => name.endsWith('.conf') && !name.startsWith('.'));
}

/** Longest piece of a line that is read at once; what is longer counts as several lines. */
const MAX_LINE = 511;
/** What is read of a file at once, and at most: a device may never end. */
const PIECE_LENGTH = 65536;
const MAX_FILE = 16 * 1024 * 1024;

/**
 * Reads `NUMBER NAME` lines as scanf(3) does; returns the text of the line that is neither that nor a comment,
 * where reading ends.
 */
export function readNameFile(path: string, add: (number: number, name: string) => void): string | undefined {
  for (const piece of linesOf(path)) {
    // A NUL ends a line, as it ends texts in C.
    const line = piece.replace(/\0[\s\S]*/, '').replace(/^[ \t]+/, '');
    if (/^(#|\n|$)/.test(line)) continue;
    const entry = readEntry(line);
    if (entry === undefined) return line;
    if (entry[0] >= 0) add(...entry);
  }
  return undefined;
}

/** The lines of a file, of which no more is read than is asked for; none if it cannot be read. */
function* linesOf(path: string): Generator<string, void> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    const buffer = Buffer.allocUnsafe(PIECE_LENGTH);
    let length = 0;
    for (let total = 0; total < MAX_FILE; ) {
      const count = readSync(file, buffer, length, buffer.length - length, null);
      total += count;
      length += count;
      let at = 0;
      // The last line of a piece may go on in the next one.
      while (
        at < length &&
        (count === 0 || length - at > MAX_LINE || buffer.subarray(at, length).includes(0x0a))
      ) {
        const newline = buffer.subarray(at, length).indexOf(0x0a);
        const end = Math.min(newline < 0 ? length : at + newline + 1, at + MAX_LINE);
        yield decodeText(buffer, at, end);
        at = end;
      }
      buffer.copyWithin(0, at, length);
      length -= at;
      if (count === 0) return;
    }
  } catch {
    // A folder, or a file that can no longer be read.
  } finally {
    closeSync(file);
  }
}

/** A number, in hex after `0x`, and the next word, with or without space between them. */
function readEntry(line: string): Entry | undefined {
  const hex = /^0x[0-9a-fA-F]+/.exec(line)?.[0];
  const entry = hex === undefined ? undefined : entryOf(Number(hex) | 0, line.slice(hex.length));
  if (entry !== undefined) return entry;
  const decimal = /^[+-]?\d+/.exec(line)?.[0];
  return decimal === undefined ? undefined : entryOf(wrap(decimal), line.slice(decimal.length));
}

function entryOf(number: number, rest: string): Entry | undefined {
  const name = /^\s*(\S+)/.exec(rest)?.[1];
  return name === undefined ? undefined : [number, name];
}

/** The 32 bits that C makes of a decimal number. */
function wrap(digits: string): number {
  return Number(BigInt.asIntN(32, BigInt(digits.replace('+', ''))));
}
