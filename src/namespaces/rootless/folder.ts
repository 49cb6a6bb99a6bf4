/**
 * A user's folder for what `--rootless` keeps: who holds the namespaces, their names, labs. What is read there decides which
 * namespaces are entered, so nobody else may be able to write to it. Source: XDG Base Directory Specification.
 */
import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { EEXIST } from '../../linux/errno.ts';
import { isInside, ROOTLESS_VARIABLE } from './variable.ts';

const ONLY_OWN = 0o700;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/** Thrown where there are no namespaces without root; the message is for people. */
export class RootlessError extends Error {}

/** What is in the folder. */
export interface RootlessFolder {
  readonly path: string;
  /** Which process holds the namespaces. */
  readonly record: string;
  readonly lock: string;
  /** The run directory of named network namespaces. */
  readonly names: string;
  readonly labs: string;
}

/** The folder at a path. */
export function folderAt(path: string): RootlessFolder {
  const inner = (name: string) => join(path, name);
  return {
    path,
    record: inner('holder'),
    lock: inner('lock'),
    names: inner('netns'),
    labs: inner('labs'),
  };
}

/**
 * The user's folder: below XDG_RUNTIME_DIR or what is usual for it, else in the temporary folder. `make` makes what is
 * missing; without it the result is undefined where there is none. Throws {@link RootlessError} for a folder that others
 * could change.
 */
export function rootlessFolder(make: boolean): RootlessFolder | undefined {
  const inside = process.env[ROOTLESS_VARIABLE];
  if (isInside(inside)) return folderAt(inside);
  const path = pathOfFolder(process.geteuid!());
  if (make) makeOwn(path);
  else if (statusOf(path) === undefined) return undefined;
  const status = statusOf(path);
  if (status === undefined || !isOwn(status, OTHERS))
    throw new RootlessError(`${path} has to be a folder of user ${process.geteuid!()} alone (mode 0700)`);
  return folderAt(path);
}

function pathOfFolder(user: number): string {
  const { XDG_RUNTIME_DIR: chosen } = process.env;
  if (chosen !== undefined && chosen !== '') {
    const status = isAbsolute(chosen) ? statusOf(chosen) : undefined;
    if (status === undefined)
      throw new RootlessError(`XDG_RUNTIME_DIR is ${chosen}, where there is no folder`);
    if (!isOwn(status, OTHERS_WRITE))
      throw new RootlessError(
        `XDG_RUNTIME_DIR is ${chosen}, which user ${user} does not have alone: unset it, as after su(1)`,
      );
    return join(chosen, 'tsip');
  }
  const usual = statusOf(`/run/user/${user}`);
  if (usual !== undefined && isOwn(usual, OTHERS_WRITE)) return `/run/user/${user}/tsip`;
  return join(tmpdir(), `tsip-${user}`);
}

function makeOwn(path: string): void {
  try {
    mkdirSync(path, ONLY_OWN);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== EEXIST) throw new RootlessError(`cannot make the folder ${path}: ${strerror(errno)}`);
  }
}

/** Whether it is a folder of this user, no link, with none of these permissions. */
function isOwn(status: Stats, permissions: number): boolean {
  return status.isDirectory() && status.uid === process.geteuid!() && (status.mode & permissions) === 0;
}

function statusOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
