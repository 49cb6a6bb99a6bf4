/**
 * Code that V8 has compiled, kept in files. V8 checks neither which release of Node made it (those of Node 20 share a
 * version of V8, and crash by each other's code) nor whether it is undamaged, nor who wrote it. So a cache is used only
 * if it was made for exactly this text by exactly this Node, if its checksum is right, and if it is as trustworthy as
 * the program: in the program's folder and of the same owner, or in this user's own cache folder.
 *
 * A file is a header, the key and the checksum of what follows it, and V8's data.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** A multiple of 8, as V8 copies data that is not aligned so. */
const HEADER_SIZE = 512;
const MAX_OPTIONS = 200;
const SAFE_OPEN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Write permission of the group and of others. */
export const SHARED_WRITE = 0o022;

/** The addon's function that is needed here. */
export interface CheckingAddon {
  checksum(bytes: Buffer): number;
}

/** A part that no cache was found for. */
export interface UncachedPart {
  readonly name: string;
  readonly key: string;
  readonly source: string;
  readonly filename: string;
}

/** What is loaded when a cache is missing only: folders.ts and save.ts. */
interface Folders {
  userCacheFolder(): string | undefined;
  writableFolder(cache: CodeCache): string | undefined;
}
interface Saving {
  saveCaches(cache: CodeCache, folder: string, parts: readonly UncachedPart[]): void;
}

export class CodeCache {
  /** The folder of the program. */
  readonly folder: string;
  readonly #addon: CheckingAddon;
  readonly #node = describeNode();
  #userFolder: string | null | undefined;

  constructor(folder: string, addon: CheckingAddon) {
    this.folder = folder;
    this.#addon = addon;
  }

  /** The trusted cache for the text of a part, undefined if there is none; and the key to save it by. */
  read(name: string, text: Buffer): { cachedData: Buffer | undefined; key: string | undefined } {
    if (this.#node === undefined) return { cachedData: undefined, key: undefined };
    const key = `${this.#node} ${this.#addon.checksum(text)}`;
    const file = this.fileName(name, key);
    const cachedData = this.#readFrom(this.folder, file, key) ?? this.#readFrom(this.userFolder, file, key);
    return { cachedData, key };
  }

  /** One file for each part, Node and text, so that several Nodes used in turn keep theirs. */
  fileName(name: string, key: string): string {
    return `${name}-${this.#addon.checksum(Buffer.from(key)).toString(36)}.cache`;
  }

  /** The bytes before V8's data. */
  header(key: string, data: Buffer): Buffer {
    return Buffer.from(`${key} ${this.#addon.checksum(data)}`.padEnd(HEADER_SIZE - 1).concat('\n'), 'latin1');
  }

  /** This user's own folder for caches; undefined if no folder is writable by this user alone. */
  get userFolder(): string | undefined {
    this.#userFolder ??= folders().userCacheFolder() ?? null;
    return this.#userFolder ?? undefined;
  }

  save(parts: readonly UncachedPart[]): void {
    const folder = folders().writableFolder(this);
    if (folder === undefined) return;
    const { saveCaches } = require('./save.cjs') as Saving;
    saveCaches(this, folder, parts);
  }

  #readFrom(folder: string | undefined, file: string, key: string): Buffer | undefined {
    const bytes = folder === undefined ? undefined : readTrusted(folder, file);
    if (bytes === undefined) return undefined;
    const data = bytes.subarray(HEADER_SIZE);
    return this.header(key, data).equals(bytes.subarray(0, HEADER_SIZE)) ? data : undefined;
  }
}

function folders(): Folders {
  return require('./folders.cjs');
}

/**
 * All that V8's code depends on. The seed of hashes does not matter to it. Undefined if Node does not know where it is:
 * without /proc.
 */
function describeNode(): string | undefined {
  const { arch, env, execArgv, execPath, version, versions } = process;
  if (execPath[0] !== '/') return undefined;
  const { size, mtimeMs } = statSync(execPath);
  const flags = execArgv.filter(flag => !flag.startsWith('--random-seed='));
  const options = [...flags, env['NODE_OPTIONS'] ?? ''].join(' ').slice(0, MAX_OPTIONS);
  return `tsip ${version} ${versions.v8} ${arch} ${size} ${mtimeMs} [${options}]`;
}

/** What all caches are read into: V8 is done with one when the next is read. */
let room: Buffer | undefined;

function scratch(length: number): Buffer {
  if (room === undefined || room.length < length) room = Buffer.allocUnsafeSlow(length);
  return room.subarray(0, length);
}

/** The bytes of a file that only the folder's owner can have written; undefined for any other file. */
function readTrusted(folder: string, file: string): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(`${folder}/${file}`, SAFE_OPEN);
  } catch {
    return undefined;
  }
  try {
    const status = fstatSync(descriptor);
    const parent = statSync(folder);
    const isShared = ((status.mode | parent.mode) & SHARED_WRITE) !== 0;
    if (!status.isFile() || status.uid !== parent.uid || isShared || status.size <= HEADER_SIZE)
      return undefined;
    const bytes = scratch(status.size);
    return readSync(descriptor, bytes, 0, bytes.length, 0) === bytes.length ? bytes : undefined;
  } finally {
    closeSync(descriptor);
  }
}
