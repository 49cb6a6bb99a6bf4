/**
 * Makes the caches that code-cache.ts reads: compiles each part completely, so that one cache serves every call.
 */
import {
  closeSync,
  fchmodSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import type { CodeCache, UncachedPart } from './code-cache.ts';

/** Caches kept of each part: those of several Nodes that are used in turn. */
const KEPT = 3;
/** Files that were begun so long ago are left over from a process that was killed. */
const ABANDONED_MS = 60_000;

/** Caches the code of parts in a folder. */
export function saveCaches(cache: CodeCache, folder: string, parts: readonly UncachedPart[]): void {
  // Where the size of files is limited, writing could end this process by a signal.
  if (!/^Max file size +unlimited/m.test(readFileSync('/proc/self/limits', 'latin1'))) return;
  const mode = folder === cache.folder ? 0o644 : 0o600;
  for (const { name, key, source, filename } of parts) {
    const data = compile(source, filename);
    write(folder, cache.fileName(name, key), mode, [cache.header(key, data), data]);
    removeOld(folder, name);
  }
}

/**
 * The code of all functions of a script, under another name than that by which V8 remembers the script that it has
 * compiled in part. V8 notes the flags when the data is made: then this one is as before.
 */
function compile(source: string, filename: string): Buffer {
  setFlagsFromString('--no-lazy');
  const script = new Script(source, { filename: `${filename}?` });
  setFlagsFromString('--lazy');
  return script.createCachedData();
}

/** Writes a file that is there whole or not at all. */
function write(folder: string, file: string, mode: number, pieces: readonly Buffer[]): void {
  const temporary = `${folder}/.${file}.${process.pid}`;
  const descriptor = openSync(temporary, 'wx', mode);
  try {
    fchmodSync(descriptor, mode);
    for (const piece of pieces) {
      if (writeSync(descriptor, piece) !== piece.length) throw new Error(`${folder} is full`);
    }
    renameSync(temporary, `${folder}/${file}`);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Removes all but the newest caches of a part, and files that were never finished. */
function removeOld(folder: string, name: string): void {
  const dated = readdirSync(folder)
    .filter(file => /^\.?[\w-]+\.cache(\.\d+)?$/.test(file))
    .map(file => ({ path: `${folder}/${file}`, file, time: statSync(`${folder}/${file}`).mtimeMs }));
  // A key has no hyphen: `link-more-KEY.cache` is none of `link`.
  const caches = dated
    .filter(({ file }) => file.slice(0, file.lastIndexOf('-')) === name)
    .sort((a, b) => b.time - a.time);
  const abandoned = dated.filter(
    ({ file, time }) => file.startsWith('.') && Date.now() - time > ABANDONED_MS,
  );
  for (const { path } of [...caches.slice(KEPT), ...abandoned]) rmSync(path, { force: true });
}
