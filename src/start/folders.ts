/**
 * The folders where caches may be, besides the program's own. What is in a user's own folder runs as this user, so nobody
 * else may be able to write to it. It is never a temporary folder, and never in the home of another user: root by `sudo`
 * often has the caller's HOME.
 */
import { accessSync, constants, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type CodeCache, SHARED_WRITE } from './code-cache.ts';

/** The folder, which need not exist yet; undefined if there is none to be trusted. */
export function userCacheFolder(): string | undefined {
  const { XDG_CACHE_HOME: chosen = '', HOME: home = '' } = process.env;
  try {
    if (isAbsolute(chosen)) return trustedIn(realpathSync(chosen));
    if (!isAbsolute(home)) return undefined;
    const parent = join(home, '.cache');
    return trustedIn(exists(parent) ? realpathSync(parent) : join(realpathSync(home), '.cache'));
  } catch {
    return undefined;
  }
}

/** `tsip` in a folder, if all that exists of its path can be changed by root and this user alone. */
function trustedIn(parent: string): string | undefined {
  const folder = join(parent, 'tsip');
  if (exists(folder) && lstatSync(folder).uid !== process.geteuid?.()) return undefined;
  return isOwn(folder) ? folder : undefined;
}

function isOwn(path: string): boolean {
  if (!exists(path)) return isOwn(dirname(path));
  const status = lstatSync(path);
  const isAnothers = status.uid !== 0 && status.uid !== process.geteuid?.();
  if (isAnothers || !status.isDirectory() || (status.mode & SHARED_WRITE) !== 0) return false;
  return path === '/' || isOwn(dirname(path));
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * The program's folder if it is this user's, else the user's own cache folder. Permission to write is not enough: files
 * of root's would be in the way of the user whose folder it is.
 */
export function writableFolder(cache: CodeCache): string | undefined {
  const { uid, mode } = statSync(cache.folder);
  if (uid === process.geteuid?.() && (mode & SHARED_WRITE) === 0 && isWritable(cache.folder))
    return cache.folder;
  const folder = cache.userFolder;
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
