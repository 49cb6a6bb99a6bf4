/**
 * The name files of iproute2: numbers and names of routing tables, protocols, scopes, groups.
 * Lookup: /etc/iproute2/F, or /usr/share/iproute2/F when the former is absent; then, for some files, F.d/*.conf of
 * both folders. Read at the first number that has no built-in name, or the first name looked up.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { NameTable } from '../schema/names.ts';
import { parseUnsigned } from '../schema/number.ts';
import { decodeText } from '../wire/text.ts';

interface TableFile {
  readonly file: string;
  readonly hasFolder?: boolean;
  /** Largest number that the command line may give. */
  readonly max: number;
  readonly builtIn: Readonly<Record<number, string>>;
  /** Base of numbers on the command line. */
  readonly base?: 16;
  /** Spelling of a number without name; decimal when left out. */
  readonly spell?: (number: number) => string;
}

const hexadecimal = (number: number) => `0x${number.toString(16)}`;
const twoHexDigits = (number: number) => `0x${number.toString(16).padStart(2, '0')}`;

const FILES: Readonly<Record<NameTable, TableFile>> = {
  tables: {
    file: 'rt_tables',
    hasFolder: true,
    max: 0xffffffff,
    builtIn: { 253: 'default', 254: 'main', 255: 'local' },
  },
  protocols: {
    file: 'rt_protos',
    hasFolder: true,
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
    max: 0xff,
    builtIn: { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' },
  },
  groups: { file: 'group', max: 0x7fffffff, builtIn: { 0: 'default' } },
  realms: { file: 'rt_realms', max: 0xffff, builtIn: { 0: 'unknown' } },
  dsfield: { file: 'rt_dsfield', max: 0xff, base: 16, builtIn: {}, spell: twoHexDigits },
  addressProtocols: {
    file: 'rt_addrprotos',
    hasFolder: true,
    max: 0xff,
    builtIn: { 0: 'unspec', 1: 'kernel_lo', 2: 'kernel_ra', 3: 'kernel_ll' },
    spell: hexadecimal,
  },
  protodownReasons: { file: 'protodown_reasons.d', hasFolder: true, max: 31, builtIn: {} },
};

/** Folders in order of precedence. */
export interface NameFolders {
  readonly local: string;
  readonly vendor: string;
}

export const NAME_FOLDERS: NameFolders = { local: '/etc/iproute2', vendor: '/usr/share/iproute2' };

interface Loaded {
  readonly names: Map<number, string>;
  readonly numbers: Map<string, number>;
}

/** Number and name tables, each read at its first use. */
export class Registry {
  readonly #folders: NameFolders;
  readonly #warn: (line: string) => void;
  readonly #loaded = new Map<NameTable, Loaded>();

  /** `warn` is told of corrupt files, in the original's words. */
  constructor(warn: (line: string) => void, folders: NameFolders = NAME_FOLDERS) {
    this.#warn = warn;
    this.#folders = folders;
  }

  /** Name of `number`, its spelling when it has none or names are not wanted. */
  name(table: NameTable, number: number, isNumeric: boolean): string {
    const { builtIn, spell, max } = FILES[table];
    const isNameless = isNumeric || number > max;
    return (isNameless ? undefined : this.#find(table, number, builtIn)) ?? (spell ?? String)(number);
  }

  /** The files may name numbers that have a name already; that counts from when they are read for another one. */
  #find(table: NameTable, number: number, builtIn: Readonly<Record<number, string>>): string | undefined {
    const builtInName = this.#loaded.has(table) ? undefined : builtIn[number];
    return builtInName ?? this.#load(table).names.get(number);
  }

  /** Number of a name or of a number in C notation; undefined when it is neither. */
  number(table: NameTable, word: string): number | undefined {
    const { max, base } = FILES[table];
    return this.#load(table).numbers.get(word) ?? parseUnsigned(word, max, base ?? 0);
  }

  #load(table: NameTable): Loaded {
    let loaded = this.#loaded.get(table);
    if (loaded !== undefined) return loaded;
    loaded = { names: new Map(), numbers: new Map() };
    const { builtIn } = FILES[table];
    for (const [number, name] of Object.entries(builtIn)) add(loaded, Number(number), name);
    for (const path of this.#pathsOf(table)) {
      const corruptLine = readNameFile(path, (number, name) => add(loaded as Loaded, number, name));
      if (corruptLine !== undefined) this.#warn(`Database ${path} is corrupted at ${corruptLine}`);
    }
    this.#loaded.set(table, loaded);
    return loaded;
  }

  #pathsOf(table: NameTable): string[] {
    const { file, hasFolder } = FILES[table];
    const { local, vendor } = this.#folders;
    const paths = [existsSync(`${local}/${file}`) ? `${local}/${file}` : `${vendor}/${file}`];
    if (!hasFolder) return paths;
    const localConf = listConf(`${local}/${file}.d`);
    const vendorConf = listConf(`${vendor}/${file}.d`).filter(name => !localConf.includes(name));
    paths.push(...vendorConf.map(name => `${vendor}/${file}.d/${name}`));
    paths.push(...localConf.map(name => `${local}/${file}.d/${name}`));
    return paths;
  }
}

function add(loaded: Loaded, number: number, name: string): void {
  loaded.names.set(number, name);
  loaded.numbers.set(name, number);
}

function listConf(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => name.endsWith('.conf') && !name.startsWith('.'));
  } catch {
    return [];
  }
}

/** Reads `NUMBER NAME` lines; answers the text of the line that is neither that nor a comment, where reading ends. */
export function readNameFile(path: string, add: (number: number, name: string) => void): string | undefined {
  let text: string;
  try {
    text = decodeText(readFileSync(path));
  } catch {
    return undefined;
  }
  for (const line of text.split('\n')) {
    if (/^[ \t]*(#|$)/.test(line)) continue;
    const match = /^[ \t]*(0[xX][0-9a-fA-F]+|-?\d+)[ \t]+([^\s#]+)[ \t]*(#.*)?$/.exec(line);
    if (match === null) return line.trimStart();
    add(Number(match[1]), match[2] as string);
  }
  return undefined;
}
