/**
 * Which process is in which named network namespace. Namespaces are the same when device and inode number of
 * their files are: nsfs has one inode for each. Source: namespaces(7).
 */
import { type BigIntStats, closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { errnoOf, SystemError, strerror } from '../../kernel/system/errors.ts';
import { encodeText } from '../../wire/text.ts';
import { pathOfNamespace, readDirectory, readNames } from '../named.ts';
import { fileOfNamespace } from '../targets.ts';

/**
 * The name of a process's network namespace; undefined if it has none. Of several names it is the last in the
 * run directory. `pid` is digits, or `self`. Throws {@link SystemError}.
 */
export function nameOfProcess(pid: string): string | undefined {
  // Open, so that the namespace cannot end and its inode number be used again.
  return withNamespace(`/proc/${pid}/ns/net`, identity =>
    readNamesToIdentify().findLast(name => identityOfPath(pathOfNamespace(name)) === identity),
  );
}

/** The original's message has no blank here, unlike elsewhere. */
function readNamesToIdentify(): string[] {
  try {
    return readNames();
  } catch (error) {
    if (error instanceof SystemError) error.message = `${error.phrase}:${strerror(error.errno)}`;
    throw error;
  }
}

/** Ids of the processes whose main thread is in a named namespace, in the order of /proc. Throws {@link SystemError}. */
export function processesIn(name: string): string[] {
  return processesAt(fileOfNamespace(name));
}

/** The same of the namespace that the file at `path` stands for. */
export function processesAt(path: string): string[] {
  return withNamespace(path, identity =>
    readProcesses().filter(
      entry => /^\d+$/.test(entry) && identityOfPath(`/proc/${entry}/ns/net`) === identity,
    ),
  );
}

function readProcesses(): string[] {
  try {
    return readDirectory('/proc');
  } catch (error) {
    throw new SystemError('Open of /proc failed', errnoOf(error));
  }
}

function withNamespace<T>(path: string, use: (identity: string) => T): T {
  let descriptor: number;
  try {
    descriptor = openSync(encodeText(path), 'r');
  } catch (error) {
    throw new SystemError('Cannot open network namespace', errnoOf(error));
  }
  try {
    return use(identityOf(fstatSync(descriptor, { bigint: true })));
  } finally {
    closeSync(descriptor);
  }
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** Undefined for what cannot be looked at: a process that has ended, or of another user. */
function identityOfPath(path: string): string | undefined {
  try {
    return identityOf(statSync(encodeText(path), { bigint: true }));
  } catch {
    return undefined;
  }
}
